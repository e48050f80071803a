#pragma once
// Sites that stand in a list twice.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "yaan/core/method.hpp"

namespace yaan {

struct FindDuplicatesOptions {
  Length within = Metres{100};  ///< farthest that two entries of one site may lie apart
  double similarity = 0.8;      ///< least similarity of their names
  bool normalise = true;        ///< names are compared by their keys (name_key), not as they stand
};

struct DuplicatePair {
  enum class Kind { exact, same_name, similar_name };
  std::uint32_t first = 0;  ///< rows; the one of the smaller id comes first
  std::uint32_t second = 0;
  double distance = 0;    ///< metres
  double similarity = 0;  ///< of the names: 1 for the same key
  double score = 0;       ///< the similarity, less up to a half by distance
  Kind kind = Kind::similar_name;
};
std::string_view to_string(DuplicatePair::Kind kind);

/// The pairs of points that are likely one site, the likeliest first. Points that are not open for publication are in
/// no pair; `left_out` is raised by them. `ids` has one for each point, all different, such as stable_ids. Same pairs
/// whatever the order of the rows. Throws UsageError when no column
/// holds names and for a distance that dbscan refuses as a radius, InputError for more than 20 million pairs within the
/// distance, Cancelled.
std::vector<DuplicatePair> find_duplicates(const Layer& points, const std::vector<std::string>& ids,
                                           const FindDuplicatesOptions& options, std::int64_t& left_out,
                                           Progress& progress);

/// Of all the points that pairs link to each point the one of the smallest id; its own row without any.
std::vector<std::uint32_t> first_duplicates(const std::vector<std::string>& ids,
                                            const std::vector<DuplicatePair>& pairs);

/// The verb `find-duplicates`: adds duplicate_of and duplicate_score to the points and makes the table `pairs`. The
/// list stays as long as it is.
const Method& find_duplicates_method();

}  // namespace yaan
