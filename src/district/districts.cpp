#include "yaan/district/districts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "district/centre.hpp"
#include "district/composition.hpp"
#include "district/ground.hpp"
#include "district/outline.hpp"
#include "district/spacing.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/geodesy.hpp"
#include "yaan/core/numbers.hpp"
#include "yaan/core/publication.hpp"

namespace yaan {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// clang-format off: a table reads by rows
std::vector<OutputField> district_fields() {
  using enum ColumnType;
  return {
      {"district_id",
       text,
       "",
       "Identifier within this result: D and the rank.",
       {"District", "รหัสย่าน"},
       ColourBy::category,
       false},
      {"rank",
       integer,
       "",
       "Rank by weight, then by count, then by cluster number; 1 is the largest.",
       {"Rank", "อันดับ"},
       ColourBy::none,
       false},
      {"cluster",
       integer,
       "",
       "Number of the cluster that the district was made from.",
       {"Cluster", "กลุ่ม"},
       ColourBy::none,
       false},
      {"name_en",
       text,
       "",
       "English name of the central member.",
       {"Name (English)", "ชื่อ (อังกฤษ)"},
       ColourBy::none,
       true},
      {"name_th", text, "", "Thai name of the central member.", {"Name (Thai)", "ชื่อ (ไทย)"}, ColourBy::none, true},
      {"count", integer, "", "Members of the district.", {"Sites", "จำนวนแหล่ง"}, ColourBy::sequence, false},
      {"weight",
       real,
       "",
       "Sum of the members' weights; equal to the count without a weight column.",
       {"Weight", "น้ำหนัก"},
       ColourBy::sequence,
       false},
      {"centre_id",
       text,
       "",
       "Identifier of the central member: the one nearest to the geometric median.",
       {"Central site", "แหล่งศูนย์กลาง"},
       ColourBy::none,
       true},
      {"centre_lon",
       real,
       "degrees",
       "Longitude of the central member, WGS 84 (x in a local plane).",
       {"Centre longitude", "ลองจิจูดศูนย์กลาง"},
       ColourBy::none,
       true},
      {"centre_lat",
       real,
       "degrees",
       "Latitude of the central member, WGS 84 (y in a local plane).",
       {"Centre latitude", "ละติจูดศูนย์กลาง"},
       ColourBy::none,
       true},
      {"outline_method",
       text,
       "",
       "How the outline was made, with its lengths.",
       {"Outline", "วิธีสร้างขอบเขต"},
       ColourBy::none,
       true},
      {"area_km2",
       real,
       "km2",
       "Area of the outline on the WGS 84 ellipsoid.",
       {"Area", "พื้นที่"},
       ColourBy::sequence,
       true},
      {"density_per_km2", real, "1/km2", "Count divided by area.", {"Density", "ความหนาแน่น"}, ColourBy::sequence, true},
      {"province_codes",
       text_list,
       "",
       "Codes of the areas in which members lie, the largest share first.",
       {"Provinces", "จังหวัด"},
       ColourBy::none,
       true},
      {"province_shares",
       real_list,
       "share",
       "Share of the members in each of those areas; they add up to 1 with the members outside every area.",
       {"Shares", "สัดส่วน"},
       ColourBy::none,
       true},
      {"province_en",
       text,
       "",
       "English name of the area with the largest share.",
       {"Province (English)", "จังหวัด (อังกฤษ)"},
       ColourBy::none,
       true},
      {"province_th",
       text,
       "",
       "Thai name of the area with the largest share.",
       {"Province (Thai)", "จังหวัด (ไทย)"},
       ColourBy::none,
       true},
      {"mean_nn_distance_m",
       real,
       "m",
       "Mean ground distance from a member to its nearest other member.",
       {"Mean nearest-neighbour distance", "ระยะเพื่อนบ้านใกล้สุดเฉลี่ย"},
       ColourBy::sequence,
       true},
      {"categories",
       text_list,
       "",
       "Categories among the members, the most frequent first.",
       {"Categories", "ประเภท"},
       ColourBy::none,
       true},
      {"category_counts",
       integer_list,
       "",
       "Members of each of those categories.",
       {"Category counts", "จำนวนตามประเภท"},
       ColourBy::none,
       true},
      {"shannon_diversity",
       real,
       "nats",
       "Shannon's diversity of the categories; 0 for one category.",
       {"Diversity", "ความหลากหลาย"},
       ColourBy::sequence,
       true},
      {"dominant_category",
       text,
       "",
       "The most frequent category; ties go to the first in byte order.",
       {"Dominant category", "ประเภทหลัก"},
       ColourBy::category,
       true},
  };
}

std::vector<OutputField> point_fields() {
  return {
      {"district_id",
       ColumnType::text,
       "",
       "District of the site; null outside every district.",
       {"District", "รหัสย่าน"},
       ColourBy::category,
       true},
      {"district_rank",
       ColumnType::integer,
       "",
       "Rank of that district.",
       {"District rank", "อันดับย่าน"},
       ColourBy::none,
       true},
  };
}

// clang-format on

struct Members {
  std::int64_t cluster = 0;
  double weight = 0;
  std::vector<std::uint32_t> rows;
};

std::vector<double> weights_of(const Layer& points, Diagnostics& diagnostics) {
  std::vector<double> weights(points.size(), 1.0);
  if (points.roles.weight.empty()) return weights;
  const Column& column = points.column(points.roles.weight);
  for (std::size_t row = 0; row < weights.size(); ++row) {
    const auto weight = column.number(row);
    if (!weight) {
      diagnostics.add(Severity::note, "missing-weight", points.name, "sites without a weight count as 1", 1,
                      points.feature_id(row));
    } else if (!(*weight >= 0)) {
      throw InputError(fmt::format("layer {}, feature {}: weight {} is negative", points.name, points.feature_id(row),
                                   shortest(*weight)),
                       "a weight says how much a site counts; use 0 to leave one out");
    } else {
      weights[row] = *weight;
    }
  }
  return weights;
}

// Clusters with their members, in rank order. Members are in the order of their position, then of their id and names,
// so that every sum below adds up in the same order whatever the order of the layer.
std::vector<Members> ranked(const Layer& points, const Positions& positions, const std::vector<double>& weights) {
  const Column& labels = points.column("cluster");
  if (labels.type() != ColumnType::integer)
    throw UsageError(
        fmt::format("layer {}: column cluster holds {}, not integers", points.name, to_string(labels.type())),
        "run dbscan first");
  std::map<std::int64_t, Members> by_cluster;
  for (std::size_t row = 0; row < points.size(); ++row) {
    if (labels.is_null(row) || labels.integers()[row] <= 0) continue;
    Members& members = by_cluster[labels.integers()[row]];
    members.cluster = labels.integers()[row];
    members.rows.push_back(static_cast<std::uint32_t>(row));
  }
  std::vector<Members> districts;
  for (auto& [cluster, members] : by_cluster) {
    std::sort(members.rows.begin(), members.rows.end(), [&](std::uint32_t a, std::uint32_t b) {
      if (positions.x[a] != positions.x[b]) return positions.x[a] < positions.x[b];
      if (positions.y[a] != positions.y[b]) return positions.y[a] < positions.y[b];
      if (weights[a] != weights[b]) return weights[a] < weights[b];
      const std::string name_a = points.feature_name(a, Language::english);
      const std::string name_b = points.feature_name(b, Language::english);
      return name_a != name_b ? name_a < name_b : points.feature_id(a) < points.feature_id(b);
    });
    for (const std::uint32_t row : members.rows) members.weight += weights[row];
    districts.push_back(std::move(members));
  }
  std::stable_sort(districts.begin(), districts.end(), [](const Members& a, const Members& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.rows.size() > b.rows.size();
  });
  return districts;
}

// What may be shown of a district: rows, where each of them may be shown, and the same on flat ground.
struct Shown {
  std::vector<std::uint32_t> rows;
  Positions positions;
  std::vector<double> plane_x;
  std::vector<double> plane_y;
};

Ground lay_flat(Shown& shown) {
  Ground ground(shown.positions);
  for (std::size_t i = 0; i < shown.rows.size(); ++i) {
    const auto place = ground.to_plane(shown.positions.x[i], shown.positions.y[i]);
    shown.plane_x.push_back(place.x);
    shown.plane_y.push_back(place.y);
  }
  return ground;
}

Shown shown_members(const Members& members, const std::vector<Publication>& levels, const Positions& positions) {
  Shown shown;
  shown.positions.geographic = positions.geographic;
  for (const Publication wanted : {Publication::open, Publication::coarsened}) {
    for (const std::uint32_t row : members.rows) {
      if (levels[row] != wanted) continue;
      double x = positions.x[row];
      double y = positions.y[row];
      if (wanted == Publication::coarsened && positions.geographic) coarsen(x, y);
      shown.rows.push_back(row);
      shown.positions.x.push_back(x);
      shown.positions.y.push_back(y);
    }
    if (!shown.rows.empty()) break;
  }
  return shown;
}

std::string outline_words(const Outline& outline, const DistrictOptions& options) {
  if (outline.method == "buffered union")
    return fmt::format("buffered union, radius {}", to_string(Length(options.buffer_radius)));
  const std::string margin = fmt::format("margin {}", to_string(Length(options.margin)));
  if (outline.method == "convex hull") return "convex hull, " + margin;
  return fmt::format("concave hull, edges up to {}, {}", to_string(Length(options.max_edge)), margin);
}

// The columns of the district layer by name, filled row by row.
class Table {
 public:
  Table() {
    for (const OutputField& field : district_fields()) m_columns.push_back(make_column(field));
  }
  template <class Value>
  void push(std::string_view name, Value value) {
    at(name).push(std::move(value));
  }
  void push_or_null(std::string_view name, const std::string& value) {
    if (value.empty()) {
      at(name).push_null();
    } else {
      at(name).push(std::string_view(value));
    }
  }
  void push_null(std::string_view name) { at(name).push_null(); }
  std::vector<Column> take() { return std::move(m_columns); }

