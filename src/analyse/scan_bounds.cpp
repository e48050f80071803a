#include "analyse/scan_bounds.hpp"

#include <algorithm>
#include <limits>

namespace yaan {

namespace {

constexpr double kRoom = 1 - 1e-9;  // for rounding

std::int32_t as_sum(std::int64_t cases) {
  return static_cast<std::int32_t>(std::min<std::int64_t>(cases, std::numeric_limits<std::int32_t>::max()));
}

/// The first number from `from` on that holds, where all beyond one that holds do; `end` when none below it does.
/// Quick where it is near to `from`.
template <class Holds>
std::int64_t first_that(std::int64_t from, std::int64_t end, const Holds& holds) {
  std::int64_t low = from - 1;
  std::int64_t high = from;
  for (std::int64_t step = 1; high < end && !holds(high); step *= 2) {
    low = high;
    high += step;
  }
  high = std::min(high, end);
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (holds(middle) ? high : low) = middle;
  }
  return high;
}

}  // namespace

ReachBounds::ReachBounds(const ScanWindows& windows, const ScanSearch& search, std::int64_t cases, std::size_t chunks)
    : m_bins(windows.bins()),
      m_search(search),
      m_cases(cases),
      m_population(windows.population()),
      m_at_least(chunks * m_bins.size() * kScanLanes, std::numeric_limits<std::int32_t>::max()),
      m_at_most(chunks * m_bins.size() * kScanLanes, -1) {}

ScanBounds ReachBounds::of_chunk(std::size_t chunk) const {
  const std::size_t at = chunk * m_bins.size() * kScanLanes;
  return {m_at_least.data() + at, m_at_most.data() + at};
}

void ReachBounds::set(std::size_t chunk, std::size_t lane, double best) {
  const std::size_t first = chunk * m_bins.size() * kScanLanes + lane;
  // Both rise with the share of the population, so each step starts from the one before.
  std::int64_t least = 0;
  std::int64_t beyond = 0;  // the first number that is too many
  for (std::size_t bin = 0; bin < m_bins.size(); ++bin) {
    const std::size_t at = first + bin * kScanLanes;
    if (m_search.look_for != ScanFor::low) {
      least = first_that(least, m_cases + 1, [&](std::int64_t cases) { return beats_above(cases, bin, best); });
      m_at_least[at] = as_sum(least);
    }
    if (m_search.look_for != ScanFor::high) {
      beyond = first_that(beyond, m_cases + 1, [&](std::int64_t cases) { return !beats_below(cases, bin, best); });
      m_at_most[at] = as_sum(beyond) - 1;
    }
  }
}

// With so many cases the ratio falls as the population of the window grows towards where they are expected.
bool ReachBounds::beats_above(std::int64_t cases_in, std::size_t bin, double best) const {
  const auto c = static_cast<double>(cases_in);
  const auto all = static_cast<double>(m_cases);
  double low = m_bins.low(bin) * m_population;
  if (c <= low * all / m_population) return false;
  if (m_search.model == ScanModel::bernoulli) low = std::max(low, c);
  return scan_likelihood_ratio(m_search.model, c, low, all, m_population) > best * kRoom;
}

bool ReachBounds::beats_below(std::int64_t cases_in, std::size_t bin, double best) const {
  const auto c = static_cast<double>(cases_in);
  const auto all = static_cast<double>(m_cases);
  double high = std::min(m_bins.high(bin), 1.0) * m_population;
  if (m_search.model == ScanModel::bernoulli) high = std::min(high, m_population - (all - c));
  if (c >= high * all / m_population) return false;
  return scan_likelihood_ratio(m_search.model, c, high, all, m_population) > best * kRoom;
}

}  // namespace yaan
