#include "load/point_geopackage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <optional>
#include <span>

#include "load/mapped_file.hpp"
#include "load/point_blocks.hpp"
#include "load/sqlite_table.hpp"
#include "load/typed_value.hpp"

namespace yaan {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLeavesOfBlock = 128;

std::string quoted(std::string_view text, char quote) {
  std::string all(1, quote);
  for (const char c : text) all.append(c == quote ? 2 : 1, c);
  return all + quote;
}

// The rows of an SQL query, as texts.
std::vector<std::vector<std::string>> answer(GDALDataset& dataset, const std::string& sql) {
  const GdalMessages unheard;  // what does not work here is left to GDAL
  std::vector<std::vector<std::string>> rows;
  OGRLayer* result = dataset.ExecuteSQL(sql.c_str(), nullptr, nullptr);
  if (result == nullptr) throw UnusualDatabase();
  for (auto& feature : *result) {
    rows.emplace_back();
    for (int i = 0; i < feature->GetFieldCount(); ++i) rows.back().emplace_back(feature->GetFieldAsString(i));
  }
  dataset.ReleaseResultSet(result);
  return rows;
}

std::string upper_ascii(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

// What to do with each value of a row.
struct Layout {
  static constexpr std::size_t kFid = ~std::size_t{0};
  static constexpr std::size_t kShape = kFid - 1;

  std::vector<std::size_t> goes_to;  // the column of the values, or one of the above
  bool with_fid = false;             // the first column holds the row's number
};

Layout layout_of(GDALDataset& dataset, OGRLayer& layer, const std::vector<FieldPlan>& plan, bool with_fid) {
  Layout layout;
  layout.with_fid = with_fid;
  const OGRFeatureDefn& definition = *layer.GetLayerDefn();
  for (const FieldPlan& field : plan)
    if (field.take > FieldPlan::Take::date || definition.GetFieldDefn(field.index)->GetSubType() != OFSTNone)
      throw UnusualDatabase();
  std::size_t fields = 0;
  std::size_t others = 0;
  for (const auto& column : answer(dataset, fmt::format("PRAGMA table_info({})", quoted(layer.GetName(), '"')))) {
    if (column.size() < 6) throw UnusualDatabase();
    const std::string& name = column[1];
    const int index = definition.GetFieldIndex(name.c_str());
    if (name == layer.GetFIDColumn()) {
      if (upper_ascii(column[2]) != "INTEGER" || column[5] != "1") throw UnusualDatabase();
      layout.goes_to.push_back(Layout::kFid);
      ++others;
    } else if (name == layer.GetGeometryColumn()) {
      layout.goes_to.push_back(Layout::kShape);
      ++others;
    } else {
      // In the order of the plan.
      if (fields == plan.size() || index != plan[fields].index || column[5] != "0") throw UnusualDatabase();
      layout.goes_to.push_back(fields++ + (with_fid ? 1 : 0));
    }
  }
  if (fields != plan.size() || others != 2) throw UnusualDatabase();
  return layout;
}

// The first page of the layer's table, which has rowids and no computed columns.
std::uint32_t root_page(GDALDataset& dataset, OGRLayer& layer) {
  const auto tables =
      answer(dataset, fmt::format("SELECT rootpage, sql FROM sqlite_master WHERE type = 'table' AND name = {}",
                                  quoted(layer.GetName(), '\'')));
  if (tables.size() != 1 || tables[0].size() != 2) throw UnusualDatabase();
  const std::string sql = upper_ascii(tables[0][1]);
  for (const std::string_view word : {"WITHOUT", "GENERATED", " AS ", "VIRTUAL"})
    if (sql.find(word) != std::string::npos) throw UnusualDatabase();
  const auto root = integer_value(tables[0][0]);
  if (!root || *root < 1 || *root > 0xFFFFFFFF) throw UnusualDatabase();
  return static_cast<std::uint32_t>(*root);
}

struct Point {
  double x = 0;
  double y = 0;
};

// The blob of a GeoPackage (OGC 12-128r18, 2.1.3): a header, perhaps with the extent, and well-known binary.
Point plain_point(std::string_view blob) {
  constexpr std::size_t kEnvelopes[] = {0, 32, 48, 48, 64, 0, 0, 0};
  if (blob.size() < 8 || blob[0] != 'G' || blob[1] != 'P' || blob[2] != 0) throw UnusualDatabase();
  const auto flags = static_cast<unsigned char>(blob[3]);
  if ((flags & 0xF0U) != 0) throw UnusualDatabase();  // empty, extended, or of a later version
  const std::size_t wkb = 8 + kEnvelopes[flags >> 1 & 7U];
  constexpr std::string_view kPoint("\1\1\0\0\0", 5);
  if (blob.size() != wkb + 21 || blob.substr(wkb, 5) != kPoint) throw UnusualDatabase();
  Point point;
  std::memcpy(&point.x, blob.data() + wkb + 5, 8);
  std::memcpy(&point.y, blob.data() + wkb + 13, 8);
  if (!std::isfinite(point.x) || !std::isfinite(point.y)) throw UnusualDatabase();
  return point;
}

void push(const SqliteValue& value, ColumnPart& part) {
  using Kind = SqliteValue::Kind;
  if (value.kind == Kind::null) return part.push_null();
  if (value.kind == Kind::integer && part.type() == ColumnType::integer) return part.push(value.integer);
  if (value.kind == Kind::integer && part.type() == ColumnType::real)
    return part.push(static_cast<double>(value.integer));
  if (value.kind == Kind::real && part.type() == ColumnType::real && !std::isnan(value.real))
    return part.push(value.real);
  if (value.kind != Kind::text || value.bytes.find('\0') != std::string_view::npos) throw UnusualDatabase();
  if (part.type() == ColumnType::text) return part.push(value.bytes);
  const auto date = part.type() == ColumnType::date ? date_value(value.bytes) : std::nullopt;
  if (!date) throw UnusualDatabase();
  part.push(*date);
}

class GeoPackageRows {
 public:
  GeoPackageRows(std::string_view bytes, std::uint32_t root, Layout layout)
      : m_table(bytes, root), m_layout(std::move(layout)) {}

  [[nodiscard]] std::size_t leaves() const { return m_table.leaves().size(); }

  void read(std::size_t begin, std::size_t end, PointBlock& block) const {
    const std::span<const std::uint32_t> leaves = std::span(m_table.leaves()).subspan(begin, end - begin);
    MappedFile::fetch(pages_of(leaves));
    std::vector<SqliteValue> values(m_layout.goes_to.size());
    for (const std::uint32_t leaf : leaves)
      m_table.read(leaf, values, [&](std::int64_t rowid, std::span<const SqliteValue> row) { add(rowid, row, block); });
  }
  void forget(std::size_t begin, std::size_t end) const {
    MappedFile::forget(pages_of(std::span(m_table.leaves()).subspan(begin, end - begin)));
  }

 private:
  // From the first to the last, where not much lies between them.
  [[nodiscard]] std::string_view pages_of(std::span<const std::uint32_t> leaves) const {
    const auto [low, high] = std::minmax_element(leaves.begin(), leaves.end());
    if (*high - *low > 4 * leaves.size()) return {};
    const std::string_view first = m_table.page(*low);
    const std::string_view last = m_table.page(*high);
    return {first.data(), static_cast<std::size_t>(last.data() + last.size() - first.data())};
  }

  void add(std::int64_t rowid, std::span<const SqliteValue> row, PointBlock& block) const {
    if (m_layout.with_fid) block.parts[0].push(rowid);
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::size_t part = m_layout.goes_to[i];
      if (part == Layout::kFid) {
        if (row[i].kind != SqliteValue::Kind::null) throw UnusualDatabase();  // it stands as the rowid
      } else if (part != Layout::kShape) {
        push(row[i], block.parts[part]);
      } else {
        const bool placed = row[i].kind != SqliteValue::Kind::null;
        if (placed && row[i].kind != SqliteValue::Kind::blob) throw UnusualDatabase();
        if (!placed) {
          block.place_nowhere();
          continue;
        }
        const Point point = plain_point(row[i].bytes);
        block.place(point.x, point.y);
      }
    }
  }

  SqliteTable m_table;
  Layout m_layout;
};

}  // namespace

