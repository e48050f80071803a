#include "load/pg_layer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "load/extent.hpp"
#include "load/gdal_layer.hpp"
#include "load/layer_encoding.hpp"
#include "load/pg_query.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"
#include "yaan/core/sha256.hpp"

namespace yaan {

namespace {

constexpr const char* kPageRows = "5000";  // that a cursor hands over at once; 500 by GDAL itself

// What was read, as bytes that depend on nothing else: the system, each row's geometry, then column by column.
class RowsHash {
 public:
  void add_text(std::string_view text) {
    add_number(text.size());
    m_pending.append(text);
  }
  void add_number(std::uint64_t number) {
    char bytes[sizeof number];
    std::memcpy(bytes, &number, sizeof number);
    m_pending.append(bytes, sizeof number);
    if (m_pending.size() > (1U << 16)) flush();
  }
  void add_geometry(const OGRGeometry* geometry, const std::vector<std::uint8_t>& wkb) {
    if (!wkb.empty() || geometry == nullptr) return add_text({reinterpret_cast<const char*>(wkb.data()), wkb.size()});
    const OGRPoint* point = geometry->toPoint();
    const double place[2] = {point->getX(), point->getY()};
    add_text({reinterpret_cast<const char*>(place), sizeof place});
  }
  void add_column(const Column& column) {
    add_text(column.name);
    add_text(to_string(column.type()));
    for (std::size_t row = 0; row < column.size(); ++row) {
      if (column.is_null(row)) {
        add_number(~std::uint64_t{0});
      } else if (column.type() == ColumnType::text) {
        add_text(column.texts()[row]);
      } else if (column.type() == ColumnType::integer) {
        add_number(static_cast<std::uint64_t>(column.integers()[row]));
      } else if (column.type() == ColumnType::real) {
        add_number(std::bit_cast<std::uint64_t>(column.reals()[row]));
      } else {
        add_text(column.display(row));
      }
    }
  }
  std::string hex() {
    flush();
    return m_hash.hex();
  }

