#include "yaan/analyse/location_quotient.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "analyse/common_parameters.hpp"
#include "analyse/kinds.hpp"
#include "analyse/mark_words.hpp"
#include "analyse/points_in_areas.hpp"
#include "analyse/proportion_interval.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

ShrunkQuotients shrunk_quotients(std::span<const std::int64_t> observed, std::span<const double> expected) {
  double all = 0, squares = 0, areas = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (!(expected[i] > 0)) continue;
    const double off = static_cast<double>(observed[i]) / expected[i] - 1;
    all += expected[i];
    squares += expected[i] * off * off;
    ++areas;
  }
  ShrunkQuotients shrunk;
  if (all > 0) shrunk.variance = std::max(0.0, squares / all - areas / all);
  const double a = shrunk.variance;
  for (std::size_t i = 0; i < expected.size(); ++i)
    shrunk.quotient.push_back(expected[i] > 0 ? (1 + a * static_cast<double>(observed[i])) / (1 + a * expected[i])
                                              : kNan);
  return shrunk;
}

namespace {

/// Numbers of each kind in each area, areas in the order of their codes.
struct Counts {
  std::vector<std::uint32_t> row;  ///< of the areas
  std::vector<std::string> code;
  std::vector<std::string> kinds;
  std::vector<std::vector<std::int64_t>> of_kind;  ///< by kind, then area
  std::vector<std::int64_t> of_area;
  std::int64_t all = 0;

  [[nodiscard]] double share(std::size_t kind) const {
    std::int64_t members = 0;
    for (const std::int64_t n : of_kind[kind]) members += n;
    return static_cast<double>(members) / static_cast<double>(all);
  }
};

Counts count(const Layer& areas, const Layer& points, const Column& column, const PointsInAreas& found,
             Diagnostics& diagnostics) {
  const RowKinds kinds = kinds_by_row(column, kMostKinds);
  Counts counts;
  counts.row = found.order;
  counts.kinds = kinds.names;
  counts.of_kind.assign(kinds.names.size(), std::vector<std::int64_t>(areas.size(), 0));
  counts.of_area.assign(areas.size(), 0);
  std::vector<std::size_t> place(areas.size());
  for (std::size_t i = 0; i < counts.row.size(); ++i) {
    place[counts.row[i]] = i;
    counts.code.push_back(found.code[counts.row[i]]);
  }
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (found.area[i] < 0) continue;
    if (kinds.of[i] < 0) {
      diagnostics.add(Severity::skipped, "missing-kind", points.name,
                      fmt::format("points without a {} count nowhere", column.name), 1, points.feature_id(i));
      continue;
    }
    const std::size_t at = place[static_cast<std::size_t>(found.area[i])];
    ++counts.of_kind[static_cast<std::size_t>(kinds.of[i])][at];
    ++counts.of_area[at];
    ++counts.all;
  }
  return counts;
}

struct Quotient {
  std::int64_t count = 0;
  double expected = kNan, quotient = kNan, low = kNan, high = kNan, shrunk = kNan;

  [[nodiscard]] const char* mark() const {
    return low > 1 ? "more than its share" : high < 1 ? "less than its share" : "cannot be told";
  }
};

/// By kind, then area; NaN in areas without points.
std::vector<std::vector<Quotient>> quotients_of(const Counts& counts, double confidence, const Progress& progress) {
  std::vector<std::vector<Quotient>> all(counts.kinds.size());
  std::map<std::pair<std::int64_t, std::int64_t>, Interval> known;  // the same few counts come again and again
  for (std::size_t kind = 0; kind < counts.kinds.size(); ++kind) {
    progress.throw_if_cancelled();
    const std::vector<std::int64_t>& observed = counts.of_kind[kind];
    const double share = counts.all > 0 ? counts.share(kind) : 0;
    std::vector<double> expected;
    for (const std::int64_t n : counts.of_area) expected.push_back(static_cast<double>(n) * share);
    const ShrunkQuotients shrunk = shrunk_quotients(observed, expected);
    for (std::size_t i = 0; i < observed.size(); ++i) {
      Quotient q;
      q.count = observed[i];
      const std::int64_t n = counts.of_area[i];
      if (expected[i] > 0) {
        const auto [at, missing] = known.try_emplace({q.count, n});
        if (missing) at->second = proportion_interval(q.count, n, confidence);
        q = {q.count,
             expected[i],
             static_cast<double>(q.count) / expected[i],
             at->second.low / share,
             at->second.high / share,
             shrunk.quotient[i]};
      }
      all[kind].push_back(q);
    }
  }
  return all;
}

