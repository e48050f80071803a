#include "load/csv_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "load/cell_reader.hpp"
#include "load/typed_value.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

constexpr std::size_t kBlockBytes = std::size_t{1} << 22;
constexpr std::size_t kBlocksAtOnce = 16;  // between two reports of progress
constexpr std::size_t kRowsOfGuess = 1'000;

// The values of one column in one block.
class Part {
 public:
  Part() = default;
  explicit Part(ColumnType type) : m_type(type) {}

  void push(std::string_view cell) {
    switch (m_type) {
      case ColumnType::integer: push(cell, integer_value, m_integers); break;
      case ColumnType::real: push(cell, real_value, m_reals); break;
      case ColumnType::date: push(cell, date_value, m_dates); break;
      default:
        m_texts.push_back(cell);
        m_valid.push_back(cell.empty() ? 0 : 1);
        m_any = m_any || !cell.empty();
    }
  }
  void reserve(std::size_t rows) {
    m_valid.reserve(rows);
    if (m_type == ColumnType::integer) m_integers.reserve(rows);
    if (m_type == ColumnType::real) m_reals.reserve(rows);
    if (m_type == ColumnType::text) m_texts.reserve(rows);
  }
  [[nodiscard]] bool fits() const { return m_fits; }
  [[nodiscard]] bool any() const { return m_any; }
  [[nodiscard]] std::int64_t words() const { return m_words; }
  [[nodiscard]] const StringValues& texts() const { return m_texts; }
  [[nodiscard]] const std::vector<std::uint8_t>& valid() const { return m_valid; }

  template <class T>
  [[nodiscard]] const std::vector<T>& values() const {
    if constexpr (std::is_same_v<T, double>) return m_reals;
    if constexpr (std::is_same_v<T, std::int64_t>) return m_integers;
    if constexpr (std::is_same_v<T, Date>) return m_dates;
  }

 private:
  template <class T, class Parse>
  void push(std::string_view cell, Parse&& parse, std::vector<T>& values) {
    const auto value = cell.empty() ? std::nullopt : parse(cell);
    values.push_back(value ? *value : null_of<T>());
    m_valid.push_back(value ? 1 : 0);
    m_any = m_any || value.has_value();
    if (value || cell.empty()) return;
    const bool word = is_word_for_null(cell);
    m_words += word ? 1 : 0;
    m_fits = m_fits && word;
  }
  template <class T>
  static T null_of() {
    if constexpr (std::is_same_v<T, double>) {
      return std::numeric_limits<double>::quiet_NaN();
    } else {
      return T{};
    }
  }

  ColumnType m_type = ColumnType::text;
  bool m_fits = true;
  bool m_any = false;
  std::int64_t m_words = 0;
  std::vector<std::int64_t> m_integers;
  std::vector<double> m_reals;
  std::vector<Date> m_dates;
  StringValues m_texts;
  std::vector<std::uint8_t> m_valid;
};

// Rows that are counted, and the first of them by their number within the block.
struct Counted {
  std::int64_t count = 0;
  std::vector<std::size_t> first;

  void add(std::size_t row) {
    ++count;
    if (first.size() < Diagnostics::kMaxFeatures) first.push_back(row);
  }
};

struct Block {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t reached = 0;
  std::size_t rows = 0;
  bool open_quote = false;
  Counted short_rows;
  Counted long_rows;
  std::vector<Part> parts;  // one for each column that is wanted
};

