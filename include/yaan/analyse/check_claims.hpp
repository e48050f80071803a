#pragma once
// Points that claim one area and lie in another.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "yaan/core/method.hpp"

namespace yaan {

struct CheckClaimsOptions {
  std::string name;               ///< column that names the area; "": the role `area` of the layer
  Length border = Metres{1'000};  ///< this near to the claimed area a point may be at its border
  Length coast = Metres{5'000};   ///< this near to an area a point in none may be at its coast
  bool normalise = true;          ///< names are compared by their keys (name_key), not as they stand
};

/// Why a point and its claim do not agree, as far as it can be told.
enum class ClaimState {
  agrees,        ///< the point lies in the area that it claims
  coast,         ///< it lies in no area, near the claimed one: an island, or a coast that was simplified
  border,        ///< it lies in another area, near the claimed one
  datum,         ///< as a position on Indian 1975 it would lie in the claimed area, and so would most at the borders
  swapped_axes,  ///< with x and y exchanged it would lie in the claimed area
  similar_name,  ///< the area in which it lies is called nearly as the claimed one
  digit,         ///< with one digit changed, or two neighbours exchanged, it would lie in the claimed area
  far,           ///< none of these
  unknown_name,  ///< no area is called as the claim, or several are
  no_claim
};
std::string_view to_string(ClaimState state);

struct Claim {
  ClaimState state = ClaimState::no_claim;
  std::int32_t claimed = -1;    ///< feature of the areas
  std::int32_t suggested = -1;  ///< of an unknown name: the area that is called most nearly so, where one is near
  std::int32_t found = -1;      ///< the area in which it lies, or the nearest within `coast`
  double distance = 0;          ///< metres to the claimed area; NaN without one
  std::string repair;           ///< keep, move, rename, or "" where people must look
  double x = 0;                 ///< where to move it
  double y = 0;
};

/// One entry for each point. Areas are taken to the CRS of the points. Distances are those to the nearest place on the
/// border, within 1 % up to 1,000 km in degrees. Throws UsageError as assign_areas, for an unknown column, and for
/// areas without names and codes.
std::vector<Claim> check_claims(const Layer& points, const Layer& areas, const CheckClaimsOptions& options,
                                Progress& progress);

/// The verb `check-claims`: adds claim_state, claim_code, claim_found_code, claim_distance_m, claim_repair, claim_x and
/// claim_y to the points.
const Method& check_claims_method();

}  // namespace yaan
