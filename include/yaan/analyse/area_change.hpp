#pragma once
// What changed between two counts of the same ground, and is it more than chance?

#include <cstdint>
#include <string>

#include "yaan/analyse/multiple_testing.hpp"
#include "yaan/core/method.hpp"
#include "yaan/core/units.hpp"

namespace yaan {

/// Two counts compared.
struct CountChange {
  double expected = 0;  ///< of the later count, given both together and no change
  double ratio = 0;     ///< of the rates, later by earlier; infinite or NaN where the earlier is 0
  double low = 0;       ///< exact interval of the ratio
  double high = 0;      ///< infinite where the data set no upper end
  double p = 1;         ///< two-sided
};

/// Rates of two Poisson counts, compared by the later one's binomial distribution given their sum (Przyborowski and
/// Wilenski 1940). `exposure`: later by earlier time, people or effort, more than 0. p adds up what is no likelier than
/// the count, as R's poisson.test does; the interval is Clopper and Pearson's. Counts are not negative; 0 and 0 give p
/// 1 and the interval from 0 to infinity. Time: some tens of standard deviations of the count, which is O(sqrt(before +
/// after)). Throws std::invalid_argument.
CountChange count_change(std::int64_t before, std::int64_t after, double exposure, double confidence);

/// The same against the change of all others: by the hypergeometric distribution of the later count given both sums of
/// the area and of the whole (Fisher's exact test). The ratio is that of the area by that of the others; the interval
/// is of the noncentral distribution, as in R's fisher.test. `whole` counts hold the area's.
/// Time: 120 sums of that length.
CountChange count_change_within(std::int64_t before, std::int64_t after, std::int64_t whole_before,
                                std::int64_t whole_after, double confidence);

/// Which snapshot a later one is compared with.
enum class ChangeFrom { previous, first };

struct AreaChangeOptions {
  std::string counts;       ///< columns, "sites_2023, sites_2024"; "" where layers of points are given
  std::string populations;  ///< columns, one for each snapshot; "" for none
  ChangeFrom compare_with = ChangeFrom::previous;
  bool hold_total = false;
  bool match_ids = false;  ///< of layers: count what opened and what closed, by the ids
  double confidence = 0.95;
  Correction correction = Correction::benjamini_hochberg;
  double significance = 0.05;
  Length within = Metres{5000};  ///< how far outside every area a point may lie and still count in the nearest
};

/// The verb `area-change`.
const Method& area_change_method();

}  // namespace yaan
