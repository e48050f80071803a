#include "analyse/same_sites.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <unordered_map>
#include <utility>

#include "yaan/core/error.hpp"

namespace yaan {

namespace {

constexpr std::int64_t kFewSites = 5;  // fewer are often apart by chance
constexpr double kSeldom = 0.01;

using RowOfId = std::unordered_map<std::string, std::size_t>;

/// Rows by their ids, those without one and those that share one left out; `repeated` counts the latter.
RowOfId rows_by_id(const Layer& layer, std::int64_t& repeated) {
  const Column& ids = layer.column(layer.roles.id);
  RowOfId rows;
  std::unordered_map<std::string, std::int64_t> uses;
  for (std::size_t row = 0; row < layer.size(); ++row) {
    if (ids.is_null(row)) continue;
    std::string id = ids.display(row);
    ++uses[id];
    rows.emplace(std::move(id), row);
  }
  repeated = 0;
  for (const auto& [id, count] : uses) {
    if (count == 1) continue;
    repeated += count;
    rows.erase(id);
  }
  return rows;
}

struct Matches {
  std::vector<std::pair<std::size_t, std::size_t>> same, moved;  ///< rows of before and after
  std::int64_t repeated_before = 0, repeated_after = 0;
  std::size_t fewer_ids = 0;  ///< of the snapshot that has fewer
};

Matches matches_of(const Layer& before, const Layer& after, const SamePlace& same_place) {
  Matches found;
  const RowOfId earlier = rows_by_id(before, found.repeated_before);
  const RowOfId later = rows_by_id(after, found.repeated_after);
  found.fewer_ids = std::min(earlier.size(), later.size());
  for (const auto& [id, row] : earlier) {
    const auto at = later.find(id);
    if (at == later.end()) continue;
    (same_place(row, at->second) ? found.same : found.moved).emplace_back(row, at->second);
  }
  std::sort(found.moved.begin(), found.moved.end());  // for the ids that messages name
  return found;
}

/// Whether no place has sites of both snapshots, though chance would have brought some together.
bool apart(const std::vector<SitesAtPlace>& places) {
  std::int64_t before = 0, after = 0;
  for (const SitesAtPlace& place : places) {
    if (place.before > 0 && place.after > 0) return false;
    before += place.before;
    after += place.after;
  }
  if (std::min(before, after) < kFewSites) return false;
  // Sites that stand alone are of one snapshot whatever happened, so only places with more of them tell.
  const double later = static_cast<double>(after) / static_cast<double>(before + after);
  double chance = 1;
  for (const SitesAtPlace& place : places) {
    const auto sites = static_cast<double>(place.before + place.after);
    if (sites > 0) chance *= std::pow(later, sites) + std::pow(1 - later, sites);
  }
  return chance <= kSeldom;
}

}  // namespace

SameSites same_sites(const Layer& before, const Layer& after, const SamePlace& same_place, Diagnostics& diagnostics) {
  for (const Layer* layer : {&before, &after})
    if (layer->roles.id.empty())
      throw UsageError(
          fmt::format("sites are to be matched by their ids, but layer {} has no column of ids", layer->name),
          "name it: columns, id; or leave match_ids out");
  const Matches found = matches_of(before, after, same_place);
  SameSites same = {std::vector<std::uint8_t>(before.size(), 0), std::vector<std::uint8_t>(after.size(), 0)};
  for (const auto& [earlier, later] : found.same) same.before[earlier] = same.after[later] = 1;
  for (const auto& [layer, repeated] : {std::pair{&before, found.repeated_before}, {&after, found.repeated_after}})
    if (repeated > 0)
      diagnostics.add(Severity::doubt, "repeated-id", layer->name,
                      "sites whose id another one has too are matched with none: they count as opened or closed",
                      repeated);
  const bool most = found.moved.size() > found.same.size();
  for (const auto& [earlier, later] : found.moved)
    diagnostics.add(most ? Severity::doubt : Severity::note, "moved-site", after.name,
                    most ? "most sites with the same id stand elsewhere in the other snapshot, as when each list is "
                           "numbered anew: they count as closed there and opened here"
                         : "sites moved between the snapshots: they count as closed there and opened here",
                    1, after.feature_id(later));
  return same;
}

void suggest_matching(const std::string& method, const Layer& before, const Layer& after, const SamePlace& same_place,
                      Diagnostics& diagnostics) {
  if (before.roles.id.empty() || after.roles.id.empty()) return;
  const Matches found = matches_of(before, after, same_place);
  if (found.same.empty() || 2 * found.same.size() < found.fewer_ids) return;
  diagnostics.add(
      Severity::note, "same-ids", after.name,
      fmt::format("sites stand in {} too, by their ids: {} with match_ids tests only which opened and which "
                  "closed, which finds far smaller changes",
                  before.name, method),
      static_cast<std::int64_t>(found.same.size()));
}

void doubt_no_common_ground(const std::vector<SitesAtPlace>& places, const std::string& where, const std::string& found,
                            Diagnostics& diagnostics) {
  if (!apart(places)) return;
  diagnostics.add(Severity::doubt, "no-common-ground", where,
                  found + ": were they made in the same places? A survey area that changed looks like growth and loss");
}

}  // namespace yaan
