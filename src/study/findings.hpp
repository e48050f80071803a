#pragma once
// What there is to doubt about the sites of a study.

#include <cstdint>
#include <string>
#include <vector>

#include "yaan/core/localized.hpp"
#include "yaan/study/run.hpp"

namespace yaan {

/// One doubt about one row.
struct Finding {
  std::string layer;
  std::int64_t row = 0;  ///< -1: set aside when the layer was read
  std::string id;        ///< of RowsAsRead
  std::string problem;   ///< "claim-border", "duplicate-exact"
  Localized detail;      ///< a phrase for people
  double distance = 0;   ///< metres: to the claimed area, or to the other point; NaN for none
  double score = 0;      ///< of a duplicate; NaN for others
  std::string repair;    ///< keep, move, rename, merge; "" where people must look
  double to_x = 0;       ///< of a move, in the CRS of the layer; NaN for others
  double to_y = 0;
  std::string value;  ///< of a rename the code of the area, of a merge the id of the row that stays
};

/// All problems that `accept` of a layer may name: those that have a repair.
const std::vector<std::string>& repairable_problems();

/// What is proposed for a problem, where something is: keep, move, rename or merge; "" for others.
std::string_view proposed_repair(std::string_view problem);

/// Whether rows with the problem were left out when the layer was read, for want of a position.
bool is_without_position(std::string_view problem);

/// The parameters of check-claims that the key `checks` of a study sets.
const std::vector<const Parameter*>& check_parameters();

/// Doubts layers whose rows claim an area where no layer has areas with names or codes.
void doubt_unchecked_claims(const Study& study, const LayerMap& layers, Diagnostics& diagnostics);

/// Findings about the points of one layer: positions that are missing, unreadable or written otherwise than most, its
/// claims against the areas of study.checks(), and its duplicates. A layer without claims or names has none of that
/// kind. Findings that the layer's decision table settles already are left out. Throws UsageError when the areas of
/// study.checks() are none; else as the methods check-claims and find-duplicates.
std::vector<Finding> findings_of(const Study& study, const StudyLayer& description, const LayerMap& layers,
                                 const RowsAsRead& rows, Progress& progress);

}  // namespace yaan
