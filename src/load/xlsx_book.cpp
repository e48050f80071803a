#include "load/xlsx_book.hpp"

#include <cpl_minixml.h>
#include <cpl_vsi.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <string_view>

#include "yaan/core/numbers.hpp"

namespace yaan {

namespace {

struct CloseFile {
  void operator()(VSILFILE* file) const { VSIFCloseL(file); }
};
struct FreeXml {
  void operator()(CPLXMLNode* node) const { CPLDestroyXMLNode(node); }
};
using XmlTree = std::unique_ptr<CPLXMLNode, FreeXml>;

std::unique_ptr<VSILFILE, CloseFile> open_part(const std::filesystem::path& file, const std::string& part) {
  const std::string path = fmt::format("/vsizip/{{{}}}/{}", file.string(), part);
  return std::unique_ptr<VSILFILE, CloseFile>(VSIFOpenL(path.c_str(), "rb"));
}

XmlTree parse_part(const std::filesystem::path& file, const std::string& part) {
  constexpr std::size_t kLargest = std::size_t{16} << 20;  // names of sheets and styles take kilobytes
  const auto in = open_part(file, part);
  if (!in) return nullptr;
  std::string text(kLargest, '\0');
  text.resize(VSIFReadL(text.data(), 1, text.size(), in.get()));
  XmlTree tree(CPLParseXMLString(text.c_str()));
  if (tree) CPLStripXMLNamespace(tree.get(), nullptr, TRUE);
  return tree;
}

/// Calls `each` for the children of that name of the element at `path`.
template <class Each>
void for_children(CPLXMLNode* tree, const char* path, const char* name, Each&& each) {
  CPLXMLNode* parent = tree == nullptr ? nullptr : CPLGetXMLNode(tree, path);
  for (CPLXMLNode* child = parent == nullptr ? nullptr : parent->psChild; child != nullptr; child = child->psNext)
    if (child->eType == CXT_Element && std::string_view(child->pszValue) == name) each(child);
}

// The codes of a format; letters in quotes, in brackets and behind \ are none.
std::string codes_of(std::string_view format) {
  std::string codes;
  char closing = 0;
  for (std::size_t i = 0; i < format.size(); ++i) {
    const char c = format[i];
    if (closing != 0) {
      if (c == closing) closing = 0;
    } else if (c == '"') {
      closing = '"';
    } else if (c == '[') {
      closing = ']';
    } else if (c == '\\' || c == '_' || c == '*') {
      ++i;
    } else {
      codes += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
  }
  return codes;
}

// d mmm bbbb; B1 and B2 name calendars.
bool shows_buddhist_years(std::string_view codes) {
  for (std::size_t at = codes.find('b'); at != std::string_view::npos; at = codes.find('b', at + 1))
    if (at + 1 == codes.size() || codes[at + 1] < '0' || codes[at + 1] > '9') return true;
  return false;
}

// How the numbers of a book are shown.
void read_styles(CPLXMLNode* styles, XlsxBook& book) {
  // The dates among the formats that Excel, and Thai Excel, keep by number (ECMA-376, part 1, 18.8.30).
  std::set<int> buddhist = {71, 72, 73, 74, 77, 81};
  std::set<int> dates = {14, 15, 16, 17, 22, 71, 72, 73, 74, 77, 81};
  std::map<int, int> zeros;
  for_children(styles, "=styleSheet.numFmts", "numFmt", [&](CPLXMLNode* node) {
    const std::string codes = codes_of(CPLGetXMLValue(node, "formatCode", ""));
    const int number = std::atoi(CPLGetXMLValue(node, "numFmtId", "-1"));
    if (shows_buddhist_years(codes)) buddhist.insert(number);
    if (codes.find_first_of("ydb") != std::string::npos) dates.insert(number);
    if (codes.size() > 1 && codes.find_first_not_of('0') == std::string::npos)
      zeros[number] = static_cast<int>(codes.size());
  });
  int style = 0;
  for_children(styles, "=styleSheet.cellXfs", "xf", [&](CPLXMLNode* node) {
    const int number = std::atoi(CPLGetXMLValue(node, "numFmtId", "-1"));
    if (buddhist.contains(number)) book.buddhist_styles.insert(style);
    if (dates.contains(number)) book.date_styles.insert(style);
    if (const auto digits = zeros.find(number); digits != zeros.end()) book.code_styles[style] = digits->second;
    ++style;
  });
}

std::string attribute(std::string_view tag, std::string_view name) {
  const std::string wanted = fmt::format(" {}=", name);
  const std::size_t at = tag.find(wanted);
  if (at == std::string_view::npos || at + wanted.size() >= tag.size()) return {};
  const char quote = tag[at + wanted.size()];
  const std::size_t begin = at + wanted.size() + 1;
  const std::size_t end = tag.find(quote, begin);
  return end == std::string_view::npos ? std::string() : std::string(tag.substr(begin, end - begin));
}

// "AB12"; nothing for anything else.
std::optional<CellPlace> place_of(std::string_view reference) {
  std::uint32_t column = 0;
  std::uint32_t row = 0;
  std::size_t at = 0;
  for (; at < reference.size() && at < 3 && reference[at] >= 'A' && reference[at] <= 'Z'; ++at)
    column = column * 26 + static_cast<std::uint32_t>(reference[at] - 'A' + 1);
  const std::size_t letters = at;
  for (; at < reference.size() && at < letters + 7 && reference[at] >= '0' && reference[at] <= '9'; ++at)
    row = row * 10 + static_cast<std::uint32_t>(reference[at] - '0');
  if (column == 0 || row == 0 || at < reference.size()) return std::nullopt;
  return CellPlace{row - 1, column - 1};
}

std::string_view before_tag(std::string_view text, std::size_t begin) {
  const std::size_t last = begin == 0 ? std::string_view::npos : text.rfind('>', begin - 1);
  return last == std::string_view::npos ? text.substr(0, begin) : text.substr(last + 1, begin - last - 1);
}

// Takes the tags of a sheet one after another.
class CellScan {
 public:
  CellScan(const XlsxBook& book, XlsxCells& cells) : m_book(book), m_cells(cells) {}

  /// `before`: the text between the last tag and this one.
  void take(std::string_view tag, std::string_view before) {
    const std::string_view name = tag.substr(0, tag.find_first_of(" \t\r\n/"));
    if (name == "c") {
      m_place = place_of(attribute(tag, "r"));
      m_style = std::atoi(attribute(tag, "s").c_str());
      const std::string type = attribute(tag, "t");
      m_number = type.empty() || type == "n";
      m_formula = false;
      m_value = type == "str";  // a text, and so no empty value: ="" leaves one without letters
    } else if (name == "f") {
      m_formula = true;
    } else if (name == "is" || (tag == "/v" && !before.empty())) {
      m_value = true;
      m_text = before;
    } else if (tag == "/c" && m_place) {
      if (m_formula && !m_value) m_cells.hollow.push_back(*m_place);
      if (m_number && m_value && m_book.buddhist_styles.contains(m_style)) m_cells.buddhist.push_back(*m_place);
      if (m_number && m_value && m_book.since_1904) m_cells.numbers.push_back(*m_place);
      if (m_number && m_value) take_shown();
      m_place.reset();
    } else if (name == "mergeCell") {
      take_merged(attribute(tag, "ref"));
    }
  }

 private:
  void take_shown() {
    if (m_book.date_styles.contains(m_style) && m_text.find('.') != std::string::npos) m_cells.timed[*m_place] = m_text;
    if (const auto digits = m_book.code_styles.find(m_style); digits != m_book.code_styles.end())
      m_cells.codes[*m_place] = digits->second;
  }
  void take_merged(std::string_view range) {
    const std::size_t colon = range.find(':');
    if (colon == std::string_view::npos) return;
    const auto first = place_of(range.substr(0, colon));
    const auto last = place_of(range.substr(colon + 1));
    if (first && last && last->row > first->row) m_cells.tall.push_back({*first, last->row});
  }

  const XlsxBook& m_book;
  XlsxCells& m_cells;
  std::optional<CellPlace> m_place;
  std::string m_text;
  int m_style = 0;
  bool m_number = false;
  bool m_formula = false;
  bool m_value = false;
};

}  // namespace

const XlsxSheet* XlsxBook::find(std::string_view sheet) const {
  const auto at = std::find_if(sheets.begin(), sheets.end(), [&](const XlsxSheet& each) { return each.name == sheet; });
  return at == sheets.end() ? nullptr : &*at;
}

XlsxBook read_xlsx_book(const std::filesystem::path& file) {
  XlsxBook book;
  std::map<std::string, std::string> targets;
  const XmlTree links = parse_part(file, "xl/_rels/workbook.xml.rels");
  for_children(links.get(), "=Relationships", "Relationship",
               [&](CPLXMLNode* node) { targets[CPLGetXMLValue(node, "Id", "")] = CPLGetXMLValue(node, "Target", ""); });
  const XmlTree workbook = parse_part(file, "xl/workbook.xml");
  for_children(workbook.get(), "=workbook.sheets", "sheet", [&](CPLXMLNode* node) {
    const std::string target = targets[CPLGetXMLValue(node, "id", "")];
    const std::string_view state = CPLGetXMLValue(node, "state", "");
    book.sheets.push_back({CPLGetXMLValue(node, "name", ""),
                           target.starts_with('/') ? target.substr(1) : "xl/" + target,
                           state == "hidden" || state == "veryHidden"});
  });
  if (workbook) {
    const std::string_view since_1904 = CPLGetXMLValue(workbook.get(), "=workbook.workbookPr.date1904", "");
    book.since_1904 = since_1904 == "1" || since_1904 == "true";
  }
  const XmlTree styles = parse_part(file, "xl/styles.xml");
  read_styles(styles.get(), book);
  return book;
}

XlsxCells scan_xlsx_sheet(const std::filesystem::path& file, const XlsxBook& book, const XlsxSheet& sheet) {
  constexpr std::size_t kBlock = std::size_t{1} << 20;
  XlsxCells cells;
  const auto in = open_part(file, sheet.part);
  if (!in) return cells;
  CellScan scan(book, cells);
  std::string text;
  for (bool more = true; more;) {
    const std::size_t left = text.size();
    text.resize(left + kBlock);
    const std::size_t got = VSIFReadL(text.data() + left, 1, kBlock, in.get());
    text.resize(left + got);
    more = got == kBlock;
    std::size_t done = text.size();  // between tags nothing is kept
    for (std::size_t begin = text.find('<'); begin != std::string::npos; begin = text.find('<', begin + 1)) {
      const std::size_t end = text.find('>', begin);
      if (end == std::string::npos) {
        done = text.size() - begin > kBlock ? text.size() : begin;  // no tag is as long as that
        break;
      }
      scan.take(std::string_view(text).substr(begin + 1, end - begin - 1), before_tag(text, begin));
    }
    if (done > 0 && text[done - 1] != '>') --done;  // enough to know that there is a text before the next tag
    text.erase(0, done);
  }
  std::sort(cells.buddhist.begin(), cells.buddhist.end());
  std::sort(cells.numbers.begin(), cells.numbers.end());
  std::sort(cells.tall.begin(), cells.tall.end());
  return cells;
}

std::string date_of_serial(const std::string& days, bool since_1904) {
  constexpr int kFrom1904 = 1462;
  const auto number = parse_double(days);
  if (!number || *number < 1 || *number > 2'958'465) return days;  // until the year 9999
  const double whole = std::floor(*number);
  const auto seconds = static_cast<int>(std::lround((*number - whole) * 86'400));
  const std::chrono::sys_days first = std::chrono::year(1899) / 12 / 30;
  const std::chrono::year_month_day day(first +
                                        std::chrono::days(static_cast<int>(whole) + (since_1904 ? kFrom1904 : 0)));
  std::string date = fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                                 static_cast<unsigned>(day.day()));
  if (seconds == 0 || seconds >= 86'400) return date;
  return fmt::format("{} {:02}:{:02}:{:02}", date, seconds / 3600, seconds / 60 % 60, seconds % 60);
}

}  // namespace yaan
