#pragma once
// One typed column of a layer, with a validity flag for every row, its unit and what it means.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "yaan/core/localized.hpp"

namespace yaan {

/// Days since 1970-01-01 in the proleptic Gregorian calendar.
struct Date {
  std::int32_t days = 0;
  auto operator<=>(const Date&) const = default;
};
std::string to_string(Date date);  ///< ISO 8601: 2026-11-23

/// Strings of a column, end to end in one buffer.
class StringValues {
 public:
  void push_back(std::string_view text) {
    m_bytes.append(text);
    m_ends.push_back(m_bytes.size());
  }
  [[nodiscard]] std::string_view operator[](std::size_t row) const {
    const std::size_t begin = row == 0 ? 0 : m_ends[row - 1];
    return {m_bytes.data() + begin, m_ends[row] - begin};
  }
  [[nodiscard]] std::size_t size() const { return m_ends.size(); }
  void reserve(std::size_t rows, std::size_t bytes = 0) {
    m_ends.reserve(rows);
    m_bytes.reserve(bytes);
  }
  void clear() {
    m_bytes.clear();
    m_ends.clear();
  }
  [[nodiscard]] const std::string& bytes() const { return m_bytes; }
  [[nodiscard]] const std::vector<std::uint64_t>& ends() const { return m_ends; }
  /// Throws std::invalid_argument unless the ends rise from 0 to the length of the bytes.
  static StringValues of(std::string bytes, std::vector<std::uint64_t> ends);

 private:
  std::string m_bytes;
  std::vector<std::uint64_t> m_ends;
};

using StringList = std::vector<std::string>;
using DoubleList = std::vector<double>;
using IntList = std::vector<std::int64_t>;

enum class ColumnType { integer, real, text, date, text_list, real_list, integer_list };
std::string_view to_string(ColumnType type);  ///< "integer", "real", "text", "date", "list of text", ...

/// How a column colours a map when nobody says otherwise.
enum class ColourBy {
  none,
  category,
  sequence,    ///< from low to high
  divergence,  ///< on both sides of 0: differences, logarithms
  score,       ///< on both sides of 0, in standard deviations: z-scores, Pearson's residuals
  ratio,       ///< on both sides of 1, where half is as far from it as twice: quotients
  probability  ///< p-values: the smaller, the stronger
};

/// What a value of a category says, where the field has a colour for that.
enum class Tone {
  own,             ///< nothing that has a colour: it takes one of the palette's
  high,            ///< a high value among high ones, a hot spot, more than expected
  low,             ///< a low value among low ones, a cold spot, less than expected
  high_among_low,  ///< an outlier
  low_among_high,  ///< an outlier
  middle,          ///< alike, and neither high nor low
  quiet,           ///< not significant, cannot be told
  undefined        ///< no neighbours, no value
};

/// A value of a category and its words in a legend.
struct ColumnClass {
  std::string value;  ///< as it stands in the column; "" for null
  Localized title;
  Tone tone = Tone::own;
};

class Column {
 public:
  using Values = std::variant<std::vector<std::int64_t>, std::vector<double>, StringValues, std::vector<Date>,
                              std::vector<StringList>, std::vector<DoubleList>, std::vector<IntList>>;

  Column() = default;
  Column(std::string column_name, ColumnType type);

  std::string name;
  std::string unit;  ///< "m", "km2", "1/km2", "share", "nats"; "" for counts, codes and text
  Localized title;   ///< for people: legend and table headings
  std::string help;  ///< one English sentence: definition
  ColourBy colour_by = ColourBy::none;
  std::vector<ColumnClass> classes;  ///< of a category, in the order of the legend; others follow by their bytes
  Localized null_title;              ///< what null means, for the legend: "outside every cluster"; empty: no data
  Localized remark;                  ///< of the run, for the legend: "p at most 0.05, corrected by Bonferroni"

  [[nodiscard]] ColumnType type() const { return static_cast<ColumnType>(m_values.index()); }
  [[nodiscard]] std::size_t size() const { return m_valid.size(); }
  [[nodiscard]] bool is_null(std::size_t row) const { return m_valid[row] == 0; }
  [[nodiscard]] std::size_t null_count() const;
  void reserve(std::size_t rows);

  void push_null();
  void push(std::int64_t value);
  void push(double value);  ///< NaN is kept as null: a number that is not there
  void push(std::string_view value);
  void push(const char* value) { push(std::string_view(value)); }
  void push_or_null(std::string_view text);  ///< an empty text is one that is not there
  void push(Date value);
  void push(StringList value);
  void push(DoubleList value);
  void push(IntList value);
  /// For one fill with known validity: values and flags of equal length (throws std::invalid_argument otherwise).
  static Column of(std::string name, std::vector<std::int64_t> values);
  static Column of(std::string name, std::vector<double> values);  ///< NaN becomes null
  /// Of values and flags (0: null) of equal length (throws std::invalid_argument otherwise).
  static Column of(std::string name, Values values, std::vector<std::uint8_t> valid);

  // The typed values; the caller knows the type (std::bad_variant_access otherwise). Null rows hold 0, NaN or "".
  [[nodiscard]] const std::vector<std::int64_t>& integers() const {
    return std::get<std::vector<std::int64_t>>(m_values);
  }
  [[nodiscard]] const std::vector<double>& reals() const { return std::get<std::vector<double>>(m_values); }
  [[nodiscard]] const StringValues& texts() const { return std::get<StringValues>(m_values); }
  [[nodiscard]] const std::vector<Date>& dates() const { return std::get<std::vector<Date>>(m_values); }
  [[nodiscard]] const Values& values() const { return m_values; }
  [[nodiscard]] const std::vector<std::uint8_t>& validity() const { return m_valid; }  ///< 0: null

  /// A number in the row (integer or real column), nothing for null or another type.
  [[nodiscard]] std::optional<double> number(std::size_t row) const;
  /// The row as people and CSV read it: numbers shortest, dates ISO, lists joined by "; ", null as "".
  [[nodiscard]] std::string display(std::size_t row) const;
  /// The rows named, in that order.
  [[nodiscard]] Column select(const std::vector<std::uint32_t>& rows) const;

 private:
  Values m_values;
  std::vector<std::uint8_t> m_valid;
};

}  // namespace yaan
