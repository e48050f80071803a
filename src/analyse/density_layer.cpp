#include "analyse/density_layer.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "yaan/analyse/density_contours.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"
#include "yaan/core/overlay.hpp"

namespace yaan {

std::vector<double> levels_from(const std::string& text) {
  std::vector<double> levels;
  if (text.find_first_not_of(' ') == std::string::npos) return levels;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find_first_of(",;", begin), text.size());
    const std::string word = text.substr(begin, end - begin);
    const auto level = parse_double(word);
    if (!level || !(*level > 0))
      throw UsageError(fmt::format("levels holds \"{}\", which is not a number above 0", word),
                       "write densities in points per km2, such as --levels \"0.5, 1, 2\"");
    if (!levels.empty() && *level <= levels.back())
      throw UsageError(
          fmt::format("levels must ascend, but {} comes after {}", shortest(*level), shortest(levels.back())));
    levels.push_back(*level);
    begin = end + 1;
  }
  return levels;
}

std::vector<OutputField> density_layer_fields() {
  return {
      {"kind",
       ColumnType::text,
       "",
       "band (density from level_low up to level_high), hot_area (a piece of the smallest area that holds the share "
       "of mass asked for) or raised_risk (relative risk of at least risk_low).",
       {"Kind", "ชนิด"},
       ColourBy::category,
       false},
      {"level_low",
       ColumnType::real,
       "1/km2",
       "Least density in the polygon.",
       {"Density from", "ความหนาแน่นตั้งแต่"},
       ColourBy::sequence,
       true},
      {"level_high",
       ColumnType::real,
       "1/km2",
       "Where the next band begins, or the highest density in the polygon.",
       {"Density to", "ความหนาแน่นถึง"},
       ColourBy::none,
       true},
      {"risk_low",
       ColumnType::real,
       "",
       "Least relative risk in the polygon; null but for raised_risk.",
       {"Risk from", "ความเสี่ยงตั้งแต่"},
       ColourBy::none,
       true},
      {"mass_share",
       ColumnType::real,
       "share",
       "Share of all mass in the cells of the polygon (those of a band by their own density).",
       {"Share of mass", "สัดส่วนของมวล"},
       ColourBy::none,
       false},
      {"area_km2",
       ColumnType::real,
       "km2",
       "Area of the polygon in the plane of the surface.",
       {"Area", "พื้นที่"},
       ColourBy::none,
       false}};
}

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// One more feature, and what its columns say.
struct Row {
  std::string kind;
  double level_low = kNan;
  double level_high = kNan;
  double risk_low = kNan;
  double mass_share = 0;
};

class Drawing {
 public:
  explicit Drawing(const DensityPlane& plane) : m_plane(plane), m_polygons(Geometry::empty(GeometryKind::polygon)) {
    for (const OutputField& field : density_layer_fields()) m_columns.push_back(make_column(field));
  }
  /// Adds one feature of `polygons`, in metres of the plane; an empty one is left out. Returns its area in km2.
  double add(const Row& row, const Geometry& polygons, std::size_t feature) {
    if (polygons.feature_parts[feature] == polygons.feature_parts[feature + 1]) return 0;
    const double area = area_km2(polygons, feature);
    for (std::size_t part = polygons.feature_parts[feature]; part < polygons.feature_parts[feature + 1]; ++part) {
      for (std::size_t ring = polygons.part_rings[part]; ring < polygons.part_rings[part + 1]; ++ring)
        m_polygons.add_ring(polygons.ring_x(ring), polygons.ring_y(ring));
      m_polygons.end_part();
    }
    m_polygons.end_feature();
    m_columns[0].push(row.kind);
    m_columns[1].push(row.level_low);
    m_columns[2].push(row.level_high);
    m_columns[3].push(row.risk_low);
    m_columns[4].push(row.mass_share);
    m_columns[5].push(area);
    return area;
  }
  Layer layer() {
    Layer layer;
    layer.name = "density_areas";
    layer.crs = m_plane.output_crs();
    layer.geometry = m_plane.to_output(std::move(m_polygons));
    layer.columns = std::move(m_columns);
    return layer;
  }

