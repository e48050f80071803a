#pragma once
// What a district test is asked: by which null model, of which points, with which people.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "yaan/core/diagnostics.hpp"
#include "yaan/core/layer.hpp"
#include "yaan/district/district_significance.hpp"

namespace yaan {

/// PlacedPoints in the points' own coordinates, and in metres of a plane.
struct PlacedPoints {
  std::vector<double> x, y;
  std::vector<double> plane_x, plane_y;

  [[nodiscard]] std::size_t size() const { return x.size(); }
  void append(const PlacedPoints& from, std::size_t i);
  [[nodiscard]] PlacedPoints select(const std::vector<std::uint32_t>& rows) const;
};

/// Never automatic. Throws UsageError for one whose data are not there.
DistrictNull chosen_model(const SignificanceOptions& options, const Layer* window, const Layer* background);

/// People of each feature; NaN where that is not known. Throws UsageError unless the column holds numbers, InputError
/// for a negative or infinite one.
std::vector<double> people_of(const Layer& layer, const std::string& name);

/// Rows with a place in the plane, of the kind if one is asked for; `all` gets those of every kind. Throws UsageError
/// for a kind that is not there.
std::vector<std::uint32_t> rows_to_cluster(const Layer& points, const PlacedPoints& places,
                                           const SignificanceOptions& options, std::vector<std::uint32_t>& all,
                                           Diagnostics& diagnostics);

/// Of each of the rows in turn, whether it stands on a place of the pool that none before it took: in the same square
/// of a millimetre, so that places out of two coordinate systems meet in spite of rounding. O(n log n).
std::vector<std::uint8_t> stand_on(const PlacedPoints& pool, const PlacedPoints& places,
                                   const std::vector<std::uint32_t>& rows);

/// Of each of the points, its number among places that are sorted by (x, y); where none is the same to the last bit,
/// the point is put behind them. O(n log m).
std::vector<std::uint32_t> numbers_among(const PlacedPoints& points, PlacedPoints& places);

}  // namespace yaan
