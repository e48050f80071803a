// Whole columns through the Arrow C stream interface (arrow.apache.org, 2020) of GDAL.
#include <fmt/format.h>
#include <ogr_recordbatch.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <functional>
#include <future>
#include <memory>
#include <span>
#include <string_view>

#include "load/column_part.hpp"
#include "load/gdal_layer.hpp"
#include "yaan/core/error.hpp"

namespace yaan {

namespace {

constexpr GIntBig kMostReserved = 10'000'000;  // the file may state anything

template <class Struct>
struct Released {
  Struct value{};
  Released() = default;
  ~Released() {
    if (value.release != nullptr) value.release(&value);
  }
  Released(const Released&) = delete;
  Released& operator=(const Released&) = delete;
};

bool is_valid(const ArrowArray& array, std::size_t i) {
  if (array.n_buffers == 0 || array.buffers[0] == nullptr) return true;
  const std::size_t bit = static_cast<std::size_t>(array.offset) + i;
  return (static_cast<const std::uint8_t*>(array.buffers[0])[bit / 8] >> (bit % 8) & 1) != 0;
}

template <class Value>
const Value* buffer(const ArrowArray& array, std::size_t which) {
  return static_cast<const Value*>(array.buffers[which]) + array.offset;
}

template <class Push>
void each(const ArrowArray& array, ColumnPart& column, Push&& push) {
  const auto rows = static_cast<std::size_t>(array.length);
  for (std::size_t i = 0; i < rows; ++i) {
    if (is_valid(array, i)) {
      push(i);
    } else {
      column.push_null();
    }
  }
}

using Append = std::function<void(const ArrowArray&, ColumnPart&)>;

template <class Number, class Wide>
void append_numbers(const ArrowArray& array, ColumnPart& column) {
  const auto* values = buffer<Number>(array, 1);
  each(array, column, [&](std::size_t i) { column.push(static_cast<Wide>(values[i])); });
}

template <class Offset>
void append_texts(const ArrowArray& array, ColumnPart& column) {
  const auto* offsets = buffer<Offset>(array, 1);
  const auto* bytes = static_cast<const char*>(array.buffers[2]);
  each(array, column, [&](std::size_t i) {
    column.push(std::string_view(bytes + offsets[i], static_cast<std::size_t>(offsets[i + 1] - offsets[i])));
  });
}

// Nothing for a format that is not decoded here.
Append append_for(std::string_view format, ColumnType type) {
  if (type == ColumnType::integer) {
    if (format == "i") return &append_numbers<std::int32_t, std::int64_t>;
    if (format == "l") return &append_numbers<std::int64_t, std::int64_t>;
  }
  if (type == ColumnType::real && format == "g") return &append_numbers<double, double>;
  if (type == ColumnType::text) {
    if (format == "u") return &append_texts<std::int32_t>;
    if (format == "U") return &append_texts<std::int64_t>;
  }
  return nullptr;
}

// Nearly all that comes is the little-endian WKB of a point of two coordinates, which needs no decoder.
void add_shape(std::span<const std::uint8_t> wkb, ShapeCollector& shapes) {
  constexpr std::array<std::uint8_t, 5> kPoint = {1, 1, 0, 0, 0};
  if (std::endian::native == std::endian::little && wkb.size() == 21 &&
      std::equal(kPoint.begin(), kPoint.end(), wkb.begin())) {
    double x = 0;
    double y = 0;
    std::memcpy(&x, wkb.data() + 5, 8);
    std::memcpy(&y, wkb.data() + 13, 8);
    if (!std::isnan(x) && !std::isnan(y)) return shapes.add_point(x, y);  // NaN says that the point is empty
  }
  shapes.add_wkb(wkb);
}

template <class Offset>
void append_shapes(const ArrowArray& array, ShapeCollector& shapes) {
  const auto* offsets = buffer<Offset>(array, 1);
  const auto* bytes = static_cast<const std::uint8_t*>(array.buffers[2]);
  for (std::size_t i = 0; i < static_cast<std::size_t>(array.length); ++i) {
    if (is_valid(array, i)) {
      add_shape({bytes + offsets[i], static_cast<std::size_t>(offsets[i + 1] - offsets[i])}, shapes);
    } else {
      shapes.add_unusable(ShapeNote::null);
    }
  }
}

// GDAL 3.6.2 streams the booleans of a GeoPackage wrongly, so subtypes are left to the loop. Dates as well: the stream
// counts days, and makes 30 February the 2nd of March.
bool streams_alike(const std::vector<FieldPlan>& plan, const OGRFeatureDefn& definition) {
  using Take = FieldPlan::Take;
  for (const FieldPlan& field : plan) {
    if (field.take != Take::integer && field.take != Take::real && field.take != Take::text) return false;
    if (definition.GetFieldDefn(field.index)->GetSubType() != OFSTNone) return false;
  }
  return true;
}

// How to append each child of the schema; empty when the schema is not FID, the fields in order, geometry.
std::vector<Append> appends_for(const ArrowSchema& schema, const std::vector<FieldPlan>& plan, bool with_fid,
                                const RawLayer& raw, const OGRFeatureDefn& definition, bool& large_shapes) {
  const std::size_t expected = 1 + plan.size() + (raw.has_shapes ? 1 : 0);
  if (static_cast<std::size_t>(schema.n_children) != expected) return {};
  if (std::strcmp(schema.children[0]->format, "l") != 0) return {};
  std::vector<Append> appends(1 + plan.size());
  if (with_fid) appends[0] = &append_numbers<std::int64_t, std::int64_t>;
  for (std::size_t f = 0; f < plan.size(); ++f) {
    const ArrowSchema& child = *schema.children[1 + f];
    if (std::strcmp(child.name, definition.GetFieldDefn(plan[f].index)->GetNameRef()) != 0) return {};
    appends[1 + f] = append_for(child.format, raw.columns[f + (with_fid ? 1 : 0)].type());
    if (!appends[1 + f]) return {};
  }
  if (raw.has_shapes) {
    const std::string_view format = schema.children[expected - 1]->format;
    if (format != "z" && format != "Z") return {};
    large_shapes = format == "Z";
  }
  return appends;
}

// What has come so far.
class Received {
 public:
  Received(std::vector<Append> appends, const RawLayer& raw, const ReadOptions& options, bool large_shapes)
      : m_appends(std::move(appends)),
        m_has_shapes(raw.has_shapes),
        m_large_shapes(large_shapes),
        m_shapes(raw.crs.is_geographic(), options.swapped_axes, options.parts) {
    for (const Column& column : raw.columns) {
      m_parts.emplace_back(column.type());
      m_columns.emplace_back(column.type());
    }
  }

