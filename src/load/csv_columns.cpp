#include "load/csv_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

#include "load/cell_reader.hpp"
#include "load/csv_block.hpp"
#include "load/guess_roles.hpp"
#include "load/mapped_file.hpp"
#include "load/text_encoding.hpp"
#include "load/typed_value.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

constexpr std::size_t kBlockBytes = std::size_t{1} << 18;
constexpr std::size_t kBlocksAtOnce = 16;
constexpr std::size_t kRowsOfGuess = 1'000;

// Where the first row after `at` starts, or npos; `quoted`: a quote is open at `at`.
std::size_t next_row(std::string_view text, std::size_t at, bool quoted) {
  for (; at < text.size(); ++at) {
    if (text[at] == '"') quoted = !quoted;
    if (quoted || (text[at] != '\n' && text[at] != '\r')) continue;
    return at + (text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n' ? 2 : 1);
  }
  return std::string_view::npos;
}

// Of a text that may be no UTF-8 yet, a part whose ends need not be those of characters.
void check_text(std::string_view text, std::size_t begin, std::size_t end) {
  const std::size_t from = start_of_character(text, begin);
  const std::string_view part = text.substr(from, start_of_character(text, end) - from);
  if (!is_utf8(part) || part.find('\0') != std::string_view::npos) throw NotUtf8();
}

// The blocks of the rows that start from `begin` on, where a row starts: as many as are read at once.
class Wave {
 public:
  Wave(const CsvText& csv, std::size_t begin, std::vector<CsvBlock>& blocks)
      : m_text(csv.body.substr(0, begin + std::min(csv.body.size() - begin, kBlockBytes * kBlocksAtOnce))),
        m_begin(begin),
        m_blocks(blocks),
        m_mapped(csv.mapped) {
    const std::size_t most = block_count(m_text.size() - begin, kBlockBytes);
    std::vector<std::size_t> quotes(most);
    parallel_blocks(most, 1, [&](std::size_t i, std::size_t, std::size_t) {
      const std::string_view part = m_text.substr(begin + i * kBlockBytes, kBlockBytes);
      if (m_mapped) MappedFile::fetch(part);
      if (csv.unchecked) check_text(csv.body, begin + i * kBlockBytes, begin + i * kBlockBytes + part.size());
      for (std::size_t at = part.find('"'); at != part.npos; at = part.find('"', at + 1)) ++quotes[i];
    });
    start_block(begin);
    std::size_t before = 0;
    for (std::size_t i = 1; i < most; ++i) {
      before += quotes[i - 1];
      const std::size_t start = next_row(m_text, begin + i * kBlockBytes, before % 2 == 1);
      if (start >= m_text.size()) break;
      if (start <= m_blocks[m_count - 1].begin) continue;
      m_blocks[m_count - 1].end = start;
      start_block(start);
    }
    m_blocks[m_count - 1].end = m_text.size();
  }
  ~Wave() {
    if (m_mapped) MappedFile::forget(m_text.substr(m_begin));
  }
  Wave(const Wave&) = delete;
  Wave& operator=(const Wave&) = delete;

  void read(const CsvBlockReader& reader, const Progress& progress) {
    parallel_blocks(m_count, 1, progress, [&](std::size_t i, std::size_t, std::size_t) { reader.read(m_blocks[i]); });
    // Every block must end where the next one begins: then each was cut at the end of a row.
    bool joined = true;
    for (std::size_t i = 0; i + 1 < m_count; ++i) joined = joined && m_blocks[i].reached == m_blocks[i].end;
    if (joined) return;
    m_count = 1;
    m_blocks.front().end = m_text.size();
    reader.read(m_blocks.front());
  }
  [[nodiscard]] std::span<const CsvBlock> blocks() const { return {m_blocks.data(), m_count}; }

 private:
  void start_block(std::size_t begin) {
    if (m_blocks.size() == m_count) m_blocks.emplace_back();
    m_blocks[m_count++].begin = begin;
  }

  std::string_view m_text;
  std::size_t m_begin;
  std::vector<CsvBlock>& m_blocks;  // of which the first are of this wave
  std::size_t m_count = 0;
  bool m_mapped;
};

// A column of the file, as the blocks bring it.
class CsvColumn {
 public:
  explicit CsvColumn(ColumnType type) : m_values(type) {}

  /// `part`: which of the blocks' parts.
  void append(std::span<const CsvBlock> blocks, std::size_t part, double whole) {
    std::vector<const ColumnPart*> values;
    for (const CsvBlock& block : blocks) {
      const CsvPart& cells = block.parts[part];
      m_fits = m_fits && cells.fits();
      m_any = m_any || cells.any();
      m_words += cells.words();
      values.push_back(&cells.values());
    }
    m_fits ? m_values.append(values, whole) : m_values.forget();  // it will be read again
  }
  [[nodiscard]] bool is_done() const { return m_fits && m_any; }
  [[nodiscard]] std::int64_t words() const { return m_words; }
  [[nodiscard]] JoinedColumn& values() { return m_values; }

 private:
  JoinedColumn m_values;
  bool m_fits = true;
  bool m_any = false;
  std::int64_t m_words = 0;
};

/// What to take the columns for, and which are texts whose type is settled once all of them are there.
struct FirstPlan {
  CsvPlan types;
  std::vector<bool> later;
};

FirstPlan guessed_plan(std::string_view text, char separator, const std::vector<Reals>& reals) {
  const std::size_t columns = reals.size();
  std::vector<StringValues> samples(columns);
  CellReader reader(text, separator);
  std::string_view cell;
  for (std::size_t row = 0; row < kRowsOfGuess && !reader.at_end(); ++row) {
    for (std::size_t at = 0;; ++at) {
      const auto end = reader.next(cell);
      if (at < columns) samples[at].push_back(cell);
      if (end != CellReader::End::cell) break;
    }
  }
  FirstPlan plan;
  for (std::size_t c = 0; c < columns; ++c) {
    // What is empty so far is taken for numbers: if it is text, that shows.
    const ColumnType type = narrowest_type(samples[c]).value_or(ColumnType::integer);
    const bool later = type == ColumnType::real && reals[c] == Reals::codes;
    plan.types.emplace_back(later ? ColumnType::text : type);
    plan.later.push_back(later);
  }
  return plan;
}

// Rows that are counted, under the numbers that they have in the file.
class RowReport {
 public:
  void append(std::span<const CsvBlock> blocks, RawLayer& raw) {
    std::size_t before = raw.rows;
    for (const CsvBlock& block : blocks) {
      add(block.short_rows, before, m_short);
      add(block.long_rows, before, m_long);
      before += block.rows;
    }
  }
  void report(RawLayer& raw) const {
    report(m_short, Severity::doubt, "short-row", "rows with fewer cells than the header", raw);
    report(m_long, Severity::skipped, "long-row", "rows with more cells than the header lost the rest", raw);
  }

 private:
  static void add(const CountedRows& rows, std::size_t before, CountedRows& all) {
    for (const std::size_t row : rows.first) all.add(before + row);
    all.count += rows.count - static_cast<std::int64_t>(rows.first.size());
  }
  static void report(const CountedRows& rows, Severity severity, std::string_view code, std::string_view message,
                     RawLayer& raw) {
    for (std::size_t i = 0; i < rows.first.size(); ++i) {
      const std::int64_t more = i + 1 == rows.first.size() ? rows.count - static_cast<std::int64_t>(i) : 1;
      raw.diagnostics.add(severity, code, raw.where, message, more, fmt::format("#{}", rows.first[i] + 1));
    }
  }

  CountedRows m_short;
  CountedRows m_long;
};

// Reads the columns that the plan wants, and hands each wave of blocks to `take(blocks, whole)`, where all rows may be
// `whole` times those of the blocks.
template <class Take>
void read_waves(const CsvText& csv, const CsvPlan& plan, const RawLayer& raw, double from, double to,
                Progress& progress, Take&& take) {
  const std::string stage = fmt::format("reading {}", raw.where);
  const CsvBlockReader reader(csv.body, csv.separator, plan);
  const auto size = static_cast<double>(csv.body.size());
  std::vector<CsvBlock> blocks;
  for (std::size_t at = 0; at < csv.body.size();) {
    Wave wave(csv, at, blocks);
    wave.read(reader, progress);
    const std::size_t reached = wave.blocks().back().reached;
    take(wave.blocks(), 1.02 * (size - static_cast<double>(at)) / static_cast<double>(reached - at));
    at = reached;
    progress.report(stage, from + (to - from) * static_cast<double>(at) / size);
  }
}

}  // namespace

