#pragma once
// The rows of a table in an SQLite database (sqlite.org/fileformat2.html), page by page.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace yaan {

/// The database is not as plain as it must be, or damaged.
struct UnusualDatabase {};

/// One value of a row.
struct SqliteValue {
  enum class Kind { null, integer, real, text, blob } kind = Kind::null;
  std::int64_t integer = 0;
  double real = 0;
  std::string_view bytes;  ///< of a text or a blob
};

/// A table of rows with numbers (rowids). Trusts nothing that the bytes say. Every function throws UnusualDatabase.
class SqliteTable {
 public:
  /// `bytes`: the whole file, which outlives the table. `root`: the table's first page, counted from 1. The database
  /// must be in UTF-8 and without a write-ahead log.
  SqliteTable(std::string_view bytes, std::uint32_t root);

  /// The pages that hold rows, in the order of the rows.
  [[nodiscard]] const std::vector<std::uint32_t>& leaves() const { return m_leaves; }
  [[nodiscard]] std::string_view page(std::uint32_t number) const;

  /// Calls row(rowid, values) for the rows of a leaf in order; `values` has room for the columns of a row, and each row
  /// must have exactly as many. Rows that do not fit on their page are unusual.
  template <class Row>
  void read(std::uint32_t leaf, std::span<SqliteValue> values, Row&& row) const {
    const Cells cells = cells_of(leaf);
    for (std::size_t i = 0; i < cells.count; ++i) row(take_row(cells, i, values), values);
  }

 private:
  struct Cells {
    std::string_view page;
    std::size_t pointers = 0;  // where the places of the cells stand
    std::size_t count = 0;
  };

  [[nodiscard]] Cells cells_of(std::uint32_t leaf) const;
  /// Returns the rowid.
  std::int64_t take_row(const Cells& cells, std::size_t i, std::span<SqliteValue> values) const;
  void find_leaves(std::uint32_t number, int depth);

  std::string_view m_bytes;
  std::size_t m_page_size = 0;
  std::size_t m_usable = 0;  // of a page
  std::vector<std::uint32_t> m_leaves;
  std::size_t m_inner_pages = 0;
};

}  // namespace yaan
