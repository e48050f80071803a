// The description of the method `district-significance`, and its columns.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "analyse/dbscan_parameters.hpp"
#include "analyse/mark_words.hpp"
#include "analyse/pattern_parameters.hpp"
#include "analyse/points_in_areas.hpp"
#include "district/field_table.hpp"
#include "yaan/core/numbers.hpp"
#include "yaan/core/publication.hpp"
#include "yaan/district/district_significance.hpp"

namespace yaan {

namespace {

const std::vector<std::string> kNullModels = {"automatic", "complete_randomness", "background", "population",
                                              "random_labelling"};

Column number_column(const OutputField& field, const DistrictSignificance& found, double TestedDistrict::*value) {
  Column column = make_column(field);
  for (const std::int32_t cluster : found.cluster) {
    if (cluster == 0) {
      column.push_null();
    } else {
      column.push(found.districts[static_cast<std::size_t>(cluster) - 1].*value);
    }
  }
  return column;
}

/// Of each district, whether all of its members are open.
std::vector<std::uint8_t> all_open(const Layer& points, const DistrictSignificance& found) {
  const std::vector<Publication> levels = publication_levels(points);
  std::vector<std::uint8_t> open(found.districts.size(), 1);
  for (std::size_t row = 0; row < levels.size(); ++row)
    if (found.cluster[row] != 0 && levels[row] != Publication::open)
      open[static_cast<std::size_t>(found.cluster[row]) - 1] = 0;
  return open;
}

struct AreaNames {
  std::string english, thai;
};

/// Of each district, the area of the window that holds most of its open members; of those equal, the first by its code.
/// Places of members that are not open have no say, since an area may be small.
std::vector<AreaNames> areas_of(const Layer& points, const Layer* window, const DistrictSignificance& found,
                                Progress& progress) {
  std::vector<AreaNames> names(found.districts.size());
  if (window == nullptr || (window->roles.name_en.empty() && window->roles.name_th.empty())) return names;
  const std::vector<Publication> levels = publication_levels(points);
  std::vector<std::uint32_t> members;
  for (std::uint32_t row = 0; row < points.size(); ++row)
    if (found.cluster[row] != 0 && levels[row] == Publication::open) members.push_back(row);
  if (members.empty()) return names;
  Diagnostics said_already;
  const PointsInAreas where =
      points_in_areas(points.select(members), *window, Length(Metres{0}), said_already, progress);
  std::vector<std::size_t> place(window->size());  // in the order of the codes
  for (std::size_t i = 0; i < where.order.size(); ++i) place[where.order[i]] = i;
  std::vector<std::map<std::size_t, std::int64_t>> counts(names.size());
  for (std::size_t i = 0; i < members.size(); ++i)
    if (where.area[i] >= 0)
      ++counts[static_cast<std::size_t>(found.cluster[members[i]]) - 1][place[static_cast<std::size_t>(where.area[i])]];
  for (std::size_t d = 0; d < names.size(); ++d) {
    if (counts[d].empty()) continue;
    const auto most = std::max_element(counts[d].begin(), counts[d].end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    const std::uint32_t row = where.order[most->first];
    names[d] = {window->feature_name(row, Language::english), window->feature_name(row, Language::thai)};
  }
  return names;
}

Layer district_table(const Method& method, const Layer& points, const DistrictSignificance& found, double level,
                     const std::vector<AreaNames>& areas, Diagnostics& diagnostics) {
  FieldTable table(method.makes_fields);
  const std::vector<std::uint8_t> open = all_open(points, found);
  std::int64_t withheld = 0;
  for (std::size_t d = 0; d < found.districts.size(); ++d) {
    const TestedDistrict& district = found.districts[d];
    const bool show = open[d] != 0 && !std::isnan(district.expected);
    withheld += open[d] == 0 ? 1 : 0;
    table.push("cluster", std::int64_t{district.cluster});
    table.push("count", district.count);
    table.push("counted", district.counted);
    table.push("expected", show ? district.expected : std::nan(""));
    table.push("ratio", show ? static_cast<double>(district.counted) / district.expected : std::nan(""));
    table.push("excess", show ? district.excess : std::nan(""));
    table.push("p", district.p);
    table.push("false_discovery_rate", district.false_discovery_rate);
    table.push("significant", std::int64_t{district.p <= level ? 1 : 0});
    table.push_or_null("area_en", areas[d].english);
    table.push_or_null("area_th", areas[d].thai);
  }
  if (withheld > 0)
    diagnostics.add(Severity::note, "not-open-withheld", points.name,
                    "districts with members that are not open have no expected number: it would tell where those are",
                    withheld);
  Layer layer;
  layer.name = method.makes;
  layer.geometry = Geometry::empty(GeometryKind::none);
  layer.geometry.rows = found.districts.size();
  layer.sources = points.sources;
  layer.columns = table.take();
  return layer;
}

/// For legends: what chance was, and what the numbers allow for.
void add_remarks(const SignificanceOptions& options, const DistrictSignificance& found, MethodResult& result) {
  const auto chance = [&]() -> Localized {
    switch (found.null_model) {
      case DistrictNull::background:
        return {"against places drawn from the background", "เทียบกับการสุ่มจากตำแหน่งในชั้นข้อมูลพื้นหลัง"};
      case DistrictNull::population: return {"against places drawn by population", "เทียบกับการสุ่มตำแหน่งตามจำนวนประชากร"};
      case DistrictNull::random_labelling:
        return {"against kinds that change places", "เทียบกับการสุ่มสลับประเภทระหว่างแหล่ง"};
      default: return {"against places anywhere in the window", "เทียบกับการสุ่มตำแหน่งทั่วขอบเขตศึกษา"};
    }
  }();
  Localized by_search{"not tested", "ไม่ได้ทดสอบ"}, by_rate = by_search, marked = by_search;
  if (!found.largest.empty()) {
    const std::string count = with_thousands(options.simulations);
    const Localized how = joined(chance, {fmt::format("{} simulations", count), fmt::format("จำลอง {} ครั้ง", count)});
    by_search = joined(how, {"allowing for the search of the whole map", "ปรับสำหรับการค้นหาทั้งแผนที่แล้ว"});
    by_rate = joined(how, {"among the districts found", "ในบรรดาย่านที่พบ"});
    marked = level_words(options.significance, by_search);
  }
  result.columns[1].remark = by_search;
  result.columns[2].remark = by_rate;
  Layer& table = result.layers.front();
  table.find("p")->remark = by_search;
  table.find("false_discovery_rate")->remark = by_rate;
  table.find("significant")->remark = marked;
  table.find("ratio")->remark = chance;
}

MethodResult run_district_significance(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const SignificanceOptions&>(any_options);
  const Layer& points = inputs.layer("points");
  const Method& method = district_significance_method();
  MethodResult result;
  const DistrictSignificance found = district_significance(points, inputs.find("window"), inputs.find("background"),
                                                           options, result.diagnostics, progress);
  Column cluster = make_column(method.adds[0]);
  for (const std::int32_t number : found.cluster) {
    if (number == 0) {
      cluster.push_null();
    } else {
      cluster.push(std::int64_t{number});
    }
  }
  result.columns.push_back(std::move(cluster));
  result.columns.push_back(number_column(method.adds[1], found, &TestedDistrict::p));
  result.columns.push_back(number_column(method.adds[2], found, &TestedDistrict::false_discovery_rate));
  result.layers.push_back(district_table(method, points, found, options.significance,
                                         areas_of(points, inputs.find("window"), found, progress), result.diagnostics));
  add_remarks(options, found, result);
  std::int64_t significant = 0;
  double least = 1;
  bool tested = false;
  for (const TestedDistrict& district : found.districts) {
    if (std::isnan(district.p)) continue;
    tested = tested || !found.largest.empty();
    significant += district.p <= options.significance ? 1 : 0;
    least = std::min(least, district.p);
  }
  result.summary = {{"points", static_cast<std::int64_t>(points.size())},
                    {"clustered", found.clustered},
                    {"counted", found.counted},
                    {"null_model", kNullModels[static_cast<std::size_t>(found.null_model)]},
                    {"simulations", static_cast<std::int64_t>(found.largest.size())},
                    {"districts", static_cast<std::int64_t>(found.districts.size())},
                    {"significant", significant}};
  if (tested) result.summary.emplace_back("least_p", least);
  if (!found.largest.empty()) result.summary.emplace_back("without_a_district", found.without_a_district);
  return result;
}

std::vector<OutputField> point_fields() {
  using enum ColumnType;
  return {{"tested_cluster",
           integer,
           "",
           "Number of the district: the cluster that dbscan gives with the same options; null outside all of them.",
           {"Tested district", "ย่านที่ทดสอบ"},
           ColourBy::category,
           true},
          {"district_p",
           real,
           "",
           "p of that district, with the search for all districts allowed for.",
           {"p of the district", "ค่า p ของย่าน"},
           ColourBy::probability,
           true},
          {"district_fdr",
           real,
           "share",
           "False discovery rate of that district.",
           {"False discovery rate", "อัตราการค้นพบเท็จ"},
           ColourBy::none,
           true}};
}

std::vector<OutputField> table_fields() {
  using enum ColumnType;
  return {
      {"cluster", integer, "", "Number of the district's cluster.", {"Cluster", "กลุ่ม"}, ColourBy::none, false},
      {"count", integer, "", "Members of the district.", {"Sites", "จำนวนแหล่ง"}, ColourBy::sequence, false},
      {"counted",
       integer,
       "",
       "Members that chance could have put elsewhere: in the window and, where it draws from places of points, open or "
       "on "
       "one of them.",
       {"Counted", "จำนวนที่นับ"},
       ColourBy::none,
       false},
      {"expected",
       real,
       "",
       "Of those, expected by chance on the district's ground; null where a member is not open.",
       {"Expected", "จำนวนคาดหมาย"},
       ColourBy::none,
       true},
      {"ratio",
       real,
       "",
       "Counted over expected; null likewise.",
       {"Times the expected", "จำนวนเท่าของค่าคาดหมาย"},
       ColourBy::ratio,
       true},
      {"excess",
       real,
       "",
       "Log-likelihood ratio of counted against expected; null likewise.",
       {"Excess", "ส่วนเกิน"},
       ColourBy::none,
       true},
      {"p",
       real,
       "",
       "Share of the maps (simulated, and this one) that hold a district with an excess as large; null where nothing "
       "was counted.",
       {"p", "ค่า p"},
       ColourBy::probability,
       true},
      {"false_discovery_rate",
       real,
       "share",
       "Expected share of chance among the districts with an excess as large; null likewise.",
       {"False discovery rate", "อัตราการค้นพบเท็จ"},
       ColourBy::none,
       true},
      {"significant",
       integer,
       "",
       "1 where p is at most the parameter significance, else 0.",
       {"Significant", "มีนัยสำคัญ"},
       ColourBy::category,
       false},
      {"area_en",
       text,
       "",
       "English name of the area of the window that holds most of the open members; null without one.",
       {"Area (English)", "พื้นที่ (อังกฤษ)"},
       ColourBy::none,
       true},
      {"area_th",
       text,
       "",
       "Thai name of that area; null likewise.",
       {"Area (Thai)", "พื้นที่ (ไทย)"},
       ColourBy::none,
       true}};
}

std::vector<Parameter> parameters() {
  using S = SignificanceOptions;
  using K = ParameterKind;
  std::vector<Parameter> all = dbscan_parameters<S>();
  all.push_back(titled(parameter(&S::null_model, "null_model", K::choice,
                                 "What chance means: points anywhere in the window, places drawn from a background "
                                 "layer, places where people live, or a kind that changes places with the others; "
                                 "automatic takes what the other parameters and layers name.",
                                 kNullModels),
                       {"Null model", "แบบจำลองสุ่มอ้างอิง"}));
  all.push_back(titled(parameter(&S::population, "population", K::text,
                                 "Column of people: of the background layer where one is given, else of the window."),
                       {"Population", "ประชากร"}));
  all.push_back(titled(
      parameter(&S::category, "category", K::text, "Column of the kinds; empty for the one in the part category."),
      {"Column of kinds", "คอลัมน์ประเภท"}));
  all.push_back(titled(parameter(&S::kind, "kind", K::text, "Cluster only points of this kind; empty for all points."),
                       {"Kind", "ประเภท"}));
  all.push_back(titled(parameter(&S::window_rule, "window_rule", K::choice,
                                 "The ground of complete_randomness where no window layer is given: the grown convex "
                                 "hull of the points (ripley_rasson), or their grown bounding rectangle.",
                                 {"ripley_rasson", "rectangle"}),
                       {"Window rule", "วิธีกำหนดขอบเขตศึกษา"}));
  all.push_back(simulations_parameter(&S::simulations, "Maps simulated by chance.", 1));
  all.push_back(significance_parameter(&S::significance, "p up to which a district is called significant."));
  all.push_back(seed_parameter(&S::seed));
  return all;
}

Method describe() {
  Method method;
  method.name = "district-significance";
  method.stage = "district";
  method.title = {"Significance of districts", "นัยสำคัญของย่าน"};
  method.summary = "Tests each district against chance: would the same points, strewn by a background, make its like?";
  method.description =
      "Points strewn by chance make clusters as well, and whoever looks for the densest places finds some. This method "
      "clusters the points as `dbscan` does (the same options give the same numbers), strews them `simulations` times "
      "by the null model, clusters each of those maps the same way, and compares. `p` = 0.02 with 999 simulations "
      "means: of 1,000 maps, this one and 999 with the same number of points strewn by the background, only 20 hold a "
      "district with as large an excess anywhere. So p allows for the search: on maps made by chance alone, any "
      "district has p <= 0.05 on at most 5 maps in 100. A map without a district counts as an excess of 0.\n\n"
      "The excess of a district is the log-likelihood ratio of Kulldorff, n ln(n / mu) + (N - n) ln((N - n) / (N - "
      "mu)) where n > mu, else 0: n members counted, N points that chance moves, and mu = N times the share of the "
      "background on the ground of the district, which is all within `radius` of one of its core points. It makes a "
      "small tight district and a large loose one comparable, and a gathering in the country and one in town: what is "
      "expected follows the background. (Places are counted one by one, with the distance of the "
      "clustering; areas in stripes of a third of the radius. Ground where a background of points has none counts as "
      "half a point, of any other background as 1e-9 of the whole.) The test "
      "is exact, whatever the statistic, where observed and simulated maps are treated alike: where chance could as "
      "well have drawn the points that are there. "
      "`false_discovery_rate` is (1 + simulated districts with as large an excess) / (1 + simulations), over the "
      "districts observed with as large an excess, the least of those at the district's excess or below, and no less "
      "than one simulation can tell: of the "
      "districts up to 0.05, about 5 in 100 are by chance. It finds more than p where many districts are real.\n\n"
      "Null models: `complete_randomness` strews points evenly over the window (polygons together; without, "
      "`window_rule`): few will believe it, since towns gather everything. `background` draws the places from those of "
      "a background layer, such as all businesses, none twice. Points that stand on none of these places are added to "
      "them (counted as `not-in-background`), each as one place: so p is exact for points that are some of the "
      "background and for others of the same distribution alike. `population` draws a person from the areas of the "
      "window, and a place in that area evenly, or from the points of a background, at that point (take fine points: "
      "several sites may come to stand on one). There p is exact as far as sites stand evenly in each area, or at the "
      "very points of the background. Areas without a number of people are taken out of the window, and points without "
      "one out of the background. `random_labelling` clusters the points of one `kind`, and lets the "
      "kind change places with all others. `automatic` takes the first of population, background, random_labelling "
      "whose data are named, else complete_randomness.\n\n"
      "Points outside the window stay where they are in all maps: they help to make districts, and are not counted. A "
      "district of such points alone has no p. All publication levels are clustered, and `p` holds all members; "
      "`expected`, "
      "`ratio` and `excess` are null for a district with a member that is not open, because they follow from the "
      "places. For other districts they tell nothing of points that are not open: chance draws from open places alone, "
      "and a window by rule is made from open points. So with `random_labelling` points that are not open stay where "
      "they are in all maps, as those outside the window do, and with `background` those that stand on none of its "
      "places.\n\n"
      "The table `district_significance` has one row for each district; its `cluster` is that of `dbscan` and of "
      "`districts`, and `area_en` and `area_th` name the area of the window that holds most of its open members. "
      "`scan-statistic` asks for circles of any size instead of the districts that you "
      "have.\n\nSimulations run side by side; the answer depends on the seed and on nothing else. Time: a "
      "clustering for each simulation.";
  method.citation =
      "Kulldorff, M. (1997): A spatial scan statistic. Communications in Statistics: Theory and Methods 26(6), "
      "1481-1496. Besag, J. and Newell, J. (1991): The detection of clusters in rare diseases. Journal of the Royal "
      "Statistical Society A 154(1), 143-155. Westfall, P. H. and Young, S. S. (1993): Resampling-Based Multiple "
      "Testing. New York, Wiley. Tusher, V. G., Tibshirani, R. and Chu, G. (2001): Significance analysis of "
      "microarrays "
      "applied to the ionizing radiation response. PNAS 98(9), 5116-5121. Daniels, H. E. (1945): The statistical "
      "theory "
      "of the strength of bundles of threads. Proceedings of the Royal Society A 183, 405-435.";
  method.example =
      "district-significance data/creative_assets.csv --x longitude --y latitude --crs EPSG:4326 --window "
      "data/provinces.geojson --radius 1km --min-points 4 -o significance.csv";
  method.inputs = {{"points", GeometryKind::point, RoleNeed::required, "the points whose districts are tested"},
                   {"window", GeometryKind::polygon, RoleNeed::optional,
                    "the ground on which points could be, such as provinces; with a population, areas of people"},
                   {"background", GeometryKind::point, RoleNeed::optional,
                    "places where points could have been, such as all businesses, or where people live"}};
  method.parameters = parameters();
  method.adds = point_fields();
  method.makes = "district_significance";
  method.makes_table = true;
  method.makes_fields = table_fields();
  name_nulls(method.adds, {"in no tested district", "ไม่อยู่ในย่านที่ทดสอบ"});
  method.map_field = "district_p";
  method.default_options = [] { return std::any(SignificanceOptions{}); };
  method.run = run_district_significance;
  return method;
}

}  // namespace

const Method& district_significance_method() {
  static const Method method = describe();
  return method;
}

}  // namespace yaan