void read_csv_columns(const CsvText& csv, const std::vector<std::string>& names, RawLayer& raw,
                      const ReadOptions& options, Progress& progress) {
  std::vector<Reals> reals;
  reals.reserve(names.size());
  for (const std::string& name : names) reals.push_back(holds_codes(name, options) ? Reals::codes : Reals::numbers);
  const FirstPlan plan = guessed_plan(csv.body, csv.separator, reals);
  std::vector<CsvColumn> columns;
  for (const auto& type : plan.types) columns.emplace_back(*type);
  const auto append = [&columns](std::span<const CsvBlock> blocks, double whole) {
    parallel_blocks(columns.size(), 1,
                    [&](std::size_t c, std::size_t, std::size_t) { columns[c].append(blocks, c, whole); });
  };
  RowReport counted;
  read_waves(csv, plan.types, raw, 0, 0.7, progress, [&](std::span<const CsvBlock> blocks, double whole) {
    counted.append(blocks, raw);
    for (const CsvBlock& block : blocks) raw.rows += block.rows;
    check_rows(raw.rows, raw.shown, options);
    if (blocks.back().open_quote)
      throw InputError(
          fmt::format("{} is cut short: a quote that opens near row {} is never closed", raw.shown, raw.rows),
          "get the file again, or close the quote");
    append(blocks, whole);
  });
  counted.report(raw);

  raw.columns.resize(names.size());
  CsvPlan again(names.size());
  std::vector<std::size_t> again_columns;
  for (std::size_t c = 0; c < names.size(); ++c) {
    if (plan.later[c]) {
      raw.columns[c] =
          typed_column(names[c], std::move(columns[c].values()).texts(), reals[c], raw.where, raw.diagnostics);
    } else if (columns[c].is_done()) {
      note_null_words(columns[c].words(), names[c], raw.where, raw.diagnostics);
      raw.columns[c] = std::move(columns[c].values()).column(names[c]);
    } else {
      again[c] = ColumnType::text;
      again_columns.push_back(c);
    }
  }
  columns.assign(again_columns.size(), CsvColumn(ColumnType::text));
  CsvText checked = csv;
  checked.unchecked = false;
  if (!again_columns.empty()) read_waves(checked, again, raw, 0.7, 0.9, progress, append);
  for (std::size_t i = 0; i < again_columns.size(); ++i) {
    const std::size_t c = again_columns[i];
    raw.columns[c] =
        typed_column(names[c], std::move(columns[i].values()).texts(), reals[c], raw.where, raw.diagnostics);
  }
  progress.report(fmt::format("reading {}", raw.where), 1);
}

}  // namespace yaan