 private:
  const DensityPlane& m_plane;
  Geometry m_polygons;
  std::vector<Column> m_columns;
};

Geometry rectangle(const Box& box) {
  Geometry out = Geometry::empty(GeometryKind::polygon);
  const std::array x = {box.min_x, box.max_x, box.max_x, box.min_x, box.min_x};
  const std::array y = {box.min_y, box.min_y, box.max_y, box.max_y, box.min_y};
  out.add_ring(x, y);
  out.end_part();
  out.end_feature();
  return out;
}

double share_between(const Grid& by, double low, double high, const Grid& density) {
  double sum = 0;
  double all = 0;
  for (std::size_t i = 0; i < density.size(); ++i) {
    if (std::isnan(density.values[i])) continue;
    all += density.values[i];
    if (by.values[i] >= low && by.values[i] < high) sum += density.values[i];
  }
  return all > 0 ? sum / all : 0;
}

void draw_bands(const Grid& density, double peak, std::vector<double> levels, std::int64_t bands,
                const Geometry& window, Drawing& drawing, const Progress& progress) {
  if (levels.empty())
    for (std::int64_t i = 1; i <= bands; ++i)
      levels.push_back(peak * static_cast<double>(i) / static_cast<double>(bands + 1));
  while (!levels.empty() && levels.back() > peak) levels.pop_back();
  if (levels.empty()) return;
  Geometry above = intersection(area_above(density, levels.front(), progress), window);
  for (std::size_t i = 0; i < levels.size(); ++i) {
    progress.throw_if_cancelled();
    const bool last = i + 1 == levels.size();
    Row row{"band", levels[i], last ? peak : levels[i + 1], kNan, 0};
    row.mass_share =
        share_between(density, levels[i], last ? std::numeric_limits<double>::infinity() : levels[i + 1], density);
    if (last) {
      drawing.add(row, above, 0);
      break;
    }
    Geometry higher = intersection(area_above(density, levels[i + 1], progress), window);
    drawing.add(row, difference(above, higher), 0);
    above = std::move(higher);
  }
}

}  // namespace

DensityLayer density_layer(const DensitySurfaces& surfaces, const Geometry* area, const std::vector<double>& levels,
                           const DensityOptions& options, const DensityPlane& plane, const Progress& progress) {
  DensityLayer out;
  Drawing drawing(plane);
  const Grid& density = surfaces.density;
  for (const double value : density.values)
    if (value > out.peak) out.peak = value;
  if (out.peak > 0) {
    const Geometry window = area != nullptr ? *area : rectangle(density.box());
    draw_bands(density, out.peak, levels, options.bands, window, drawing, progress);
    const HotAreas hot = hot_areas(density, options.hot_share, progress);
    const Geometry pieces = area != nullptr ? intersection(hot.polygons, window) : hot.polygons;
    out.hot_areas = static_cast<std::int64_t>(hot.mass_share.size());
    out.hot_share = hot.total_share;
    for (std::size_t i = 0; i < pieces.size(); ++i)
      out.hot_km2 += drawing.add({"hot_area", hot.threshold, hot.peak[i], kNan, hot.mass_share[i]}, pieces, i);
    if (surfaces.risk) {
      const Geometry raised = intersection(cells_above(*surfaces.risk, options.least_risk, progress), window);
      Row row{"raised_risk", kNan, kNan, options.least_risk, 0};
      row.mass_share =
          share_between(*surfaces.risk, options.least_risk, std::numeric_limits<double>::infinity(), density);
      drawing.add(row, raised, 0);
    }
  }
  out.layer = drawing.layer();
  return out;
}

}  // namespace yaan
