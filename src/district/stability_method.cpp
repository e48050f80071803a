// The method `stability`: the map of stability_map as columns and outlines.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "district/field_table.hpp"
#include "district/ground.hpp"
#include "district/members.hpp"
#include "yaan/core/overlay.hpp"
#include "yaan/core/publication.hpp"
#include "yaan/district/stability.hpp"

namespace yaan {

namespace {

std::vector<OutputField> point_fields() {
  using enum ColumnType;
  return {{"stable_district",
           integer,
           "",
           "District of the reference setting; outside all of them, the one that holds the asset in most settings, if "
           "in at least edge_share of them; null otherwise.",
           {"District", "ย่าน"},
           ColourBy::category,
           true},
          {"stability",
           real,
           "share",
           "Share of the settings in which that district holds the asset.",
           {"Stability", "ความมั่นคง"},
           ColourBy::sequence,
           true},
          {"stability_part",
           text,
           "",
           "core, edge (disputed), or rare: in the reference but in fewer settings than edge_share.",
           {"Part of the district", "ส่วนของย่าน"},
           ColourBy::category,
           true}};
}

std::vector<OutputField> outline_fields() {
  using enum ColumnType;
  return {{"district",
           integer,
           "",
           "Number of the district: its cluster in the reference setting.",
           {"District", "ย่าน"},
           ColourBy::category,
           false},
          {"part", text, "", "core, or edge: disputed.", {"Part", "ส่วน"}, ColourBy::category, false},
          {"count", integer, "", "Assets of that part.", {"Sites", "จำนวนแหล่ง"}, ColourBy::sequence, false},
          {"mean_stability",
           real,
           "share",
           "Mean share of the settings in which the district holds them.",
           {"Mean stability", "ความมั่นคงเฉลี่ย"},
           ColourBy::sequence,
           true},
          {"radius_m", real, "m", "Radius of the reference setting.", {"Radius", "รัศมี"}, ColourBy::none, false},
          {"min_points",
           integer,
           "",
           "Minimum points of the reference setting.",
           {"Minimum points", "จำนวนจุดขั้นต่ำ"},
           ColourBy::none,
           false},
          {"area_km2", real, "km2", "Area of the part.", {"Area", "พื้นที่"}, ColourBy::sequence, true}};
}

enum class Part : std::uint8_t { none, core, edge, rare };

Part part_of(const StabilityMap& map, std::size_t row, const StabilityOptions& options) {
  if (map.district[row] == 0) return Part::none;
  if (map.share[row] >= options.core_share) return Part::core;
  if (map.share[row] >= options.edge_share) return Part::edge;
  return map.in_reference[row] != 0 ? Part::rare : Part::none;
}

/// The rows of one district, core first.
struct District {
  std::vector<std::uint32_t> core, edge;
};

void append_feature(const Geometry& polygons, Geometry& out) {
  for (std::size_t part = 0; part + 1 < polygons.part_rings.size(); ++part) {
    for (std::size_t r = polygons.part_rings[part]; r < polygons.part_rings[part + 1]; ++r)
      out.add_ring(polygons.ring_x(r), polygons.ring_y(r));
    out.end_part();
  }
  out.end_feature();
}

class OutlineLayer {
 public:
  OutlineLayer(const Layer& points, const StabilityMap& map, const StabilityOptions& options)
      : m_map(map),
        m_options(options),
        m_positions(positions_of(points)),
        m_levels(publication_levels(points)),
        m_table(outline_fields()) {
    m_layer.name = "stable_districts";
    m_layer.crs = m_positions.geographic ? Crs::wgs84() : points.crs;
    m_layer.geometry = Geometry::empty(GeometryKind::polygon);
    m_layer.sources = points.sources;
  }

  void add(std::int64_t number, const District& district) {
    std::vector<std::uint32_t> all = district.core;
    all.insert(all.end(), district.edge.begin(), district.edge.end());
    Shown shown = shown_members(all, m_levels, m_positions);
    if (shown.rows.empty()) {
      add_part(number, "core", district.core, Geometry(), m_positions.geographic);
      return;
    }
    const Ground ground = lay_flat(shown);
    std::vector<double> core_x, core_y;
    for (std::size_t i = 0; i < shown.rows.size(); ++i) {
      if (std::find(district.core.begin(), district.core.end(), shown.rows[i]) == district.core.end()) continue;
      core_x.push_back(shown.plane_x[i]);
      core_y.push_back(shown.plane_y[i]);
    }
    const double disc = m_options.disc_radius.value;
    const Geometry whole = buffered_union(shown.plane_x, shown.plane_y, disc);
    const Geometry core = core_x.empty() ? Geometry() : buffered_union(core_x, core_y, disc);
    if (!district.core.empty())
      add_part(number, "core", district.core, core.x.empty() ? core : ground.from_plane(core), m_positions.geographic);
    if (!district.edge.empty())
      add_part(number, "edge", district.edge, ground.from_plane(core.x.empty() ? whole : difference(whole, core)),
               m_positions.geographic);
  }

