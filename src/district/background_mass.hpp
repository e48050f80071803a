#pragma once
// How much of a background of areas lies on the ground of discs: what is expected there.

#include <cstdint>
#include <span>
#include <vector>

#include "yaan/core/geometry.hpp"

namespace yaan {

/// Areas cut into stripes of one height from south to north. Within a stripe mass is known along x exactly; a disc is
/// taken as one rectangle in each stripe that it meets, as wide as the disc at the stripe's middle. With six stripes to
/// a disc its area comes out at -7.1 % to +2.1 % of its own, by where it lies. The sum over stripes is the total, so
/// shares add up to 1.
class BackgroundMass {
 public:
  /// Nowhere anything.
  BackgroundMass() = default;
  /// `density` of each feature: its mass for a unit of area. Polygons are valid; where they overlap, they add up.
  /// Throws UsageError when the stripes would be more than kMostStripes.
  BackgroundMass(Geometry polygons, std::span<const double> density, double stripe);

  [[nodiscard]] double total() const { return m_total; }

  /// Rectangles of discs; kept for its memory.
  struct Scratch {
    struct Piece {
      std::uint32_t stripe;
      double from, to;
    };
    std::vector<Piece> pieces;
  };
  /// Mass within reach of at least one of the centres. The order of the centres does not matter.
  /// O(m log m) for m centres.
  double near(std::span<const double> x, std::span<const double> y, double reach, Scratch& scratch) const;

  static constexpr double kMostStripes = 1 << 22;

 private:
  /// Along x in a stripe: from `x` on mass grows by `slope` more.
  struct Step {
    std::uint32_t stripe;
    double x, slope;
  };
  void lay_out(double least_y, double most_y, double stripe);
  void add_up(std::vector<Step> steps);
  [[nodiscard]] double up_to(std::uint32_t stripe, double x) const;

  double m_origin = 0, m_height = 1, m_total = 0;
  std::uint32_t m_stripes = 0;
  std::vector<std::uint32_t> m_begin;        // of each stripe's steps
  std::vector<double> m_x, m_mass, m_slope;  // of each step: where, the mass up to there, its growth from there on
};

}  // namespace yaan
