#include "analyse/kinds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "yaan/core/error.hpp"

namespace yaan {

const Column& kind_column(const Layer& features, const std::string& named, const char* parameter) {
  const std::string& name = named.empty() ? features.roles.category : named;
  if (name.empty())
    throw UsageError(fmt::format("nobody says which column of layer {} holds the kinds", features.name),
                     fmt::format("name it: the parameter {}, or the part category of its columns", parameter));
  const Column& column = features.column(name);
  if (column.type() == ColumnType::real)
    for (std::size_t row = 0; row < column.size(); ++row)
      if (const double value = column.number(row).value_or(0); value != std::floor(value))
        throw UsageError(fmt::format("column {} of layer {} holds measures ({}), not kinds", name, features.name,
                                     column.display(row)),
                         fmt::format("name a column of words or codes: the parameter {}", parameter));
  return column;
}

namespace {

[[noreturn]] void refuse_more_kinds(const std::string& what, std::size_t most) {
  throw UsageError(fmt::format("{} has more than {} different values", what, most), "choose a column of kinds");
}

}  // namespace

std::string kind_advice(const std::string& kind, const std::vector<std::string>& kinds) {
  const std::string near = nearest_word(kind, kinds);
  return near.empty() ? fmt::format("the kinds are {}", fmt::join(kinds, ", ")) : fmt::format("did you mean {}?", near);
}

void refuse_unknown_kind(const std::string& kind, const std::vector<std::string>& kinds, const std::string& layer) {
  throw UsageError(fmt::format("no feature of layer {} is of the kind \"{}\"", layer, kind), kind_advice(kind, kinds));
}

RowKinds kinds_by_row(const Column& column, std::size_t most) {
  RowKinds kinds;
  std::map<std::string, std::int32_t> number;
  for (std::size_t row = 0; row < column.size(); ++row) {
    const std::string kind = column.display(row);
    if (!kind.empty()) number.emplace(kind, 0);
    if (most > 0 && number.size() > most) refuse_more_kinds(column.name, most);
  }
  for (auto& [name, n] : number) {
    n = static_cast<std::int32_t>(kinds.names.size());
    kinds.names.push_back(name);
  }
  for (std::size_t row = 0; row < column.size(); ++row) {
    const std::string kind = column.display(row);
    kinds.of.push_back(kind.empty() ? -1 : number.at(kind));
  }
  return kinds;
}

KindObservations observe_kinds(const Layer& features, const Layer* table, const AutocorrelationOptions& options,
                               Diagnostics& diagnostics, Progress& progress) {
  const Column& column = kind_column(features, options.variable, "variable");
  WeightedFeatures made = weighted_features(features, table, options, diagnostics, progress);
  KindObservations seen;
  std::set<std::string> names;
  std::vector<std::uint32_t> kept;
  for (std::uint32_t i = 0; i < made.row.size(); ++i) {
    const std::uint32_t row = made.row[i];
    const std::string kind = column.display(row);
    const bool island = made.weights.degree(i) == 0;
    if (kind.empty()) {
      diagnostics.add(Severity::skipped, "missing-value", features.name,
                      fmt::format("features without a {} are left out, and their links with them", column.name), 1,
                      features.feature_id(row));
      continue;
    }
    if (island)
      diagnostics.add(Severity::doubt, "islands", features.name,
                      options.islands == IslandRule::leave_out ? "features have no neighbours and are left out"
                                                               : "features have no neighbours: they count in n",
                      1, features.feature_id(row));
    if (island && options.islands == IslandRule::leave_out) continue;
    kept.push_back(i);
    names.insert(kind);
    if (names.size() > kMostKinds)
      refuse_more_kinds(fmt::format("{} of layer {}", column.name, features.name), kMostKinds);
  }
  seen.names.assign(names.begin(), names.end());
  seen.weights = select(made.weights, kept);
  for (std::uint32_t i = 0; i < kept.size(); ++i) {
    const std::uint32_t row = made.row[kept[i]];
    seen.row.push_back(row);
    const auto at = std::lower_bound(seen.names.begin(), seen.names.end(), column.display(row));
    seen.kind.push_back(static_cast<std::uint32_t>(at - seen.names.begin()));
    if (seen.weights.degree(i) == 0) seen.islands.push_back(i);
  }
  apply_style(seen.weights, options.style);
  return seen;
}

}  // namespace yaan
