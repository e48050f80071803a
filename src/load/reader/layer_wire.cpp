#include "load/reader/layer_wire.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "load/text_encoding.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

constexpr std::size_t kCrsBytes = std::size_t{1} << 18;  // of a definition, which PROJ parses on this side too

template <class Wire>
void travel_localized(Wire& wire, Localized& text) {
  wire.text(text.en);
  wire.text(text.th);
}

template <class Wire>
void travel_source_of(Wire& wire, Source& source) {
  wire.path_text(source.path);
  wire.path_text(source.layer);
  wire.text(source.sha256);
  travel_localized(wire, source.title);
  wire.text(source.licence);
  wire.text(source.attribution);
}

template <class Wire>
void travel_column_head(Wire& wire, Column& column) {
  wire.text(column.name);
  wire.text(column.unit);
  travel_localized(wire, column.title);
  wire.text(column.help);
  wire.fixed(column.colour_by, static_cast<std::uint64_t>(ColourBy::probability));
}

template <class Wire>
void travel_layer_head(Wire& wire, Layer& layer) {
  wire.path_text(layer.name);
  travel_crs(wire, layer.crs);
  for (const ColumnRole& role : kColumnRoles) wire.path_text(layer.roles.*role.column);
  wire.list(layer.sources, [&](Source& source) { travel_source_of(wire, source); });
}

template <class T>
void pack_vector(Packer& wire, const std::vector<T>& items) {
  wire.array(items.data(), items.size());
}

template <class List>
void pack_lists(Packer& wire, const std::vector<List>& lists) {
  std::vector<std::uint64_t> ends;
  ends.reserve(lists.size());
  std::uint64_t items = 0;
  for (const List& list : lists) ends.push_back(items += list.size());
  wire.keep_array(std::move(ends));
  if constexpr (std::is_same_v<List, StringList>) {
    std::string bytes;
    std::vector<std::uint64_t> item_ends;
    for (const List& list : lists)
      for (const std::string& item : list) {
        bytes += item;
        item_ends.push_back(bytes.size());
      }
    wire.keep_array(std::move(item_ends));
    wire.keep_array(std::vector<char>(bytes.begin(), bytes.end()));
  } else {
    List all;
    for (const List& list : lists) all.insert(all.end(), list.begin(), list.end());
    wire.keep_array(std::move(all));
  }
}

void pack_column(Packer& wire, Column& column) {
  travel_column_head(wire, column);
  auto type = static_cast<std::uint64_t>(column.type());
  wire.fixed(type);
  pack_vector(wire, column.validity());
  std::visit(
      [&](const auto& values) {
        using Values = std::decay_t<decltype(values)>;
        if constexpr (std::is_same_v<Values, StringValues>) {
          pack_vector(wire, values.ends());
          wire.array(values.bytes().data(), values.bytes().size());
        } else if constexpr (std::is_same_v<Values, std::vector<StringList>> ||
                             std::is_same_v<Values, std::vector<DoubleList>> ||
                             std::is_same_v<Values, std::vector<IntList>>) {
          pack_lists(wire, values);
        } else {
          pack_vector(wire, values);
        }
      },
      column.values());
}

void require(bool holds, const char* what) {
  if (!holds) throw CorruptAnswer(what);
}

void require_ends(std::span<const std::uint64_t> ends, std::size_t count, std::size_t total) {
  require(ends.size() == count && (ends.empty() ? 0 : ends.back()) == total && std::is_sorted(ends.begin(), ends.end()),
          "the ends of values do not fit");
}

/// Offsets that start at 0, never fall, and end at `total`.
void require_offsets(std::span<const std::uint64_t> offsets, std::size_t total) {
  require(!offsets.empty() && offsets.front() == 0 && offsets.back() == total &&
              std::is_sorted(offsets.begin(), offsets.end()),
          "offsets of a geometry do not fit");
}

void require_texts(std::string_view all, std::span<const std::uint64_t> ends) {
  require(are_utf8(all, ends), "a text is not UTF-8");
}

template <class Item>
std::vector<std::vector<Item>> cut(std::span<const Item> items, std::span<const std::uint64_t> ends) {
  std::vector<std::vector<Item>> lists;
  lists.reserve(ends.size());
  std::uint64_t begin = 0;
  for (const std::uint64_t end : ends) {
    lists.emplace_back(items.begin() + static_cast<std::ptrdiff_t>(begin),
                       items.begin() + static_cast<std::ptrdiff_t>(end));
    begin = end;
  }
  return lists;
}

}  // namespace

