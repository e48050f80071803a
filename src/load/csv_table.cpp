#include "load/csv_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>

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

// Cells one after another; each call gives one cell and says what ended it.
class CellReader {
 public:
  enum class End { cell, row, file };

  CellReader(std::string_view text, char separator) : m_text(text), m_separator(separator) {}

  [[nodiscard]] std::size_t position() const { return m_at; }
  [[nodiscard]] bool at_end() const { return m_at >= m_text.size(); }
  [[nodiscard]] bool open_quote() const { return m_open_quote; }

  End next(std::string_view& cell) {
    if (m_at < m_text.size() && m_text[m_at] == '"') return quoted(cell);
    const std::size_t begin = m_at;
    while (m_at < m_text.size() && !ends_cell(m_text[m_at])) ++m_at;
    cell = m_text.substr(begin, m_at - begin);
    return leave();
  }

 private:
  [[nodiscard]] bool ends_cell(char c) const { return c == m_separator || c == '\n' || c == '\r'; }

  End quoted(std::string_view& cell) {
    m_scratch.clear();
    for (++m_at;; ++m_at) {
      const std::size_t quote = m_text.find('"', m_at);
      if (quote == std::string_view::npos) {
        m_open_quote = true;
        m_at = m_text.size();
        cell = {};
        return End::file;
      }
      m_scratch.append(m_text, m_at, quote - m_at);
      m_at = quote + 1;
      if (m_at >= m_text.size() || m_text[m_at] != '"') break;
      m_scratch += '"';
    }
    // Anything between the closing quote and the separator belongs to the cell.
    while (m_at < m_text.size() && !ends_cell(m_text[m_at])) m_scratch += m_text[m_at++];
    cell = m_scratch;
    return leave();
  }

  End leave() {
    if (m_at >= m_text.size()) return End::file;
    const char c = m_text[m_at++];
    if (c == m_separator) return End::cell;
    if (c == '\r' && m_at < m_text.size() && m_text[m_at] == '\n') ++m_at;
    return m_at >= m_text.size() ? End::file : End::row;
  }

  std::string_view m_text;
  char m_separator;
  std::size_t m_at = 0;
  bool m_open_quote = false;
  std::string m_scratch;
};

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  return first == std::string_view::npos ? std::string_view()
                                         : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::vector<std::string> read_header(CellReader& reader) {
  std::vector<std::string> names;
  std::string_view cell;
  for (;;) {
    const auto end = reader.next(cell);
    names.emplace_back(trimmed(cell));
    if (end != CellReader::End::cell) return names;
  }
}

struct Cells {
  std::vector<StringValues> columns;
  std::size_t rows = 0;
};

// One row into `cells`; blank lines are no rows.
void read_row(CellReader& reader, Cells& cells, RawLayer& raw) {
  std::size_t at = 0;
  std::size_t extra = 0;
  std::string_view cell;
  auto end = reader.next(cell);
  if (end != CellReader::End::cell && cell.empty() && cells.columns.size() > 1) return;
  for (;; end = reader.next(cell)) {
    if (at < cells.columns.size()) {
      cells.columns[at++].push_back(cell);
    } else if (!cell.empty()) {
      ++extra;
    }
    if (end != CellReader::End::cell) break;
  }
  const auto number = [&] { return fmt::format("#{}", cells.rows + 1); };
  if (at < cells.columns.size())
    raw.diagnostics.add(Severity::doubt, "short-row", raw.where, "rows with fewer cells than the header", 1, number());
  if (extra > 0)
    raw.diagnostics.add(Severity::skipped, "long-row", raw.where, "rows with more cells than the header lost the rest",
                        1, number());
  for (; at < cells.columns.size(); ++at) cells.columns[at].push_back({});
  ++cells.rows;
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
  CellReader reader(text, separator_of(text));
  const std::vector<std::string> names = usable_names(read_header(reader), raw.where, raw.diagnostics);
  check_fields(names.size(), shown, options);
  Cells cells{std::vector<StringValues>(names.size()), 0};
  const std::string stage = fmt::format("reading {}", raw.where);
  while (!reader.at_end()) {
    if (cells.rows % 16'384 == 0) {
      progress.throw_if_cancelled();
      progress.report(stage, 0.8 * static_cast<double>(reader.position()) / static_cast<double>(text.size()));
    }
    read_row(reader, cells, raw);
    check_rows(cells.rows, shown, options);
  }
  if (reader.open_quote())
    throw InputError(fmt::format("{} is cut short: a quote that opens near row {} is never closed", shown, cells.rows),
                     "get the file again, or close the quote");
  raw.rows = cells.rows;
  for (std::size_t c = 0; c < names.size(); ++c) {
    progress.throw_if_cancelled();
    raw.columns.push_back(typed_column(names[c], cells.columns[c], raw.where, raw.diagnostics));
    cells.columns[c] = StringValues();
    progress.report(stage, 0.8 + 0.2 * static_cast<double>(c + 1) / static_cast<double>(names.size()));
  }
  return raw;
}

}  // namespace yaan
