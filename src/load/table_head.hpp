#pragma once
// The names of a table's columns, wherever people put them.

#include <string>
#include <vector>

#include "load/raw_layer.hpp"

namespace yaan {

using TextRows = std::vector<std::vector<std::string>>;

/// Rows from which the head of a table is found.
inline constexpr std::size_t kRowsOfHead = 30;

struct TableHead {
  std::vector<std::string> names;  ///< one for each column; may be empty or repeated
  std::vector<std::string> units;  ///< one for each column; "" for none
  std::size_t row = 0;             ///< of the first row of names, counted from 0
  std::size_t data_row = 1;        ///< the first row below names and units
  std::size_t group_rows = 0;      ///< 1 where a row of groups (merged cells) stands above the names
  bool has_units = false;
  bool missing = false;  ///< there is none: the data begin with the first row, and no column has a name
};

/// The head among the first rows of a table. `asked`: its row, counted from 1, or 0.
///
/// Without being asked it is the first row, unless that is sparse (a title) and a later one is the first that has at
/// least 0.7 times as many cells as the fullest row, all of them different and none a number. Names of two rows are
/// taken where the upper one has gaps to the right of its names that the lower one fills, as merged cells leave them,
/// the lower one leaves others free and stands above numbers: then a column is called as the lower cell, with the upper
/// one before it where that alone would not tell two columns apart. A row of nothing but units below it is no data.
/// Where the first row holds a number with decimals above nothing but
/// numbers there is no head. Throws UsageError when there is no such row.
TableHead find_table_head(const TextRows& rows, int asked, const std::string& shown);

/// Says what was found where it is not simply the first row.
void report_head(const TableHead& head, RawLayer& raw);

}  // namespace yaan