Layer table_of(const Counts& counts, const std::vector<std::vector<Quotient>>& quotients) {
  Layer table;
  table.name = location_quotient_method().makes;
  table.geometry = Geometry::empty(GeometryKind::none);
  for (const OutputField& field : location_quotient_method().makes_fields) table.columns.push_back(make_column(field));
  for (std::size_t i = 0; i < counts.row.size(); ++i) {
    if (counts.of_area[i] == 0) continue;
    for (std::size_t kind = 0; kind < counts.kinds.size(); ++kind) {
      const Quotient& q = quotients[kind][i];
      if (!(q.expected > 0)) continue;  // nobody has any
      table.columns[0].push(std::string_view(counts.code[i]));
      table.columns[1].push(std::string_view(counts.kinds[kind]));
      table.columns[2].push(q.count);
      const double values[] = {q.expected, q.quotient, q.low, q.high, q.shrunk};
      for (std::size_t c = 0; c < std::size(values); ++c) table.columns[3 + c].push(values[c]);
      table.columns[8].push(q.mark());
      ++table.geometry.rows;
    }
  }
  return table;
}

/// Of each area the kind that its columns are about, or -1.
std::vector<std::int32_t> chosen_kinds(const Counts& counts, const std::vector<std::vector<Quotient>>& quotients,
                                       const Layer& points, const std::string& kind) {
  std::vector<std::int32_t> chosen(counts.row.size(), -1);
  if (!kind.empty()) {
    const auto at = std::find(counts.kinds.begin(), counts.kinds.end(), kind);
    if (at == counts.kinds.end() && !counts.kinds.empty()) refuse_unknown_kind(kind, counts.kinds, points.name);
    if (at != counts.kinds.end())
      std::fill(chosen.begin(), chosen.end(), static_cast<std::int32_t>(at - counts.kinds.begin()));
    return chosen;
  }
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    double most = 0;
    for (std::size_t k = 0; k < counts.kinds.size(); ++k)
      if (quotients[k][i].count > 0 && quotients[k][i].shrunk > most) {
        most = quotients[k][i].shrunk;
        chosen[i] = static_cast<std::int32_t>(k);
      }
  }
  return chosen;
}

void add_columns(MethodResult& result, const Counts& counts, const std::vector<std::vector<Quotient>>& quotients,
                 const std::vector<std::int32_t>& chosen, const LocationQuotientOptions& options) {
  std::vector<std::size_t> place(counts.row.size());
  for (std::size_t i = 0; i < place.size(); ++i) place[counts.row[i]] = i;
  for (const OutputField& field : location_quotient_method().adds) result.columns.push_back(make_column(field));
  for (const std::size_t i : place) {
    const Quotient* q = chosen[i] < 0 ? nullptr : &quotients[static_cast<std::size_t>(chosen[i])][i];
    if (q == nullptr || !(q->expected > 0)) {
      for (Column& column : result.columns) column.push_null();
      continue;
    }
    result.columns[0].push(std::string_view(counts.kinds[static_cast<std::size_t>(chosen[i])]));
    result.columns[1].push(q->count);
    const double values[] = {q->expected, q->quotient, q->low, q->high, q->shrunk, std::log2(q->shrunk)};
    for (std::size_t c = 0; c < std::size(values); ++c) result.columns[2 + c].push(values[c]);
    result.columns[8].push(q->mark());
  }
  const std::string confidence = shortest(100 * options.confidence);
  result.columns[8].remark = {fmt::format("by the {} % interval; not corrected for many areas", confidence),
                              fmt::format("ตามช่วงความเชื่อมั่น {} %; ไม่ปรับหลายการทดสอบ", confidence)};
  // For the legend; without a kind each area has its own, and the first column is that kind.
  const Localized kind = options.kind.empty() ? Localized{"of the kind that stands out", "ของประเภทที่เด่นที่สุด"}
                                              : Localized{options.kind, options.kind};
  for (std::size_t c = options.kind.empty() ? 1 : 0; c < result.columns.size(); ++c) {
    Localized& title = result.columns[c].title;
    title = {fmt::format("{} ({})", title.en, kind.en), fmt::format("{} ({})", title.th, kind.th)};
  }
}

