#include "load/csv_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <optional>
#include <utility>

#include "load/cell_reader.hpp"
#include "load/csv_columns.hpp"
#include "load/input_file.hpp"
#include "load/mapped_file.hpp"
#include "load/table_head.hpp"
#include "load/text_encoding.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/parallel.hpp"
#include "yaan/core/utf8.hpp"

namespace yaan {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kBlockBytes = std::size_t{1} << 22;  // of work that is no more than a look at every byte

// The text of a file: its bytes, or what they were decoded to.
class FileText {
 public:
  FileText(const fs::path& file, const std::string& shown) {
    if (is_in_memory(file))
      m_decoded = input_bytes(file);
    else
      m_file.emplace(file, shown);
  }

  [[nodiscard]] std::string_view text() const {
    return (m_file ? m_file->bytes() : std::string_view(m_decoded)).substr(m_skipped);
  }
  [[nodiscard]] bool mapped() const { return m_file.has_value(); }
  void skip(std::size_t bytes) { m_skipped += bytes; }
  void replace(std::string decoded) {
    m_decoded = std::move(decoded);
    m_skipped = 0;
    m_file.reset();
  }

 private:
  std::optional<MappedFile> m_file;
  std::size_t m_skipped = 0;
  std::string m_decoded;
};

// The one that stands equally often in most of the first lines; of several such the more frequent one.
char separator_of(std::string_view text) {
  constexpr std::string_view kSeparators = ",;\t|";
  constexpr std::size_t kLines = 30;
  using Counts = std::array<std::size_t, 4>;
  std::vector<Counts> lines;
  Counts counts{};
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n' || c == '\r') {
      if (counts != Counts{}) lines.push_back(std::exchange(counts, {}));
      if (lines.size() == kLines) break;
    }
    const std::size_t which = kSeparators.find(c);
    if (which != std::string_view::npos) ++counts[which];
  }
  if (counts != Counts{}) lines.push_back(counts);
  std::array<std::pair<std::size_t, std::size_t>, 4> scores{};  // lines that agree, and on how many
  for (std::size_t which = 0; which < scores.size(); ++which)
    for (const Counts& line : lines) {
      const std::size_t often = line[which];
      if (often == 0) continue;
      const auto agree = static_cast<std::size_t>(
          std::count_if(lines.begin(), lines.end(), [&](const Counts& other) { return other[which] == often; }));
      scores[which] = std::max(scores[which], {agree, often});
    }
  return kSeparators[static_cast<std::size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin())];
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

void report_replaced_bytes(std::int64_t bytes, RawLayer& raw) {
  if (bytes > 0)
    raw.diagnostics.add(Severity::repaired, "invalid-utf8", raw.where,
                        "bytes that are not UTF-8 were replaced by U+FFFD", bytes);
}

FileText decoded_text(const fs::path& file, const ReadOptions& options, RawLayer& raw) {
  FileText text(file, raw.shown);
  MappedFile::fetch(text.text());
  const DecodingRule rule = decide_encoding(text.text(), options.encoding, "");
  const bool may_be_mixed = rule.encoding == TextEncoding::utf_8 ? !rule.valid && !is_utf8(text.text())
                                                                 : rule.encoding == TextEncoding::windows_874;
  if (options.encoding.empty() && may_be_mixed)
    if (auto mixed = from_mixed_lines(text.text())) {
      raw.diagnostics.add(Severity::repaired, "mixed-encoding", raw.where,
                          "lines in Windows-874 among lines in UTF-8 were read as such; say one encoding for all with "
                          "--encoding",
                          mixed->thai_lines);
      report_replaced_bytes(mixed->replaced, raw);
      text.replace(std::move(mixed->text));
      if (text.text().starts_with(kByteOrderMark)) text.skip(kByteOrderMark.size());
      return text;
    }
  if (rule.encoding == TextEncoding::utf_8) {
    if (text.text().starts_with(kByteOrderMark)) text.skip(kByteOrderMark.size());
    if (rule.valid || is_utf8(text.text())) return text;
    std::string repaired = replace_invalid_utf8(text.text());
    report_replaced_bytes(static_cast<std::int64_t>((repaired.size() - text.text().size()) / 2), raw);
    text.replace(std::move(repaired));
    return text;
  }
  if (rule.doubted)
    raw.diagnostics.add(Severity::doubt, "guessed-encoding", raw.where,
                        fmt::format("the text was taken as {}: {}; say another one with --encoding",
                                    to_string(rule.encoding), rule.why));
  report_undefined_bytes(undefined_bytes(text.text(), rule.encoding), rule.encoding, raw.where, raw.diagnostics);
  text.replace(to_utf8(text.text(), rule.encoding));
  return text;
}

