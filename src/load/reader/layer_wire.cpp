#include "load/reader/layer_wire.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>

#include "load/mapped_file.hpp"
#include "load/text_encoding.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/memory_pages.hpp"
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
  wire.fixed(column.colour_by, static_cast<std::uint64_t>(ColourBy::divergence));
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
  std::uint64_t type = static_cast<std::uint64_t>(column.type());
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

// Each text on its own: a letter cut in two would be whole in the buffer.
void require_texts(std::span<const char> bytes, std::span<const std::uint64_t> ends) {
  const std::string_view all(bytes.data(), bytes.size());
  require(is_utf8(all), "a text is not UTF-8");
  for (const std::uint64_t end : ends)
    require(end == all.size() || (static_cast<unsigned char>(all[end]) & 0xC0U) != 0x80U, "a text is not UTF-8");
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

template <class Values, class T>
Values copied_to(std::span<const T> items) {
  Values copy;
  reserve_in_huge_pages(copy, items.size());
  populate_next(copy, items.size());
  copy.insert(copy.end(), items.data(), items.data() + items.size());
  return copy;
}

template <class T>
std::vector<T> copied(std::span<const T> items) {
  return copied_to<std::vector<T>>(items);
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
  m_x = wire.array<double>();
  m_y = wire.array<double>();
  m_feature_parts = wire.array<std::uint64_t>();
  m_part_rings = wire.array<std::uint64_t>();
  m_ring_vertices = wire.array<std::uint64_t>();
  wire.list(m_columns, [&](ColumnView& column) { column = view_column(wire); });
  // With a column, rows are bounded by the answer's size; without one they are a bare number.
  require(m_rows <= 4'000'000'000, "there are too many rows");
  for (const ColumnView& column : m_columns) require(column.valid.size() == m_rows, "a column has another length");
}

UnpackedLayer::ColumnView UnpackedLayer::view_column(Unpacker& wire) {
  ColumnView view;
  travel_column_head(wire, view.head);
  std::uint64_t type = 0;
  wire.fixed(type, static_cast<std::uint64_t>(ColumnType::integer_list));
  view.type = static_cast<ColumnType>(type);
  view.valid = wire.array<std::uint8_t>();
  const bool list = view.type >= ColumnType::text_list;
  if (list || view.type == ColumnType::text) view.ends = wire.array<std::uint64_t>();
  if (view.type == ColumnType::text_list) view.item_ends = wire.array<std::uint64_t>();
  switch (view.type) {
    case ColumnType::integer:
    case ColumnType::integer_list: view.integers = wire.array<std::int64_t>(); break;
    case ColumnType::real:
    case ColumnType::real_list: view.reals = wire.array<double>(); break;
    case ColumnType::text:
    case ColumnType::text_list: view.bytes = wire.array<char>(); break;
    case ColumnType::date: view.days = wire.array<std::int32_t>(); break;
  }
  return view;
}

Column UnpackedLayer::build_column(const ColumnView& view) {
  const std::size_t rows = view.valid.size();
  require(std::all_of(view.valid.begin(), view.valid.end(), [](std::uint8_t flag) { return flag <= 1; }),
          "a flag is neither 0 nor 1");
  Column::Values values;
  switch (view.type) {
    case ColumnType::integer: values = copied(view.integers); break;
    case ColumnType::real:
      for (std::size_t row = 0; row < std::min(rows, view.reals.size()); ++row)
        require(view.valid[row] == (std::isnan(view.reals[row]) ? 0 : 1), "a number that is not there is not null");
      values = copied(view.reals);
      break;
    case ColumnType::text:
      require_ends(view.ends, rows, view.bytes.size());
      require_texts(view.bytes, view.ends);
      values = StringValues::of(copied_to<std::string>(view.bytes), copied(view.ends));
      break;
    case ColumnType::date: {
      std::vector<Date> dates;
      dates.reserve(view.days.size());
      for (const std::int32_t days : view.days) {
        // The proleptic years -32767 to 32767, which the calendar can name.
        require(days >= -12'687'428 && days <= 11'248'737, "a date is out of range");
        dates.push_back(Date{days});
      }
      values = std::move(dates);
      break;
    }
    case ColumnType::text_list: {
      require_ends(view.ends, rows, view.item_ends.size());
      require_ends(view.item_ends, view.item_ends.size(), view.bytes.size());
      require_texts(view.bytes, view.item_ends);
      std::vector<std::string> items;
      items.reserve(view.item_ends.size());
      std::uint64_t begin = 0;
      for (const std::uint64_t end : view.item_ends) {
        items.emplace_back(view.bytes.data() + begin, end - begin);
        begin = end;
      }
      values = cut(std::span<const std::string>(items), view.ends);
      break;
    }
    case ColumnType::real_list:
      require_ends(view.ends, rows, view.reals.size());
      values = cut(view.reals, view.ends);
      break;
    case ColumnType::integer_list:
      require_ends(view.ends, rows, view.integers.size());
      values = cut(view.integers, view.ends);
      break;
  }
  const std::size_t found = std::visit([](const auto& items) { return items.size(); }, values);
  require(found == rows, "a column has another number of values than flags");
  Column column = Column::of(view.head.name, std::move(values), copied(view.valid));
  column.unit = view.head.unit;
  column.title = view.head.title;
  column.help = view.head.help;
  column.colour_by = view.head.colour_by;
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

namespace {

template <class T>
std::string_view bytes_of(std::span<const T> items) {
  return {reinterpret_cast<const char*>(items.data()), items.size_bytes()};
}

// The pages of arrays that are copied now and not looked at again: those of the answer and of the copy together would
// be twice the layer.
class PassingPages {
 public:
  PassingPages(bool mapped, std::initializer_list<std::string_view> arrays) {
    if (mapped) m_arrays = arrays;
    for (const std::string_view array : m_arrays) MappedFile::fetch(array);
  }
  ~PassingPages() {
    for (const std::string_view array : m_arrays) MappedFile::forget(array);
  }
  PassingPages(const PassingPages&) = delete;
  PassingPages& operator=(const PassingPages&) = delete;

 private:
  std::vector<std::string_view> m_arrays;
};

}  // namespace

Layer UnpackedLayer::build(bool mapped, const Progress& progress) {
  check_geometry();
  Layer layer = std::move(m_head);
  layer.geometry.kind = m_kind;
  layer.geometry.rows = m_kind == GeometryKind::none ? static_cast<std::size_t>(m_rows) : 0;
  layer.columns.resize(m_columns.size());
  const auto coordinates = [mapped](std::span<const double> from, std::vector<double>& to) {
    const PassingPages pages(mapped, {bytes_of(from)});
    require(std::all_of(from.begin(), from.end(), [](double value) { return std::isfinite(value); }),
            "a coordinate is not a finite number");
    to = copied(from);
  };
  // One task for each column, and one for each array of the geometry.
  parallel_blocks(m_columns.size() + 3, 1, progress, [&](std::size_t begin, std::size_t, std::size_t) {
    if (begin == 0) {
      coordinates(m_x, layer.geometry.x);
    } else if (begin == 1) {
      coordinates(m_y, layer.geometry.y);
    } else if (begin == 2) {
      layer.geometry.feature_parts = copied(m_feature_parts);
      layer.geometry.part_rings = copied(m_part_rings);
      layer.geometry.ring_vertices = copied(m_ring_vertices);
    } else {
      const ColumnView& view = m_columns[begin - 3];
      const PassingPages pages(mapped, {bytes_of(view.valid), bytes_of(view.integers), bytes_of(view.reals),
                                        bytes_of(view.days), bytes_of(view.bytes), bytes_of(view.ends)});
      layer.columns[begin - 3] = build_column(view);
    }
  });
  return layer;
}

}  // namespace yaan