// Where the first row after `at` starts; `quoted`: a quote is open at `at`.
std::size_t next_row(std::string_view text, std::size_t at, bool quoted) {
  for (; at < text.size(); ++at) {
    if (text[at] == '"') quoted = !quoted;
    if (quoted || (text[at] != '\n' && text[at] != '\r')) continue;
    return at + (text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n' ? 2 : 1);
  }
  return text.size();
}

std::vector<Block> cut_into_blocks(std::string_view text) {
  const std::size_t count = std::max<std::size_t>(block_count(text.size(), kBlockBytes), 1);
  std::vector<std::size_t> quotes(count);
  parallel_blocks(text.size(), kBlockBytes, [&](std::size_t begin, std::size_t end, std::size_t block) {
    const std::string_view block_text = text.substr(begin, end - begin);
    for (std::size_t at = block_text.find('"'); at != text.npos; at = block_text.find('"', at + 1)) ++quotes[block];
  });
  std::vector<Block> blocks(1);
  std::size_t before = 0;
  for (std::size_t i = 1; i < count; ++i) {
    before += quotes[i - 1];
    const std::size_t start = next_row(text, i * kBlockBytes, before % 2 == 1);
    if (start >= text.size()) break;
    if (start <= blocks.back().begin) continue;
    blocks.back().end = start;
    blocks.emplace_back().begin = start;
  }
  blocks.back().end = text.size();
  return blocks;
}

// What is wanted of each column: a type, or nothing where it was read already.
using Plan = std::vector<std::optional<ColumnType>>;

class BlockReader {
 public:
  BlockReader(std::string_view text, char separator, const Plan& plan) : m_text(text), m_separator(separator) {
    for (const auto& type : plan) m_part_of.push_back(type ? m_parts++ : kUnwanted);
    for (const auto& type : plan)
      if (type) m_types.push_back(*type);
  }

  void read(Block& block) const {
    block.parts.clear();
    for (const ColumnType type : m_types) block.parts.emplace_back(type);
    block.rows = 0;
    block.short_rows = block.long_rows = {};
    CellReader reader(m_text, m_separator);
    reader.move_to(block.begin);
    while (reader.position() < block.end) {
      read_row(reader, block);
      if (block.rows == kRowsOfGuess) reserve(reader, block);
    }
    block.reached = reader.position();
    block.open_quote = reader.open_quote();
  }

 private:
  static constexpr std::size_t kUnwanted = ~std::size_t{0};

  // For the rows that the bytes so far foretell.
  static void reserve(const CellReader& reader, Block& block) {
    const auto share =
        static_cast<double>(block.end - block.begin) / static_cast<double>(reader.position() - block.begin);
    for (Part& part : block.parts) part.reserve(static_cast<std::size_t>(1.1 * share * kRowsOfGuess));
  }

  // Blank lines are no rows.
  void read_row(CellReader& reader, Block& block) const {
    std::string_view cell;
    auto end = reader.next(cell);
    if (end != CellReader::End::cell && cell.empty() && m_part_of.size() > 1) return;
    std::size_t at = 0;
    bool lost = false;
    for (;; end = reader.next(cell)) {
      if (at < m_part_of.size()) {
        const std::size_t part = m_part_of[at++];
        if (part != kUnwanted) block.parts[part].push(cell);
      } else {
        lost = lost || !cell.empty();
      }
      if (end != CellReader::End::cell) break;
    }
    if (at < m_part_of.size()) block.short_rows.add(block.rows);
    if (lost) block.long_rows.add(block.rows);
    for (; at < m_part_of.size(); ++at)
      if (m_part_of[at] != kUnwanted) block.parts[m_part_of[at]].push({});
    ++block.rows;
  }

  std::string_view m_text;
  char m_separator;
  std::vector<std::size_t> m_part_of;  // of each column
  std::vector<ColumnType> m_types;     // of each part
  std::size_t m_parts = 0;
};

void read_blocks(std::vector<Block>& blocks, const BlockReader& reader, const RawLayer& raw, const ReadOptions& options,
                 double from, double to, Progress& progress) {
  const std::string stage = fmt::format("reading {}", raw.where);
  std::size_t rows = 0;
  for (std::size_t first = 0; first < blocks.size(); first += kBlocksAtOnce) {
    const std::size_t count = std::min(kBlocksAtOnce, blocks.size() - first);
    parallel_blocks(count, 1, progress,
                    [&](std::size_t i, std::size_t, std::size_t) { reader.read(blocks[first + i]); });
    for (std::size_t i = first; i < first + count; ++i) rows += blocks[i].rows;
    check_rows(rows, raw.shown, options);
    progress.report(stage,
                    from + (to - from) * static_cast<double>(first + count) / static_cast<double>(blocks.size()));
  }
}

// Every block must end where the next one begins: then each was cut at the end of a row.
bool are_joined(const std::vector<Block>& blocks) {
  return std::all_of(blocks.begin(), blocks.end(), [](const Block& block) { return block.reached == block.end; });
}

template <class T>
Column joined_values(const std::string& name, std::vector<Block>& blocks, std::size_t part, std::size_t rows) {
  std::vector<T> values;
  std::vector<std::uint8_t> valid;
  values.reserve(rows);
  valid.reserve(rows);
  for (Block& block : blocks) {
    Part& piece = block.parts[part];
    values.insert(values.end(), piece.values<T>().begin(), piece.values<T>().end());
    valid.insert(valid.end(), piece.valid().begin(), piece.valid().end());
    piece = Part();
  }
  return Column::of(name, std::move(values), std::move(valid));
}

StringValues joined_texts(std::vector<Block>& blocks, std::size_t part, std::size_t rows) {
  std::string bytes;
  std::vector<std::uint64_t> ends;
  std::size_t length = 0;
  for (const Block& block : blocks) length += block.parts[part].texts().bytes().size();
  bytes.reserve(length);
  ends.reserve(rows);
  for (Block& block : blocks) {
    const StringValues& texts = block.parts[part].texts();
    const std::uint64_t before = bytes.size();
    std::transform(texts.ends().begin(), texts.ends().end(), std::back_inserter(ends),
                   [before](std::uint64_t end) { return before + end; });
    bytes += texts.bytes();
  }
  return StringValues::of(std::move(bytes), std::move(ends));
}

Column joined_text_column(const std::string& name, std::vector<Block>& blocks, std::size_t part, std::size_t rows) {
  StringValues texts = joined_texts(blocks, part, rows);
  std::vector<std::uint8_t> valid;
  valid.reserve(rows);
  for (Block& block : blocks) {
    valid.insert(valid.end(), block.parts[part].valid().begin(), block.parts[part].valid().end());
    block.parts[part] = Part();
  }
  return Column::of(name, std::move(texts), std::move(valid));
}

Column joined_column(const std::string& name, ColumnType type, std::vector<Block>& blocks, std::size_t part,
                     std::size_t rows) {
  switch (type) {
    case ColumnType::integer: return joined_values<std::int64_t>(name, blocks, part, rows);
    case ColumnType::real: return joined_values<double>(name, blocks, part, rows);
    case ColumnType::date: return joined_values<Date>(name, blocks, part, rows);
    default: return joined_text_column(name, blocks, part, rows);
  }
}

Plan guessed_plan(std::string_view text, char separator, std::size_t columns) {
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
  Plan plan;
  // What is empty so far is taken for numbers: if it is text, that shows.
  for (const StringValues& sample : samples) plan.emplace_back(narrowest_type(sample).value_or(ColumnType::integer));
  return plan;
}

void report_rows(const std::vector<Block>& blocks, RawLayer& raw) {
  const auto report = [&](Counted Block::*counted, Severity severity, std::string_view code, std::string_view message) {
    std::size_t before = 0;
    for (const Block& block : blocks) {
      const Counted& rows = block.*counted;
      for (std::size_t i = 0; i < rows.first.size(); ++i) {
        const std::int64_t more = i + 1 == rows.first.size() ? rows.count - static_cast<std::int64_t>(i) : 1;
        raw.diagnostics.add(severity, code, raw.where, message, more, fmt::format("#{}", before + rows.first[i] + 1));
      }
      before += block.rows;
    }
  };
  report(&Block::short_rows, Severity::doubt, "short-row", "rows with fewer cells than the header");
  report(&Block::long_rows, Severity::skipped, "long-row", "rows with more cells than the header lost the rest");
}

}  // namespace

