#include "load/sqlite_table.hpp"

#include <bit>

namespace yaan {

namespace {

constexpr std::size_t kHeader = 100;  // at the start of the first page
constexpr int kMostDepth = 20;
constexpr unsigned char kInner = 5;
constexpr unsigned char kLeaf = 13;

unsigned char byte_at(std::string_view bytes, std::size_t at) {
  if (at >= bytes.size()) throw UnusualDatabase();
  return static_cast<unsigned char>(bytes[at]);
}

std::uint64_t big_endian(std::string_view bytes, std::size_t at, std::size_t width) {
  if (at > bytes.size() || bytes.size() - at < width) throw UnusualDatabase();
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < width; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

// An integer of one to nine bytes, seven bits each; the ninth byte has eight.
std::uint64_t take_varint(std::string_view bytes, std::size_t& at) {
  std::uint64_t value = 0;
  for (int i = 0; i < 8; ++i) {
    const unsigned char byte = byte_at(bytes, at++);
    value = value << 7 | (byte & 0x7FU);
    if (byte < 0x80) return value;
  }
  return value << 8 | byte_at(bytes, at++);
}

std::int64_t signed_at(std::string_view bytes, std::size_t at, std::size_t width) {
  const std::size_t unused = 64 - 8 * width;
  return static_cast<std::int64_t>(big_endian(bytes, at, width) << unused) >> unused;
}

// Takes the value of a serial type from the front of `body`.
SqliteValue take_value(std::uint64_t type, std::string_view& body) {
  SqliteValue value;
  std::size_t width = 0;
  if (type >= 12) {
    width = (type - 12) / 2;
    value.kind = type % 2 == 0 ? SqliteValue::Kind::blob : SqliteValue::Kind::text;
    if (width > body.size()) throw UnusualDatabase();
    value.bytes = body.substr(0, width);
  } else if (type == 7) {
    width = 8;
    value.kind = SqliteValue::Kind::real;
    value.real = std::bit_cast<double>(big_endian(body, 0, 8));
  } else if (type != 0) {
    constexpr std::size_t kWidths[] = {0, 1, 2, 3, 4, 6, 8, 0, 0, 0};
    if (type > 9) throw UnusualDatabase();  // not in use
    width = kWidths[type];
    value.kind = SqliteValue::Kind::integer;
    value.integer = type >= 8 ? static_cast<std::int64_t>(type - 8) : signed_at(body, 0, width);
  }
  body.remove_prefix(width);
  return value;
}

}  // namespace

SqliteTable::SqliteTable(std::string_view bytes, std::uint32_t root) : m_bytes(bytes) {
  if (!bytes.starts_with(std::string_view("SQLite format 3\0", 16)) || bytes.size() < kHeader) throw UnusualDatabase();
  m_page_size = big_endian(bytes, 16, 2);
  if (m_page_size == 1) m_page_size = 65'536;
  const bool journal = byte_at(bytes, 18) == 1 && byte_at(bytes, 19) == 1;  // 2: a write-ahead log
  const bool utf_8 = big_endian(bytes, 56, 4) == 1;
  if (!journal || !utf_8 || m_page_size < 512 || !std::has_single_bit(m_page_size)) throw UnusualDatabase();
  m_usable = m_page_size - byte_at(bytes, 20);
  find_leaves(root, 0);
}

std::string_view SqliteTable::page(std::uint32_t number) const {
  if (number == 0 || std::uint64_t{number} * m_page_size > m_bytes.size()) throw UnusualDatabase();
  return m_bytes.substr((number - std::size_t{1}) * m_page_size, m_usable);
}

void SqliteTable::find_leaves(std::uint32_t number, int depth) {
  const std::string_view bytes = page(number);
  const std::size_t at = number == 1 ? kHeader : 0;
  const std::size_t most = m_bytes.size() / m_page_size;
  if (byte_at(bytes, at) == kLeaf) return m_leaves.push_back(number);
  // No page stands in a tree twice, so that there are never more than the file has.
  if (byte_at(bytes, at) != kInner || depth == kMostDepth || ++m_inner_pages > most) throw UnusualDatabase();
  const std::uint64_t cells = big_endian(bytes, at + 3, 2);
  const auto child = [&](std::uint64_t i) {
    const std::size_t place = i < cells ? big_endian(bytes, at + 12 + 2 * i, 2) : at + 8;
    return static_cast<std::uint32_t>(big_endian(bytes, place, 4));
  };
  // All leaves are at one depth. A page that should be one is looked at when it is read, not fetched before.
  const bool above_leaves = byte_at(page(child(0)), child(0) == 1 ? kHeader : 0) == kLeaf;
  for (std::uint64_t i = 0; i <= cells; ++i)
    above_leaves ? m_leaves.push_back(child(i)) : find_leaves(child(i), depth + 1);
  if (m_leaves.size() > most) throw UnusualDatabase();
}

SqliteTable::Cells SqliteTable::cells_of(std::uint32_t leaf) const {
  const std::string_view bytes = page(leaf);
  const std::size_t at = leaf == 1 ? kHeader : 0;
  if (byte_at(bytes, at) != kLeaf) throw UnusualDatabase();
  return {bytes, at + 8, static_cast<std::size_t>(big_endian(bytes, at + 3, 2))};
}

std::int64_t SqliteTable::take_row(const Cells& cells, std::size_t i, std::span<SqliteValue> values) const {
  std::size_t at = big_endian(cells.page, cells.pointers + 2 * i, 2);
  const std::uint64_t size = take_varint(cells.page, at);
  const auto rowid = static_cast<std::int64_t>(take_varint(cells.page, at));
  if (size > m_usable - 35 || size > cells.page.size() - at) throw UnusualDatabase();  // it goes on elsewhere
  const std::string_view record = cells.page.substr(at, size);
  std::size_t type_at = 0;
  const std::uint64_t header = take_varint(record, type_at);
  if (header > record.size()) throw UnusualDatabase();
  const std::string_view types = record.substr(0, header);
  std::string_view body = record.substr(header);
  for (SqliteValue& value : values) value = take_value(take_varint(types, type_at), body);
  if (type_at != types.size() || !body.empty()) throw UnusualDatabase();
  return rowid;
}

}  // namespace yaan
