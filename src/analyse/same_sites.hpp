#pragma once
// Sites that stand in two snapshots, by their ids: what is left opened or closed.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "yaan/core/diagnostics.hpp"
#include "yaan/core/layer.hpp"
#include "yaan/core/method.hpp"

namespace yaan {

/// Rows of either snapshot: 1 where the same site stands in the other one.
struct SameSites {
  std::vector<std::uint8_t> before, after;
};

/// Whether a row of the earlier snapshot stands where a row of the later one does.
using SamePlace = std::function<bool(std::size_t before, std::size_t after)>;

/// Rows with the same id at the same place. A site that moved closed here and opened there. Ids that a snapshot has
/// twice are none: they are counted in `diagnostics`, and so are sites that moved, with a doubt where most of them
/// did, as when each list is numbered anew. Throws UsageError for a layer without a column of ids. O(n).
SameSites same_sites(const Layer& before, const Layer& after, const SamePlace& same_place, Diagnostics& diagnostics);

/// Where both layers have ids and most of either are in the other one too: a note that the method could test what
/// opened and closed alone. O(n).
void suggest_matching(const std::string& method, const Layer& before, const Layer& after, const SamePlace& same_place,
                      Diagnostics& diagnostics);

/// Sites of either snapshot at one place, such as an area.
struct SitesAtPlace {
  std::int64_t before = 0, after = 0;
};

/// The doubt `no-common-ground`, as of lists of two survey areas: each snapshot has five sites or more, no place has
/// sites of both, and if each site were of either snapshot by lot, as many in each, the places would be parted so once
/// in a hundred times or less. `found` says in words that no place has both. O(places).
void doubt_no_common_ground(const std::vector<SitesAtPlace>& places, const std::string& where, const std::string& found,
                            Diagnostics& diagnostics);

/// The parameter `match_ids`.
template <class Options>
Parameter match_ids_parameter(bool Options::*member) {
  Parameter match = parameter(member, "match_ids", ParameterKind::flag,
                              "Take sites with the same id in both snapshots as the same, and test only which opened "
                              "and which closed: finds far smaller changes, where ids are kept from list to list.");
  match.title = {"Match sites by id", "จับคู่แหล่งด้วยรหัส"};
  return match;
}

}  // namespace yaan