void read_csv_columns(std::string_view body, char separator, const std::vector<std::string>& names, RawLayer& raw,
                      const ReadOptions& options, Progress& progress) {
  const Plan plan = guessed_plan(body, separator, names.size());
  std::vector<Block> blocks = cut_into_blocks(body);
  const BlockReader reader(body, separator, plan);
  read_blocks(blocks, reader, raw, options, 0, 0.7, progress);
  if (!are_joined(blocks)) {
    blocks = std::vector<Block>(1);
    blocks.front().end = body.size();
    read_blocks(blocks, reader, raw, options, 0, 0.7, progress);
  }
  for (const Block& block : blocks) raw.rows += block.rows;
  if (blocks.back().open_quote)
    throw InputError(
        fmt::format("{} is cut short: a quote that opens near row {} is never closed", raw.shown, raw.rows),
        "get the file again, or close the quote");
  report_rows(blocks, raw);

  raw.columns.resize(names.size());
  Plan again(names.size());
  std::vector<std::int64_t> words(names.size());
  bool any_again = false;
  for (std::size_t c = 0; c < names.size(); ++c) {
    bool fits = true;
    bool any = false;
    for (const Block& block : blocks) {
      fits = fits && block.parts[c].fits();
      any = any || block.parts[c].any();
      words[c] += block.parts[c].words();
    }
    if (fits && any) continue;
    again[c] = ColumnType::text;
    any_again = true;
  }
  parallel_blocks(names.size(), 1, progress, [&](std::size_t c, std::size_t, std::size_t) {
    if (!again[c]) raw.columns[c] = joined_column(names[c], *plan[c], blocks, c, raw.rows);
  });
  if (any_again) read_blocks(blocks, BlockReader(body, separator, again), raw, options, 0.7, 0.9, progress);
  std::size_t part = 0;
  for (std::size_t c = 0; c < names.size(); ++c) {
    if (again[c]) {
      raw.columns[c] = typed_column(names[c], joined_texts(blocks, part++, raw.rows), raw.where, raw.diagnostics);
    } else if (words[c] > 0) {
      note_null_words(words[c], names[c], raw.where, raw.diagnostics);
    }
  }
  progress.report(fmt::format("reading {}", raw.where), 1);
}

}  // namespace yaan
