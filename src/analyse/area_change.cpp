#include "yaan/analyse/area_change.hpp"

#include <stdexcept>

#include "analyse/conditional_count.hpp"
#include "analyse/proportion_interval.hpp"

namespace yaan {

namespace {

void check(std::int64_t before, std::int64_t after, double confidence) {
  if (before < 0 || after < 0) throw std::invalid_argument("count_change: counts are not negative");
  if (!(confidence > 0 && confidence < 1)) throw std::invalid_argument("count_change: confidence from 0 to 1");
}

double odds_of(double share) { return share / (1 - share); }

}  // namespace

CountChange count_change(std::int64_t before, std::int64_t after, double exposure, double confidence) {
  check(before, after, confidence);
  if (!(exposure > 0)) throw std::invalid_argument("count_change: the exposure must be more than 0");
  const std::int64_t both = before + after;
  const Interval share = proportion_interval(after, both, confidence);
  CountChange change;
  change.expected = static_cast<double>(both) * exposure / (1 + exposure);
  change.ratio = static_cast<double>(after) / static_cast<double>(before) / exposure;
  change.low = odds_of(share.low) / exposure;
  change.high = odds_of(share.high) / exposure;
  change.p = ConditionalCount::binomial(both).two_sided_p(after, exposure);
  return change;
}

CountChange count_change_within(std::int64_t before, std::int64_t after, std::int64_t whole_before,
                                std::int64_t whole_after, double confidence) {
  check(before, after, confidence);
  if (before > whole_before || after > whole_after)
    throw std::invalid_argument("count_change_within: an area counts more than the whole");
  const std::int64_t both = before + after, whole = whole_before + whole_after;
  const ConditionalCount count = ConditionalCount::hypergeometric(both, whole - both, whole_after);
  const Interval odds = count.odds_interval(after, confidence);
  const auto number = [](std::int64_t n) { return static_cast<double>(n); };
  CountChange change;
  change.expected = whole == 0 ? 0 : number(both) * number(whole_after) / number(whole);
  change.ratio = number(after) * number(whole_before - before) / (number(before) * number(whole_after - after));
  change.low = odds.low;
  change.high = odds.high;
  change.p = count.two_sided_p(after, 1);
  return change;
}

}  // namespace yaan
