#pragma once
// The innermost loops of radius queries, compiled for three instruction sets and chosen when the program runs.
// All give the same bits: no fused multiply-add, and sums in one stated order.

#include <cstddef>
#include <cstdint>

#include "analyse/index/cell_grid.hpp"
#include "analyse/instruction_sets.hpp"

namespace yaan {

/// Least and largest coordinates of boxes, by axis.
struct BoxArrays {
  const double* least[3];
  const double* most[3];
};

/// Points with a core distance and a group; both arrays may be read kReadPast beyond a run.
struct Groups {
  const double* squared_core;
  const std::uint32_t* group;
};

/// The best edge of one point to another group so far. Mutual reachability is the largest of the distance and the two
/// core distances.
struct Foreign {
  double squared_core;  ///< of the point itself
  std::uint32_t group;  ///< of the point itself
  std::uint32_t point;  ///< the other end
  double squared;       ///< mutual reachability, squared; only a smaller one replaces it
};

/// Loops over points in structure-of-arrays order. `c` holds the coordinate arrays, which may be read kReadPast beyond
/// a run; a pair is near when its squared distance (dx dx + dy dy, then + dz dz) is at most `limit`.
struct PointKernels {
  /// Flags the core points of `own`: those with at least `need` points near, themselves included, among `runs` (which
  /// hold `own` too). Returns how many.
  std::uint32_t (*flag_core)(const double* const* c, Run own, const Run* runs, unsigned run_count, double limit,
                             std::uint32_t need, std::uint8_t* core);
  /// The same where each point counts as much as its weight.
  std::uint32_t (*flag_core_weighted)(const double* const* c, Run own, const Run* runs, unsigned run_count,
                                      double limit, const std::uint64_t* weight, std::uint64_t need,
                                      std::uint8_t* core);
  /// Whether any point of the run is near the point `of`.
  bool (*any_near)(const double* const* c, std::uint32_t of, Run run, double limit);
  /// Whether any point of `few` is near any point of `many`. O(few many).
  bool (*any_pair)(const double* const* c, Run few, Run many, double limit);
  /// Which of the eight boxes from `first` on have a squared distance of at most `limit` to the box between `least` and
  /// `most` (a bit for each); writes all eight distances. Never above the distances of points of those boxes.
  unsigned (*near_boxes)(const BoxArrays& boxes, std::size_t first, const double* least, const double* most,
                         double limit, double* squared);
  /// Keeps the `count` nearest points of the place q in ascending order of squared distance: those of the run that are
  /// nearer than the last one go in, behind those at the same distance. Free places hold infinity.
  void (*keep_nearest)(const double* const* c, const double* q, Run run, std::uint32_t count, double* squared,
                       std::uint32_t* point);
  /// Eight points from `first` on: which of them are near q (within `limit`) at max(core, squared distance) below their
  /// `reach` (a bit for each); writes that new value for all eight. `reach` may be read kReadPast beyond the points.
  unsigned (*improve_reach)(const double* const* c, const double* q, std::uint32_t first, double core, double limit,
                            const double* reach, double* improved);
  /// The nearest point of the run, by mutual reachability, of another group than q's.
  void (*nearest_foreign)(const double* const* c, const double* q, Run run, const Groups& groups, Foreign& nearest);
};

struct RadiusKernels {
  const char* name;
  PointKernels plane;  ///< two coordinates
  PointKernels globe;  ///< three
  /// Longitude and latitude in degrees (|lon| <= 540) in x and y become earth-centred x, y, z on WGS 84, in metres.
  void (*earth_centred)(double* x, double* y, double* z, std::size_t n);
};

/// Null when this processor, or this build, does not have them.
const RadiusKernels* radius_kernels(InstructionSet set);
/// The best that this processor has.
const RadiusKernels& radius_kernels();

}  // namespace yaan