 private:
  Column& at(std::string_view name) {
    return *std::find_if(m_columns.begin(), m_columns.end(), [&](const Column& c) { return c.name == name; });
  }
  std::vector<Column> m_columns;
};

void describe_provinces(const Layer& points, const Members& members, Table& table) {
  const Column* codes = points.find("area_code");
  if (codes == nullptr) {
    for (const char* name : {"province_codes", "province_shares", "province_en", "province_th"}) table.push_null(name);
    return;
  }
  const auto counts = counts_by(*codes, members.rows);
  StringList list;
  DoubleList shares;
  for (const auto& [code, count] : counts) {
    list.push_back(code);
    shares.push_back(static_cast<double>(count) / static_cast<double>(members.rows.size()));
  }
  const auto name_of_main = [&](std::string_view column_name) -> std::string {
    const Column* names = points.find(column_name);
    if (names == nullptr || counts.empty()) return {};
    for (const std::uint32_t row : members.rows)
      if (codes->display(row) == counts.front().first) return names->display(row);
    return {};
  };
  table.push("province_codes", std::move(list));
  table.push("province_shares", std::move(shares));
  table.push_or_null("province_en", name_of_main("area_name_en"));
  table.push_or_null("province_th", name_of_main("area_name_th"));
}

void describe_categories(const Layer& points, const Members& members, Table& table) {
  if (points.roles.category.empty()) {
    for (const char* name : {"categories", "category_counts", "shannon_diversity", "dominant_category"})
      table.push_null(name);
    return;
  }
  const auto counts = counts_by(points.column(points.roles.category), members.rows);
  StringList kinds;
  IntList numbers;
  for (const auto& [kind, count] : counts) {
    kinds.push_back(kind);
    numbers.push_back(count);
  }
  table.push("categories", std::move(kinds));
  table.push("category_counts", std::move(numbers));
  table.push("shannon_diversity", shannon_diversity(counts));
  table.push_or_null("dominant_category", counts.empty() ? std::string() : counts.front().first);
}

void describe_centre(const Layer& points, const Shown& shown, const std::vector<double>& weights, Table& table) {
  if (shown.rows.empty()) {
    for (const char* name : {"name_en", "name_th", "centre_id", "centre_lon", "centre_lat"}) table.push_null(name);
    return;
  }
  std::vector<double> weight;
  for (const std::uint32_t member : shown.rows) weight.push_back(weights[member]);
  const std::size_t centre = central_member(shown.plane_x, shown.plane_y, weight);
  const std::uint32_t row = shown.rows[centre];
  table.push_or_null("name_en", points.feature_name(row, Language::english));
  table.push_or_null("name_th", points.feature_name(row, Language::thai));
  table.push_or_null("centre_id", points.feature_id(row));
  table.push("centre_lon", shown.positions.x[centre]);
  table.push("centre_lat", shown.positions.y[centre]);
}

// Appends the outline to `out`; returns its area in km2, NaN without an outline.
double describe_outline(const Shown& shown, const Ground& ground, const DistrictOptions& options, Table& table,
                        Geometry& out) {
  if (shown.rows.empty()) {
    out.end_feature();
    table.push_null("outline_method");
    return kNone;
  }
  const Outline outline = outline_of(shown.plane_x, shown.plane_y, options);
  const Geometry polygons = ground.from_plane(outline.polygons);
  for (std::size_t part = 0; part + 1 < polygons.part_rings.size(); ++part) {
    for (std::size_t r = polygons.part_rings[part]; r < polygons.part_rings[part + 1]; ++r)
      out.add_ring(polygons.ring_x(r), polygons.ring_y(r));
    out.end_part();
  }
  out.end_feature();
  table.push("outline_method", std::string_view(outline_words(outline, options)));
  return ground.area_km2(polygons);
}

double mean_spacing(const Positions& positions, const Members& members) {
  std::vector<std::array<double, 3>> places;
  places.reserve(members.rows.size());
  for (const std::uint32_t row : members.rows)
    places.push_back(positions.geographic ? earth_centred(positions.x[row], positions.y[row])
                                          : std::array<double, 3>{positions.x[row], positions.y[row], 0.0});
  const double chord = mean_nearest_neighbour_distance(std::move(places));
  return positions.geographic && std::isfinite(chord) ? ground_distance_of(chord).value : chord;
}

}  // namespace

