#include "load/csv_block.hpp"

#include "load/typed_value.hpp"
#include "yaan/core/diagnostics.hpp"

namespace yaan {

namespace {

constexpr std::size_t kRowsOfForecast = 256;

// For the rows that the bytes so far foretell.
void reserve(const CellReader& reader, CsvBlock& block) {
  const auto share =
      static_cast<double>(block.end - block.begin) / static_cast<double>(reader.position() - block.begin);
  for (CsvPart& part : block.parts) part.reserve(static_cast<std::size_t>(1.1 * share * kRowsOfForecast));
}

}  // namespace

void CsvPart::clear() {
  m_values.clear();
  m_fits = true;
  m_any = false;
  m_words = 0;
}

CellReader::End CsvPart::take(CellReader& reader) {
  CellReader::End end{};
  if (m_values.type() == ColumnType::integer) {
    std::int64_t value = 0;
    if (reader.take_integer(value, end)) {
      m_values.push(value);
      m_any = true;
      return end;
    }
  } else if (m_values.type() == ColumnType::real) {
    double value = 0;
    if (reader.take_real(value, end)) {
      m_values.push(value);
      m_any = true;
      return end;
    }
  }
  std::string_view cell;
  end = reader.next(cell);
  push(cell);
  return end;
}

void CsvPart::push(std::string_view cell) {
  if (cell.empty()) return m_values.push_null();
  switch (m_values.type()) {
    case ColumnType::integer: return push(cell, integer_value(cell));
    case ColumnType::real: return push(cell, real_value(cell));
    case ColumnType::date: return push(cell, date_value(cell));
    default: return push(cell, std::optional(cell));
  }
}

template <class Value>
void CsvPart::push(std::string_view cell, const std::optional<Value>& value) {
  if (value) {
    m_values.push(*value);
    m_any = true;
    return;
  }
  m_values.push_null();
  const bool word = is_word_for_null(cell);
  m_words += word ? 1 : 0;
  m_fits = m_fits && word;
}

void CountedRows::add(std::size_t row) {
  ++count;
  if (first.size() < Diagnostics::kMaxFeatures) first.push_back(row);
}

CsvBlockReader::CsvBlockReader(std::string_view text, char separator, const CsvPlan& plan)
    : m_text(text), m_separator(separator) {
  for (const auto& type : plan) {
    m_part_of.push_back(type ? m_types.size() : kUnwanted);
    if (type) m_types.push_back(*type);
  }
}

void CsvBlockReader::read(CsvBlock& block) const {
  if (block.parts.empty())
    for (const ColumnType type : m_types) block.parts.emplace_back(type);
  for (CsvPart& part : block.parts) part.clear();
  block.rows = 0;
  block.short_rows = block.long_rows = {};
  CellReader reader(m_text, m_separator);
  reader.move_to(block.begin);
  while (reader.position() < block.end) {
    read_row(reader, block);
    if (block.rows == kRowsOfForecast) reserve(reader, block);
  }
  block.reached = reader.position();
  block.open_quote = reader.open_quote();
}

void CsvBlockReader::read_row(CellReader& reader, CsvBlock& block) const {
  std::string_view cell;
  auto end = CellReader::End::cell;
  std::size_t at = 0;
  if (reader.may_be_blank()) {
    end = reader.next(cell);
    if (end != CellReader::End::cell && cell.empty() && m_part_of.size() > 1) return;
    if (m_part_of[at] != kUnwanted) block.parts[m_part_of[at]].push(cell);
    ++at;
  }
  for (; end == CellReader::End::cell && at < m_part_of.size(); ++at)
    end = m_part_of[at] != kUnwanted ? block.parts[m_part_of[at]].take(reader) : reader.next(cell);
  bool lost = false;
  const bool is_short = at < m_part_of.size();
  while (end == CellReader::End::cell) {
    end = reader.next(cell);
    lost = lost || !cell.empty();
  }
  if (is_short) block.short_rows.add(block.rows);
  if (lost) block.long_rows.add(block.rows);
  for (; at < m_part_of.size(); ++at)
    if (m_part_of[at] != kUnwanted) block.parts[m_part_of[at]].push({});
  ++block.rows;
}

}  // namespace yaan
