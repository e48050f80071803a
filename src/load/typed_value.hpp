#pragma once
// Texts of a table as numbers and dates, where nothing is lost by it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "yaan/core/column.hpp"
#include "yaan/core/diagnostics.hpp"

namespace yaan {

// Nothing for what may be a code, and would not come back the same: leading zeros, a plus sign, more than 17 digits or
// whole numbers that a double does not hold, the code 1E5. Zeros at the end of decimals are given up: 12.50 is a
// number.
std::optional<std::int64_t> integer_value(std::string_view text);
std::optional<double> real_value(std::string_view text);
/// The same, but nothing for 12.50 either.
std::optional<double> real_code(std::string_view text);
std::optional<Date> date_value(std::string_view text);  ///< YYYY-MM-DD
/// NA, N/A, NaN, nan, NULL, null.
bool is_word_for_null(std::string_view text);

/// The narrowest type that all the values have: integer, real, date, else text; nothing where they are empty or words
/// for null.
std::optional<ColumnType> narrowest_type(const StringValues& values);

enum class Reals { numbers, codes };  ///< by real_value, by real_code

/// The column of the narrowest type. Words for null are null in a column of numbers and dates. Empty values are null; a
/// column without any is text.
Column typed_column(std::string name, const StringValues& values, Reals reals, std::string_view where,
                    Diagnostics& diagnostics);

/// What typed_column says of words for null.
void note_null_words(std::int64_t words, const std::string& column, std::string_view where, Diagnostics& diagnostics);

}  // namespace yaan