  Layer take() {
    m_layer.columns = m_table.take();
    return std::move(m_layer);
  }

 private:
  void add_part(std::int64_t number, std::string_view part, const std::vector<std::uint32_t>& rows,
                const Geometry& polygons, bool geographic) {
    std::vector<double> shares;
    shares.reserve(rows.size());
    for (const std::uint32_t row : rows) shares.push_back(m_map.share[row]);
    std::sort(shares.begin(), shares.end());  // a sum that does not depend on the order of the layer
    double sum = 0;
    for (const double share : shares) sum += share;
    m_table.push("district", number);
    m_table.push("part", part);
    m_table.push("count", static_cast<std::int64_t>(rows.size()));
    if (rows.empty()) {
      m_table.push_null("mean_stability");
    } else {
      m_table.push("mean_stability", sum / static_cast<double>(rows.size()));
    }
    m_table.push("radius_m", m_map.reference_radius.value);
    m_table.push("min_points", m_map.reference_min_points);
    m_table.push("area_km2", area_km2(polygons, geographic));
    append_feature(polygons, m_layer.geometry);
  }

  const StabilityMap& m_map;
  const StabilityOptions& m_options;
  Positions m_positions;
  std::vector<Publication> m_levels;
  FieldTable m_table;
  Layer m_layer;
};

std::string reason(const StabilityMap& map) {
  if (map.settings.empty()) return "no two assets are apart, so there is no radius to choose";
  const StabilitySetting& best = map.settings[map.recommended];
  return fmt::format(
      "of {} settings, {} with {} points agrees best with those beside it (adjusted Rand index {:.2f}); it finds {} "
      "districts and leaves {} assets outside",
      map.settings.size(), to_string(Length(Metres{std::round(best.radius.value)})), best.min_points, best.agreement,
      best.clusters, best.noise);
}

MethodResult run_stability(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const StabilityOptions&>(any_options);
  const Layer& points = inputs.layer("points");
  const StabilityMap map = stability_map(points.geometry.x, points.geometry.y, points.crs, options, progress);
  MethodResult result;
  for (const OutputField& field : point_fields()) result.columns.push_back(make_column(field));
  std::vector<District> districts(static_cast<std::size_t>(map.districts));
  std::int64_t in_core = 0;
  for (std::size_t row = 0; row < points.size(); ++row) {
    const Part part = part_of(map, row, options);
    if (part == Part::none) {
      for (Column& column : result.columns) column.push_null();
      continue;
    }
    constexpr std::string_view kWords[] = {"", "core", "edge", "rare"};
    result.columns[0].push(std::int64_t{map.district[row]});
    result.columns[1].push(map.share[row]);
    result.columns[2].push(kWords[static_cast<std::size_t>(part)]);
    District& district = districts[static_cast<std::size_t>(map.district[row] - 1)];
    if (part == Part::core) district.core.push_back(static_cast<std::uint32_t>(row));
    if (part == Part::edge) district.edge.push_back(static_cast<std::uint32_t>(row));
    in_core += part == Part::core;
  }
  OutlineLayer outlines(points, map, options);
  const Positions positions = positions_of(points);
  const std::vector<double> ones(points.size(), 1.0);
  for (std::size_t d = 0; d < districts.size(); ++d) {
    progress.throw_if_cancelled();
    sort_by_place(districts[d].core, points, positions, ones);
    sort_by_place(districts[d].edge, points, positions, ones);
    outlines.add(static_cast<std::int64_t>(d + 1), districts[d]);
  }
  result.layers.push_back(outlines.take());
  result.summary = {{"points", static_cast<std::int64_t>(points.size())},
                    {"settings", static_cast<std::int64_t>(map.settings.size())},
                    {"districts", map.districts},
                    {"in_core", in_core},
                    {"reference_radius_m", map.reference_radius.value},
                    {"reference_min_points", map.reference_min_points}};
  if (!map.settings.empty()) {
    const StabilitySetting& best = map.settings[map.recommended];
    result.summary.emplace_back("recommended_radius_m", best.radius.value);
    result.summary.emplace_back("recommended_min_points", best.min_points);
    result.summary.emplace_back("agreement", best.agreement);
  }
  result.summary.emplace_back("reason", reason(map));
  return result;
}

std::vector<Parameter> stability_parameters() {
  using Options = StabilityOptions;
  const auto length = [](Metres Options::*member, std::string name, Localized title, std::string help) {
    Parameter p = parameter(member, std::move(name), ParameterKind::length, std::move(help));
    p.title = std::move(title);
    p.minimum = 0;
    return p;
  };
  const auto integer = [](std::int64_t Options::*member, std::string name, Localized title, double least, double most,
                          std::string help) {
    Parameter p = parameter(member, std::move(name), ParameterKind::integer, std::move(help));
    p.title = std::move(title);
    p.minimum = least;
    p.maximum = most;
    return p;
  };
  const auto share = [](double Options::*member, std::string name, Localized title, std::string help) {
    Parameter p = parameter(member, std::move(name), ParameterKind::real, std::move(help));
    p.title = std::move(title);
    p.minimum = 0;
    p.maximum = 1;
    p.slider_maximum = 1;
    return p;
  };
  Parameter disc = length(&Options::disc_radius, "disc_radius", {"Disc radius", "รัศมีวงกลม"},
                          "Outlines are unions of discs of this radius about the assets.");
  disc.minimum_excluded = true;
  return {length(&Options::radius_from, "radius_from", {"From radius", "รัศมีเริ่มต้น"},
                 "Smallest radius; 0m, together with radius_to 0m, for a range that the points suggest."),
          length(&Options::radius_to, "radius_to", {"To radius", "รัศมีสุดท้าย"}, "Largest radius."),
          integer(&Options::radius_steps, "radius_steps", {"Radii", "จำนวนรัศมี"}, 1, 50,
                  "Radii in the grid; each grows by the same factor."),
          integer(&Options::min_points_from, "min_points_from", {"From minimum points", "จำนวนจุดเริ่มต้น"}, 1, 1000,
                  "Smallest number of minimum points."),
          integer(&Options::min_points_to, "min_points_to", {"To minimum points", "จำนวนจุดสุดท้าย"}, 1, 1000,
                  "Largest number of minimum points."),
          integer(&Options::min_points_steps, "min_points_steps", {"Minimum points in the grid", "จำนวนขั้นของจุด"}, 1, 50,
                  "Numbers of minimum points in the grid."),
          length(&Options::reference_radius, "reference_radius", {"Reference radius", "รัศมีอ้างอิง"},
                 "Radius of the districts that are followed; 0m for the recommended setting."),
          integer(&Options::reference_min_points, "reference_min_points", {"Reference minimum points", "จำนวนจุดอ้างอิง"},
                  0, 1000, "Minimum points of the districts that are followed; 0 for the recommended setting."),
          share(&Options::core_share, "core_share", {"Core from", "แกนตั้งแต่"},
                "Assets that stay in at least this share of the settings are the core."),
          share(&Options::edge_share, "edge_share", {"Edge from", "ขอบตั้งแต่"},
                "Assets that stay in at least this share of the settings are the disputed edge."),
          disc};
}

Method describe_stability() {
  Method m;
  m.name = "stability";
  m.stage = "district";
  m.title = {"Stability of districts", "ความมั่นคงของย่าน"};
  m.summary = "Shows which assets stay in their district over a grid of settings, and recommends a setting.";
  m.description =
      "Every pair of a radius and a number of minimum points is a setting of dbscan. The recommended setting is the "
      "one whose clusters agree best with those of the settings beside it in the grid (mean adjusted Rand index, noise "
      "as one group), of those that find a cluster and leave at most nine tenths of the assets outside. Its clusters "
      "are the districts of the reference, unless `reference_radius` and `reference_min_points` name another "
      "setting.\n\n"
      "In each setting the clusters are matched one to one to the districts of the reference, the pairs with the "
      "largest overlap (common assets over assets of either) first. The stability of an asset is the share of the "
      "settings in which it lies in the cluster that matches its district. At `core_share` and above it is the core of "
      "the district, at `edge_share` and above its disputed edge; an asset that the reference leaves out belongs to "
      "the edge of the district that holds it most often. The layer has an outline of each core, and of what the edge "
      "adds to it: unions of discs of `disc_radius`, from the assets that may be shown.\n\n"
      "A stability near 1 says that the choice of setting does not matter for the asset; it does not say that the "
      "district is more than chance would give.";
  m.citation =
      "Hubert, L. and Arabie, P. (1985): Comparing partitions. Journal of Classification 2, 193-218. Hennig, C. "
      "(2007): Cluster-wise assessment of cluster stability. Computational Statistics and Data Analysis 52, 258-271.";
  m.example =
      "stability data/creative_assets.csv --x longitude --y latitude --crs EPSG:4326 --radius-from 300m --radius-to "
      "3km -o stability.geojson";
  m.inputs = {{"points", GeometryKind::point, RoleNeed::required, "the assets"}};
  m.parameters = stability_parameters();
  m.adds = point_fields();
  m.makes = "stable_districts";
  m.makes_fields = outline_fields();
  m.map_field = "stability";
  name_nulls(m.adds, {"in no district", "ไม่อยู่ในย่านใด"});
  m.default_options = [] { return std::any(StabilityOptions{}); };
  m.run = run_stability;
  return m;
}

}  // namespace

const Method& stability_method() {
  static const Method method = describe_stability();
  return method;
}

}  // namespace yaan
