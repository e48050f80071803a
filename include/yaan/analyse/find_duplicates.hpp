#pragma once
// Sites that stand in a list twice.

#include "yaan/core/method.hpp"

namespace yaan {

struct FindDuplicatesOptions {
  Length within = Metres{100};  ///< farthest that two entries of one site may lie apart
  double similarity = 0.8;      ///< least similarity of their names
};

/// The verb `find-duplicates`: adds duplicate_of and duplicate_score to the points and makes the table `pairs`. The
/// list stays as long as it is.
const Method& find_duplicates_method();

}  // namespace yaan
