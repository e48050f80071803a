#include "analyse/kinds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "yaan/core/error.hpp"

namespace yaan {

namespace {

constexpr std::size_t kMostKinds = 100;

const Column& kind_column(const Layer& features, const AutocorrelationOptions& options) {
  const std::string& name = options.variable.empty() ? features.roles.category : options.variable;
  if (name.empty())
    throw UsageError(fmt::format("nobody says which column of layer {} holds the kinds", features.name),
                     "name it: the parameter variable, or the part category of its columns");
  return features.column(name);
}

}  // namespace

KindObservations observe_kinds(const Layer& features, const Layer* table, const AutocorrelationOptions& options,
                               Diagnostics& diagnostics, Progress& progress) {
  const Column& column = kind_column(features, options);
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
      throw UsageError(
          fmt::format("{} of layer {} has more than {} different values", column.name, features.name, kMostKinds),
          "choose a column of kinds");
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
