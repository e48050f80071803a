#include "analyse/point_set.hpp"

#include <fmt/format.h>

#include <atomic>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

constexpr std::size_t kBlock = std::size_t{1} << 16;
constexpr double kLeastGlobeLength = 0.1;  // smaller cells could not all be numbered; positions are no finer
constexpr double kMostGlobeLength = 10e6;  // a quarter of the globe: beyond, bands two apart no longer bound the search
constexpr double kLeastPlaneLength = 1e-150;  // squares stay normal numbers
constexpr double kMostPlaneLength = 1e150;

std::size_t count_usable(std::span<const double> x, std::span<const double> y, bool geographic) {
  std::atomic<std::size_t> total{0};
  parallel_blocks(x.size(), kBlock, [&](std::size_t begin, std::size_t end, std::size_t) {
    std::size_t count = 0;
    for (std::size_t i = begin; i < end; ++i) count += usable_position(x[i], y[i], geographic);
    total += count;
  });
  return total;
}

}  // namespace

bool usable_position(double x, double y, bool geographic) {
  return std::isfinite(x) && std::isfinite(y) && (!geographic || (std::abs(y) <= 90 && std::abs(x) <= 540));
}

UsablePoints::UsablePoints(std::span<const double> x, std::span<const double> y, const Crs& crs) : m_total(x.size()) {
  if (x.size() != y.size()) throw std::invalid_argument("x and y differ in length");
  if (crs.kind() == Crs::Kind::none)
    throw UsageError("the layer's coordinate reference system is unknown, so no distance can be measured",
                     "name it, such as --crs EPSG:4326, or --crs local for a plane in metres");
  constexpr auto kMost = std::numeric_limits<std::int32_t>::max();
  if (x.size() > static_cast<std::size_t>(kMost))
    throw InputError(fmt::format("{} points are more than the {} that can be numbered", x.size(), kMost));
  const bool geographic = crs.is_geographic();
  const std::size_t usable = count_usable(x, y, geographic);
  if (usable == m_total) {
    m_x = x;
    m_y = y;
    return;
  }
  m_row.reserve(usable);
  m_kept_x.reserve(usable);
  m_kept_y.reserve(usable);
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!usable_position(x[i], y[i], geographic)) continue;
    m_row.push_back(static_cast<std::uint32_t>(i));
    m_kept_x.push_back(x[i]);
    m_kept_y.push_back(y[i]);
  }
  m_x = m_kept_x;
  m_y = m_kept_y;
}

double checked_ground_length(const Crs& crs, const Length& length, std::string_view name) {
  const Metres metres = length.on(crs, name);
  const double least = crs.is_geographic() ? kLeastGlobeLength : kLeastPlaneLength;
  const double most = crs.is_geographic() ? kMostGlobeLength : kMostPlaneLength;
  // A bare length is in the plane's unit already; going through metres could move it by a rounding.
  const double value =
      crs.is_geographic() ? metres.value : (length.has_unit ? metres.value / crs.metres_per_unit() : length.value);
  if (!(value > 0)) throw UsageError(fmt::format("{} is {}, but must be more than 0", name, to_string(length)));
  if (!(value >= least && value <= most))
    throw UsageError(fmt::format("{} is {}, but must be between {} and {} on this layer", name, to_string(length),
                                 to_string(Length(Metres{least})), to_string(Length(Metres{most}))));
  return value;
}

std::vector<double> point_weights(const Layer& points, Diagnostics& diagnostics) {
  std::vector<double> weights(points.size(), 1.0);
  if (points.roles.weight.empty()) return weights;
  const Column& column = points.column(points.roles.weight);
  for (std::size_t row = 0; row < weights.size(); ++row) {
    const auto weight = column.number(row);
    if (!weight) {
      diagnostics.add(Severity::note, "missing-weight", points.name, "sites without a weight count as 1", 1,
                      points.feature_id(row));
    } else if (!(*weight >= 0) || std::isinf(*weight)) {
      throw InputError(fmt::format("layer {}, feature {}: weight {} is {}", points.name, points.feature_id(row),
                                   shortest(*weight), *weight < 0 ? "negative" : "not finite"),
                       "a weight says how much a site counts; use 0 to leave one out");
    } else {
      weights[row] = *weight;
    }
  }
  return weights;
}

void report_unusable(const Layer& points, std::string_view message, Diagnostics& diagnostics) {
  const bool geographic = points.crs.is_geographic();
  for (std::size_t i = 0; i < points.size(); ++i)
    if (!usable_position(points.geometry.x[i], points.geometry.y[i], geographic))
      diagnostics.add(Severity::skipped, "unusable-position", points.name, std::string(message), 1,
                      points.feature_id(i));
}

}  // namespace yaan