bool holds_zero(std::string_view text) {
  std::atomic<bool> found = false;
  parallel_blocks(text.size(), kBlockBytes, [&](std::size_t begin, std::size_t end, std::size_t) {
    if (!found && text.substr(begin, end - begin).find('\0') != std::string_view::npos) found = true;
  });
  return found;
}

// `unchecked`: the text may be something else than UTF-8 without zero bytes; throws NotUtf8 then, or an error that may
// come from that.
RawLayer read_table(const FileText& file_text, bool unchecked, RawLayer raw, const ReadOptions& options,
                    Progress& progress) {
  const std::string_view text = file_text.text();
  const auto asked = static_cast<std::size_t>(options.header_row);
  char separator = separator_of(text);
  FirstRows first = first_rows(text, separator, kRowsOfHead + asked);
  TableHead head = find_table_head(first.rows, options.header_row, raw.shown);
  if (const char below = separator_of(text.substr(first.begins[head.row])); below != separator) {
    separator = below;  // the rows above held others
    first = first_rows(text, separator, kRowsOfHead + asked);
    head = find_table_head(first.rows, static_cast<int>(head.row) + 1, raw.shown);
  }
  const std::string_view above = text.substr(0, first.begins[head.data_row]);
  if (unchecked && (!is_utf8(above) || holds_zero(above))) throw NotUtf8();
  report_head(head, raw);
  const std::vector<std::string> names = usable_names(head.names, raw.where, raw.diagnostics);
  check_fields(names.size(), raw.shown, options);
  read_csv_columns({text.substr(above.size()), separator, file_text.mapped(), unchecked}, names, raw, options,
                   progress);
  for (std::size_t c = 0; c < names.size(); ++c) raw.columns[c].unit = head.units[c];
  return raw;
}

// Nearly every table is UTF-8: it is read as such, and looked at on the way. Nothing when it is another text, of which
// nothing that was seen then counts.
std::optional<RawLayer> read_as_utf8(const fs::path& file, const RawLayer& start, const ReadOptions& options,
                                     Progress& progress) {
  FileText text(file, start.shown);
  if (!options.encoding.empty() || !may_be_utf8(text.text())) return std::nullopt;
  if (text.text().starts_with(kByteOrderMark)) text.skip(kByteOrderMark.size());
  try {
    return read_table(text, true, start, options, progress);
  } catch (const NotUtf8&) {
    return std::nullopt;
  } catch (const Error&) {
    if (is_utf8(text.text()) && !holds_zero(text.text())) throw;
    return std::nullopt;
  }
}

}  // namespace

RawLayer read_csv(const fs::path& file, const std::string& shown, const ReadOptions& options, Progress& progress) {
  RawLayer raw;
  raw.name = fs::path(shown).stem().string();
  raw.shown = shown;
  raw.where = fs::path(shown).filename().string();
  raw.is_table = true;
  raw.crs = choose_crs({}, options, raw.where, raw.diagnostics);
  if (auto read = read_as_utf8(file, raw, options, progress)) return *std::move(read);
  const FileText text = decoded_text(file, options, raw);
  if (holds_zero(text.text()))
    throw InputError(fmt::format("{} holds zero bytes, so it is not text", shown), "save it again as CSV in UTF-8");
  return read_table(text, false, std::move(raw), options, progress);
}

}  // namespace yaan
