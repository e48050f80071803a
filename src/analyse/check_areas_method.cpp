// The verb check-areas: what check_areas finds as columns of the areas and as a layer of its own.
#include <fmt/format.h>

#include <array>

#include "yaan/analyse/check_areas.hpp"
#include "yaan/core/publication.hpp"

namespace yaan {

namespace {

struct KindOfFault {
  std::string_view name;
  std::string_view code;
  std::string_view message;
};
constexpr std::array<KindOfFault, 4> kKinds = {{
    {"overlap", "overlapping-areas", "pairs of areas overlap"},
    {"overlap-sliver", "overlap-sliver", "pairs of areas overlap in a strip narrower than the sliver width"},
    {"gap", "gap-between-areas", "gaps lie between areas"},
    {"gap-sliver", "gap-sliver", "gaps narrower than the sliver width lie between areas"},
}};

std::size_t kind_of(const CoverageFault& fault, double sliver_width) {
  return (fault.kind == CoverageFault::Kind::gap ? 2U : 0U) + (fault.mean_width < sliver_width ? 1U : 0U);
}

Layer layer_of(const Layer& areas, const CoverageReport& report, double sliver_width) {
  Layer layer;
  layer.name = check_areas_method().makes;
  layer.crs = areas.crs;
  layer.sources = areas.sources;
  layer.geometry = Geometry::empty(GeometryKind::polygon);
  for (const OutputField& field : check_areas_method().makes_fields) layer.columns.push_back(make_column(field));
  for (const CoverageFault& fault : report.faults) {
    const Geometry& shape = fault.shape;
    for (std::size_t ring = 0; ring + 1 < shape.ring_vertices.size(); ++ring)
      layer.geometry.add_ring(shape.ring_x(ring), shape.ring_y(ring));
    layer.geometry.end_part();
    layer.geometry.end_feature();
    layer.columns[0].push(kKinds[kind_of(fault, sliver_width)].name);
    for (std::size_t i = 0; i < 2; ++i) {
      if (i < fault.areas.size()) {
        layer.columns[1 + i].push(std::string_view(areas.feature_code(fault.areas[i])));
        layer.columns[3 + i].push(std::string_view(areas.feature_name(fault.areas[i], Language::thai)));
      } else {
        layer.columns[1 + i].push_null();
        layer.columns[3 + i].push_null();
      }
    }
    layer.columns[5].push(static_cast<std::int64_t>(fault.areas.size()));
    layer.columns[6].push(fault.square_metres);
    layer.columns[7].push(fault.mean_width);
  }
  return layer;
}

// What lies on each area.
struct Tally {
  double overlap = 0;
  double gap = 0;
  std::int64_t overlaps = 0;
  std::int64_t gaps = 0;
};

void report_small(const Layer& areas, const CoverageReport& report, double least_area, Diagnostics& diagnostics) {
  if (report.small > 0)
    diagnostics.add(Severity::note, "small-fault", areas.name,
                    fmt::format("overlaps and gaps below {} m2 are not listed, {:.3f} m2 together", least_area,
                                report.small_square_metres),
                    report.small);
  if (report.within_one > 0)
    diagnostics.add(Severity::note, "hole-of-one-area", areas.name,
                    fmt::format("enclosed grounds of no area have one area around them, {:.3f} km2 together: holes of "
                                "that area, such as lakes, and no gaps",
                                report.within_one_square_metres / 1e6),
                    report.within_one);
}

MethodResult run_check_areas(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const CheckAreasOptions&>(any_options);
  const Layer& areas = inputs.layer("areas");
  const double sliver_width = options.sliver_width.in_metres("sliver_width").value;
  MethodResult result;
  std::vector<std::uint8_t> left_out;
  std::int64_t not_open = 0;
  for (const Publication level : publication_levels(areas)) {
    left_out.push_back(level == Publication::open ? 0 : 1);
    not_open += left_out.back();
  }
  if (not_open > 0)
    result.diagnostics.add(Severity::note, "not-open", areas.name,
                           "areas that are not open for publication are in no overlap and no gap", not_open);
  const CoverageReport report = check_areas(areas, options, left_out, progress);

  std::vector<Tally> tallies(areas.size());
  std::array<std::int64_t, kKinds.size()> counts{};
  std::array<double, kKinds.size()> sizes{};
  for (const CoverageFault& fault : report.faults) {
    const std::size_t kind = kind_of(fault, sliver_width);
    ++counts[kind];
    sizes[kind] += fault.square_metres;
    for (const std::uint32_t area : fault.areas) {
      const bool gap = fault.kind == CoverageFault::Kind::gap;
      (gap ? tallies[area].gap : tallies[area].overlap) += fault.square_metres;
      ++(gap ? tallies[area].gaps : tallies[area].overlaps);
    }
  }
  for (const CoverageFault& fault : report.faults) {
    const std::size_t kind = kind_of(fault, sliver_width);
    std::string where;
    for (std::size_t i = 0; i < fault.areas.size() && i < 2; ++i)
      where += (i == 0 ? "" : " / ") + areas.feature_code(fault.areas[i]);
    result.diagnostics.add(Severity::doubt, kKinds[kind].code, areas.name,
                           fmt::format("{}, {:.6f} km2 together", kKinds[kind].message, sizes[kind] / 1e6), 1, where);
  }
  report_small(areas, report, options.least_area, result.diagnostics);

  for (const OutputField& field : check_areas_method().adds) result.columns.push_back(make_column(field));
  for (std::size_t area = 0; area < areas.size(); ++area) {
    result.columns[0].push(report.area_square_metres[area] / 1e6);
    result.columns[1].push(tallies[area].overlap);
    result.columns[2].push(tallies[area].overlaps);
    result.columns[3].push(tallies[area].gap);
    result.columns[4].push(tallies[area].gaps);
  }
  result.layers.push_back(layer_of(areas, report, sliver_width));
  result.summary = {{"areas", static_cast<std::int64_t>(areas.size())}};
  for (std::size_t kind = 0; kind < kKinds.size(); ++kind) {
    result.summary.emplace_back(std::string(kKinds[kind].name), counts[kind]);
    result.summary.emplace_back(std::string(kKinds[kind].name) + "-m2", sizes[kind]);
  }
  result.summary.emplace_back("not-listed", report.small);
  result.summary.emplace_back("holes-of-one-area", report.within_one);
  return result;
}

void describe_fields(Method& method) {
  const auto field = [](const char* name, ColumnType type, const char* unit, const char* help, Localized title,
                        ColourBy colour, bool nullable) {
    return OutputField{name, type, unit, help, std::move(title), colour, nullable};
  };
  const ColumnType real = ColumnType::real;
  const ColumnType integer = ColumnType::integer;
  const ColumnType text = ColumnType::text;
  method.adds = {field("check_area_km2", real, "km2", "Area on the ellipsoid.", {"Area", "พื้นที่"}, ColourBy::none, false),
                 field("check_overlap_m2", real, "m2", "Ground shared with other areas, of all pairs listed.",
                       {"Overlap", "พื้นที่ซ้อนทับ"}, ColourBy::sequence, false),
                 field("check_overlaps", integer, "", "Overlaps and overlap slivers that it is in.",
                       {"Overlaps", "จำนวนส่วนซ้อนทับ"}, ColourBy::none, false),
                 field("check_gap_m2", real, "m2", "Area of the gaps along its border.", {"Gaps (area)", "พื้นที่ช่องว่าง"},
                       ColourBy::none, false),
                 field("check_gaps", integer, "", "Gaps and gap slivers along its border.", {"Gaps", "จำนวนช่องว่าง"},
                       ColourBy::none, false)};
  method.makes = "overlaps-and-gaps";
  method.makes_fields = {
      field("kind", text, "", "overlap, overlap-sliver, gap or gap-sliver.", {"Kind", "ประเภท"}, ColourBy::category,
            false),
      field("first", text, "", "Code of one of the two areas, or its id; of a gap the area with the longest border.",
            {"First area", "พื้นที่แรก"}, ColourBy::none, true),
      field("second", text, "", "Code of the other area, or its id; of a gap the next one.", {"Second area", "พื้นที่ที่สอง"},
            ColourBy::none, true),
      field("first_name", text, "", "Name of the first area.", {"Name of the first", "ชื่อพื้นที่แรก"}, ColourBy::none, true),
      field("second_name", text, "", "Name of the second area.", {"Name of the second", "ชื่อพื้นที่ที่สอง"}, ColourBy::none,
            true),
      field("neighbours", integer, "", "Areas that it lies in or between.", {"Areas", "จำนวนพื้นที่"}, ColourBy::none,
            false),
      field("area_m2", real, "m2", "Area on the ellipsoid.", {"Area", "พื้นที่"}, ColourBy::sequence, false),
      field("width_m", real, "m", "Mean width: twice the area by the perimeter.", {"Mean width", "ความกว้างเฉลี่ย"},
            ColourBy::none, false)};
}

Method describe_check_areas() {
  Method method;
  method.name = "check-areas";
  method.stage = "analyse";
  method.title = {"Overlaps and gaps", "ส่วนซ้อนทับและช่องว่าง"};
  method.summary = "Finds where areas that should lie side by side overlap or leave gaps, each with its area.";
  method.description =
      "An `overlap` is a connected piece of ground that two areas share; where three overlap, each pair has its own. A "
      "`gap` is a connected piece of ground in no area which areas enclose, with two or more of them along its border; "
      "pieces that meet in a point only are two. Enclosed ground with one area around it is a hole of that area, such "
      "as a lake, and is only counted; a lake between several areas that is in none of them is a gap, for people to "
      "judge. A gap that opens to the outside cannot be told from a bay and is not found.\n\n"
      "What is narrower than `sliver_width` in the mean, twice the area by the perimeter, is an `overlap-sliver` or a "
      "`gap-sliver`: the trace of two drawings of one border. What is smaller than `least_area` is counted and not "
      "listed. The largest come first.\n\n"
      "Areas are measured on the WGS 84 ellipsoid, with edges that are straight in the coordinates of the layer, so "
      "that two drawings of one straight border enclose nothing. Vertices are moved by less than 2^-45 of the largest "
      "coordinate, which makes overlays of nearly coincident edges right. Areas that are not open for publication "
      "leave no gap and are in no overlap. One overlay for each pair of areas whose boxes meet, and the union of all: "
      "O(v log v) expected for v vertices. Ground across the 180th meridian is looked at on either side by itself.";
  method.citation =
      "Snap rounding: Hobby, J. D. (1999): Practical segment intersection with finite precision output. Computational "
      "Geometry 13, 199-214. Area on the ellipsoid: Snyder, J. P. (1987): Map projections, a working manual. USGS "
      "Professional Paper 1395.";
  method.example = "check-areas data/provinces.geojson --sliver-width 50m -o overlaps_and_gaps.geojson";
  method.inputs = {{"areas", GeometryKind::polygon, RoleNeed::required, "the areas, such as provinces"}};
  Parameter width = parameter(&CheckAreasOptions::sliver_width, "sliver_width", ParameterKind::length,
                              "What is narrower than this in the mean is a sliver.");
  width.minimum = 0;
  width.slider_maximum = 500;
  width.title = {"Sliver width", "ความกว้างสูงสุดของแถบแคบ"};
  Parameter least = parameter(&CheckAreasOptions::least_area, "least_area", ParameterKind::real,
                              "What is smaller than this is counted and not listed.");
  least.unit = "m2";
  least.minimum = 0;
  least.title = {"Least area", "พื้นที่น้อยสุด"};
  method.parameters = {std::move(width), std::move(least)};
  describe_fields(method);
  method.default_options = [] { return std::any(CheckAreasOptions{}); };
  method.run = run_check_areas;
  return method;
}

}  // namespace

const Method& check_areas_method() {
  static const Method method = describe_check_areas();
  return method;
}

}  // namespace yaan