MethodResult run_location_quotient(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const LocationQuotientOptions&>(any_options);
  const Layer& areas = inputs.layer("areas");
  const Layer& points = inputs.layer("points");
  const Column& column = kind_column(points, options.category, "category");
  MethodResult result;
  const PointsInAreas found = points_in_areas(points, areas, options.within, result.diagnostics, progress);
  const Counts counts = count(areas, points, column, found, result.diagnostics);
  const auto quotients = quotients_of(counts, options.confidence, progress);
  const auto chosen = chosen_kinds(counts, quotients, points, options.kind);
  add_columns(result, counts, quotients, chosen, options);
  result.layers.push_back(table_of(counts, quotients));
  result.layers.front().sources = areas.sources;

  std::int64_t present = 0, with_points = 0, told = 0;
  for (std::size_t kind = 0; kind < counts.kinds.size(); ++kind) present += counts.all > 0 && counts.share(kind) > 0;
  for (const std::int64_t n : counts.of_area) with_points += n > 0;
  for (const auto& of_kind : quotients)
    for (const Quotient& q : of_kind) told += q.low > 1 || q.high < 1;
  const auto say = [&](const char* code, const char* message) {
    result.diagnostics.add(Severity::doubt, code, points.name, message);
  };
  if (present == 1) say("one-kind", "all points that count are of one kind: every quotient is 1");
  if (with_points == 1) say("one-area", "all points that count lie in one area: every quotient is 1");
  if (with_points == 0) say("no-points", "no point counts in any area: there is no quotient");
  result.summary = {{"areas", static_cast<std::int64_t>(areas.size())},
                    {"areas_with_points", with_points},
                    {"points", static_cast<std::int64_t>(points.size())},
                    {"counted", counts.all},
                    {"kinds", present},
                    {"confidence", options.confidence},
                    {"told_from_1", told}};
  return result;
}

void describe_fields(Method& method) {
  const auto field = [](const char* name, ColumnType type, const char* help, Localized title, ColourBy colour,
                        bool nullable) {
    return OutputField{name, type, "", help, std::move(title), colour, nullable};
  };
  constexpr ColumnType kReal = ColumnType::real, kInteger = ColumnType::integer, kText = ColumnType::text;
  constexpr ColourBy kNone = ColourBy::none;
  const char* mark = "more or less than its share where the interval leaves out 1, else cannot be told.";
  const auto numbers = [&](bool nullable) {
    return std::vector<OutputField>{
        field("lq_expected", kReal,
              "Points of the kind if the area had its share: points of the area x share of the kind.",
              {"Expected", "จำนวนคาดหมาย"}, kNone, nullable),
        field("lq", kReal, "Location quotient: points of the kind by the expected number.",
              {"Location quotient", "สัมประสิทธิ์แหล่งที่ตั้ง"}, ColourBy::ratio, nullable),
        field("lq_low", kReal, "Lower end of its confidence interval.", {"Lower end", "ขอบล่าง"}, kNone, nullable),
        field("lq_high", kReal, "Upper end of its confidence interval.", {"Upper end", "ขอบบน"}, kNone, nullable),
        field("lq_shrunk", kReal, "The quotient shrunk towards 1 by how few points it stands on.",
              {"Shrunk quotient", "ค่า LQ ปรับเรียบ"}, ColourBy::ratio, nullable)};
  };
  method.adds = {field("lq_kind", kText, "The kind that the columns are about; null in an area without points.",
                       {"Kind", "ประเภท"}, ColourBy::category, true),
                 field("lq_count", kInteger, "Points of the kind in the area.",
                       {"Points of the kind", "จำนวนแหล่งของประเภท"}, ColourBy::sequence, true)};
  append(method.adds, numbers(true));
  method.adds.push_back(field("lq_log2", kReal,
                              "Logarithm of the shrunk quotient: 1 is twice the share, -1 is half of it, 0 the share.",
                              {"Shrunk quotient (log₂)", "ค่า LQ ปรับเรียบ (log₂)"}, ColourBy::divergence, true));
  method.adds.push_back(
      field("lq_mark", kText, mark, {"Against its share", "เทียบกับสัดส่วนรวม"}, ColourBy::category, true));
  method.adds.back().classes = share_classes();
  name_nulls(method.adds, {"no points", "ไม่มีแหล่ง"});
  method.map_field = "lq_shrunk";
  method.makes = "location_quotients";
  method.makes_table = true;
  method.makes_fields = {
      field("area", kText, "Code of the area, or its id.", {"Area", "พื้นที่"}, kNone, false),
      field("kind", kText, "The kind.", {"Kind", "ประเภท"}, kNone, false),
      field("count", kInteger, "Points of the kind in the area.", {"Points", "จำนวนแหล่ง"}, kNone, false)};
  append(method.makes_fields, numbers(false));
  method.makes_fields.push_back(field("lq_mark", kText, mark, {"Against its share", "เทียบกับสัดส่วนรวม"}, kNone, false));
}

