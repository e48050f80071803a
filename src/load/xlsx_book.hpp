#pragma once
// What GDAL does not tell of a workbook: hidden sheets, dates in formats of the Buddhist era, the year from which days
// are counted, formulas without a value, merged cells.

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace yaan {

struct XlsxSheet {
  std::string name;
  std::string part;  ///< of the zip: xl/worksheets/sheet1.xml
  bool hidden = false;
};

struct XlsxBook {
  std::vector<XlsxSheet> sheets;
  std::set<int> date_styles;       ///< cells in these hold days
  std::map<int, int> code_styles;  ///< cells in these are shown with that many digits, zeros in front: 0007
  std::set<int> buddhist_styles;   ///< cells in these hold days that are shown as dates of the Buddhist era
  bool since_1904 = false;         ///< days are counted from 1904, as on old Macintoshes

  [[nodiscard]] const XlsxSheet* find(std::string_view sheet) const;
};

/// Of the parts that say so; one that is missing or no XML says nothing. Nothing is thrown.
XlsxBook read_xlsx_book(const std::filesystem::path& file);

/// Place of a cell, both counted from 0.
struct CellPlace {
  std::uint32_t row = 0;
  std::uint32_t column = 0;
  auto operator<=>(const CellPlace&) const = default;
};

/// A merged cell that reaches over several rows.
struct TallCell {
  CellPlace first;             ///< where its value stands
  std::uint32_t last_row = 0;  ///< counted from 0
  auto operator<=>(const TallCell&) const = default;
};

struct XlsxCells {
  std::vector<CellPlace> buddhist;         ///< numbers in one of buddhist_styles, ascending
  std::vector<CellPlace> numbers;          ///< all of them, ascending; looked for where days are counted from 1904
  std::map<CellPlace, std::string> timed;  ///< days with a time of the day, of which GDAL gives the day alone
  std::map<CellPlace, int> codes;          ///< numbers in one of code_styles, with its digits
  std::vector<CellPlace> hollow;           ///< formulas that were saved without their value
  std::vector<TallCell> tall;              ///< ascending
};

/// Linear in the unpacked sheet, of which a block at a time is in memory.
XlsxCells scan_xlsx_sheet(const std::filesystem::path& file, const XlsxBook& book, const XlsxSheet& sheet);

/// Days since 1899-12-30, with a fraction for the time of the day: "2024-01-10", "2024-01-10 12:00:00". Nothing becomes
/// of a text that is no such number: it is returned as it is.
std::string date_of_serial(const std::string& days, bool since_1904);

}  // namespace yaan
