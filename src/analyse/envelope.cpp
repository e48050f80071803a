#include <algorithm>
#include <cmath>
#include <limits>

#include "yaan/analyse/point_pattern.hpp"

namespace yaan {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kRounding = 1e-9;  // 0.05 * 100 may be a little less than 5

}  // namespace

EnvelopeRanks envelope_ranks(std::int64_t simulations, double significance) {
  const double places = significance * static_cast<double>(simulations + 1);
  return {static_cast<std::int64_t>(std::floor(places / 2 + kRounding)),
          static_cast<std::int64_t>(std::floor(places + kRounding))};
}

Envelope envelope(std::span<const double> observed, const std::vector<std::vector<double>>& simulated,
                  const EnvelopeRanks& ranks, std::size_t first) {
  const std::size_t length = observed.size(), count = simulated.size();
  Envelope e;
  e.pointwise_rank = ranks.pointwise;
  e.global_rank = ranks.global;
  e.low.assign(length, kNan);
  for (auto* bound : {&e.high, &e.expected, &e.global_low, &e.global_high}) *bound = e.low;
  std::vector<double> deviation(count, 0);
  std::vector<double> here(count);
  bool any = false;
  for (std::size_t r = first; r < length; ++r) {
    double sum = observed[r];
    for (std::size_t s = 0; s < count; ++s) {
      here[s] = simulated[s][r];
      sum += here[s];
    }
    if (!std::isfinite(sum)) continue;
    // A curve's distance from the mean of the others is (count + 1) / count times that from the mean of all.
    const double mean = sum / static_cast<double>(count + 1);
    const double others = static_cast<double>(count + 1) / static_cast<double>(count);
    for (std::size_t s = 0; s < count; ++s) deviation[s] = std::max(deviation[s], others * std::abs(here[s] - mean));
    const double off = others * std::abs(observed[r] - mean);
    if (!any || off > e.deviation) {
      e.deviation = off;
      e.at = r;
      e.above = observed[r] > mean;
    }
    any = true;
    std::sort(here.begin(), here.end());
    e.expected[r] = (sum - observed[r]) / static_cast<double>(count);
    e.low[r] = here[static_cast<std::size_t>(ranks.pointwise) - 1];
    e.high[r] = here[count - static_cast<std::size_t>(ranks.pointwise)];
  }
  if (!any) {
    e.critical = e.deviation = e.p = kNan;
    return e;
  }
  const auto as_far = std::count_if(deviation.begin(), deviation.end(), [&](double d) { return d >= e.deviation; });
  e.p = static_cast<double>(as_far + 1) / static_cast<double>(count + 1);
  std::sort(deviation.begin(), deviation.end(), std::greater<>());
  e.critical = deviation[static_cast<std::size_t>(ranks.global) - 1];
  for (std::size_t r = first; r < length; ++r) {
    e.global_low[r] = e.expected[r] - e.critical;
    e.global_high[r] = e.expected[r] + e.critical;
  }
  return e;
}

}  // namespace yaan
