#include "load/csv_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "load/cell_reader.hpp"
#include "load/csv_columns.hpp"
#include "load/table_head.hpp"
#include "load/text_encoding.hpp"
#include "yaan/core/error.hpp"

namespace yaan {

namespace fs = std::filesystem;

namespace {

std::string whole_file(const fs::path& file, const std::string& shown) {
  std::string bytes(fs::file_size(file), '\0');
  std::ifstream in(file, std::ios::binary);
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (static_cast<std::size_t>(in.gcount()) != bytes.size())
    throw InputError(fmt::format("reading {} failed half way", shown), "try again");
  return bytes;
}

char separator_of(std::string_view text) {
  constexpr std::string_view kSeparators = ",;\t|";
  std::array<std::size_t, 4> counts{};
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n' || c == '\r') break;
    const std::size_t which = kSeparators.find(c);
    if (which != std::string_view::npos) ++counts[which];
  }
  return kSeparators[static_cast<std::size_t>(std::max_element(counts.begin(), counts.end()) - counts.begin())];
}

// The first rows, blank lines among them, and where each of them begins.
struct FirstRows {
  TextRows rows;
  std::vector<std::size_t> begins;
};

FirstRows first_rows(std::string_view text, char separator, std::size_t count) {
  FirstRows first;
  CellReader reader(text, separator);
  std::string_view cell;
  while (first.rows.size() < count && !reader.at_end()) {
    first.begins.push_back(reader.position());
    std::vector<std::string>& row = first.rows.emplace_back();
    for (bool more = true; more;) {
      more = reader.next(cell) == CellReader::End::cell;
      row.emplace_back(cell);
    }
  }
  first.begins.push_back(reader.position());
  return first;
}

std::string decoded_text(const fs::path& file, const ReadOptions& options, RawLayer& raw) {
  std::string text = whole_file(file, raw.shown);
  const DecodingRule rule = decide_encoding(text, options.encoding, "");
  if (rule.encoding == TextEncoding::utf_8) {
    if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
    if (is_utf8(text)) return text;
    std::string repaired = replace_invalid_utf8(text);
    raw.diagnostics.add(Severity::repaired, "invalid-utf8", raw.where,
                        "bytes that are not UTF-8 were replaced by U+FFFD",
                        static_cast<std::int64_t>((repaired.size() - text.size()) / 2));
    return repaired;
  }
  if (rule.doubted)
    raw.diagnostics.add(Severity::doubt, "guessed-encoding", raw.where,
                        fmt::format("the text was taken as {}: {}; say another one with --encoding",
                                    to_string(rule.encoding), rule.why));
  return to_utf8(text, rule.encoding);
}

}  // namespace

RawLayer read_csv(const fs::path& file, const std::string& shown, const ReadOptions& options, Progress& progress) {
  RawLayer raw;
  raw.name = fs::path(shown).stem().string();
  raw.shown = shown;
  raw.where = fs::path(shown).filename().string();
  raw.is_table = true;
  raw.crs = choose_crs({}, options, raw.where, raw.diagnostics);
  const std::string text = decoded_text(file, options, raw);
  if (text.find('\0') != std::string::npos)
    throw InputError(fmt::format("{} holds zero bytes, so it is not text", shown), "save it again as CSV in UTF-8");
  const auto asked = static_cast<std::size_t>(options.header_row);
  char separator = separator_of(text);
  FirstRows first = first_rows(text, separator, kRowsOfHead + asked);
  TableHead head = find_table_head(first.rows, options.header_row, shown);
  if (const char below = separator_of(std::string_view(text).substr(first.begins[head.row])); below != separator) {
    separator = below;  // the rows above held others
    first = first_rows(text, separator, kRowsOfHead + asked);
    head = find_table_head(first.rows, static_cast<int>(head.row) + 1, shown);
  }
  report_head(head, raw);
  const std::vector<std::string> names = usable_names(head.names, raw.where, raw.diagnostics);
  check_fields(names.size(), shown, options);
  const std::string_view body = std::string_view(text).substr(first.begins[head.data_row]);
  read_csv_columns(body, separator, names, raw, options, progress);
  for (std::size_t c = 0; c < names.size(); ++c) raw.columns[c].unit = head.units[c];
  return raw;
}

}  // namespace yaan
