#include "load/csv_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "load/cell_reader.hpp"
#include "load/csv_columns.hpp"
#include "load/input_file.hpp"
#include "load/table_head.hpp"
#include "load/text_encoding.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kBlockBytes = std::size_t{1} << 24;  // of work that is no more than a look at every byte

// The text of a file: its bytes, or what they were decoded to.
class FileText {
 public:
  FileText(const fs::path& file, const std::string& shown)
      : m_size(input_size(file)), m_bytes(std::make_unique_for_overwrite<char[]>(m_size)) {
    parallel_blocks(m_size, kBlockBytes, [&](std::size_t begin, std::size_t end, std::size_t) {
      const auto in = open_input(file);
      in->seekg(static_cast<std::streamoff>(begin));
      in->read(m_bytes.get() + begin, static_cast<std::streamsize>(end - begin));
      if (static_cast<std::size_t>(in->gcount()) != end - begin)
        throw InputError(fmt::format("reading {} failed half way", shown), "try again");
    });
    m_text = {m_bytes.get(), m_size};
  }

  [[nodiscard]] std::string_view text() const { return m_text; }
  void skip(std::size_t bytes) { m_text.remove_prefix(bytes); }
  void replace(std::string decoded) {
    m_decoded = std::move(decoded);
    m_text = m_decoded;
    m_bytes.reset();
  }

 private:
  std::size_t m_size;
  std::unique_ptr<char[]> m_bytes;
  std::string m_decoded;
  std::string_view m_text;
};

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

FileText decoded_text(const fs::path& file, const ReadOptions& options, RawLayer& raw) {
  FileText text(file, raw.shown);
  const DecodingRule rule = decide_encoding(text.text(), options.encoding, "");
  if (rule.encoding == TextEncoding::utf_8) {
    if (text.text().starts_with("\xEF\xBB\xBF")) text.skip(3);
    if (rule.valid || is_utf8(text.text())) return text;
    std::string repaired = replace_invalid_utf8(text.text());
    raw.diagnostics.add(Severity::repaired, "invalid-utf8", raw.where,
                        "bytes that are not UTF-8 were replaced by U+FFFD",
                        static_cast<std::int64_t>((repaired.size() - text.text().size()) / 2));
    text.replace(std::move(repaired));
    return text;
  }
  if (rule.doubted)
    raw.diagnostics.add(Severity::doubt, "guessed-encoding", raw.where,
                        fmt::format("the text was taken as {}: {}; say another one with --encoding",
                                    to_string(rule.encoding), rule.why));
  text.replace(to_utf8(text.text(), rule.encoding));
  return text;
}

}  // namespace

RawLayer read_csv(const fs::path& file, const std::string& shown, const ReadOptions& options, Progress& progress) {
  RawLayer raw;
  raw.name = fs::path(shown).stem().string();
  raw.shown = shown;
  raw.where = fs::path(shown).filename().string();
  raw.is_table = true;
  raw.crs = choose_crs({}, options, raw.where, raw.diagnostics);
  const FileText file_text = decoded_text(file, options, raw);
  const std::string_view text = file_text.text();
  parallel_blocks(text.size(), kBlockBytes, [&](std::size_t begin, std::size_t end, std::size_t) {
    if (text.substr(begin, end - begin).find('\0') != std::string_view::npos)
      throw InputError(fmt::format("{} holds zero bytes, so it is not text", shown), "save it again as CSV in UTF-8");
  });
  const auto asked = static_cast<std::size_t>(options.header_row);
  char separator = separator_of(text);
  FirstRows first = first_rows(text, separator, kRowsOfHead + asked);
  TableHead head = find_table_head(first.rows, options.header_row, shown);
  if (const char below = separator_of(text.substr(first.begins[head.row])); below != separator) {
    separator = below;  // the rows above held others
    first = first_rows(text, separator, kRowsOfHead + asked);
    head = find_table_head(first.rows, static_cast<int>(head.row) + 1, shown);
  }
  report_head(head, raw);
  const std::vector<std::string> names = usable_names(head.names, raw.where, raw.diagnostics);
  check_fields(names.size(), shown, options);
  const std::string_view body = text.substr(first.begins[head.data_row]);
  read_csv_columns(body, separator, names, raw, options, progress);
  for (std::size_t c = 0; c < names.size(); ++c) raw.columns[c].unit = head.units[c];
  return raw;
}

}  // namespace yaan
