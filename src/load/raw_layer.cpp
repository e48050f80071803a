#include "load/raw_layer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <unordered_set>

#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

const Column* RawLayer::find(std::string_view wanted) const {
  const auto at = std::find_if(columns.begin(), columns.end(), [&](const Column& c) { return c.name == wanted; });
  return at == columns.end() ? nullptr : &*at;
}

std::string RawLayer::label(std::size_t row, const ReadOptions& options) const {
  const Column* ids = find(options.id_column.empty() ? std::string_view("id") : std::string_view(options.id_column));
  std::string text = ids != nullptr && row < ids->size() ? ids->display(row) : std::string();
  return text.empty() ? fmt::format("#{}", row + 1) : text;
}

std::vector<std::string> usable_names(std::vector<std::string> names, std::string_view where,
                                      Diagnostics& diagnostics) {
  std::unordered_set<std::string> taken(names.begin(), names.end());
  std::unordered_set<std::string> seen;
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::string& name = names[i];
    const bool unnamed = name.empty();
    if (!unnamed && seen.insert(name).second) continue;
    const std::string stem = unnamed ? fmt::format("column_{}", i + 1) : name;
    std::string fresh = stem;
    for (int n = 2; taken.contains(fresh); ++n) fresh = fmt::format("{}_{}", stem, n);
    diagnostics.add(Severity::repaired, unnamed ? "unnamed-column" : "repeated-column", where,
                    unnamed ? "columns without a name were given one" : "columns of the same name were numbered", 1,
                    fresh);
    taken.insert(fresh);
    seen.insert(fresh);
    name = fresh;
  }
  return names;
}

std::optional<std::array<double, 3>> parse_datum_shift(const std::string& text) {
  if (text.find(':') != std::string::npos) return std::nullopt;
  constexpr double kFarthest = 10'000;
  std::array<double, 3> shift{};
  std::string_view left = text;
  for (std::size_t i = 0; i < 3; ++i) {
    const std::size_t comma = i < 2 ? left.find(',') : left.size();
    const auto number = comma == std::string_view::npos ? std::nullopt : parse_double(left.substr(0, comma));
    if (!number || !(std::fabs(*number) <= kFarthest))
      throw UsageError(
          fmt::format("the datum shift is \"{}\"", text),
          "give three lengths in metres, such as 204.4798,837.8940,294.7765, or an operation such as EPSG:1537");
    shift[i] = *number;
    left = i < 2 ? left.substr(comma + 1) : std::string_view();
  }
  return shift;
}

namespace {

std::string name_of(const Crs& crs) { return crs.name() == "unknown" ? "a system without a name" : crs.name(); }

// How far it is from the datum of a layer to WGS 84, and by which operation.
Crs settle_datum(const Crs& crs, const ReadOptions& options, std::string_view where, Diagnostics& diagnostics) {
  if (crs.wkt().empty() || crs.is_wgs84()) return crs;
  if (!options.datum_shift.empty()) {
    if (crs.wkt().starts_with("BOUNDCRS"))
      throw UsageError(fmt::format("{}: the system states a datum shift of its own", where),
                       "leave one of the two out");
    diagnostics.add(Severity::note, "datum-shift", where,
                    fmt::format("{} is taken to WGS 84 by {}, as asked for", crs.name(), options.datum_shift));
    const auto shift = parse_datum_shift(options.datum_shift);
    return shift ? crs.with_shift(*shift) : crs.with_operation(options.datum_shift);
  }
  if (const auto shift = crs.datum_shift()) {
    diagnostics.add(
        Severity::note, "datum-shift", where,
        fmt::format(
            "{} is taken to WGS 84 by the shift of the Royal Thai Survey Department ({}, {}, {} m), whose source "
            "states no accuracy; EPSG:1537, stated as good to 1 m, lies within a metre of it, and PROJ's own choice, "
            "EPSG:1812, about 190 m away; --datum-shift takes another",
            crs.name(), shortest((*shift)[0]), shortest((*shift)[1]), shortest((*shift)[2])));
    return crs;
  }
  try {
    const Transformer to_wgs84(crs, Crs::wgs84());
    const auto accuracy = to_wgs84.accuracy();
    if (to_wgs84.description().find("Ballpark") != std::string::npos)
      diagnostics.add(
          Severity::doubt, "unknown-datum", where,
          fmt::format("nothing is known of the datum of {}, so it is taken for WGS 84, which may be some "
                      "hundred metres away; --datum-shift says how to get there, --crs names another system",
                      name_of(crs)));
    if (accuracy && *accuracy > 0)
      diagnostics.add(Severity::note, "datum-operation", where,
                      fmt::format("{} is taken to WGS 84 by \"{}\", stated as good to {} m", crs.name(),
                                  to_wgs84.description(), shortest(*accuracy)));
  } catch (const InputError&) {
    // A plane on no known datum, such as an engineering system: nothing to say before somebody asks for another CRS.
  }
  return crs;
}

Crs stated_or_asked(const Crs& stated, const ReadOptions& options, std::string_view where, Diagnostics& diagnostics) {
  if (options.crs.empty()) return stated;
  Crs asked = Crs::from_text(options.crs);
  if (stated.kind() != Crs::Kind::none && !stated.same_as(asked))
    diagnostics.add(Severity::doubt, "crs-overridden", where,
                    fmt::format("the file states {}, but {} was asked for and is used", stated.name(), asked.name()));
  return asked;
}

}  // namespace

Crs choose_crs(const Crs& stated, const ReadOptions& options, std::string_view where, Diagnostics& diagnostics) {
  return settle_datum(stated_or_asked(stated, options, where, diagnostics), options, where, diagnostics);
}

void throw_missing_crs(const RawLayer& raw) {
  const std::string what =
      raw.unusable_crs.empty()
          ? fmt::format("{} does not say in which coordinate reference system its coordinates are", raw.shown)
          : fmt::format("{} states the coordinate reference system {}, which cannot be used", raw.shown,
                        raw.unusable_crs);
  throw MissingCrs(what,
                   "say it with --crs: --crs EPSG:4326 for longitude and latitude in degrees, EPSG:32647 or EPSG:32648 "
                   "for UTM in Thailand, local for a plane of its own");
}

void check_rows(std::uint64_t rows, const std::string& shown, const ReadOptions& options) {
  const std::uint64_t bound = std::min<std::uint64_t>(options.max_features, 4'000'000'000U);
  if (rows > bound)
    throw InputError(fmt::format("{} holds more features than the bound of {}", shown,
                                 with_thousands(static_cast<std::int64_t>(bound))),
                     "raise max_features if the file is trusted");
}

void check_fields(std::size_t fields, const std::string& shown, const ReadOptions& options) {
  if (fields > options.max_fields)
    throw InputError(fmt::format("{} has {} columns, more than the bound of {}", shown,
                                 with_thousands(static_cast<std::int64_t>(fields)),
                                 with_thousands(static_cast<std::int64_t>(options.max_fields))),
                     "keep the columns that are wanted in a spreadsheet or by ogr2ogr -select, and read that");
}

}  // namespace yaan