MethodResult find_districts(const Layer& points, const DistrictOptions& options, Progress& progress) {
  MethodResult result;
  const Positions positions = positions_of(points);
  const std::vector<double> weights = weights_of(points, result.diagnostics);
  const std::vector<Publication> levels = publication_levels(points);
  const std::vector<Members> districts = ranked(points, positions, weights);

  Layer layer;
  layer.name = "districts";
  layer.crs = positions.geographic ? Crs::wgs84() : points.crs;
  layer.geometry = Geometry::empty(GeometryKind::polygon);
  layer.sources = points.sources;
  layer.roles.id = "district_id";
  layer.roles.name_en = "name_en";
  layer.roles.name_th = "name_th";
  layer.roles.category = "dominant_category";
  layer.roles.weight = "weight";
  Table table;
  std::vector<std::int64_t> rank_of_row(points.size(), 0);
  std::int64_t in_districts = 0;

  for (std::size_t d = 0; d < districts.size(); ++d) {
    progress.throw_if_cancelled();
    progress.report("drawing districts", static_cast<double>(d) / static_cast<double>(districts.size()));
    const Members& members = districts[d];
    const auto rank = static_cast<std::int64_t>(d + 1);
    const auto count = static_cast<std::int64_t>(members.rows.size());
    in_districts += count;
    for (const std::uint32_t row : members.rows) rank_of_row[row] = rank;

    Shown shown = shown_members(members, levels, positions);
    const Ground ground = lay_flat(shown);
    if (shown.rows.empty())
      result.diagnostics.add(Severity::note, "district-not-shown", "districts",
                             "districts of hidden sites alone have no outline, centre and name", 1,
                             fmt::format("D{}", rank));

    table.push("district_id", std::string_view(fmt::format("D{}", rank)));
    table.push("rank", rank);
    table.push("cluster", members.cluster);
    describe_centre(points, shown, weights, table);
    table.push("count", count);
    table.push("weight", members.weight);
    const double area = describe_outline(shown, ground, options, table, layer.geometry);
    table.push("area_km2", area);
    table.push("density_per_km2", area > 0 ? static_cast<double>(count) / area : kNone);
    describe_provinces(points, members, table);
    table.push("mean_nn_distance_m", mean_spacing(positions, members));
    describe_categories(points, members, table);
  }
  layer.columns = table.take();

  const auto fields = point_fields();
  Column ids = make_column(fields[0]);
  Column ranks = make_column(fields[1]);
  for (const std::int64_t rank : rank_of_row) {
    if (rank == 0) {
      ids.push_null();
      ranks.push_null();
    } else {
      ids.push(std::string_view(fmt::format("D{}", rank)));
      ranks.push(rank);
    }
  }
  result.columns = {std::move(ids), std::move(ranks)};
  result.layers.push_back(std::move(layer));
  result.summary = {{"points", static_cast<std::int64_t>(points.size())},
                    {"districts", static_cast<std::int64_t>(districts.size())},
                    {"in_districts", in_districts}};
  return result;
}