void travel_crs(Packer& wire, Crs& crs) {
  std::string text = crs.wkt().empty() ? crs.text() : crs.wkt();
  wire.text(text);
}

void travel_crs(Unpacker& wire, Crs& crs) {
  std::string text;
  wire.text(text);
  crs = Crs();
  if (text.empty()) return;
  require(text.size() <= kCrsBytes, "a CRS is too long");
  if (text == Crs::wgs84().wkt()) {
    crs = Crs::wgs84();
    return;
  }
  try {
    crs = Crs::from_text(text);
  } catch (const UsageError&) {
    throw CorruptAnswer("a CRS cannot be read");
  }
}

void travel_source(Packer& wire, Source& source) { travel_source_of(wire, source); }
void travel_source(Unpacker& wire, Source& source) { travel_source_of(wire, source); }

void pack_layer(Packer& wire, Layer& layer) {
  travel_layer_head(wire, layer);
  Geometry& geometry = layer.geometry;
  wire.fixed(geometry.kind);
  std::uint64_t rows = geometry.size();
  wire.fixed(rows);
  pack_vector(wire, geometry.x);
  pack_vector(wire, geometry.y);
  pack_vector(wire, geometry.feature_parts);
  pack_vector(wire, geometry.part_rings);
  pack_vector(wire, geometry.ring_vertices);
  wire.list(layer.columns, [&](Column& column) { pack_column(wire, column); });
}

