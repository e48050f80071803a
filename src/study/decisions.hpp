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

namespace yaan {

/// One change to a row.
struct RowChange {
  std::string id;      ///< stable_ids
  std::string repair;  ///< move, rename, merge; keep changes nothing
  double to_x = 0;
  double to_y = 0;
  std::string value;
};

struct Decisions {
  std::vector<RowChange> changes;
  std::set<std::string> settled;               ///< settled_key of what was decided, whatever the decision
  std::map<std::string, std::int64_t> others;  ///< decided rows about other layers, by their names
  std::string sha256;                          ///< of the table
};

/// "id\nproblem".
std::string settled_key(const std::string& id, const std::string& problem);

/// Reads the rows of a decision table (CSV or XLSX, as `yaan check` writes it) that are about the layer. Its column
/// decision says accept (do what repair says), reject (it is right as it is), change (do it with the to_x, to_y or
/// value that were written in) or nothing (not decided yet); other words are an InputError that names the row, as are a
/// move without a place, two decisions about one problem that differ, and a table without the columns id, problem and
/// decision.
Decisions read_decisions(const std::filesystem::path& file, const std::string& layer, Progress& progress);

/// Carries the changes out; rows merged into others leave the layer. Counted in `diagnostics` as repaired, with
/// `reason` in the message; ids that the layer does not have are doubted.
void apply_changes(Layer& layer, const std::vector<RowChange>& changes, const std::string& reason,
                   Diagnostics& diagnostics);

}  // namespace yaan
