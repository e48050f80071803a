#pragma once
// Where areas that should lie side by side overlap or leave gaps between them.

#include <cstdint>
#include <vector>

#include "yaan/core/method.hpp"

namespace yaan {

struct CheckAreasOptions {
  Length sliver_width = Metres{50};  ///< what is narrower than this in the mean is a sliver
  double least_area = 1;             ///< m2; what is smaller is counted, not listed
};

/// One connected piece of ground that lies in two areas, or in none but between areas.
struct CoverageFault {
  enum class Kind { overlap, gap };
  Kind kind = Kind::overlap;
  std::vector<std::uint32_t> areas;  ///< features: of an overlap two; of a gap those around it, longest border first
  Geometry shape;                    ///< one feature of one part, in the plane of the areas
  double square_metres = 0;          ///< on the ellipsoid; in a local plane of the plane
  double mean_width = 0;             ///< metres: twice the area by the perimeter
};

struct CoverageReport {
  std::vector<CoverageFault> faults;       ///< the largest first
  std::vector<double> area_square_metres;  ///< one for each area
  std::int64_t small = 0;                  ///< pieces below least_area, which are not listed
  double small_square_metres = 0;          ///< of all of them
  std::int64_t within_one = 0;             ///< enclosed pieces of no area with one area around: its own holes
  double within_one_square_metres = 0;
};

/// Compares areas of one layer. `left_out` (one flag for each area, or empty) names areas that are ground, so that they
/// leave no gap, but appear in no fault.
///
/// An overlap is a connected piece of what two areas share; where three areas overlap, each pair has its own. A gap is
/// a connected piece of ground in no area which areas enclose (pieces that meet in a point only are two), with two
/// areas or more along its border; with one area around it, it is a hole of that area, such as a lake. A gap that opens
/// to the outside cannot be told from a bay and is none. Overlays run on a grid of about 2^-46 of the largest
/// coordinate (core/snapped_overlay.hpp).
///
/// Areas are valid (see make_valid). The order of areas changes nothing but their numbers. Throws UsageError for a CRS
/// of kind none and for options out of range; Cancelled. An overlay for each pair of areas whose boxes meet, and the
/// union of all: O(v log v) expected for v vertices.
CoverageReport check_areas(const Layer& areas, const CheckAreasOptions& options,
                           const std::vector<std::uint8_t>& left_out, Progress& progress);

/// The verb `check-areas`: adds check_area_km2, check_overlap_m2, check_overlaps, check_gap_m2 and check_gaps to the
/// areas and makes a layer of the overlaps and gaps.
const Method& check_areas_method();

}  // namespace yaan
