#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "analyse/density_layer.hpp"
#include "analyse/density_plane.hpp"
#include "analyse/density_sites.hpp"
#include "analyse/index/area_grid.hpp"
#include "yaan/analyse/bandwidth.hpp"
#include "yaan/analyse/kernel_density.hpp"
#include "yaan/core/error.hpp"

namespace yaan {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// The bandwidth by the rule, of the kernel that is used.
double chosen_bandwidth(const Layer& points, const DensitySites& sites, const Grid& window,
                        const DensityOptions& options, double fixed, Diagnostics& diagnostics, Progress& progress) {
  if (options.bandwidth_rule == BandwidthRule::fixed) return fixed;
  std::optional<Metres> gaussian;
  if (options.bandwidth_rule == BandwidthRule::scott) {
    const auto& [x, y] = sites.place;
    gaussian = scott_bandwidth(x, y, sites.weights, progress);
  } else if (const auto found = diggle_bandwidth(sites.place.x, sites.place.y, window, progress)) {
    gaussian = found->bandwidth;
    if (found->at_end)
      diagnostics.add(Severity::doubt, "bandwidth-at-end", points.name,
                      "cross-validation found its least error at an end of the range searched, so no bandwidth stands "
                      "out; give one, or use Scott's rule");
  }
  if (!gaussian) {
    diagnostics.add(Severity::doubt, "no-bandwidth", points.name,
                    "the points are too few or lie on one line or spot, so the fixed bandwidth is used");
    return fixed;
  }
  return gaussian->value * (options.kernel == Kernel::quartic ? kQuarticPerGaussian : 1);
}

Column density_column(const OutputField& field, const DensitySites& sites, const Grid* grid) {
  Column column = make_column(field);
  column.reserve(sites.place.x.size());
  for (std::size_t i = 0; i < sites.place.x.size(); ++i) {
    const auto cell = grid != nullptr ? grid->cell_at(sites.place.x[i], sites.place.y[i]) : std::nullopt;
    column.push(cell ? grid->values[*cell] : kNan);
  }
  return column;
}

struct Checked {
  double bandwidth;
  double cell;
  std::vector<double> levels;
};

Checked checked(const Layer& points, const DensityOptions& options) {
  Checked lengths{};
  lengths.bandwidth = options.bandwidth.on(points.crs, "bandwidth").value;
  lengths.cell = options.cell_size.on(points.crs, "cell_size").value;
  for (const auto& [name, value] : {std::pair{"bandwidth", lengths.bandwidth}, std::pair{"cell_size", lengths.cell}})
    if (!(value > 0) || !std::isfinite(value)) throw UsageError(fmt::format("{} must be more than 0", name));
  lengths.levels = levels_from(options.levels);
  return lengths;
}

DensitySurfaces surfaces_of(const DensitySites& sites, const DensitySites* background, const Grid& window,
                            double bandwidth, bool edge_correction, const DensityOptions& options, Progress& progress) {
  const auto surface = [&](const DensitySites& of) {
    return kernel_density(of.place.x, of.place.y, of.weights, window, options.kernel, Metres{bandwidth},
                          edge_correction, progress);
  };
  DensitySurfaces surfaces;
  surfaces.density = surface(sites);
  if (background != nullptr)
    surfaces.risk = relative_risk(surfaces.density, surface(*background), options.least_background);
  return surfaces;
}

MethodResult run_density(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const DensityOptions&>(any_options);
  const Layer& points = inputs.layer("points");
  const Layer* areas = inputs.find("areas");
  const Layer* background = inputs.find("background");
  const Method& method = density_method();
  const DensityPlane plane(points, areas);
  const Checked lengths = checked(points, options);
  progress.throw_if_cancelled();
  MethodResult result;

  progress.report("taking the layers to a plane", 0.05);
  const DensityGround ground(areas, plane, points.size());
  const DensitySites sites = density_sites(points, plane, ground.within(), result.diagnostics, progress);
  DensitySites others;
  if (background != nullptr) others = density_sites(*background, plane, ground.within(), result.diagnostics, progress);
  const Box box = joined(sites.box, others.box);
  const bool nothing = ground.nothing(box);

  double bandwidth = lengths.bandwidth;
  DensitySurfaces surfaces;
  if (!nothing) {
    progress.report("choosing the bandwidth", 0.2);
    Grid window = ground.area ? study_grid(*ground.area, *ground.study, lengths.cell, plane.crs(), progress)
                              : Grid::covering(box, lengths.cell, kMostDensityCells, plane.crs());
    bandwidth = chosen_bandwidth(points, sites, window, options, lengths.bandwidth, result.diagnostics, progress);
    if (!ground.area) window = grid_about(box, options.kernel, bandwidth, lengths.cell, plane.crs());
    if (lengths.cell > (options.kernel == Kernel::gaussian ? 2 : 1) * bandwidth)
      result.diagnostics.add(Severity::doubt, "coarse-cells", points.name,
                             "the cells are so much larger than the bandwidth that the surface misses sites; use "
                             "smaller cells or a larger bandwidth");
    progress.report("computing the density", 0.4);
    surfaces = surfaces_of(sites, background != nullptr ? &others : nullptr, window, bandwidth,
                           options.edge_correction && ground.area.has_value(), options, progress);
  }
  result.columns.push_back(density_column(method.adds[0], sites, nothing ? nullptr : &surfaces.density));
  result.columns.push_back(density_column(method.adds[1], sites, surfaces.risk ? &*surfaces.risk : nullptr));

  progress.report("drawing contours", 0.7);
  DensityLayer drawn =
      density_layer(surfaces, ground.area ? &*ground.area : nullptr, lengths.levels, options, plane, progress);
  drawn.layer.sources = points.sources;
  for (const Layer* layer : {areas, background})
    if (layer != nullptr)
      drawn.layer.sources.insert(drawn.layer.sources.end(), layer->sources.begin(), layer->sources.end());
  result.layers.push_back(std::move(drawn.layer));
  result.summary = {{"points", static_cast<std::int64_t>(points.size())},
                    {"used", sites.used},
                    {"outside_study_area", sites.outside},
                    {"bandwidth_m", bandwidth},
                    {"cells", static_cast<std::int64_t>(surfaces.density.inside())},
                    {"mass", mass(surfaces.density)},
                    {"peak_per_km2", drawn.peak},
                    {"hot_areas", drawn.hot_areas},
                    {"hot_share", drawn.hot_share},
                    {"hot_km2", drawn.hot_km2}};
  return result;
}

Parameter described(Parameter p, Localized title, double minimum, bool excluded, double low, double high) {
  p.title = std::move(title);
  p.minimum = minimum;
  p.minimum_excluded = excluded;
  p.slider_minimum = low;
  p.slider_maximum = high;
  return p;
}

std::vector<Parameter> parameters() {
  using O = DensityOptions;
  std::vector<Parameter> all;
  Parameter kernel = parameter(
      &O::kernel, "kernel", ParameterKind::choice,
      "Shape of the hill that each point raises: gaussian, or quartic (biweight), which ends at the bandwidth.",
      {"gaussian", "quartic"});
  kernel.title = {"Kernel", "เคอร์เนล"};
  all.push_back(std::move(kernel));
  Parameter rule = parameter(&O::bandwidth_rule, "bandwidth_rule", ParameterKind::choice,
                             "Where the bandwidth comes from: fixed, Scott's rule, or Diggle's cross-validation.",
                             {"fixed", "scott", "diggle"});
  rule.title = {"Bandwidth rule", "วิธีเลือกแบนด์วิดท์"};
  all.push_back(std::move(rule));
  all.push_back(
      described(parameter(&O::bandwidth, "bandwidth", ParameterKind::length,
                          "Standard deviation of the gaussian, or radius of the quartic kernel; larger is smoother."),
                {"Bandwidth", "แบนด์วิดท์"}, 0, true, 100, 20000));
  all.push_back(described(parameter(&O::cell_size, "cell_size", ParameterKind::length,
                                    "Side of the square cells on which the surface is computed."),
                          {"Cell size", "ขนาดช่องกริด"}, 0, true, 50, 5000));
  Parameter bands = described(parameter(&O::bands, "bands", ParameterKind::integer,
                                        "How many contour bands, at equal steps of density up to the peak."),
                              {"Bands", "จำนวนชั้น"}, 1, false, 2, 12);
  bands.maximum = 100;
  all.push_back(std::move(bands));
  Parameter levels =
      parameter(&O::levels, "levels", ParameterKind::text,
                "Lower ends of the bands in points per km2, ascending, such as \"0.5, 1, 2\"; empty for equal steps.");
  levels.title = {"Levels", "ระดับ"};
  all.push_back(std::move(levels));
  Parameter share = described(
      parameter(&O::hot_share, "hot_share", ParameterKind::real, "Share of all mass that the hot areas hold."),
      {"Share in hot areas", "สัดส่วนในพื้นที่หนาแน่น"}, 0, true, 0.05, 0.95);
  share.maximum = 1;
  all.push_back(std::move(share));
  Parameter edge = parameter(
      &O::edge_correction, "edge_correction", ParameterKind::flag,
      "Divide by the kernel's mass inside the study area, so that density does not fall off towards its edge.");
  edge.title = {"Edge correction", "แก้ผลของขอบ"};
  all.push_back(std::move(edge));
  all.push_back(described(parameter(&O::least_risk, "least_risk", ParameterKind::real,
                                    "Relative risk from which cells are outlined, when there is a background."),
                          {"Outline risk from", "ความเสี่ยงสัมพัทธ์ขั้นต่ำ"}, 0, true, 1, 10));
  Parameter least = described(parameter(&O::least_background, "least_background", ParameterKind::real,
                                        "Share of the background's peak below which no relative risk is told."),
                              {"Least background", "พื้นหลังขั้นต่ำ"}, 0, false, 0, 0.2);
  least.maximum = 1;
  all.push_back(std::move(least));
  return all;
}

Method describe_density() {
  Method method;
  method.name = "density";
  method.stage = "analyse";
  method.title = {"Kernel density", "ความหนาแน่นแบบเคอร์เนล"};
  method.summary = "Draws how many points there are to the square kilometre, as a smooth surface with contours.";
  method.description =
      "Each point, by its weight, is spread over its surroundings by a kernel, and the sum is taken at the centre of "
      "each cell of a grid. The `gaussian` kernel has the bandwidth as its standard deviation along each axis; the "
      "`quartic` kernel 3 / (pi b^2) (1 - d^2 / b^2)^2 ends at the bandwidth b. A quartic kernel looks about as smooth "
      "as a gaussian of its radius over the square root of 8. The gaussian is exact to 1e-6 relative for every point "
      "within 8 bandwidths, the quartic to rounding.\n\n"
      "Bandwidth: `fixed`; `scott`, the geometric mean of the standard deviations along the axes times n^(-1/6); or "
      "`diggle`, the least mean square error for a Cox process, estimated from Ripley's K with translation correction, "
      "up to a radius of a quarter of the shorter side or of 1000 expected neighbours. Both give the gaussian's "
      "bandwidth; a quartic kernel takes the radius of equal variance, sqrt(8) times it. Where a rule finds nothing "
      "(too few points, all on one spot or line) the fixed bandwidth is used and a doubt is reported.\n\n"
      "With `areas` the study area is all of them together: a cell is inside by its centre, points outside are set "
      "aside and counted, and with `edge_correction` each value is divided by the kernel's mass within the study "
      "area's cells. Without areas the grid reaches 4 gaussian bandwidths (one quartic radius) past the points and "
      "nothing is corrected. Layers in degrees are taken to an equal-area plane centred on the study area, or on the "
      "points; other layers are measured in their own plane, its unit converted to metres.\n\n"
      "Bands are polygons by marching squares between cell centres, from each level up to the next; without `levels` "
      "there are `bands` of them at equal steps, the first of which begins one step above 0. Hot areas are the fewest "
      "cells that hold `hot_share` of the mass (the highest density region), one feature for each piece, the largest "
      "mass first. Everything is clipped to the study area.\n\n"
      "With a `background` layer the relative risk is the density of the points, as a share of all their mass, over "
      "that of the background: 1 is as the background, 2 twice its share. It is told only where the background reaches "
      "`least_background` of its peak. Cells at `least_risk` or more are outlined.\n\n"
      "Points that are hidden from publication add to nothing, coarsened ones stand at the centre of their coarse "
      "cell: a peak would tell where they are.\n\n"
      "A point's density is that of the cell that holds it; it is null for a point that is set aside and where the "
      "cell's centre is outside. Without usable points the surface is 0 and there are no polygons. Time and memory "
      "grow with points and cells, whatever the bandwidth of a gaussian; at most 16,777,216 cells.";
  method.citation =
      "Diggle, P. J. (1985): A kernel method for smoothing point process data. Applied Statistics 34, 138-147. Berman, "
      "M. and Diggle, P. J. (1989): Estimating weighted integrals of the second-order intensity of a spatial point "
      "process. Journal of the Royal Statistical Society B 51, 81-92. Scott, D. W. (1992): Multivariate Density "
      "Estimation. Wiley. Kelsall, J. E. and Diggle, P. J. (1995): Kernel estimation of relative risk. Bernoulli 1, "
      "3-16. Hyndman, R. J. (1996): Computing and graphing highest density regions. The American Statistician 50, "
      "120-126.";
  method.example =
      "density data/creative_assets.csv --x longitude --y latitude --crs EPSG:4326 --areas data/provinces.geojson "
      "--bandwidth 5km --cell-size 2km -o density.geojson";
  method.inputs = {
      {"points", GeometryKind::point, RoleNeed::required, "the points whose density is wanted"},
      {"areas", GeometryKind::polygon, RoleNeed::optional, "the study area, all features together"},
      {"background", GeometryKind::point, RoleNeed::optional, "points to compare with, for the relative risk"}};
  method.parameters = parameters();
  method.adds = {{"density_per_km2",
                  ColumnType::real,
                  "1/km2",
                  "Points per km2 by the surface, in the cell that holds the point; null outside the study area.",
                  {"Density", "ความหนาแน่น"},
                  ColourBy::sequence,
                  true},
                 {"relative_risk",
                  ColumnType::real,
                  "",
                  "Share of the points' mass over that of the background, in the cell that holds the point; null "
                  "without a background or where it is next to nothing.",
                  {"Relative risk", "ความเสี่ยงสัมพัทธ์"},
                  ColourBy::ratio,
                  true}};
  name_nulls(method.adds, {"outside the surface", "อยู่นอกพื้นผิว"});
  method.makes = "density_areas";
  method.makes_fields = density_layer_fields();
  method.map_field = "level_low";
  method.default_options = [] { return std::any(DensityOptions{}); };
  method.run = run_density;
  return method;
}

}  // namespace

const Method& density_method() {
  static const Method method = describe_density();
  return method;
}

}  // namespace yaan
