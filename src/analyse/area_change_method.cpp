#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "analyse/area_comparison.hpp"
#include "analyse/area_snapshots.hpp"
#include "analyse/common_parameters.hpp"
#include "analyse/global_result.hpp"
#include "analyse/mark_words.hpp"
#include "analyse/points_in_areas.hpp"
#include "analyse/same_sites.hpp"
#include "yaan/core/error.hpp"

namespace yaan {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
double finite(double value) { return std::isfinite(value) ? value : kNan; }

/// The twelve columns from `first` on.
void push(std::vector<Column>& columns, std::size_t first, const AreaChange* area, double significance) {
  std::size_t at = first;
  if (area == nullptr || area->before < 0 || area->after < 0) {
    while (at < first + 12) columns[at++].push_null();
    return;
  }
  columns[at++].push(area->before);
  columns[at++].push(area->after);
  columns[at++].push(area->after - area->before);
  for (const std::int64_t count : {area->opened, area->closed}) {
    if (count < 0)
      columns[at++].push_null();
    else
      columns[at++].push(count);
  }
  const CountChange& test = area->test;
  for (const double value : {test.expected + static_cast<double>(area->stayed()), finite(test.ratio), finite(test.low),
                             finite(test.high), test.p, area->adjusted})
    columns[at++].push(value);
  columns[at].push_or_null(area->mark(significance));
}

Layer table_of(const AreaSnapshots& seen, const std::vector<Comparison>& all, const AreaChangeOptions& options) {
  Layer table;
  table.name = area_change_method().makes;
  table.geometry = Geometry::empty(GeometryKind::none);
  for (const OutputField& field : area_change_method().makes_fields) table.columns.push_back(make_column(field));
  for (const Comparison& comparison : all)
    for (std::size_t i = 0; i < seen.row.size(); ++i) {
      if (!comparison.areas[i].said()) continue;
      table.columns[0].push(std::string_view(seen.code[i]));
      table.columns[1].push(std::string_view(seen.name[comparison.from]));
      table.columns[2].push(std::string_view(seen.name[comparison.to]));
      push(table.columns, 3, &comparison.areas[i], options.significance);
      ++table.geometry.rows;
    }
  return table;
}

/// Without matched sites no area can be marked so, and no legend need name it.
void forget_untouched(std::vector<Column>& columns) {
  std::erase_if(columns.back().classes, [](const ColumnClass& known) { return known.value == kUntouched; });
}

void doubt_apart(const std::vector<Comparison>& all, const AreaSnapshots& seen, const std::string& areas,
                 Diagnostics& diagnostics) {
  for (const Comparison& comparison : all) {
    std::vector<SitesAtPlace> places;
    for (const AreaChange& area : comparison.areas)
      if (area.before >= 0 && area.after >= 0) places.push_back(area.sites());
    doubt_no_common_ground(places, areas,
                           fmt::format("from {} to {} no area has sites of both snapshots", seen.name[comparison.from],
                                       seen.name[comparison.to]),
                           diagnostics);
  }
}

void summarise(const Comparison& last, const AreaSnapshots& seen, const AreaChangeOptions& options,
               MethodResult& result) {
  std::int64_t tested = 0, untouched = 0, grown = 0, shrunk = 0;
  for (const AreaChange& area : last.areas) {
    untouched += area.untouched();
    if (!area.tested()) continue;
    ++tested;
    const std::string_view mark = area.mark(options.significance);
    grown += mark == "grown";
    shrunk += mark == "shrunk";
  }
  result.summary = {{"areas", static_cast<std::int64_t>(seen.row.size())},
                    {"snapshots", static_cast<std::int64_t>(seen.count.size())},
                    {"from", seen.name[last.from]},
                    {"to", seen.name[last.to]},
                    {"tested", tested},
                    {"before", last.before},
                    {"after", last.after}};
  if (options.match_ids) {
    result.summary.emplace_back("opened", last.more);
    result.summary.emplace_back("closed", last.less);
    result.summary.emplace_back("untouched", untouched);
  }
  if (last.less + last.more > 0) {
    if (last.less > 0) result.summary.emplace_back("whole_ratio", last.whole.ratio);
    result.summary.emplace_back("whole_p", last.whole.p);
  }
  result.summary.emplace_back(
      "correction", choice_name(area_change_method(), "correction", static_cast<std::size_t>(options.correction)));
  result.summary.emplace_back("grown", grown);
  result.summary.emplace_back("shrunk", shrunk);
}

MethodResult run_area_change(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const AreaChangeOptions&>(any_options);
  const Layer& areas = inputs.layer("areas");
  if (options.hold_total && !options.populations.empty())
    throw UsageError("hold_total and populations are given, but either says what to expect of an area",
                     "leave one of them out");
  if (options.match_ids && !options.populations.empty())
    throw UsageError("match_ids and populations are given, but what opened and closed is not counted against people",
                     "leave one of them out");
  MethodResult result;
  const AreaSnapshots seen = area_snapshots(inputs, options, result.diagnostics, progress);
  const std::vector<Comparison> all = comparisons_of(seen, options, progress);
  const Comparison& last = all.back();
  std::vector<const AreaChange*> of_row(areas.size(), nullptr);
  for (std::size_t i = 0; i < seen.row.size(); ++i) of_row[seen.row[i]] = &last.areas[i];
  for (const OutputField& field : area_change_method().adds) result.columns.push_back(make_column(field));
  for (const AreaChange* area : of_row) push(result.columns, 0, area, options.significance);
  for (Column& column : result.columns) {  // for the legend
    const auto words = [](const std::string& from, const char* to, const std::string& until) {
      return fmt::format(" ({} {} {})", from, to, until);
    };
    column.title.en += words(seen.title[last.from].en, "to", seen.title[last.to].en);
    column.title.th += words(seen.title[last.from].th, "ถึง", seen.title[last.to].th);
  }
  const Localized how = joined(correction_words(options.correction),
                               options.hold_total ? Localized{"exact, the total held", "ทดสอบแบบแม่นตรง ตรึงยอดรวม"}
                                                  : Localized{"exact, two-sided", "ทดสอบแบบแม่นตรง สองทาง"});
  result.columns[result.columns.size() - 2].remark = how;  // the adjusted p-values stand before the marks
  result.columns.back().remark = level_words(options.significance, how);
  result.layers.push_back(table_of(seen, all, options));
  if (!options.match_ids) {
    forget_untouched(result.columns);
    forget_untouched(result.layers.back().columns);
  }
  summarise(last, seen, options, result);
  for (const Comparison& comparison : all) {
    const auto tested =
        std::count_if(comparison.areas.begin(), comparison.areas.end(), [](const AreaChange& a) { return a.tested(); });
    if (options.hold_total && tested == 1)
      result.diagnostics.add(Severity::doubt, "one-area", areas.name,
                             fmt::format("from {} to {} all that is counted lies in one area, which cannot change "
                                         "otherwise than the whole: it has p 1 and no ratio",
                                         seen.name[comparison.from], seen.name[comparison.to]));
  }
  doubt_apart(all, seen, areas.name, result.diagnostics);
  if (!options.hold_total && last.less + last.more > 0 && last.whole.p <= options.significance)
    result.diagnostics.add(Severity::doubt, "whole-changed", areas.name,
                           "the whole changed more than by chance, as it does when a survey gets better everywhere: "
                           "hold_total asks which areas changed otherwise than the whole");
  return result;
}

/// The marks; what is untouched stands before what is not significant, in the colour between grown and shrunk.
std::vector<ColumnClass> mark_classes() {
  std::vector<ColumnClass> marks = with_quiet(change_classes());
  const auto quiet =
      std::find_if(marks.begin(), marks.end(), [](const ColumnClass& mark) { return mark.tone == Tone::quiet; });
  marks.insert(quiet, {std::string(kUntouched), {"Nothing opened or closed", "ไม่มีเปิดใหม่หรือปิดไป"}, Tone::middle});
  return marks;
}

std::vector<OutputField> change_fields(const std::string& prefix) {
  using T = ColumnType;
  const auto field = [&](const char* name, T type, const char* help, Localized title, ColourBy colour, bool nullable) {
    return OutputField{prefix + name, type, "", help, std::move(title), colour, nullable};
  };
  return {
      field("before", T::integer, "Sites in the earlier snapshot.", {"Before", "จำนวนเดิม"}, ColourBy::sequence, true),
      field("after", T::integer, "Sites in the later snapshot.", {"After", "จำนวนใหม่"}, ColourBy::sequence, true),
      field("difference", T::integer, "Later less earlier count.", {"Change", "การเปลี่ยนแปลง"}, ColourBy::divergence,
            true),
      field("opened", T::integer, "Sites of the later snapshot alone, by their ids; null without match_ids.",
            {"Opened", "เปิดใหม่"}, ColourBy::sequence, true),
      field("closed", T::integer, "Sites of the earlier snapshot alone, by their ids; null without match_ids.",
            {"Closed", "ปิดไป"}, ColourBy::sequence, true),
      field(
          "expected", T::real,
          "The later count to expect without a change: of the counts of both snapshots, or of what opened and closed.",
          {"Expected", "จำนวนคาดหมาย"}, ColourBy::none, true),
      field(
          "ratio", T::real,
          "Later rate by earlier rate, or opened by closed sites with match_ids; with hold_total by that of all other "
          "areas. Null where nothing was there before, or closed.",
          {"Rate ratio", "อัตราส่วนการเปลี่ยนแปลง"}, ColourBy::none, true),
      field("low", T::real, "Lower end of the exact interval of the ratio.", {"Ratio from", "อัตราส่วนต่ำสุด"},
            ColourBy::none, true),
      field("high", T::real, "Upper end; null where there is none.", {"Ratio to", "อัตราส่วนสูงสุด"}, ColourBy::none, true),
      field("p", T::real, "Exact two-sided p-value, before any correction.", {"p", "p"}, ColourBy::none, true),
      field("p_adjusted", T::real, "The p-value adjusted for the number of areas and comparisons.",
            {"Adjusted p", "p ที่ปรับแล้ว"}, ColourBy::probability, true),
      {prefix + "mark",
       T::text,
       "",
       "grown or shrunk where the adjusted p-value is at most the level, else not significant; nothing opened or "
       "closed where match_ids finds all sites of an area in both snapshots, which needs no test.",
       {"Grown or shrunk", "เพิ่มขึ้นหรือลดลง"},
       ColourBy::category,
       true,
       mark_classes()}};
}

std::vector<Parameter> parameters() {
  using O = AreaChangeOptions;
  using K = ParameterKind;
  std::vector<Parameter> all = {
      titled(parameter(&O::counts, "counts", K::text,
                       "Columns with the counts of two or more snapshots, the earliest first, such as \"sites_2023, "
                       "sites_2024\"; empty where the layers before and after are given."),
             {"Counts", "คอลัมน์จำนวน"}),
      titled(parameter(&O::populations, "populations", K::text,
                       "Columns that the counts are counted against, one for each snapshot, such as inhabitants or "
                       "days of survey; empty for none."),
             {"Population", "ประชากร"}),
      titled(parameter(&O::compare_with, "compare_with", K::choice, "With which snapshot each later one is compared.",
                       {"previous", "first"}),
             {"Compare with", "เปรียบเทียบกับ"}),
      titled(parameter(&O::hold_total, "hold_total", K::flag,
                       "Ask whether an area changed otherwise than all the others, so that better coverage everywhere "
                       "is no change."),
             {"Hold the total", "ตรึงยอดรวม"}),
      match_ids_parameter(&O::match_ids),
      titled(ranged(parameter(&O::confidence, "confidence", K::real, "Confidence of the intervals."), 0.5, 0.9999),
             {"Confidence", "ระดับความเชื่อมั่น"}),
      titled(parameter(&O::correction, "correction", K::choice, "How p-values allow for many areas and comparisons.",
                       correction_names()),
             {"Correction", "การปรับหลายการทดสอบ"})};
  all.push_back(significance_parameter(&O::significance, "Adjusted p-value up to which an area is marked."));
  all.push_back(within_parameter<O>());
  return all;
}

Method describe_area_change() {
  Method method;
  method.name = "area-change";
  method.stage = "analyse";
  method.title = {"Change by area", "การเปลี่ยนแปลงรายพื้นที่"};
  method.summary = "Compares the counts of areas between snapshots: which grew or shrank more than by chance?";
  method.description =
      "Each area has a count x of an earlier and y of a later snapshot. Without a change y is binomial given x + y, "
      "with the odds P = later by earlier population (1 without): the exact test of two Poisson rates. `change_p` adds "
      "up the probabilities of all counts that are no likelier than y; change_ratio is y / x / P, with Clopper and "
      "Pearson's interval. poisson.test of R gives the same.\n\n"
      "Real change or survey effort? Where a survey got better everywhere, all counts rise and nothing has changed. "
      "With `hold_total` the question is whether the area changed otherwise than the others: y is hypergeometric "
      "given x + y and the sums X and Y of all areas (Fisher's exact test), and change_ratio is "
      "(y / x) / ((Y - y) / (X - x)), with the interval of the noncentral hypergeometric distribution (fisher.test). "
      "What grew with the whole is then no change. Without it a doubt says when the whole changed. Where the effort "
      "of each area is known (days of survey), name it as `populations` instead. Coverage that got better in some "
      "areas "
      "alone looks like growth there, and no test can tell.\n\n"
      "Snapshots are the layers `before` and `after`, whose points are counted as area-statistics does, or columns "
      "with "
      "counts, two or more. Each is compared with the one before it or with the first; the columns added to the areas "
      "are about the last comparison, and the table `changes` has all of them. p-values are adjusted for all areas and "
      "comparisons together. Four yearly reviews are too few for a test of trend: the least p-value that a rank "
      "correlation of four values can have is 2 / 24 = .083, so compare pairs and look at the intervals.\n\n"
      "Pitfalls: the test takes the counts as independent. Sites that stand in both snapshots are the same sites, so "
      "the test is cautious about a stock of sites. With `match_ids` the sites that have the same id and area in both "
      "are "
      "left out, and x and y are those that closed and opened: without a change as many open as close (McNemar's "
      "exact test; with hold_total Fisher's, of what opened and closed here and elsewhere). It finds far smaller "
      "changes, but ids must be kept from list to list. A site that moved closed there and opened here. The later "
      "less the earlier count is what opened less what closed, but for sites that count in one snapshot alone because "
      "they are not open for publication in the other: those are still there, neither opened nor closed. An area whose "
      "sites are all in both is marked `nothing opened or closed`: it has no p, as there is nothing to test, and "
      "counts in no correction, but stands in the table with 0 opened and 0 closed, and the summary counts it as "
      "untouched. Not significant does not mean unchanged: look at the interval. Small counts can show large changes "
      "only.\n\n"
      "Two lists that share no ground are most likely of two survey areas. Where no area has sites of both snapshots, "
      "with five sites or more in each, a doubt (`no-common-ground`) says so, unless the sites are so thinly spread "
      "that chance would part them so more than once in a hundred times.\n\n"
      "An area without sites in either snapshot is not tested, nor one with a missing count or a population of 0; "
      "those are in no sum. Points that are not open for publication count in areas of at least 31 km2 only. Counts in "
      "columns are taken as they are.\n\n"
      "Time: as area-statistics, and for each test the square root of x + y, some hundred times that with hold_total: "
      "hundredths of a second for a count of a million, up to a second for a thousand million.";
  method.citation =
      "Przyborowski, J. and Wilenski, H. (1940): Homogeneity of results in testing samples from Poisson series. "
      "Biometrika 31, 313-323. Fisher, R. A. (1935): The logic of inductive inference. Journal of the Royal "
      "Statistical Society 98, 39-82. Clopper, C. J. and Pearson, E. S. (1934): The use of confidence or fiducial "
      "limits illustrated in the case of the binomial. Biometrika 26, 404-413. McNemar, Q. (1947): Note on the "
      "sampling error of the difference between correlated proportions or percentages. Psychometrika 12, 153-157.";
  method.example =
      "area-change data/provinces.geojson --before data/creative_assets.csv --before-x longitude --before-y latitude "
      "--before-crs EPSG:4326 --after sites.geojson --hold-total true -o change.geojson";
  method.inputs = {
      {"areas", GeometryKind::polygon, RoleNeed::required, "the areas, such as provinces or cells of grid"},
      {"before", GeometryKind::point, RoleNeed::optional, "the points of the earlier snapshot, to be counted"},
      {"after", GeometryKind::point, RoleNeed::optional, "the points of the later snapshot"}};
  method.parameters = parameters();
  method.adds = change_fields("change_");
  name_nulls(method.adds, {"not compared", "ไม่ได้เปรียบเทียบ"});
  method.makes = "changes";
  method.makes_table = true;
  method.makes_fields = {
      {"area", ColumnType::text, "", "Code of the area.", {"Area", "พื้นที่"}, ColourBy::none, false},
      {"from", ColumnType::text, "", "The earlier snapshot.", {"From", "จาก"}, ColourBy::none, false},
      {"to", ColumnType::text, "", "The later snapshot.", {"To", "ถึง"}, ColourBy::none, false}};
  append(method.makes_fields, change_fields(""));
  method.map_field = "change_mark";
  method.default_options = [] { return std::any(AreaChangeOptions{}); };
  method.run = run_area_change;
  return method;
}

}  // namespace

const Method& area_change_method() {
  static const Method method = describe_area_change();
  return method;
}

}  // namespace yaan