Method describe_location_quotient() {
  Method method;
  method.name = "location-quotient";
  method.stage = "analyse";
  method.title = {"Location quotient", "สัมประสิทธิ์แหล่งที่ตั้ง (LQ)"};
  method.summary = "Tells of which kinds an area has more than its share: location quotients, shrunk, with intervals.";
  method.description =
      "LQ = (nₐₖ / nₐ) / (Nₖ / N): the share of kind k among the points of area a by its share among all points that "
      "count in an area. It equals nₐₖ / E with E = nₐ Nₖ / N. 1 is the share of the whole; 2 is twice as many. The "
      "table "
      "location_quotients has a row for each kind in each area with points; the columns of the areas are about `kind`, "
      "or "
      "without one about the kind whose shrunk quotient is largest in the area.\n\n"
      "lq_shrunk takes the counts as Poisson with mean q E and the true quotients q of a kind as gamma distributed "
      "with "
      "mean 1 and variance v, estimated by moments: (nₐₖ + 1/v) / (E + 1/v). An area with few points comes near 1, one "
      "with many keeps its quotient; where chance explains all differences (v = 0) every value is 1.\n\n"
      "lq_low and lq_high are the exact interval of Clopper and Pearson for the share in the area, by the share of the "
      "whole, which is taken as known. It covers with at least the confidence and is honest about small counts: of one "
      "craft among two sites, where 10 % of all are crafts, LQ = 5 with 95 % interval 0.13 to 9.87.\n\n"
      "Use it for what an area is special in, whatever its size. Pitfalls: the largest raw quotients stand on one or "
      "two "
      "points, so map lq_shrunk or lq_log2 and read the interval. Many areas and kinds are many intervals: with 95 % "
      "one "
      "in twenty leaves out 1 by chance, and the kind that stands out most was chosen because it does. For kinds that "
      "are "
      "half of all points the Poisson shrinkage is stronger than it need be. Points without a kind count nowhere. The "
      "rules "
      "about borders, points outside and points that are not open are those of area-statistics.\n\n"
      "At most 100 kinds. Time: as assign-areas, and areas times kinds.";
  method.citation =
      "Quotient: Isard, W. (1960): Methods of Regional Analysis. MIT Press. Shrinkage: Clayton, D. and Kaldor, J. "
      "(1987): "
      "Empirical Bayes estimates of age-standardized relative risks. Biometrics 43, 671-681, with the moments of "
      "Marshall, "
      "R. J. (1991): Mapping disease and mortality rates using empirical Bayes estimators. Applied Statistics 40, "
      "283-294. "
      "Interval: Clopper, C. J. and Pearson, E. S. (1934): The use of confidence or fiducial limits illustrated in the "
      "case of the binomial. Biometrika 26, 404-413; on intervals for location quotients: Beyene, J. and Moineddin, R. "
      "(2005): Methods for confidence interval estimation of a ratio parameter with application to location quotients. "
      "BMC "
      "Medical Research Methodology 5, 32.";
  method.example =
      "location-quotient data/provinces.geojson --points data/creative_assets.csv --points-x longitude --points-y "
      "latitude --points-crs EPSG:4326 --category category -o quotients.csv";
  method.inputs = counting_inputs("the points with their kinds");
  Parameter confidence = titled(parameter(&LocationQuotientOptions::confidence, "confidence", ParameterKind::real,
                                          "Confidence of the intervals."),
                                {"Confidence", "ระดับความเชื่อมั่น"});
  confidence.minimum = 0.5;
  confidence.maximum = 0.9999;
  confidence.slider_minimum = 0.8;
  confidence.slider_maximum = 0.99;
  method.parameters = {
      titled(parameter(&LocationQuotientOptions::category, "category", ParameterKind::text,
                       "Column of the kinds of points; empty for the one in the part category."),
             {"Category", "คอลัมน์ประเภท"}),
      titled(parameter(&LocationQuotientOptions::kind, "kind", ParameterKind::text,
                       "The kind that the columns of the areas are about; empty for the one that stands "
                       "out most in each."),
             {"Kind", "ประเภท"}),
      std::move(confidence), within_parameter<LocationQuotientOptions>()};
  describe_fields(method);
  method.default_options = [] { return std::any(LocationQuotientOptions{}); };
  method.run = run_location_quotient;
  return method;
}

}  // namespace

const Method& location_quotient_method() {
  static const Method method = describe_location_quotient();
  return method;
}

}  // namespace yaan
