#pragma once
// What lies in each area: how many points, how dense, the sum and mean of a column, how diverse.

#include <cstdint>
#include <span>
#include <string>

#include "yaan/core/method.hpp"
#include "yaan/core/units.hpp"

namespace yaan {

/// How mixed a set is, from the members of each kind. With S kinds that have members and shares p of all members:
struct Diversity {
  std::int64_t kinds = 0;  ///< S
  double shannon = 0;      ///< H = - sum p ln p, in nats: 0 for one kind, ln S for equal shares
  double simpson = 0;      ///< 1 - sum p^2: the chance that two draws with replacement differ
  double pielou = 0;       ///< H / ln S: 1 for equal shares
};

/// Kinds without members do not count. Without any member all three are NaN, with one kind the evenness is. Throws
/// std::invalid_argument for a negative number. O(kinds). Sources: Shannon, C. E. (1948), Bell System Technical Journal
/// 27, 379-423; Simpson, E. H. (1949), Nature 163, 688; Pielou, E. C. (1966), Journal of Theoretical Biology 13,
/// 131-144.
Diversity diversity(std::span<const std::int64_t> members);

struct AreaStatisticsOptions {
  std::string variable;          ///< column of the points to add up; "" for none
  std::string category;          ///< column of the kinds; "" for the part category, where there is one
  Length within = Metres{5000};  ///< how far outside every area a point may lie and still count in the nearest
};

/// The verb `area-statistics`: adds counts, density, sum, mean and diversity to the areas.
const Method& area_statistics_method();

}  // namespace yaan
