#pragma once
// What people decided about single rows of a layer.

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "yaan/core/diagnostics.hpp"
#include "yaan/core/layer.hpp"
#include "yaan/core/progress.hpp"
#include "yaan/load/read.hpp"

namespace yaan {

/// One change to a row.
struct RowChange {
  std::string id;      ///< of RowsAsRead
  std::string repair;  ///< move, rename, merge; keep changes nothing
  double to_x = 0;
  double to_y = 0;
  std::string value;
};

struct Decisions {
  std::vector<RowChange> changes;
  std::vector<PlacedRow> places;               ///< of rows that have no position of their own, for reading
  std::set<std::string> settled;               ///< settled_key of what was decided, whatever the decision
  std::map<std::string, std::int64_t> others;  ///< decided rows about other layers, by their names
  std::string sha256;                          ///< of the table
};

/// "id\nproblem".
std::string settled_key(const std::string& id, const std::string& problem);

/// Reads the rows of a decision table (CSV or XLSX, as `yaan check` writes it) that are about the layer. Its column
/// decision says accept (do what repair says), reject (it is right as it is), change (do what was written in: a place
/// moves the row, a value renames its claim or is the row that stays) or nothing (not decided yet), in English or in
/// Thai. Other words are an InputError that names the row, as are a move without a place, a change of nothing, two
/// decisions about one problem that differ, and a table without the columns id, problem and decision.
Decisions read_decisions(const std::filesystem::path& file, const std::string& layer, Progress& progress);

/// Carries the changes out; rows merged into others leave the layer and `ids`, which has an id for each row. Counted in
/// `diagnostics` as repaired, with `reason` in the message. Doubted and not done: changes to ids that the layer does
/// not have, merges into such ones, and merges that lead back to the row itself.
void apply_changes(Layer& layer, std::vector<std::string>& ids, const std::vector<RowChange>& changes,
                   const std::string& reason, Diagnostics& diagnostics);

}  // namespace yaan