const Method& districts_method() {
  static const Method method = [] {
    Method m;
    m.name = "districts";
    m.stage = "district";
    m.title = {"Districts", "ย่าน"};
    m.summary = "Turn clusters of points into districts: outline, centre, name, make-up and rank.";
    m.description =
        "Each cluster becomes one district. Districts are ranked by weight, then by count, then by cluster number.\n\n"
        "The centre is the member nearest to the weighted geometric median, and the district bears that member's name. "
        "The "
        "outline is the concave hull of the members with border edges of at most `max_edge` (GEOS), their convex hull, "
        "or "
        "the union of discs about them; hulls are widened by `margin`. A hull without area (all members on one line or "
        "one spot) is replaced by the union of discs, and `outline_method` says so. The area is measured on the WGS 84 "
        "ellipsoid, so it includes the margin; the density follows from it.\n\n"
        "Shapes and names are made from members that may be shown; counts are of all members. The mean "
        "nearest-neighbour distance is a ground distance. Shannon's diversity is over the categories, in nats.";
    m.citation =
        "Duckham, M., Kulik, L., Worboys, M., Galton, A. (2008) Efficient generation of simple polygons for "
        "characterizing "
        "the shape of a set of points in the plane. Pattern Recognition 41(10), 3224-3236. Vardi, Y., Zhang, C.-H. "
        "(2000) "
        "The multivariate L1-median and associated data depth. PNAS 97(4), 1423-1426. Shannon, C. E. (1948) A "
        "mathematical theory of communication. Bell System Technical Journal 27, 379-423.";
    m.example = "districts sites.geojson --outline concave --max-edge 2km -o districts.geojson";
    m.inputs = {{"points", GeometryKind::point, RoleNeed::required,
                 "points with an integer column cluster, such as dbscan adds"}};
    Parameter outline = parameter(&DistrictOptions::outline, "outline", ParameterKind::choice,
                                  "How the outline is made.", {"concave", "buffer", "convex"});
    outline.title = {"Outline", "ขอบเขต"};
    Parameter max_edge = parameter(&DistrictOptions::max_edge, "max_edge", ParameterKind::length,
                                   "Longest border edge of a concave hull, where that leaves it in one piece.");
    max_edge.title = {"Longest edge", "ขอบยาวที่สุด"};
    max_edge.minimum = 0;
    max_edge.minimum_excluded = true;
    max_edge.slider_minimum = 100;
    max_edge.slider_maximum = 20000;
    Parameter margin = parameter(&DistrictOptions::margin, "margin", ParameterKind::length,
                                 "Width by which a hull is grown beyond its members.");
    margin.title = {"Margin", "ระยะเผื่อ"};
    margin.minimum = 0;
    margin.slider_maximum = 2000;
    Parameter radius = parameter(&DistrictOptions::buffer_radius, "buffer_radius", ParameterKind::length,
                                 "Radius of the discs of a buffered union.");
    radius.title = {"Disc radius", "รัศมีวงกลม"};
    radius.minimum = 0;
    radius.minimum_excluded = true;
    radius.slider_minimum = 50;
    radius.slider_maximum = 5000;
    m.parameters = {outline, max_edge, margin, radius};
    m.adds = point_fields();
    m.makes = "districts";
    m.makes_fields = district_fields();
    m.default_options = [] { return std::any(DistrictOptions{}); };
    m.run = [](const MethodInputs& inputs, const std::any& options, Progress& progress) {
      return find_districts(inputs.layer("points"), std::any_cast<const DistrictOptions&>(options), progress);
    };
    return m;
  }();
  return method;
}

}  // namespace yaan
