#pragma once
// One block of a CSV's rows to the values of its columns.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "load/cell_reader.hpp"
#include "load/column_part.hpp"

namespace yaan {

/// The cells of one column in one block. Kept by the caller and filled anew, so that its memory is used again.
class CsvPart {
 public:
  explicit CsvPart(ColumnType type) : m_values(type) {}

  void clear();
  void reserve(std::size_t rows) { m_values.reserve(rows); }
  /// The next cell of the reader, and what ended it.
  CellReader::End take(CellReader& reader);
  void push(std::string_view cell);

  [[nodiscard]] const ColumnPart& values() const { return m_values; }
  [[nodiscard]] bool fits() const { return m_fits; }            ///< no cell is of another type
  [[nodiscard]] bool any() const { return m_any; }              ///< a cell holds a value
  [[nodiscard]] std::int64_t words() const { return m_words; }  ///< cells that hold a word for null

 private:
  template <class Value>
  void push(std::string_view cell, const std::optional<Value>& value);

  ColumnPart m_values;
  bool m_fits = true;
  bool m_any = false;
  std::int64_t m_words = 0;
};

/// Rows that are counted, and the first of them by their number within the block.
struct CountedRows {
  std::int64_t count = 0;
  std::vector<std::size_t> first;

  void add(std::size_t row);
};

struct CsvBlock {
  std::size_t begin = 0;
  std::size_t end = 0;      ///< rows that begin before it belong to the block
  std::size_t reached = 0;  ///< where its last row ends
  std::size_t rows = 0;
  bool open_quote = false;
  CountedRows short_rows;
  CountedRows long_rows;
  std::vector<CsvPart> parts;  ///< one for each column that is wanted
};

/// What is wanted of each column: a type, or nothing.
using CsvPlan = std::vector<std::optional<ColumnType>>;

class CsvBlockReader {
 public:
  CsvBlockReader(std::string_view text, char separator, const CsvPlan& plan);

  /// Fills the block from its begin to its end. Blank lines are no rows.
  void read(CsvBlock& block) const;

 private:
  static constexpr std::size_t kUnwanted = ~std::size_t{0};

  void read_row(CellReader& reader, CsvBlock& block) const;

  std::string_view m_text;
  char m_separator;
  std::vector<std::size_t> m_part_of;  // of each column
  std::vector<ColumnType> m_types;     // of each part
};

}  // namespace yaan
