#include "analyse/scan_windows.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "analyse/point_set.hpp"
#include "yaan/core/geodesy.hpp"

namespace yaan {

namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();
constexpr unsigned kStepBits = 52 - 5;   // five bits of the mantissa tell steps apart
constexpr std::size_t kFew = 2'000;      // below it the radix sort's counts cost more than they save
constexpr double kRoundingRoom = 1e-12;  // half of the population may add up to a little more

std::uint64_t step_of(double share) { return std::bit_cast<std::uint64_t>(share) >> kStepBits; }

double least_share(const ScanPlaces& places, double population) {
  double least = kInfinite;
  for (const double at : places.population)
    if (at > 0) least = std::min(least, at);
  return least / population;
}

double total(const ScanPlaces& places) {
  return std::accumulate(places.population.begin(), places.population.end(), 0.0);
}

}  // namespace

ShareBins::ShareBins(double least, double most) {
  if (!(least > 0 && least <= most)) return;
  m_first = step_of(least * (1 - kRoundingRoom));
  m_count = static_cast<std::size_t>(step_of(most) - m_first) + 1;
}

std::uint16_t ShareBins::of(double share) const {
  const std::uint64_t step = std::max(step_of(share), m_first) - m_first;
  return static_cast<std::uint16_t>(std::min<std::uint64_t>(step, m_count - 1));
}
double ShareBins::low(std::size_t bin) const { return std::bit_cast<double>((m_first + bin) << kStepBits); }
double ShareBins::high(std::size_t bin) const { return low(bin + 1); }

ScanWindows::ScanWindows(const ScanPlaces& places, const Crs& crs, const ScanSearch& search)
    : m_places(places),
      m_geographic(crs.is_geographic()),
      m_population(total(places)),
      m_most(search.max_share * m_population * (1 + kRoundingRoom)),
      m_squared_radius(kInfinite),
      m_bins(least_share(places, m_population), search.max_share * (1 + 2 * kRoundingRoom)) {
  if (places.y.size() != size() || places.cases.size() != size() || places.population.size() != size())
    throw std::invalid_argument("the arrays of places differ in length");
  if (search.max_radius.value != 0) {
    const double radius = checked_ground_length(crs, search.max_radius, "max_radius");
    const double straight = m_geographic ? chord_of(Metres{radius}) : radius;
    m_squared_radius = straight * straight;
  }
  for (auto& axis : m_at) axis.resize(size());
  for (std::size_t i = 0; i < size(); ++i) {
    const std::array<double, 3> at =
        m_geographic ? earth_centred(places.x[i], places.y[i]) : std::array<double, 3>{places.x[i], places.y[i], 0};
    for (std::size_t axis = 0; axis < 3; ++axis) m_at[axis][i] = at[axis];
  }
}

double ScanWindows::squared(std::uint32_t a, std::uint32_t b) const {
  double sum = 0;
  for (const auto& axis : m_at) {
    const double apart = axis[a] - axis[b];
    sum += apart * apart;
  }
  return sum;
}

double ScanWindows::ground(double squared) const {
  const double straight = std::sqrt(squared);
  return m_geographic && std::isfinite(straight) ? ground_distance_of(straight).value : straight;
}

void ScanWindows::about(std::uint32_t centre, CentreWindows& windows, WindowScratch& scratch,
                        const Progress& progress) const {
  const auto n = static_cast<std::uint32_t>(size());
  if (scratch.near.size() < n) scratch = {Scratch<KeyedPoint>(n), Scratch<KeyedPoint>(n)};
  Scratch<KeyedPoint>& near = scratch.near;
  double beyond = kInfinite;
  std::size_t count = 0;
  for (std::uint32_t place = 0; place < n; ++place) {
    const double apart = squared(centre, place);
    if (apart <= m_squared_radius)
      near[count++] = {std::bit_cast<std::uint64_t>(apart), place};  // bits of positive numbers rise with them
    else
      beyond = std::min(beyond, apart);
  }
  if (count < kFew)
    std::sort(near.data(), near.data() + count, [](const KeyedPoint& a, const KeyedPoint& b) {
      return std::pair(a.key, a.point) < std::pair(b.key, b.point);
    });
  else
    radix_sort(near, scratch.spare, count, 64, progress);
  windows.place.clear();
  windows.bin.clear();
  windows.population.clear();
  windows.distance.clear();
  double people = 0;
  std::size_t k = 0;
  while (k < count) {
    // All places at one distance enter together.
    std::size_t end = k;
    double more = people;
    for (; end < count && near[end].key == near[k].key; ++end) more += m_places.population[near[end].point];
    if (more > m_most) break;
    people = more;
    const double distance = ground(std::bit_cast<double>(near[k].key));
    for (; k < end; ++k) {
      const bool ends = k + 1 == end && people > 0;
      windows.place.push_back(near[k].point | (ends ? ScanList::kEnds : 0U));
      windows.bin.push_back(ends ? m_bins.of(people / m_population) : std::uint16_t{0});
      windows.population.push_back(people);
      windows.distance.push_back(distance);
    }
  }
  windows.next = ground(k < count ? std::bit_cast<double>(near[k].key) : beyond);
}

}  // namespace yaan
