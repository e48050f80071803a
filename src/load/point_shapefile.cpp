// Formats: ESRI Shapefile Technical Description (1998); dBASE III tables as GDAL reads them.
#include "load/point_shapefile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstring>
#include <optional>

#include "load/cell_reader.hpp"
#include "load/mapped_file.hpp"
#include "load/point_blocks.hpp"

namespace yaan {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kRowsOfBlock = 4'096;
constexpr std::size_t kHeader = 100;
constexpr std::size_t kPointRecord = 28;
constexpr std::uint32_t kNullShape = 0;
constexpr std::uint32_t kPoint = 1;

/// The file is not as plain as it must be.
struct Unusual {};

template <class T>
T number_at(std::string_view bytes, std::size_t at) {
  T value{};
  if (at > bytes.size() || bytes.size() - at < sizeof value) throw Unusual();
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

std::uint32_t big_endian_at(std::string_view bytes, std::size_t at) {
  return __builtin_bswap32(number_at<std::uint32_t>(bytes, at));
}

std::string_view without_spaces(std::string_view text) {
  constexpr std::uint64_t kSpaces = 0x2020'2020'2020'2020;
  while (text.size() >= 8 && number_at<std::uint64_t>(text, text.size() - 8) == kSpaces) text.remove_suffix(8);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  while (text.size() >= 8 && number_at<std::uint64_t>(text, 0) == kSpaces) text.remove_prefix(8);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return text;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A number that any reader takes for the same; nothing for null. Digits, signs, points and exponents only.
template <class Number>
std::optional<Number> plain_number(std::string_view cell) {
  const std::string_view text = without_spaces(cell);
  if (text.empty() || text.front() == '*') return std::nullopt;
  Number value{};
  CellReader reader(text, '\n');
  CellReader::End end{};
  bool plain = false;
  if constexpr (std::is_same_v<Number, double>) {
    plain = reader.take_real(value, end);
  } else {
    plain = reader.take_integer(value, end);
  }
  if (plain && reader.at_end() && text.back() > ' ') return value;
  const char first = text.front() == '-' ? text[std::min<std::size_t>(1, text.size() - 1)] : text.front();
  if (!is_digit(first) && first != '.') throw Unusual();
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || stop != text.data() + text.size()) throw Unusual();
  return value;
}

// YYYYMMDD; nothing for null.
std::optional<Date> plain_date(std::string_view cell) {
  const std::string_view text = without_spaces(cell);
  if (text.empty() || text == "00000000") return std::nullopt;
  if (text.size() != 8 || !std::all_of(text.begin(), text.end(), is_digit)) throw Unusual();
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  const std::chrono::year_month_day day{std::chrono::year(number / 10'000),
                                        std::chrono::month(static_cast<unsigned>(number / 100 % 100)),
                                        std::chrono::day(static_cast<unsigned>(number % 100))};
  if (!day.ok() || number < 10'000) throw Unusual();
  return Date{static_cast<std::int32_t>(std::chrono::sys_days(day).time_since_epoch().count())};
}

// A text ends at a zero byte, where there is one.
std::string_view plain_text(std::string_view cell) {
  const std::string_view text = without_spaces(cell);
  const std::size_t zero = text.find('\0');
  return zero == std::string_view::npos ? text : without_spaces(text.substr(0, zero));
}

struct Field {
  std::size_t offset = 0;  // within the record
  std::size_t width = 0;
  FieldPlan::Take take = FieldPlan::Take::text;
};

struct Table {
  std::size_t header = 0;
  std::size_t record = 0;
  std::size_t rows = 0;
  std::vector<Field> fields;
};

Table table_of(std::string_view dbf, const std::vector<FieldPlan>& plan) {
  Table table;
  table.rows = number_at<std::uint32_t>(dbf, 4);
  table.header = number_at<std::uint16_t>(dbf, 8);
  table.record = number_at<std::uint16_t>(dbf, 10);
  constexpr std::size_t kDescriptor = 32;
  std::size_t offset = 1;  // behind the mark of deleted rows
  for (std::size_t f = 0; f < plan.size(); ++f) {
    const std::size_t at = kDescriptor * (f + 1);
    if (at + kDescriptor > table.header || at + kDescriptor > dbf.size() || dbf[at] == '\r') throw Unusual();
    const char type = dbf[at + 11];
    const FieldPlan::Take take = plan[f].take;
    const bool number = take == FieldPlan::Take::integer || take == FieldPlan::Take::real;
    const bool as_expected = number                          ? type == 'N' || type == 'F'
                             : take == FieldPlan::Take::date ? type == 'D'
                                                             : type == 'C';
    if (!as_expected || take > FieldPlan::Take::date || plan[f].index != static_cast<int>(f)) throw Unusual();
    const std::size_t width = static_cast<unsigned char>(dbf[at + 16]);
    table.fields.push_back({offset, width, take});
    offset += width;
  }
  const std::size_t end = kDescriptor * (plan.size() + 1);
  if (offset != table.record || end >= table.header || dbf[end] != '\r') throw Unusual();
  if (table.header + table.rows * table.record > dbf.size()) throw Unusual();
  return table;
}

class ShapefileRows {
 public:
  ShapefileRows(const fs::path& shp, const std::string& shown, const std::vector<FieldPlan>& plan)
      : m_shp(shp, shown),
        m_shx(shapefile_part(shp, "shx"), shown),
        m_dbf(shapefile_part(shp, "dbf"), shown),
        m_table(table_of(m_dbf.bytes(), plan)) {
    const std::string_view shx = m_shx.bytes();
    if (number_at<std::uint32_t>(m_shp.bytes(), 32) != kPoint || shx.size() != kHeader + 8 * m_table.rows ||
        2 * std::uint64_t{big_endian_at(shx, 24)} != shx.size() || m_table.rows == 0)
      throw Unusual();
  }

  [[nodiscard]] std::size_t rows() const { return m_table.rows; }

  void read(std::size_t begin, std::size_t end, PointBlock& block) const {
    for (ColumnPart& part : block.parts) part.reserve(kRowsOfBlock);
    const Parts parts = parts_of(begin, end);
    for (const std::string_view part : parts) MappedFile::fetch(part);
    for (std::size_t row = 0; row < end - begin; ++row) {
      read_point(parts[0], row, block);
      read_record(parts[1].substr(row * m_table.record, m_table.record), block);
    }
  }
  void forget(std::size_t begin, std::size_t end) const {
    for (const std::string_view part : parts_of(begin, end)) MappedFile::forget(part);
  }

 private:
  // Of the .shx, of the .dbf, and of the .shp as it would be without null shapes, which is no more than a hint.
  using Parts = std::array<std::string_view, 3>;
  [[nodiscard]] Parts parts_of(std::size_t begin, std::size_t end) const {
    const std::size_t rows = end - begin;
    const std::size_t points = std::min(kHeader + kPointRecord * begin, m_shp.bytes().size());
    return {m_shx.bytes().substr(kHeader + 8 * begin, 8 * rows),
            m_dbf.bytes().substr(m_table.header + begin * m_table.record, rows * m_table.record),
            m_shp.bytes().substr(points, kPointRecord * rows)};
  }
  void read_point(std::string_view shx, std::size_t row, PointBlock& block) const {
    const std::string_view shp = m_shp.bytes();
    const std::size_t at = 2 * std::size_t{big_endian_at(shx, 8 * row)};
    const std::size_t size = 2 * std::size_t{big_endian_at(shx, 8 * row + 4)};
    if (2 * std::size_t{big_endian_at(shp, at + 4)} != size) throw Unusual();
    const auto type = number_at<std::uint32_t>(shp, at + 8);
    const bool placed = type == kPoint;
    if (size != (placed ? 20U : 4U) || (!placed && type != kNullShape)) throw Unusual();
    if (!placed) return block.place_nowhere();
    const auto x = number_at<double>(shp, at + 12);
    const auto y = number_at<double>(shp, at + 20);
    if (!std::isfinite(x) || !std::isfinite(y)) throw Unusual();
    block.place(x, y);
  }
  void read_record(std::string_view record, PointBlock& block) const {
    if (record.front() != ' ') throw Unusual();  // deleted
    for (std::size_t f = 0; f < m_table.fields.size(); ++f) {
      const Field& field = m_table.fields[f];
      ColumnPart& part = block.parts[f];
      const std::string_view cell(record.data() + field.offset, field.width);
      const auto push = [&part](const auto& value) { value ? part.push(*value) : part.push_null(); };
      switch (field.take) {
        case FieldPlan::Take::integer: push(plain_number<std::int64_t>(cell)); break;
        case FieldPlan::Take::real: push(plain_number<double>(cell)); break;
        case FieldPlan::Take::date: push(plain_date(cell)); break;
        default: {
          const std::string_view text = plain_text(cell);
          push(text.empty() ? std::nullopt : std::optional(text));
        }
      }
    }
  }

  MappedFile m_shp;
  MappedFile m_shx;
  MappedFile m_dbf;
  Table m_table;
};

}  // namespace

bool read_point_shapefile(const fs::path& shp, OGRLayer& layer, const std::vector<FieldPlan>& plan, RawLayer& raw,
                          const ReadOptions& options, Progress& progress) {
  if (std::endian::native != std::endian::little || shapefile_part(shp, "dbf").empty()) return false;
  if (plan.size() != static_cast<std::size_t>(layer.GetLayerDefn()->GetFieldCount()) || plan.empty()) return false;
  try {
    const ShapefileRows rows(shp, raw.shown, plan);
    if (layer.GetFeatureCount(0) != static_cast<GIntBig>(rows.rows())) return false;
    check_rows(rows.rows(), raw.shown, options);
    const auto read = [&rows](std::size_t begin, std::size_t end, PointBlock& block) { rows.read(begin, end, block); };
    const auto forget = [&rows](std::size_t begin, std::size_t end) { rows.forget(begin, end); };
    join_point_blocks({rows.rows(), kRowsOfBlock, rows.rows(), read, forget}, raw, options, progress);
    return true;
  } catch (const Unusual&) {
    return false;
  }
}

}  // namespace yaan