  /// `whole`: about how many times the first batch all will be.
  void append(const ArrowArray& batch, double whole) {
    std::size_t column = 0;
    for (std::size_t child = 0; child < m_appends.size(); ++child) {
      if (!m_appends[child]) continue;
      ColumnPart& part = m_parts[column];
      part.clear();
      m_appends[child](*batch.children[child], part);
      const ColumnPart* const one = &part;
      m_columns[column++].append({&one, 1}, whole);
    }
    if (!m_has_shapes) return;
    const ArrowArray& shapes = *batch.children[m_appends.size()];
    m_large_shapes ? append_shapes<std::int64_t>(shapes, m_shapes) : append_shapes<std::int32_t>(shapes, m_shapes);
  }
  void reserve_points(std::size_t rows) { m_shapes.reserve_points(rows); }
  void move_to(RawLayer& raw) {
    for (std::size_t c = 0; c < m_columns.size(); ++c)
      raw.columns[c] = std::move(m_columns[c]).column(raw.columns[c].name);
    raw.shapes = std::move(m_shapes);
  }

 private:
  std::vector<Append> m_appends;
  bool m_has_shapes;
  bool m_large_shapes;
  std::vector<ColumnPart> m_parts;
  std::vector<JoinedColumn> m_columns;
  ShapeCollector m_shapes;
};

// Nothing at the end.
std::unique_ptr<Released<ArrowArray>> next_batch(ArrowArrayStream& stream, const std::string& shown) {
  auto batch = std::make_unique<Released<ArrowArray>>();
  if (stream.get_next(&stream, &batch->value) != 0) {
    const char* reason = stream.get_last_error(&stream);
    throw InputError(fmt::format("reading {} failed: {}", shown, reason != nullptr ? reason : "no reason given"),
                     "the file may be damaged; get it again from where it came");
  }
  return batch->value.release == nullptr ? nullptr : std::move(batch);
}

}  // namespace

bool read_column_stream(OGRLayer& layer, const std::vector<FieldPlan>& plan, bool with_fid, RawLayer& raw,
                        const ReadOptions& options, Progress& progress) {
  const OGRFeatureDefn& definition = *layer.GetLayerDefn();
  if (layer.TestCapability(OLCFastGetArrowStream) == 0 || !streams_alike(plan, definition)) return false;
  if (plan.size() != static_cast<std::size_t>(definition.GetFieldCount())) return false;  // binary fields among them
  const GIntBig stated = layer.GetFeatureCount(0);
  if (stated > 0) check_rows(static_cast<std::uint64_t>(stated), raw.shown, options);

  Released<ArrowArrayStream> stream;
  // GDAL clears the memory of a whole batch at once, however few features there are.
  const std::string batch_size =
      fmt::format("MAX_FEATURES_IN_BATCH={}", stated > 0 ? std::min<GIntBig>(stated, 65'536) : 65'536);
  const char* const stream_options[] = {"INCLUDE_FID=YES", batch_size.c_str(), nullptr};
  layer.ResetReading();
  if (!layer.GetArrowStream(&stream.value, stream_options)) return false;
  Released<ArrowSchema> schema;
  if (stream.value.get_schema(&stream.value, &schema.value) != 0) return false;
  bool large_shapes = false;
  std::vector<Append> appends = appends_for(schema.value, plan, with_fid, raw, definition, large_shapes);
  if (appends.empty()) return false;

  const std::string stage = fmt::format("reading {}", raw.where);
  Received received(std::move(appends), raw, options, large_shapes);
  if (wkbFlatten(layer.GetGeomType()) == wkbPoint)
    received.reserve_points(static_cast<std::size_t>(std::clamp<GIntBig>(stated, 0, kMostReserved)));
  // While one batch is taken over, the next one is made; by this thread, on which GDAL's messages are listened to.
  std::future<void> taken_over;
  const auto finish = [&taken_over] {
    if (taken_over.valid()) taken_over.get();
  };
  while (std::shared_ptr<Released<ArrowArray>> batch = next_batch(stream.value, raw.shown)) {
    progress.throw_if_cancelled();
    finish();
    const auto rows = static_cast<std::size_t>(batch->value.length);
    raw.rows += rows;
    check_rows(raw.rows, raw.shown, options);
    progress.report(stage, stated > 0 ? static_cast<double>(raw.rows) / static_cast<double>(stated) : 0);
    const double whole = static_cast<double>(std::clamp<GIntBig>(stated, static_cast<GIntBig>(rows), kMostReserved)) /
                         static_cast<double>(std::max<std::size_t>(rows, 1));
    taken_over = std::async(std::launch::async,
                            [&received, batch = std::move(batch), whole] { received.append(batch->value, whole); });
  }
  finish();
  received.move_to(raw);
  progress.report(stage, 1);
  return true;
}

}  // namespace yaan