bool read_point_geopackage(const fs::path& file, GDALDataset& dataset, OGRLayer& layer,
                           const std::vector<FieldPlan>& plan, bool with_fid, RawLayer& raw, const ReadOptions& options,
                           Progress& progress) {
  if (std::endian::native != std::endian::little || wkbFlatten(layer.GetGeomType()) != wkbPoint) return false;
  for (const char* beside : {"-journal", "-wal"})
    if (std::error_code error; fs::exists(file.string() + beside, error)) return false;
  try {
    const MappedFile mapped(file, raw.shown);
    const GeoPackageRows rows(mapped.bytes(), root_page(dataset, layer), layout_of(dataset, layer, plan, with_fid));
    const GIntBig stated = layer.GetFeatureCount(0);
    if (stated > 0) check_rows(static_cast<std::uint64_t>(stated), raw.shown, options);
    const auto read = [&rows](std::size_t begin, std::size_t end, PointBlock& block) { rows.read(begin, end, block); };
    const auto forget = [&rows](std::size_t begin, std::size_t end) { rows.forget(begin, end); };
    const auto stated_rows = static_cast<std::size_t>(std::max<GIntBig>(stated, 0));
    join_point_blocks({rows.leaves(), kLeavesOfBlock, stated_rows, read, forget}, raw, options, progress);
    return true;
  } catch (const UnusualDatabase&) {
    return false;
  }
}

}  // namespace yaan
