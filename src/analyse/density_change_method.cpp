#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "analyse/common_parameters.hpp"
#include "analyse/density_change_layer.hpp"
#include "analyse/density_sites.hpp"
#include "analyse/mark_words.hpp"
#include "analyse/same_sites.hpp"
#include "yaan/analyse/dbscan.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"
#include "yaan/core/silent_progress.hpp"

namespace yaan {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

double checked(const Layer& points, const Length& length, const char* name) {
  const double metres = length.on(points.crs, name).value;
  if (!(metres > 0) || !std::isfinite(metres)) throw UsageError(fmt::format("{} must be more than 0", name));
  return metres;
}

/// ln of the later by the earlier share of all; null where either is next to nothing.
double log_ratio(const DensityChange& change, std::size_t cell, double least, double mass_before, double mass_after) {
  const double before = change.before.values[cell], after = change.after.values[cell];
  return before > least && after > least ? std::log(after / mass_after / (before / mass_before)) : kNan;
}

void add_columns(const DensityChange& change, const DensitySites& sites, MethodResult& result) {
  const bool nothing = change.after.size() == 0;
  const double mass_before = nothing ? 0 : mass(change.before), mass_after = nothing ? 0 : mass(change.after);
  const double least = least_change_density(change.before, change.after);
  for (const OutputField& field : density_change_method().adds) result.columns.push_back(make_column(field));
  for (std::size_t i = 0; i < sites.place.x.size(); ++i) {
    const auto cell = nothing ? std::nullopt : change.after.cell_at(sites.place.x[i], sites.place.y[i]);
    if (!cell) {
      for (Column& column : result.columns) column.push_null();
      continue;
    }
    const double before = change.before.values[*cell], after = change.after.values[*cell];
    const double values[] = {before,
                             after,
                             after - before,
                             log_ratio(change, *cell, least, mass_before, mass_after),
                             change.p.values[*cell],
                             change.p_global.values[*cell]};
    for (std::size_t c = 0; c < std::size(values); ++c) result.columns[c].push(values[c]);
  }
}

/// The sites of both snapshots, and which of them the test looks at.
struct Snapshots {
  const Layer& earlier;
  const Layer& later;
  DensitySites before, after;
};

DensityPoints points_of(const DensitySites& sites) { return {sites.place.x, sites.place.y, sites.weights}; }

/// Without the sites that stand in both.
DensitySites without(const DensitySites& sites, const std::vector<std::uint8_t>& same) {
  DensitySites left = sites;
  for (std::size_t i = 0; i < same.size(); ++i) {
    if (same[i] == 0) continue;
    left.used -= std::isnan(left.place.x[i]) ? 0 : 1;
    left.place.x[i] = left.place.y[i] = kNan;
  }
  return left;
}

/// Where no site of one snapshot is near one of the other. `earlier`, `later`: where the sites are, not where they may
/// be shown, as coarsening one list alone would part them.
void doubt_apart(const Snapshots& seen, const PlanePoints& earlier, const PlanePoints& later, double radius,
                 Diagnostics& diagnostics, const Progress& progress) {
  std::vector<double> x, y;
  const auto add = [&](const DensitySites& sites, const PlanePoints& places) {
    for (std::size_t i = 0; i < sites.place.x.size(); ++i) {
      if (std::isnan(sites.place.x[i])) continue;
      x.push_back(places.x[i]);
      y.push_back(places.y[i]);
    }
    return x.size();
  };
  const std::size_t first_later = add(seen.before, earlier);
  add(seen.after, later);
  // Chains of sites: with one point to a cluster those of both snapshots share one where any two of them are near.
  SilentProgress silent(progress);
  const DbscanLabels chains = dbscan(x, y, Crs::local(), {Metres{radius}, 1}, silent);
  std::vector<SitesAtPlace> places(static_cast<std::size_t>(chains.clusters) + 1);
  for (std::size_t i = 0; i < x.size(); ++i) {
    SitesAtPlace& place = places[static_cast<std::size_t>(chains.cluster[i])];
    ++(i < first_later ? place.before : place.after);
  }
  doubt_no_common_ground(places, seen.later.name, "no site lies within the bandwidth of one of the other snapshot",
                         diagnostics);
}

struct Tested {
  DensityChange change;
  std::int64_t opened = 0, closed = 0;  ///< where sites are matched
};

/// The change, tested by all sites or by those that opened and closed; the densities are of all.
Tested change_of(const Snapshots& seen, const DensityPlane& plane, const Grid& window, Metres bandwidth, double cell,
                 const DensityChangeOptions& options, Diagnostics& diagnostics, Progress& progress) {
  // Where the sites are, not where they may be shown: one that was coarsened since has not moved.
  const PlanePoints earlier = plane.points(seen.earlier.geometry, seen.earlier.crs, progress);
  const PlanePoints later = plane.points(seen.later.geometry, seen.later.crs, progress);
  const auto same_place = [&](std::size_t i, std::size_t j) {
    const double distance = std::hypot(earlier.x[i] - later.x[j], earlier.y[i] - later.y[j]);
    return !(distance > cell);  // also where a place cannot be used
  };
  // Sites of one cell are at one place too, as for match_ids.
  doubt_apart(seen, earlier, later, std::max(bandwidth.value, cell), diagnostics, progress);
  const DensityPoints before = points_of(seen.before), after = points_of(seen.after);
  if (!options.match_ids) {
    suggest_matching(density_change_method().name, seen.earlier, seen.later, same_place, diagnostics);
    return {density_change(before, after, window, bandwidth, options, progress)};
  }
  const SameSites same = same_sites(seen.earlier, seen.later, same_place, diagnostics);
  const DensitySites closed = without(seen.before, same.before), opened = without(seen.after, same.after);
  if (seen.before.used > 0 && seen.after.used > 0 && opened.used == 0 && closed.used == 0)
    diagnostics.add(Severity::note, "nothing-opened-or-closed", seen.later.name,
                    "no site opened and none closed: all stand in both snapshots, so there is nothing to test, and no "
                    "place has a p-value");
  else if (seen.before.used > 0 && seen.after.used > 0 && (opened.used == 0 || closed.used == 0))
    diagnostics.add(
        Severity::doubt, "one-way", seen.later.name,
        opened.used == 0
            ? "no site opened, so there is nothing to compare the closed ones with, and no place has a p-value"
            : "no site closed, so there is nothing to compare the new ones with, and no place has a p-value: "
              "scan-statistic tells whether the new ones gather more than the old ones do");
  Tested tested = {density_change(points_of(closed), points_of(opened), window, bandwidth, options, progress),
                   opened.used, closed.used};
  const auto density = [&](const DensityPoints& of) {
    return kernel_density(of.x, of.y, of.weights, window, options.kernel, bandwidth, options.edge_correction, progress);
  };
  tested.change.before = density(before);
  tested.change.after = density(after);
  return tested;
}

/// For the legends of both layers: how p was found.
void add_remarks(const DensityChangeOptions& options, MethodResult& result) {
  if (options.permutations == 0) return;
  const std::string count = with_thousands(options.permutations);
  const Localized labellings = {fmt::format("{} random labellings", count), fmt::format("สุ่มป้ายกำกับ {} ครั้ง", count)};
  const Localized alone = joined({"for each place alone", "แต่ละจุดโดยลำพัง"}, labellings);
  const Localized whole = joined({"allowing for the whole map", "ปรับสำหรับทั้งแผนที่"}, labellings);
  result.columns[4].remark = alone;
  result.columns[5].remark = whole;
  Layer& drawn = result.layers.front();
  drawn.find("p")->remark = alone;
  drawn.find("p_global")->remark = whole;
  drawn.find("mark")->remark =
      joined(level_words(options.significance, whole), {"maybe: for each place alone", "อาจ: แต่ละจุดโดยลำพัง"});
}

MethodResult run_density_change(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const DensityChangeOptions&>(any_options);
  const Layer& points = inputs.layer("points");
  const Layer& earlier = inputs.layer("before");
  const Layer* areas = inputs.find("areas");
  const DensityPlane plane(points, areas);
  const double bandwidth = checked(points, options.bandwidth, "bandwidth");
  const double cell = checked(points, options.cell_size, "cell_size");
  progress.throw_if_cancelled();
  progress.report("taking the layers to a plane", 0.05);
  MethodResult result;
  const DensityGround ground(areas, plane, points.size());
  DensitySites later = density_sites(points, plane, ground.within(), result.diagnostics, progress);
  const Snapshots seen = {earlier, points, density_sites(earlier, plane, ground.within(), result.diagnostics, progress),
                          std::move(later)};
  const DensitySites &before = seen.before, &after = seen.after;
  const Box box = joined(after.box, before.box);
  Tested tested;
  if (!ground.nothing(box)) {
    const Grid window = ground.area ? study_grid(*ground.area, *ground.study, cell, plane.crs(), progress)
                                    : grid_about(box, options.kernel, bandwidth, cell, plane.crs());
    DensityChangeOptions used = options;
    used.edge_correction = options.edge_correction && ground.area.has_value();
    tested = change_of(seen, plane, window, Metres{bandwidth}, cell, used, result.diagnostics, progress);
  }
  const DensityChange& change = tested.change;
  if (before.used == 0 || after.used == 0)
    result.diagnostics.add(Severity::doubt, "empty-snapshot", before.used == 0 ? earlier.name : points.name,
                           "a snapshot without points that can be used is compared with nothing");
  if (options.permutations > 0 && 2.0 / static_cast<double>(options.permutations + 1) > options.significance)
    result.diagnostics.add(Severity::doubt, "few-permutations", points.name,
                           "no cell can be significant with so few permutations: take at least 2 / significance - 1");
  add_columns(change, after, result);
  progress.report("drawing what changed", 0.9);
  DensityChangeLayer drawn =
      density_change_layer(change, options.significance, ground.area ? &*ground.area : nullptr, plane, progress);
  drawn.layer.name = density_change_method().makes;
  for (const Layer* layer : {&points, &earlier, areas})
    if (layer != nullptr)
      drawn.layer.sources.insert(drawn.layer.sources.end(), layer->sources.begin(), layer->sources.end());
  result.layers.push_back(std::move(drawn.layer));
  add_remarks(options, result);
  double least = 1;
  for (const double p : change.p_global.values) least = std::isnan(p) ? least : std::min(least, p);
  result.summary = {{"before", before.used}, {"after", after.used}};
  if (options.match_ids) append(result.summary, {{"opened", tested.opened}, {"closed", tested.closed}});
  append(result.summary, {{"outside_study_area", before.outside + after.outside},
                          {"cells", static_cast<std::int64_t>(change.after.inside())},
                          {"permutations", options.permutations}});
  if (!change.largest.empty()) result.summary.emplace_back("p_global", least);
  for (const auto& [name, count] :
       {std::pair{"grown", drawn.grown}, std::pair{"shrunk", drawn.shrunk}, std::pair{"maybe_grown", drawn.maybe_grown},
        std::pair{"maybe_shrunk", drawn.maybe_shrunk}})
    result.summary.emplace_back(name, count);
  return result;
}

std::vector<Parameter> parameters() {
  using O = DensityChangeOptions;
  using K = ParameterKind;
  const auto sliding = [](Parameter p, double low, double high) {
    p.slider_minimum = low;
    p.slider_maximum = high;
    return p;
  };
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  return {titled(parameter(&O::kernel, "kernel", K::choice, "Shape of the hill that each point raises, as in density.",
                           {"gaussian", "quartic"}),
                 {"Kernel", "เคอร์เนล"}),
          sliding(titled(ranged(parameter(&O::bandwidth, "bandwidth", K::length,
                                          "Standard deviation of the gaussian, or radius of the quartic kernel, of "
                                          "both surfaces."),
                                0, kInfinity, true),
                         {"Bandwidth", "แบนด์วิดท์"}),
                  100, 20000),
          sliding(titled(ranged(parameter(&O::cell_size, "cell_size", K::length,
                                          "Side of the square cells on which the surfaces are computed."),
                                0, kInfinity, true),
                         {"Cell size", "ขนาดช่องกริด"}),
                  50, 5000),
          titled(parameter(&O::edge_correction, "edge_correction", K::flag,
                           "Divide by the kernel's mass inside the study area, so that density does not fall off "
                           "towards its edge."),
                 {"Edge correction", "แก้ผลของขอบ"}),
          titled(ranged(parameter(&O::permutations, "permutations", K::integer,
                                  "Random labellings of the points for the p-values; 0 for none."),
                        0, 99999),
                 {"Permutations", "จำนวนการสับเปลี่ยน"}),
          match_ids_parameter(&O::match_ids),
          significance_parameter(&O::significance, "p-value up to which cells are outlined."),
          seed_parameter(&O::seed, "Number that the permutations follow from.")};
}

Method describe_density_change() {
  Method method;
  method.name = "density-change";
  method.stage = "analyse";
  method.title = {"Change of density", "การเปลี่ยนแปลงความหนาแน่น"};
  method.summary = "Draws where sites gathered or went between two snapshots, more than by chance.";
  method.description =
      "Both snapshots have a kernel density on one grid, as `density` computes it: the points are the later one, "
      "`before` the earlier. Each point of the later one gets both densities, their difference, and the logarithm of "
      "the ratio of the shares (each density over its own mass), which is 0 where the place grew as the whole did.\n\n"
      "Is it chance? Under random labelling all n points are one pattern, of which any n1 are as likely to be the "
      "later "
      "ones. So the growth of the whole is held: a survey that got better everywhere changes nothing, and one that got "
      "better in one district looks like growth there. With f the later density and g that of all points, the "
      "residual of a cell is (f - g n1 / n) / sqrt(g), about as variable everywhere (without edge correction, which "
      "would not change a rank). `change_p` is twice the smaller tail of its rank among the permutations, for each "
      "cell alone: of cells without any change 5 % have p up to .05. `change_p_global` ranks its size among the "
      "largest of each permuted map, so that the chance of any false cell is the level. The difference, the ratio and "
      "the residual have one and the same p in a cell. Where all points together have less than a millionth of their "
      "peak density nothing is tested, and a density below a millionth of that peak makes no ratio.\n\n"
      "The layer `changed_areas` has a polygon for each set of cells that share sides and grew, or shrank, with "
      "change_p of at most the level: `grown` and `shrunk` where a cell has change_p_global up to the level, else "
      "`maybe grown` and `maybe shrunk`.\n\n"
      "Choose the bandwidth before looking, such as the one `density` finds for both layers together: trying many and "
      "taking the best is another test. Sites that stand in both snapshots count in both, which makes the test "
      "cautious. With `match_ids` those with the same id no farther than a cell apart are left out of the test, and "
      "labels are drawn among those that opened and closed, which finds far smaller changes; the densities are of all "
      "sites. Ids must be kept from list to list, and some sites must have closed: there is no p where sites only "
      "opened or only closed, nor where none did either, which a note says. Compare more than two snapshots in pairs; "
      "four yearly reviews are too few for a trend.\n\n"
      "Two lists that share no ground are most likely of two survey areas. Where no site lies within the bandwidth (or "
      "a cell, if that is wider) of one of the other snapshot, with five sites or more in each, a doubt "
      "(`no-common-ground`) says so, unless the sites are so thinly spread that chance would part them so more than "
      "once in a hundred times.\n\n"
      "Coarsened points stand at the centre of their coarse cell, hidden ones are in no density: peaks would tell "
      "where they are. A snapshot without points has no p. Without areas the surface reaches 4 bandwidths (1 for "
      "quartic) beyond the points.\n\n"
      "Time: that of density, once for each permutation.";
  method.citation =
      "Kelsall, J. E. and Diggle, P. J. (1995): Non-parametric estimation of spatial variation in relative risk. "
      "Statistics in Medicine 14, 2335-2342. Bithell, J. F. (1990): An application of density estimation to "
      "geographical epidemiology. Statistics in Medicine 9, 691-701.";
  method.example =
      "density-change sites.geojson --before data/creative_assets.csv --before-x longitude --before-y latitude "
      "--before-crs EPSG:4326 --bandwidth 20km --cell-size 10km -o density_change.geojson";
  method.inputs = {{"points", GeometryKind::point, RoleNeed::required, "the points of the later snapshot"},
                   {"before", GeometryKind::point, RoleNeed::required, "the points of the earlier snapshot"},
                   {"areas", GeometryKind::polygon, RoleNeed::optional,
                    "the study area: points outside are left out, and the surface is corrected at its edge"}};
  method.parameters = parameters();
  const auto field = [](const char* name, const char* unit, const char* help, Localized title, ColourBy colour) {
    return OutputField{name, ColumnType::real, unit, help, std::move(title), colour, true};
  };
  method.adds = {
      field("change_before_km2", "1/km2", "Density of the earlier snapshot at the point.",
            {"Density before", "ความหนาแน่นเดิม"}, ColourBy::none),
      field("change_after_km2", "1/km2", "Density of the later snapshot at the point.",
            {"Density after", "ความหนาแน่นใหม่"}, ColourBy::none),
      field("change_km2", "1/km2", "Later less earlier density.", {"Change of density", "การเปลี่ยนแปลงความหนาแน่น"},
            ColourBy::divergence),
      field("change_log_ratio", "",
            "Logarithm of the later by the earlier share of all points; 0 for no change, null where either is next to "
            "nothing.",
            {"Log ratio of shares", "ลอการิทึมอัตราส่วนของสัดส่วน"}, ColourBy::divergence),
      field("change_p", "", "Two-sided p-value by random labelling, for this place alone.", {"p", "p"},
            ColourBy::probability),
      field("change_p_global", "", "The p-value that allows for all cells of the map.", {"Global p", "p ของทั้งแผนที่"},
            ColourBy::probability)};
  method.makes = "changed_areas";
  method.makes_fields = density_change_layer_fields();
  method.default_options = [] { return std::any(DensityChangeOptions{}); };
  method.run = run_density_change;
  return method;
}

}  // namespace

const Method& density_change_method() {
  static const Method method = describe_density_change();
  return method;
}

}  // namespace yaan
