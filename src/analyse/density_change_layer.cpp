#include "analyse/density_change_layer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "analyse/mark_words.hpp"
#include "analyse/outline_rings.hpp"
#include "yaan/analyse/density_contours.hpp"
#include "yaan/core/overlay.hpp"

namespace yaan {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// Cells that share sides.
struct Region {
  double before = 0, after = 0;  ///< sums of densities
  double cells = 0;
  double p = 1, p_global = 1;  ///< the least of a cell
};

/// Cells of one sign: 1 where they changed so, else NaN.
Grid marked(const DensityChange& change, double significance, int sign) {
  Grid cells = change.p;
  for (std::size_t i = 0; i < cells.size(); ++i)
    cells.values[i] = change.p.values[i] <= significance && change.residual.values[i] * sign > 0 ? 1 : kNan;
  return cells;
}

/// In the order of their first cell, which is that of the polygons of cells_above.
std::vector<Region> regions_of(const DensityChange& change, const Grid& cells) {
  LatticeRegions joined(cells.size());
  const std::uint32_t columns = cells.columns;
  const auto in = [&](std::uint32_t cell) { return cells.values[cell] == 1; };
  for (std::uint32_t i = 0; i < cells.size(); ++i) {
    if (!in(i)) continue;
    if ((i + 1) % columns != 0 && in(i + 1)) joined.join(i, i + 1);
    if (i + columns < cells.size() && in(i + columns)) joined.join(i, i + columns);
  }
  std::vector<Region> regions;
  std::unordered_map<std::uint32_t, std::size_t> number;
  for (std::uint32_t i = 0; i < cells.size(); ++i) {
    if (!in(i)) continue;
    const auto [at, is_new] = number.try_emplace(joined.find(i), regions.size());
    if (is_new) regions.emplace_back();
    Region& region = regions[at->second];
    region.before += change.before.values[i];
    region.after += change.after.values[i];
    ++region.cells;
    region.p = std::min(region.p, change.p.values[i]);
    region.p_global = std::min(region.p_global, change.p_global.values[i]);
  }
  return regions;
}

void add_part(const Geometry& from, std::size_t part, Geometry& to) {
  for (std::size_t ring = from.part_rings[part]; ring < from.part_rings[part + 1]; ++ring)
    to.add_ring(from.ring_x(ring), from.ring_y(ring));
  to.end_part();
}

/// A feature for each part.
Geometry parts_apart(const Geometry& one) {
  Geometry apart = Geometry::empty(GeometryKind::polygon);
  for (std::size_t part = 0; part + 1 < one.part_rings.size(); ++part) {
    add_part(one, part, apart);
    apart.end_feature();
  }
  return apart;
}

double sum_of(const Grid& density) {
  double sum = 0;
  for (const double value : density.values) sum += std::isnan(value) ? 0 : value;
  return sum;
}

}  // namespace

DensityChangeLayer density_change_layer(const DensityChange& change, double significance, const Geometry* area,
                                        const DensityPlane& plane, const Progress& progress) {
  DensityChangeLayer made;
  std::vector<Column> columns;
  for (const OutputField& field : density_change_layer_fields()) columns.push_back(make_column(field));
  Geometry all = Geometry::empty(GeometryKind::polygon);
  const double mass_before = sum_of(change.before), mass_after = sum_of(change.after);
  const double least = least_change_density(change.before, change.after);
  for (const int sign : {1, -1}) {
    const Grid cells = marked(change, significance, sign);
    if (std::none_of(cells.values.begin(), cells.values.end(), [](double v) { return v == 1; })) continue;
    const std::vector<Region> regions = regions_of(change, cells);
    Geometry polygons = parts_apart(cells_above(cells, 1, progress));
    if (area != nullptr) polygons = intersection(polygons, *area);
    for (std::size_t i = 0; i < regions.size(); ++i) {
      if (polygons.feature_parts[i] == polygons.feature_parts[i + 1]) continue;
      const Region& region = regions[i];
      const bool sure = region.p_global <= significance;
      ++(sign > 0 ? (sure ? made.grown : made.maybe_grown) : (sure ? made.shrunk : made.maybe_shrunk));
      for (std::size_t part = polygons.feature_parts[i]; part < polygons.feature_parts[i + 1]; ++part)
        add_part(polygons, part, all);
      all.end_feature();
      columns[0].push(sign > 0 ? (sure ? "grown" : "maybe grown") : (sure ? "shrunk" : "maybe shrunk"));
      columns[1].push(region.before / region.cells);
      columns[2].push(region.after / region.cells);
      columns[3].push((region.after - region.before) / region.cells);
      const bool was = region.before > least * region.cells;
      columns[4].push(was ? region.after / mass_after / (region.before / mass_before) : kNan);
      columns[5].push(region.p);
      columns[6].push(region.p_global);
      columns[7].push(area_km2(polygons, i));
    }
  }
  made.layer.crs = plane.output_crs();
  made.layer.geometry = plane.to_output(std::move(all));
  made.layer.columns = std::move(columns);
  return made;
}

std::vector<OutputField> density_change_layer_fields() {
  constexpr ColumnType kReal = ColumnType::real;
  return {{"mark",
           ColumnType::text,
           "",
           "grown or shrunk where a cell is significant among all cells of the map; maybe grown or maybe shrunk where "
           "cells are each for itself alone, of which chance makes some.",
           {"Grown or shrunk", "เพิ่มขึ้นหรือลดลง"},
           ColourBy::category,
           false,
           doubtful_change_classes()},
          {"before_km2",
           kReal,
           "1/km2",
           "Mean density of the earlier snapshot.",
           {"Before", "ความหนาแน่นเดิม"},
           ColourBy::none,
           false},
          {"after_km2",
           kReal,
           "1/km2",
           "Mean density of the later snapshot.",
           {"After", "ความหนาแน่นใหม่"},
           ColourBy::none,
           false},
          {"difference_km2",
           kReal,
           "1/km2",
           "Later less earlier mean density.",
           {"Change", "การเปลี่ยนแปลง"},
           ColourBy::divergence,
           false},
          {"share_ratio",
           kReal,
           "",
           "Share of all that is there in the later snapshot by that in the earlier; null where next to "
           "nothing was there.",
           {"Ratio of shares", "อัตราส่วนของสัดส่วน"},
           ColourBy::none,
           true},
          {"p", kReal, "", "The least p-value of a cell for itself.", {"p", "p"}, ColourBy::none, false},
          {"p_global",
           kReal,
           "",
           "The least p-value of a cell that allows for all cells.",
           {"Global p", "p ของทั้งแผนที่"},
           ColourBy::probability,
           false},
          {"area_km2", kReal, "km2", "Area in the plane of the surface.", {"Area", "พื้นที่"}, ColourBy::none, false}};
}

}  // namespace yaan
