#include "yaan/analyse/grid.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>

#include "analyse/cell_lattice.hpp"
#include "analyse/common_parameters.hpp"
#include "analyse/ground_areas.hpp"
#include "analyse/point_set.hpp"
#include "yaan/core/antimeridian.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"
#include "yaan/core/polygon_index.hpp"
#include "yaan/core/publication.hpp"

namespace yaan {

namespace {

constexpr double kMostCells = 1e6;
constexpr double kCellsWanted = 400;
constexpr double kLeastShare = 1e-9;  // less of a cell than this is rounding along the border of the areas
const double kHexagonArea = 1.5 * std::numbers::sqrt3;  // of side 1

/// Vertices that say how far the features reach.
struct Reach {
  std::vector<double> x, y;
};

Reach reach_of(const Layer& features) {
  const Geometry& shapes = features.geometry;
  Reach reach;
  const bool geographic = features.crs.is_geographic();
  const auto add = [&](const Geometry& from) {
    for (std::size_t i = 0; i < from.x.size(); ++i)
      if (usable_position(from.x[i], from.y[i], geographic)) {
        reach.x.push_back(geographic ? wrapped_longitude(from.x[i]) : from.x[i]);
        reach.y.push_back(from.y[i]);
      }
  };
  if (shapes.kind == GeometryKind::point) {
    std::int64_t hidden = 0;
    add(shown_points(features, NotOpen::coarsen, hidden));
    return reach;
  }
  const std::vector<Publication> levels = publication_levels(features);
  std::vector<std::uint32_t> open;
  for (std::uint32_t row = 0; row < levels.size(); ++row)
    if (levels[row] == Publication::open) open.push_back(row);
  add(open.size() == levels.size() ? shapes : shapes.select(open));
  return reach;
}

/// Takes the vertices to the plane of the grid, and says which it is.
Crs take_to_plane(Reach& reach, const Crs& from) {
  if (from.kind() == Crs::Kind::local || reach.x.empty()) return from;
  Transformer(from, Crs::wgs84()).apply(reach.x, reach.y);
  Box box;
  for (std::size_t i = 0; i < reach.x.size(); ++i) box.include(reach.x[i], reach.y[i]);
  if (box.width() > 180) {  // on both sides of the 180th meridian
    box = Box();
    for (std::size_t i = 0; i < reach.x.size(); ++i)
      box.include(reach.x[i] < 0 ? reach.x[i] + 360 : reach.x[i], reach.y[i]);
  }
  const double lon = wrapped_longitude(std::round((box.min_x + box.max_x) / 2));
  const double lat = std::round((box.min_y + box.max_y) / 2);
  Crs plane = Crs::laea(Degrees{lon}, Degrees{lat});
  Transformer(Crs::wgs84(), plane).apply(reach.x, reach.y);
  return plane;
}

double nice(double side) {
  const double unit = std::pow(10, std::floor(std::log10(side)));
  for (const double times : {5, 2})
    if (side >= times * unit) return times * unit;
  return unit;
}

double side_for(const GridOptions& options, const Box& box) {
  const double of_one = options.shape == CellShape::hexagon ? kHexagonArea : 1;
  if (options.side.value != 0) return options.side.value;
  if (options.cell_area != 0) return std::sqrt(options.cell_area * 1e6 / of_one);
  const double larger = std::max(box.width(), box.height());
  const double ground = std::max(box.width() * box.height(), larger * larger / kCellsWanted);
  return ground > 0 ? nice(std::sqrt(ground / kCellsWanted / of_one)) : 1000;
}

void check_options(const GridOptions& options) {
  if (!(options.side.value >= 0) || !std::isfinite(options.side.value))
    throw UsageError(fmt::format("side is {}, but must be at least 0", to_string(options.side)));
  if (!(options.cell_area >= 0) || !std::isfinite(options.cell_area))
    throw UsageError(fmt::format("cell_area is {} km2, but must be at least 0", shortest(options.cell_area)));
  if (options.side.value != 0 && options.cell_area != 0)
    throw UsageError("a side and a cell_area are given, but either says how large a cell is", "leave one of them out");
}

double plane_area(const Geometry& shapes) {
  double sum = 0;
  for (std::size_t ring = 0; ring + 1 < shapes.ring_vertices.size(); ++ring)
    sum += ring_area(shapes.ring_x(ring), shapes.ring_y(ring));
  return sum;
}

std::optional<PolygonIndex> ground_of(const Layer* areas, const Crs& plane) {
  if (areas == nullptr) return std::nullopt;
  const std::vector<Publication> levels = publication_levels(*areas);
  std::vector<std::uint32_t> open;  // the border of another one would show on the cells
  for (std::uint32_t row = 0; row < levels.size(); ++row)
    if (levels[row] == Publication::open) open.push_back(row);
  return PolygonIndex(make_valid(reprojected(areas->select(open), plane).geometry).geometry);
}

void append_feature(Geometry& to, const Geometry& from) {
  for (std::size_t part = 0; part + 1 < from.part_rings.size(); ++part) {
    for (std::size_t ring = from.part_rings[part]; ring < from.part_rings[part + 1]; ++ring)
      to.add_ring(from.ring_x(ring), from.ring_y(ring));
    to.end_part();
  }
  to.end_feature();
}

/// The cells on the ground of the areas, whole or cut.
struct Cells {
  Geometry shapes = Geometry::empty(GeometryKind::polygon);
  std::vector<std::string> ids;
  std::vector<double> shares;
};

Cells cells_in(const CellLattice& lattice, const Box& box, const PolygonIndex* ground, CellEdge edge,
               Progress& progress) {
  Cells cells;
  const double all = std::max(1.0, lattice.estimate(box));
  double seen = 0;
  lattice.visit(box, [&](const CellLattice::Cell& at) {
    if (static_cast<std::int64_t>(seen) % 64 == 0) {
      progress.throw_if_cancelled();
      progress.report("making cells", std::min(1.0, seen / all));
    }
    ++seen;
    Geometry cell = Geometry::empty(GeometryKind::polygon);
    lattice.add_to(cell, at);
    double share = 1;
    if (ground != nullptr) {
      bool unchanged = false;
      Geometry cut = ground->clipped(cell, 0, 0, unchanged);
      if (!unchanged) share = plane_area(cut) / plane_area(cell);
      if (share < kLeastShare) return;
      if (edge == CellEdge::clipped && !unchanged) cell = std::move(cut);
    }
    append_feature(cells.shapes, cell);
    cells.ids.push_back(CellLattice::id_of(at));
    cells.shares.push_back(share);
  });
  return cells;
}

Layer layer_of(Cells cells, const Crs& plane) {
  Layer layer;
  layer.name = grid_method().makes;
  layer.crs = plane;
  layer.geometry = std::move(cells.shapes);
  layer.roles.id = "cell_id";
  layer.roles.code = "cell_id";
  for (const OutputField& field : grid_method().makes_fields) layer.columns.push_back(make_column(field));
  const std::vector<double> km2 = layer.size() == 0 ? std::vector<double>() : ground_areas_km2(layer);
  for (std::size_t i = 0; i < layer.size(); ++i) {
    layer.columns[0].push(std::string_view(cells.ids[i]));
    layer.columns[1].push(cells.shares[i]);
    layer.columns[2].push(km2[i]);
  }
  return layer;
}

MethodResult run_grid(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const GridOptions&>(any_options);
  MethodResult result;
  Layer cells = grid_cells(inputs.layer("features"), inputs.find("areas"), options, result.diagnostics, progress);
  double km2 = 0;
  std::int64_t cut = 0;
  for (std::size_t row = 0; row < cells.size(); ++row) {
    km2 += cells.columns[2].reals()[row];
    cut += cells.columns[1].reals()[row] < 1;
  }
  result.summary = {{"cells", static_cast<std::int64_t>(cells.size())}, {"border_cells", cut}, {"area_km2", km2}};
  result.layers.push_back(std::move(cells));
  return result;
}

Method describe_grid() {
  Method method;
  method.name = "grid";
  method.stage = "analyse";
  method.title = {"Grid of cells", "กริดหกเหลี่ยมหรือสี่เหลี่ยม"};
  method.summary = "Makes hexagons or squares of one size over a layer, to count in.";
  method.description =
      "The cells lie in a Lambert azimuthal equal-area plane whose centre is the middle of the layer's extent, rounded "
      "to "
      "whole degrees, so that all have the same area. They are numbered from that centre: cell `e3n12` is the third "
      "column to the east and the twelfth row to the north, `w1s2` lies to the south-west. A few features more or less "
      "therefore leave cells and ids as they are, and so does the order of the rows. Two layers far apart have grids "
      "of "
      "their own: to compare years, make one grid and count each year in it. A layer in a local plane keeps its "
      "plane.\n\n"
      "Say how large a cell is by `side` or by `cell_area`; without either the cells have a round side and are about "
      "400. "
      "With `areas` the cells outside of them are left out; those on the border are `clipped` to them, so that "
      "densities "
      "are right at the coast, or kept `whole`, which keeps counts comparable. cell_share tells how much of a cell "
      "lies "
      "in the areas.\n\n"
      "Use it where administrative areas are too large or too unequal: then area-statistics counts sites by cell. "
      "Hexagons have six neighbours at one distance and fewer border effects; squares are easier to explain. Pitfalls: "
      "results depend on the size and place of the cells (the modifiable areal unit problem), so try two sizes. Cells "
      "that hold less than one site on average are mostly empty; take larger ones. Sites that are not open for "
      "publication do not tell where the grid ends.\n\n"
      "At most a million cells. Time: an overlay for each cell at the border of the areas.";
  method.citation =
      "Snyder, J. P. (1987): Map projections, a working manual. USGS Professional Paper 1395. Birch, C. P. D., Oom, S. "
      "P. "
      "and Beecham, J. A. (2007): Rectangular and hexagonal grids used for observation, experiment and simulation in "
      "ecology. Ecological Modelling 206, 347-359. Openshaw, S. (1984): The modifiable areal unit problem. CATMOG 38.";
  method.example = "grid data/provinces.geojson --areas data/provinces.geojson --cell-area 2000 -o hexagons.geojson";
  method.inputs = {
      {"features", GeometryKind::none, RoleNeed::required, "the layer whose extent the cells cover: sites or areas"},
      {"areas", GeometryKind::polygon, RoleNeed::optional, "areas that the cells are kept to, such as provinces"}};
  Parameter side = titled(ranged(parameter(&GridOptions::side, "side", ParameterKind::length,
                                           "Length of a side of a cell; 0m: by the cell_area."),
                                 0),
                          {"Side", "ความยาวด้าน"});
  side.slider_minimum = 500;
  side.slider_maximum = 50000;
  Parameter area = titled(ranged(parameter(&GridOptions::cell_area, "cell_area", ParameterKind::real,
                                           "Area of a whole cell; 0: by the side."),
                                 0),
                          {"Area of a cell", "พื้นที่ต่อช่อง"});
  area.unit = "km2";
  method.parameters = {
      titled(
          parameter(&GridOptions::shape, "shape", ParameterKind::choice, "Form of the cells.", {"hexagon", "square"}),
          {"Shape", "รูปร่าง"}),
      std::move(side), std::move(area),
      titled(parameter(&GridOptions::edge, "edge", ParameterKind::choice,
                       "Cells on the border of the areas: whole, or clipped to them.", {"whole", "clipped"}),
             {"At the border", "ที่แนวขอบ"})};
  method.makes = "cells";
  method.makes_fields = {{"cell_id",
                          ColumnType::text,
                          "",
                          "Column and row counted from the centre of the plane, such as e3n12.",
                          {"Cell", "ช่อง"},
                          ColourBy::none,
                          false},
                         {"cell_share",
                          ColumnType::real,
                          "share",
                          "How much of the cell lies in the areas; 1 without any.",
                          {"Share of the cell", "ส่วนที่อยู่ในพื้นที่"},
                          ColourBy::none,
                          false},
                         {"area_km2",
                          ColumnType::real,
                          "km2",
                          "Area on the ellipsoid.",
                          {"Area (km²)", "พื้นที่ (ตร.กม.)"},
                          ColourBy::sequence,
                          false}};
  method.default_options = [] { return std::any(GridOptions{}); };
  method.run = run_grid;
  return method;
}

}  // namespace

Layer grid_cells(const Layer& features, const Layer* areas, const GridOptions& options, Diagnostics& diagnostics,
                 Progress& progress) {
  progress.throw_if_cancelled();
  if (features.geometry.kind == GeometryKind::none)
    throw UsageError(fmt::format("layer {} holds no shapes to lay a grid over", features.name));
  if (features.crs.kind() == Crs::Kind::none)
    throw UsageError(
        fmt::format("the coordinate reference system of layer {} is unknown, so no cell has a size", features.name),
        "name it, such as --crs EPSG:4326, or --crs local for a plane in metres");
  check_options(options);
  Reach reach = reach_of(features);
  const Crs plane = take_to_plane(reach, features.crs);
  Box box;
  for (std::size_t i = 0; i < reach.x.size(); ++i)
    if (std::isfinite(reach.x[i]) && std::isfinite(reach.y[i])) box.include(reach.x[i], reach.y[i]);
  if (box.empty()) {
    diagnostics.add(Severity::doubt, "no-extent", features.name,
                    "no feature has a place that may be shown, so there is no cell");
    return layer_of({}, plane);
  }
  GridOptions in_metres = options;
  in_metres.side = options.side.on(features.crs, "side");
  const double side = side_for(in_metres, box);
  const CellLattice lattice(options.shape, side);
  if (const double cells = lattice.estimate(box); !(cells <= kMostCells))
    throw UsageError(fmt::format("cells with a side of {} would be about {:.3g}, but {:.0f} are the most",
                                 to_string(Length(Metres{side})), cells, kMostCells),
                     fmt::format("take a side of {} or more",
                                 to_string(Length(Metres{2 * nice(side * std::sqrt(cells / kMostCells))}))));
  const std::optional<PolygonIndex> ground = ground_of(areas, plane);
  Cells cells = cells_in(lattice, box, ground ? &*ground : nullptr, options.edge, progress);
  if (cells.ids.empty())
    diagnostics.add(Severity::doubt, "no-cells", features.name, "no cell over the features lies in the areas");
  return layer_of(std::move(cells), plane);
}

const Method& grid_method() {
  static const Method method = describe_grid();
  return method;
}

}  // namespace yaan
