#pragma once
// Local join count: where do features of one kind lie together?

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "yaan/analyse/autocorrelation.hpp"
#include "yaan/core/method.hpp"

namespace yaan {

struct LocalJoinCountOptions : LocalOptions {
  LocalJoinCountOptions() { style = WeightStyle::binary; }
  std::string kind;  ///< the value of the variable that counts; "": the variable holds 1 and 0
};

/// Chance that at least `joins` of `neighbours` are of a kind, of which there are `members` among `others`: the
/// hypergeometric tail, which conditional permutation with equal weights estimates. O(neighbours).
double join_count_tail(std::int64_t joins, std::int64_t neighbours, std::int64_t members, std::int64_t others);

/// The verb `local-join-count`.
const Method& local_join_count_method();

}  // namespace yaan