 private:
  void flush() {
    m_hash.update(m_pending);
    m_pending.clear();
  }
  Sha256 m_hash;
  std::string m_pending;
};

// Points beyond 90 degrees of latitude are exchanged later, so they are asked for as well.
std::vector<Box> boxes_for(const ReadOptions& options, const Crs& crs) {
  if (options.extent.empty()) return {};
  const auto box = box_around(parse_extent(options.extent), crs);
  if (!box) return {};
  if (!crs.is_geographic() || options.swapped_axes == SwappedAxes::none) return {*box};
  return {*box, {box->min_y, box->min_x, box->max_y, box->max_x}};
}

std::vector<PgColumn> wanted_of(const std::vector<PgColumn>& all, const PgTable& table, const ReadOptions& options,
                                RawLayer& raw) {
  std::vector<PgColumn> columns;
  std::vector<std::string> names;
  for (const PgColumn& column : all) {
    const bool geometry = column.type == "geometry" || column.type == "geography";
    if (geometry && column.name != table.geometry)
      raw.diagnostics.add(Severity::note, "other-geometry", raw.where, "further columns of geometries were left out", 1,
                          column.name);
    if (geometry) continue;
    columns.push_back(column);
    names.push_back(column.name);
  }
  check_fields(columns.size(), fmt::format("{} ({})", raw.shown, table.name), options);
  if (raw.is_table) return columns;  // one of them may hold coordinates
  const std::vector<bool> wanted = wanted_columns(names, options, raw.shown, raw.where, raw.diagnostics);
  std::vector<PgColumn> chosen;
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (wanted[i]) chosen.push_back(columns[i]);
  return chosen;
}

Crs stated_crs(PgSession& session, const PgTable& table, RawLayer& raw, RowsHash& hash) {
  if (table.geometry.empty()) return {};
  const PgSystem system = system_of(session, table);
  hash.add_text(system.text + system.unusable);
  if (!system.text.empty()) return Crs::from_text(system.text);
  raw.unusable_crs = system.unusable;
  if (!system.unusable.empty())
    raw.diagnostics.add(Severity::doubt, "unusable-crs", raw.where,
                        fmt::format("the stated CRS {} cannot be used", system.unusable));
  return {};
}

// What the server was told to leave out, and what it was told to make null. Returns the rows to come.
struct Counted {
  std::int64_t all = 0;
  std::int64_t without_geometry = 0;
  std::int64_t empty = 0;
};

Counted count_rows(PgSession& session, const PgQuery& query, RawLayer& raw) {
  const std::vector<PgSession::Row> rows = session.rows(query.count, raw.where);
  const auto number = [&](std::size_t i) { return parse_int(rows.at(0).at(i)).value_or(0); };
  for (std::size_t i = 0; i < query.guards.size(); ++i)
    if (const std::int64_t count = number(3 + i); count > 0)
      raw.diagnostics.add(Severity::skipped, "value-out-of-range", raw.where,
                          fmt::format("values of column {} that are no date of a calendar, or lists with gaps or of "
                                      "several dimensions, became null",
                                      query.guards[i].column),
                          count);
  return {number(0), number(1), number(2)};
}

void read_rows(OGRLayer& layer, std::int64_t expected, RawLayer& raw, RowsHash& hash, const ReadOptions& options,
               Progress& progress) {
  const std::string stage = fmt::format("reading {}", raw.where);
  const bool with_fid = *layer.GetFIDColumn() != '\0' && layer.GetLayerDefn()->GetFieldIndex(layer.GetFIDColumn()) < 0;
  const std::vector<FieldPlan> plan = plan_columns(layer, with_fid, raw);
  raw.shapes = ShapeCollector(raw.crs.is_geographic(), options.swapped_axes, options.parts);
  std::vector<std::uint8_t> wkb;
  for (OGRFeatureUniquePtr feature(layer.GetNextFeature()); feature; feature.reset(layer.GetNextFeature())) {
    if (raw.rows % 4096 == 0)
      progress.report(stage, expected > 0 ? static_cast<double>(raw.rows) / static_cast<double>(expected) : 0);
    push_feature(*feature, plan, with_fid, raw, wkb);
    if (raw.has_shapes) hash.add_geometry(feature->GetGeometryRef(), wkb);
    check_rows(raw.rows, raw.shown, options);
  }
  progress.report(stage, 1);
}

void report_left_out(const Counted& counted, RawLayer& raw) {
  const std::int64_t outside =
      counted.all - counted.without_geometry - counted.empty - static_cast<std::int64_t>(raw.rows);
  const auto add = [&](Severity severity, std::string_view code, std::string_view message, std::int64_t count) {
    if (count > 0) raw.diagnostics.add(severity, code, raw.where, message, count);
  };
  add(Severity::skipped, "null-geometry", "features without a geometry were set aside", counted.without_geometry);
  add(Severity::skipped, "empty-geometry", "features with an empty geometry were set aside", counted.empty);
  add(Severity::note, "outside-extent", kOutsideExtent, outside);
}

}  // namespace

PgLayer read_pg_layer(const std::string& name, const ReadOptions& options, Progress& progress) {
  PgSession session(name, options, progress);
  const PgTable table = choose_table(session, options.layer);
  PgLayer read;
  read.server = session.server();
  RawLayer& raw = read.raw;
  raw.name = table.name;
  raw.shown = name;
  raw.where = fmt::format("{} ({})", name, table.name);
  raw.is_table = table.geometry.empty();
  raw.has_shapes = !raw.is_table;
  RowsHash hash;
  raw.crs = choose_crs(stated_crs(session, table, raw, hash), options, raw.where, raw.diagnostics);
  if (raw.has_shapes && !options.table && raw.crs.kind() == Crs::Kind::none) throw_missing_crs(raw);
  if (raw.has_shapes && !(options.x_column.empty() && options.y_column.empty()))
    throw UsageError(fmt::format("{} has geometries of its own, so coordinate columns have no use", raw.where),
                     "leave --x and --y out");
  const std::vector<PgColumn> all = columns_of(session, table);
  const std::vector<PgColumn> columns = wanted_of(all, table, options, raw);
  const std::vector<Box> boxes = raw.has_shapes ? boxes_for(options, raw.crs) : std::vector<Box>();
  const PgQuery query = query_for(table, all, columns, boxes);
  if (!query.by_key)
    raw.diagnostics.add(Severity::note, "row-order", raw.where,
                        "without a primary key, the rows were put in the order of their values");
  const Counted counted = count_rows(session, query, raw);
  if (boxes.empty()) check_rows(static_cast<std::uint64_t>(counted.all), raw.where, options);
  const GdalOption page("OGR_PG_CURSOR_PAGE", kPageRows);
  session.with_layer(query.select, raw.where, [&](OGRLayer& layer) {
    read_rows(layer, boxes.empty() ? counted.all : 0, raw, hash, options, progress);
  });
  if (!boxes.empty()) report_left_out(counted, raw);
  settle_encoding(raw, session.keeps_bytes(), "", options);
  for (const Column& column : raw.columns) hash.add_column(column);
  read.sha256 = hash.hex();
  return read;
}

}  // namespace yaan
