#include "study/area_table.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "yaan/core/geodesy.hpp"
#include "yaan/core/method.hpp"

namespace yaan {

namespace {

struct Row {
  std::string code;
  std::string name_en;
  std::string name_th;
  double km2 = 0;
  std::int64_t sites = 0;
  std::int64_t sites_in_districts = 0;
  std::set<std::string> districts;
  std::map<std::string, std::int64_t> categories;
};

std::string text_of(const Layer& layer, const std::string& column_name, std::size_t row) {
  const Column* column = column_name.empty() ? nullptr : layer.find(column_name);
  return column == nullptr ? std::string() : column->display(row);
}

std::vector<Row> rows_of(const Layer& areas, std::map<std::string, std::size_t>& row_of_code) {
  std::vector<Row> rows;
  const std::vector<double> sizes = areas_km2(areas);
  for (std::size_t area = 0; area < areas.size(); ++area) {
    const std::string code = areas.feature_code(area);
    const auto [at, added] = row_of_code.emplace(code, rows.size());
    if (added) {
      Row& row = rows.emplace_back();
      row.code = code;
      row.name_en = text_of(areas, areas.roles.name_en, area);
      row.name_th = text_of(areas, areas.roles.name_th, area);
    }
    rows[at->second].km2 += sizes[area];
  }
  return rows;
}

/// The column that says in which district a site lies: by districts, else by a clustering; null without.
const Column* membership(const Layer& points) {
  const Column* districts = points.find("district_id");
  return districts != nullptr ? districts : points.find("cluster");
}

void count_sites(const Layer& points, const Column& codes, const std::map<std::string, std::size_t>& row_of_code,
                 std::vector<Row>& rows, Diagnostics& diagnostics) {
  const Column* member_of = membership(points);
  for (std::size_t site = 0; site < points.size(); ++site) {
    const auto at = row_of_code.find(codes.display(site));
    if (at == row_of_code.end()) {
      diagnostics.add(Severity::note, "outside-every-area-row", points.name,
                      "sites without an area are in no row of the table", 1, points.feature_id(site));
      continue;
    }
    Row& row = rows[at->second];
    ++row.sites;
    if (member_of != nullptr && !member_of->is_null(site)) {
      ++row.sites_in_districts;
      row.districts.insert(member_of->display(site));
    }
    if (!points.roles.category.empty()) ++row.categories[text_of(points, points.roles.category, site)];
  }
}

std::vector<OutputField> first_fields() {
  return {{"code", ColumnType::text, "", "Code of the area.", {"Code", "รหัส"}, ColourBy::none, false},
          {"name_en", ColumnType::text, "", "English name.", {"Name (English)", "ชื่ออังกฤษ"}, ColourBy::none, true},
          {"name_th", ColumnType::text, "", "Thai name.", {"Name (Thai)", "ชื่อไทย"}, ColourBy::none, true},
          {"sites", ColumnType::integer, "", "Sites of the area.", {"Sites", "แหล่ง"}, ColourBy::sequence, false},
          {"districts",
           ColumnType::integer,
           "",
           "Districts with at least one site of the area.",
           {"Districts", "ย่าน"},
           ColourBy::sequence,
           true},
          {"sites_in_districts",
           ColumnType::integer,
           "",
           "Sites of the area that belong to a district.",
           {"Sites in districts", "แหล่งในย่าน"},
           ColourBy::sequence,
           true}};
}

std::vector<OutputField> last_fields() {
  return {{"area_km2",
           ColumnType::real,
           "km2",
           "Area on the ellipsoid.",
           {"Area (km²)", "พื้นที่ (ตร.กม.)"},
           ColourBy::sequence,
           true},
          {"sites_per_1000km2",
           ColumnType::real,
           "1/(1000 km2)",
           "1000 x sites / area_km2.",
           {"Sites per 1000 km²", "แหล่งต่อ 1000 ตร.กม."},
           ColourBy::sequence,
           true}};
}

void add_first_columns(Layer& table, const std::vector<Row>& rows, bool has_districts) {
  std::vector<Column> columns;
  for (const OutputField& field : first_fields()) columns.push_back(make_column(field));
  for (const Row& row : rows) {
    columns[0].push_or_null(row.code);
    columns[1].push_or_null(row.name_en);
    columns[2].push_or_null(row.name_th);
    columns[3].push(row.sites);
    if (has_districts) {
      columns[4].push(static_cast<std::int64_t>(row.districts.size()));
      columns[5].push(row.sites_in_districts);
    } else {
      columns[4].push_null();
      columns[5].push_null();
    }
  }
  for (Column& column : columns) table.columns.push_back(std::move(column));
}

/// Called by the category; "category X" where that is the name of another column.
std::string name_of_category(const std::string& category) {
  std::string name = category.empty() ? "no_category" : category;
  for (const auto& fields : {first_fields(), last_fields()})
    for (const OutputField& field : fields)
      if (field.name == name) return "category " + name;
  return name;
}

void add_category_columns(Layer& table, const std::vector<Row>& rows) {
  std::set<std::string> categories;
  for (const Row& row : rows)
    for (const auto& [category, count] : row.categories) categories.insert(category);
  for (const std::string& category : categories) {
    const std::string name = name_of_category(category);
    Column column = make_column({name,
                                 ColumnType::integer,
                                 "",
                                 "Sites of the area of that category.",
                                 {name, name},
                                 ColourBy::sequence,
                                 false});
    for (const Row& row : rows) {
      const auto at = row.categories.find(category);
      column.push(at == row.categories.end() ? std::int64_t{0} : at->second);
    }
    table.columns.push_back(std::move(column));
  }
}

void add_last_columns(Layer& table, const std::vector<Row>& rows) {
  std::vector<Column> columns;
  for (const OutputField& field : last_fields()) columns.push_back(make_column(field));
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  for (const Row& row : rows) {
    columns[0].push(row.km2 > 0 ? row.km2 : kNone);
    columns[1].push(row.km2 > 0 ? static_cast<double>(row.sites) / row.km2 * 1000 : kNone);
  }
  for (Column& column : columns) table.columns.push_back(std::move(column));
}

}  // namespace

std::vector<double> areas_km2(const Layer& polygons) {
  const bool local = polygons.crs.kind() == Crs::Kind::local || polygons.crs.kind() == Crs::Kind::none;
  const Layer measured = local ? polygons : reprojected(polygons, Crs::wgs84());
  const Geometry& g = measured.geometry;
  std::vector<double> sizes(measured.size(), 0.0);
  if (g.kind != GeometryKind::polygon) return sizes;
  for (std::size_t feature = 0; feature < sizes.size(); ++feature) {
    double sum = 0;
    for (std::size_t part = g.feature_parts[feature]; part < g.feature_parts[feature + 1]; ++part)
      for (std::size_t ring = g.part_rings[part]; ring < g.part_rings[part + 1]; ++ring)
        sum += local ? ring_area(g.ring_x(ring), g.ring_y(ring)) : geodesic_ring_area(g.ring_x(ring), g.ring_y(ring));
    sizes[feature] = std::abs(sum) / 1e6;
  }
  return sizes;
}

Layer area_table(const Layer& areas, const Layer& points, Diagnostics& diagnostics) {
  const Column& codes = points.column("area_code");
  std::map<std::string, std::size_t> row_of_code;
  std::vector<Row> rows = rows_of(areas, row_of_code);
  count_sites(points, codes, row_of_code, rows, diagnostics);

  Layer table;
  table.name = "areas";
  table.geometry.rows = rows.size();
  add_first_columns(table, rows, membership(points) != nullptr);
  add_category_columns(table, rows);
  add_last_columns(table, rows);
  table.sources = areas.sources;
  for (const Source& source : points.sources) table.sources.push_back(source);
  table.roles.name_en = "name_en";
  table.roles.name_th = "name_th";
  table.roles.code = "code";
  return table;
}

}  // namespace yaan
