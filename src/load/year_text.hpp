#pragma once
// Years, dates and centuries as Thai and English lists write them.

#include <cstdint>
#include <optional>
#include <string_view>

namespace yaan {

enum class Era { unknown, buddhist, common };

/// A day, a year or a span of years, counted in `era`.
struct YearText {
  int from = 0;
  int to = 0;
  Era era = Era::unknown;  ///< by พ.ศ., B.E., ค.ศ., C.E., A.D. or the kind of century
  int first = 0;           ///< of a date in numbers: what stands first and second; 0 without
  int second = 0;
  int month = 0;  ///< of a date with a month's name; 0 without
  int day = 0;    ///< with the month's name, or of yyyy-mm-dd; 0 as well where a time of the day follows
};

/// Reads: 2400; พ.ศ. 2400; ๒๔๐๐; 2400 BE; ค.ศ. 1857; 1857-1862; 31/12/2569; 2026-12-31; 31 ธันวาคม 2569; 31 ธ.ค. 2569;
/// ธ.ค. 2569; December 2026; พุทธศตวรรษที่ 19 (B.E. 1801 to 1900); 13th century (1201 to 1300); พุทธศตวรรษที่ 18-19; each
/// also behind ราว, ประมาณ, c., circa, ปี. Years have four digits, or three behind their era: two digits are no year
/// that could be told. Nothing for any other text, for a month beyond 12 and for the 14th of a month that has 13 days.
std::optional<YearText> parse_year(std::string_view text);

/// The era that the header of a column states: ปี พ.ศ., Year (B.E.), ค.ศ.
Era era_of_header(std::string_view header);

/// Years of the common era: a Buddhist year less 543.
inline constexpr int kBuddhistOffset = 543;

}  // namespace yaan
