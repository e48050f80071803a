#pragma once
// Columns that are read in blocks of rows: the values of a block, and the column that they are joined to.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "yaan/core/column.hpp"

namespace yaan {

/// The values of one column in one block: integers, reals, texts or dates. Kept by the caller and filled anew, so that
/// its memory is used again.
class ColumnPart {
 public:
  explicit ColumnPart(ColumnType type) : m_type(type) {}

  [[nodiscard]] ColumnType type() const { return m_type; }
  void clear();
  void reserve(std::size_t rows);

  // Precondition: the value is of the column's type.
  void push(std::int64_t value) { keep(value, m_integers); }
  void push(double value) { keep(value, m_reals); }
  void push(Date value) { keep(value, m_dates); }
  void push(std::string_view text) {
    m_texts.push_back(text);
    m_valid.push_back(1);
  }
  void push_null();

  [[nodiscard]] const StringValues& texts() const { return m_texts; }
  [[nodiscard]] const std::vector<std::uint8_t>& valid() const { return m_valid; }
  [[nodiscard]] const std::vector<std::int64_t>& integers() const { return m_integers; }
  [[nodiscard]] const std::vector<double>& reals() const { return m_reals; }
  [[nodiscard]] const std::vector<Date>& dates() const { return m_dates; }

 private:
  template <class T>
  void keep(T value, std::vector<T>& values) {
    values.push_back(value);
    m_valid.push_back(1);
  }

  ColumnType m_type;
  std::vector<std::int64_t> m_integers;
  std::vector<double> m_reals;
  std::vector<Date> m_dates;
  StringValues m_texts;
  std::vector<std::uint8_t> m_valid;
};

/// A column to which parts are added in turn.
class JoinedColumn {
 public:
  explicit JoinedColumn(ColumnType type) : m_type(type) {}

  /// Precondition: the parts are of the column's type. `whole`: about how many times their rows will come in all, from
  /// the first of them on; room is made for that.
  void append(std::span<const ColumnPart* const> parts, double whole);
  /// Gives up what has been added.
  void forget();

  Column column(std::string name) &&;
  StringValues texts() &&;  ///< of a column of texts

 private:
  ColumnType m_type;
  std::vector<std::int64_t> m_integers;
  std::vector<double> m_reals;
  std::vector<Date> m_dates;
  std::string m_bytes;
  std::vector<std::uint64_t> m_ends;
  std::vector<std::uint8_t> m_valid;
};

}  // namespace yaan
