#include "load/column_part.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "yaan/core/memory_pages.hpp"

namespace yaan {

namespace {

template <class Values>
void make_room(Values& values, std::size_t more, double whole) {
  if (values.empty()) reserve_in_huge_pages(values, static_cast<std::size_t>(whole * static_cast<double>(more)));
  populate_next(values, more);
}

}  // namespace

void ColumnPart::clear() {
  m_integers.clear();
  m_reals.clear();
  m_dates.clear();
  m_texts.clear();
  m_valid.clear();
}

void ColumnPart::reserve(std::size_t rows) {
  m_valid.reserve(rows);
  if (m_type == ColumnType::integer) m_integers.reserve(rows);
  if (m_type == ColumnType::real) m_reals.reserve(rows);
  if (m_type == ColumnType::text) m_texts.reserve(rows);
}

void ColumnPart::push_null() {
  m_valid.push_back(0);
  switch (m_type) {
    case ColumnType::integer: m_integers.push_back(0); break;
    case ColumnType::real: m_reals.push_back(std::numeric_limits<double>::quiet_NaN()); break;
    case ColumnType::date: m_dates.emplace_back(); break;
    default: m_texts.push_back({});
  }
}

void JoinedColumn::append(std::span<const ColumnPart* const> parts, double whole) {
  std::size_t rows = 0;
  std::size_t bytes = 0;
  for (const ColumnPart* part : parts) {
    rows += part->valid().size();
    bytes += part->texts().bytes().size();
  }
  const auto join = [&](auto& values, const auto& values_of) {
    make_room(values, rows, whole);
    for (const ColumnPart* part : parts) values.insert(values.end(), values_of(*part).begin(), values_of(*part).end());
  };
  join(
      m_valid, [](const ColumnPart& part) -> const auto& { return part.valid(); });
  switch (m_type) {
    case ColumnType::integer:
      return join(
          m_integers, [](const ColumnPart& part) -> const auto& { return part.integers(); });
    case ColumnType::real:
      return join(
          m_reals, [](const ColumnPart& part) -> const auto& { return part.reals(); });
    case ColumnType::date:
      return join(
          m_dates, [](const ColumnPart& part) -> const auto& { return part.dates(); });
    default: break;
  }
  make_room(m_bytes, bytes, whole);
  make_room(m_ends, rows, whole);
  for (const ColumnPart* part : parts) {
    const std::uint64_t before = m_bytes.size();
    m_bytes += part->texts().bytes();
    std::transform(part->texts().ends().begin(), part->texts().ends().end(), std::back_inserter(m_ends),
                   [before](std::uint64_t end) { return before + end; });
  }
}

void JoinedColumn::forget() { *this = JoinedColumn(m_type); }

Column JoinedColumn::column(std::string name) && {
  switch (m_type) {
    case ColumnType::integer: return Column::of(std::move(name), std::move(m_integers), std::move(m_valid));
    case ColumnType::real: return Column::of(std::move(name), std::move(m_reals), std::move(m_valid));
    case ColumnType::date: return Column::of(std::move(name), std::move(m_dates), std::move(m_valid));
    default: break;
  }
  std::vector<std::uint8_t> valid = std::move(m_valid);
  return Column::of(std::move(name), std::move(*this).texts(), std::move(valid));
}

StringValues JoinedColumn::texts() && { return StringValues::of(std::move(m_bytes), std::move(m_ends)); }

}  // namespace yaan