UnpackedLayer::UnpackedLayer(Unpacker& wire) {
  travel_layer_head(wire, m_head);
  wire.fixed(m_kind, static_cast<std::uint64_t>(GeometryKind::polygon));
  wire.fixed(m_rows);
  wire.array(m_x);
  wire.array(m_y);
  wire.array(m_feature_parts);
  wire.array(m_part_rings);
  wire.array(m_ring_vertices);
  wire.list(m_columns, [&](UnpackedColumn& column) { column = unpack_column(wire); });
  // With a column, rows are bounded by the answer's size; without one they are a bare number.
  require(m_rows <= 4'000'000'000, "there are too many rows");
  for (const UnpackedColumn& column : m_columns) require(column.valid.size() == m_rows, "a column has another length");
}

UnpackedLayer::UnpackedColumn UnpackedLayer::unpack_column(Unpacker& wire) {
  UnpackedColumn column;
  travel_column_head(wire, column.head);
  wire.fixed(column.type, static_cast<std::uint64_t>(ColumnType::integer_list));
  wire.array(column.valid);
  const bool list = column.type >= ColumnType::text_list;
  if (list || column.type == ColumnType::text) wire.array(column.ends);
  if (column.type == ColumnType::text_list) wire.array(column.item_ends);
  switch (column.type) {
    case ColumnType::integer:
    case ColumnType::integer_list: wire.array(column.integers); break;
    case ColumnType::real:
    case ColumnType::real_list: wire.array(column.reals); break;
    case ColumnType::text:
    case ColumnType::text_list: wire.array(column.bytes); break;
    case ColumnType::date: wire.array(column.days); break;
  }
  return column;
}

Column UnpackedLayer::build_column(UnpackedColumn&& unpacked) {
  const std::size_t rows = unpacked.valid.size();
  require(std::all_of(unpacked.valid.begin(), unpacked.valid.end(), [](std::uint8_t flag) { return flag <= 1; }),
          "a flag is neither 0 nor 1");
  Column::Values values;
  switch (unpacked.type) {
    case ColumnType::integer: values = std::move(unpacked.integers); break;
    case ColumnType::real:
      for (std::size_t row = 0; row < std::min(rows, unpacked.reals.size()); ++row)
        require(unpacked.valid[row] == (std::isnan(unpacked.reals[row]) ? 0 : 1),
                "a number that is not there is not null");
      values = std::move(unpacked.reals);
      break;
    case ColumnType::text:
      require_ends(unpacked.ends, rows, unpacked.bytes.size());
      require_texts(unpacked.bytes, unpacked.ends);
      values = StringValues::of(std::move(unpacked.bytes), std::move(unpacked.ends));
      break;
    case ColumnType::date: {
      std::vector<Date> dates;
      dates.reserve(unpacked.days.size());
      for (const std::int32_t days : unpacked.days) {
        // The proleptic years -32767 to 32767, which the calendar can name.
        require(days >= -12'687'428 && days <= 11'248'737, "a date is out of range");
        dates.push_back(Date{days});
      }
      values = std::move(dates);
      break;
    }
    case ColumnType::text_list: {
      require_ends(unpacked.ends, rows, unpacked.item_ends.size());
      require_ends(unpacked.item_ends, unpacked.item_ends.size(), unpacked.bytes.size());
      require_texts(unpacked.bytes, unpacked.item_ends);
      std::vector<std::string> items;
      items.reserve(unpacked.item_ends.size());
      std::uint64_t begin = 0;
      for (const std::uint64_t end : unpacked.item_ends) {
        items.emplace_back(unpacked.bytes.data() + begin, end - begin);
        begin = end;
      }
      values = cut(std::span<const std::string>(items), unpacked.ends);
      break;
    }
    case ColumnType::real_list:
      require_ends(unpacked.ends, rows, unpacked.reals.size());
      values = cut(std::span<const double>(unpacked.reals), unpacked.ends);
      break;
    case ColumnType::integer_list:
      require_ends(unpacked.ends, rows, unpacked.integers.size());
      values = cut(std::span<const std::int64_t>(unpacked.integers), unpacked.ends);
      break;
  }
  const std::size_t found = std::visit([](const auto& items) { return items.size(); }, values);
  require(found == rows, "a column has another number of values than flags");
  Column column = Column::of(unpacked.head.name, std::move(values), std::move(unpacked.valid));
  column.unit = unpacked.head.unit;
  column.title = unpacked.head.title;
  column.help = unpacked.head.help;
  column.colour_by = unpacked.head.colour_by;
  return column;
}

void UnpackedLayer::check_geometry() const {
  require(m_x.size() == m_y.size(), "there are not as many x as y");
  const bool shapes = m_kind == GeometryKind::line || m_kind == GeometryKind::polygon;
  if (m_kind == GeometryKind::none) require(m_x.empty(), "a table has coordinates");
  if (m_kind == GeometryKind::point) require(m_x.size() == m_rows, "there are not as many points as features");
  if (!shapes) require(m_feature_parts.empty() && m_ring_vertices.empty(), "points have parts");
  if (m_kind != GeometryKind::polygon) require(m_part_rings.empty(), "only polygons have rings");
  if (!shapes) return;
  require(m_feature_parts.size() == m_rows + 1, "there are not as many shapes as features");
  require_offsets(m_ring_vertices, m_x.size());
  const std::size_t rings = m_ring_vertices.size() - 1;
  if (m_kind == GeometryKind::polygon) {
    require_offsets(m_part_rings, rings);
    require_offsets(m_feature_parts, m_part_rings.size() - 1);
  } else {
    require_offsets(m_feature_parts, rings);
  }
}

Layer UnpackedLayer::build(const Progress& progress) {
  check_geometry();
  Layer layer = std::move(m_head);
  layer.geometry.kind = m_kind;
  layer.geometry.rows = m_kind == GeometryKind::none ? static_cast<std::size_t>(m_rows) : 0;
  layer.columns.resize(m_columns.size());
  // One task for each axis, and one for each column.
  parallel_blocks(m_columns.size() + 2, 1, progress, [&](std::size_t begin, std::size_t, std::size_t) {
    if (begin < 2) {
      const std::vector<double>& axis = begin == 0 ? m_x : m_y;
      require(std::all_of(axis.begin(), axis.end(), [](double value) { return std::isfinite(value); }),
              "a coordinate is not a finite number");
    } else {
      layer.columns[begin - 2] = build_column(std::move(m_columns[begin - 2]));
    }
  });
  layer.geometry.x = std::move(m_x);
  layer.geometry.y = std::move(m_y);
  layer.geometry.feature_parts = std::move(m_feature_parts);
  layer.geometry.part_rings = std::move(m_part_rings);
  layer.geometry.ring_vertices = std::move(m_ring_vertices);
  return layer;
}

}  // namespace yaan
