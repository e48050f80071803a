#include "load/raw_layer.hpp"

#include <fmt/format.h>

#include <algorithm>
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

Crs choose_crs(const Crs& stated, const ReadOptions& options, std::string_view where, Diagnostics& diagnostics) {
  if (options.crs.empty()) return stated;
  Crs asked = Crs::from_text(options.crs);
  if (stated.kind() != Crs::Kind::none && !stated.same_as(asked))
    diagnostics.add(Severity::doubt, "crs-overridden", where,
                    fmt::format("the file states {}, but {} was asked for and is used", stated.name(), asked.name()));
  return asked;
}

void throw_missing_crs(const RawLayer& raw) {
  const std::string what =
      raw.unusable_crs.empty()
          ? fmt::format("{} does not say in which coordinate reference system its coordinates are", raw.shown)
          : fmt::format("{} states the coordinate reference system {}, which is neither geographic nor projected",
                        raw.shown, raw.unusable_crs);
  throw InputError(what,
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
                     "raise max_fields if the file is trusted");
}

}  // namespace yaan
