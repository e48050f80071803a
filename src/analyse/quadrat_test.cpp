#include "yaan/analyse/quadrat_test.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "analyse/curve_method.hpp"
#include "analyse/few_permutations.hpp"
#include "analyse/global_result.hpp"
#include "analyse/mark_words.hpp"
#include "analyse/pattern_parameters.hpp"
#include "yaan/core/overlay.hpp"

namespace yaan {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kFewExpected = 5;  // below, the chi-square distribution is a poor guide

/// Upper incomplete gamma function over the complete one: a series below the mean, else a continued fraction (Lentz).
double upper_gamma(double shape, double x) {
  if (x <= 0) return 1;
  const double log_factor = shape * std::log(x) - x - std::lgamma(shape);
  constexpr double kEnough = 1e-16;
  constexpr int kMost = 100000;
  if (x < shape + 1) {
    double term = 1 / shape, sum = term;
    for (int i = 1; i < kMost && term > sum * kEnough; ++i) sum += term *= x / (shape + i);
    return 1 - sum * std::exp(log_factor);
  }
  constexpr double kTiny = 1e-300;
  double b = x + 1 - shape, c = 1 / kTiny, d = 1 / b, fraction = d;
  for (int i = 1; i < kMost; ++i) {
    const double a = -i * (i - shape);
    b += 2;
    d = 1 / (std::abs(a * d + b) < kTiny ? kTiny : a * d + b);
    c = std::abs(b + a / c) < kTiny ? kTiny : b + a / c;
    fraction *= c * d;
    if (std::abs(c * d - 1) < kEnough) break;
  }
  return fraction * std::exp(log_factor);
}

}  // namespace

double chi_square_above(double value, double degrees) { return upper_gamma(degrees / 2, value / 2); }

ChiSquareTest chi_square_test(std::span<const double> counts, std::span<const double> expected) {
  ChiSquareTest test;
  test.degrees = static_cast<std::int64_t>(counts.size()) - 1;
  if (test.degrees < 1) {
    test.chi_square = test.p = test.p_clustered = test.p_regular = kNan;
    return test;
  }
  for (std::size_t q = 0; q < counts.size(); ++q)
    test.chi_square += (counts[q] - expected[q]) * (counts[q] - expected[q]) / expected[q];
  test.p_clustered = chi_square_above(test.chi_square, static_cast<double>(test.degrees));
  test.p_regular = 1 - test.p_clustered;
  test.p = std::min(1.0, 2 * std::min(test.p_clustered, test.p_regular));
  return test;
}

namespace {

/// The rectangles of the window's bounds that hold some of the window, row by row from the south west.
struct Quadrats {
  std::vector<double> east, north;   // upper ends of columns and rows
  std::vector<std::int64_t> number;  // of each cell of the bounds: its place among the quadrats, or -1
  std::vector<std::uint32_t> cell;   // of each quadrat
  std::vector<double> area;
  Geometry shape = Geometry::empty(GeometryKind::polygon);

  Quadrats(const PatternWindow& window, std::int64_t columns, std::int64_t rows, const Progress& progress);
  /// Points on a line between two quadrats belong to the western and southern one.
  [[nodiscard]] std::vector<double> counts(std::span<const double> x, std::span<const double> y) const;
};

double area_of(const Geometry& shape) {
  double area = 0;
  for (std::size_t ring = 0; ring + 1 < shape.ring_vertices.size(); ++ring)
    area += ring_area(shape.ring_x(ring), shape.ring_y(ring));
  return area;
}

void append_feature(const Geometry& from, Geometry& to) {
  for (std::size_t part = 0; part + 1 < from.part_rings.size(); ++part) {
    for (std::size_t ring = from.part_rings[part]; ring < from.part_rings[part + 1]; ++ring)
      to.add_ring(from.ring_x(ring), from.ring_y(ring));
    to.end_part();
  }
  to.end_feature();
}

Quadrats::Quadrats(const PatternWindow& window, std::int64_t columns, std::int64_t rows, const Progress& progress) {
  const Box& box = window.bounds();
  const auto ends = [](double low, double high, std::int64_t count) {
    std::vector<double> all;
    for (std::int64_t i = 1; i < count; ++i)
      all.push_back(low + (high - low) * static_cast<double>(i) / static_cast<double>(count));
    all.push_back(high);
    return all;
  };
  east = ends(box.min_x, box.max_x, columns);
  north = ends(box.min_y, box.max_y, rows);
  number.assign(east.size() * north.size(), -1);
  for (std::size_t r = 0; r < north.size(); ++r)
    for (std::size_t c = 0; c < east.size(); ++c) {
      progress.throw_if_cancelled();
      const Geometry cut =
          rectangle_of({c == 0 ? box.min_x : east[c - 1], r == 0 ? box.min_y : north[r - 1], east[c], north[r]});
      const Geometry piece = window.rectangle() ? cut : intersection(cut, window.shape());
      const double piece_area = area_of(piece);
      if (!(piece_area > 0)) continue;
      number[r * east.size() + c] = static_cast<std::int64_t>(area.size());
      cell.push_back(static_cast<std::uint32_t>(r * east.size() + c));
      area.push_back(piece_area);
      append_feature(piece, shape);
    }
}

std::vector<double> Quadrats::counts(std::span<const double> x, std::span<const double> y) const {
  std::vector<double> counts(area.size(), 0);
  const auto at = [](const std::vector<double>& all, double value) {
    const auto place = static_cast<std::size_t>(std::lower_bound(all.begin(), all.end(), value) - all.begin());
    return std::min(place, all.size() - 1);
  };
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::int64_t quadrat = number[at(north, y[i]) * east.size() + at(east, x[i])];
    if (quadrat >= 0) counts[static_cast<std::size_t>(quadrat)] += 1;
  }
  return counts;
}

double p_simulated(const ObservedPattern& pattern, const Quadrats& quadrats, std::span<const double> expected,
                   double observed, const QuadratTestOptions& options, Progress& progress) {
  const auto simulated = simulated_curves(
      pattern, pattern.size(), options, 1,
      [&](std::span<const double> x, std::span<const double> y) {
        return Curves{{chi_square_test(quadrats.counts(x, y), expected).chi_square}};
      },
      progress);
  TailCounts tails;
  const double room = 1e-9 * (1 + observed);  // equal counts may add up otherwise
  for (const auto& curve : simulated.front()) {
    tails.at_most += curve[0] <= observed + room;
    tails.at_least += curve[0] >= observed - room;
  }
  return p_of_counts(tails, options.simulations, PValue::two_sided);
}

MethodResult run_quadrat_test(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const QuadratTestOptions&>(any_options);
  const Layer& points = inputs.layer("points");
  const Method& method = quadrat_test_method();
  MethodResult result;
  ObservedPattern pattern = observe_pattern(inputs, options, std::nullopt, result.diagnostics, progress);
  complete_background(pattern, all_rows(pattern), inputs, result.diagnostics);
  Layer layer = empty_table(method, points);
  layer.geometry = Geometry::empty(GeometryKind::polygon);
  layer.crs = pattern.plane.output_crs();
  if (const Layer* window = inputs.find("window"))
    layer.sources.insert(layer.sources.end(), window->sources.begin(), window->sources.end());
  result.summary = pattern_summary(method, points, pattern, pattern.size(), options);
  if (!pattern.has_window() || pattern.size() == 0) {
    result.layers.push_back(std::move(layer));
    return result;
  }
  const Quadrats quadrats(*pattern.window, options.columns, options.rows, progress);
  const std::vector<double> counts = quadrats.counts(pattern.x, pattern.y);
  std::vector<double> expected;
  for (const double area : quadrats.area)
    expected.push_back(static_cast<double>(pattern.size()) * area / pattern.window->area());
  const ChiSquareTest test = chi_square_test(counts, expected);
  const auto few = std::count_if(expected.begin(), expected.end(), [](double e) { return e < kFewExpected; });
  if (few > 0)
    result.diagnostics.add(
        Severity::doubt, "few-expected", points.name,
        "quadrats have fewer than 5 expected points, where the chi-square distribution misleads: take "
        "fewer quadrats, or trust the simulations",
        few);
  result.summary.emplace_back("quadrats", static_cast<std::int64_t>(counts.size()));
  if (!std::isnan(test.chi_square)) {
    result.summary.emplace_back("chi_square", test.chi_square);
    result.summary.emplace_back("degrees_of_freedom", test.degrees);
    result.summary.emplace_back("p", test.p);
    result.summary.emplace_back("p_clustered", test.p_clustered);
    result.summary.emplace_back("p_regular", test.p_regular);
    if (options.simulations > 0) {
      const std::array<double, 1> p = {p_simulated(pattern, quadrats, expected, test.chi_square, options, progress)};
      result.summary.emplace_back("p_simulated", p[0]);
      doubt_few_permutations(
          {p, p, options.simulations, PValue::two_sided, Correction::none, options.significance, "simulations"},
          points.name, result.diagnostics);
    }
  }
  layer.geometry = pattern.plane.to_output(quadrats.shape);
  for (std::size_t q = 0; q < counts.size(); ++q) {
    layer.columns[0].push(static_cast<std::int64_t>(quadrats.cell[q] % quadrats.east.size() + 1));
    layer.columns[1].push(static_cast<std::int64_t>(quadrats.cell[q] / quadrats.east.size() + 1));
    layer.columns[2].push(quadrats.area[q] / 1e6);
    layer.columns[3].push(static_cast<std::int64_t>(counts[q]));
    layer.columns[4].push(expected[q]);
    layer.columns[5].push((counts[q] - expected[q]) / std::sqrt(expected[q]));
    layer.columns[6].push(test.chi_square);
    layer.columns[7].push(test.p);
  }
  // What the levels of the legend hold for.
  Localized& remark = layer.columns[5].remark;
  remark = {"each quadrat for itself, against an even spread", "แต่ละช่องแยกกัน เทียบกับการกระจายสม่ำเสมอ"};
  if (few > 0)
    remark = joined(remark, {"fewer than 5 points expected in some: the levels do not hold there",
                             "บางช่องคาดหมายน้อยกว่า 5 จุด ระดับเหล่านี้จึงใช้ไม่ได้ในช่องนั้น"});
  result.layers.push_back(std::move(layer));
  return result;
}

std::vector<OutputField> fields() {
  using T = ColumnType;
  return {
      {"quadrat_column", T::integer, "", "Column from the west, from 1.", {"Column", "คอลัมน์"}, ColourBy::none, false},
      {"quadrat_row", T::integer, "", "Row from the south, from 1.", {"Row", "แถว"}, ColourBy::none, false},
      {"area_km2", T::real, "km2", "Area of the quadrat within the window.", {"Area", "พื้นที่"}, ColourBy::none, false},
      {"count", T::integer, "", "Points in the quadrat.", {"Points", "จำนวนจุด"}, ColourBy::none, false},
      {"expected",
       T::real,
       "",
       "Points by chance: all points times its share of the window.",
       {"Expected", "จำนวนคาดหมาย"},
       ColourBy::none,
       false},
      {"residual",
       T::real,
       "",
       "Pearson's residual: count less expected, over the root of expected.",
       {"Residual", "ค่าส่วนเหลือ"},
       ColourBy::score,
       false},
      {"chi_square",
       T::real,
       "",
       "Sum of the squared residuals; one for all quadrats.",
       {"Chi-square", "ค่าไคกำลังสอง"},
       ColourBy::none,
       true},
      {"p",
       T::real,
       "",
       "Two-sided p-value of the chi-square; one for all quadrats.",
       {"p-value", "ค่า p"},
       ColourBy::none,
       true}};
}

Parameter count_parameter(std::int64_t QuadratTestOptions::*member, const char* name, const char* help,
                          Localized title) {
  Parameter p = titled(ranged(parameter(member, name, ParameterKind::integer, help), 1, 200), std::move(title));
  p.slider_minimum = 1;
  p.slider_maximum = 20;
  return p;
}

Method describe_quadrat_test() {
  Method method;
  method.name = "quadrat-test";
  method.stage = "analyse";
  method.title = {"Quadrat test", "การทดสอบควอดแรต"};
  method.summary = "Tests whether points are spread evenly over the window, by counts in equal rectangles.";
  method.description =
      "The bounding rectangle of the window is cut into columns times rows; a quadrat is what a rectangle holds of the "
      "window, and those that hold nothing are dropped. Pearson's chi-square is Σ (count - expected)² / expected, with "
      "n "
      "points times the share of the window's area expected, on quadrats less 1 degrees of freedom. `p` is two-sided, "
      "as "
      "in spatstat: twice the smaller of `p_clustered` (counts differ more than by chance) and `p_regular` (less). A "
      "point "
      "on a line between quadrats belongs to the western and southern one.\n\n"
      "`p_simulated` is two-sided by the rank of the chi-square among patterns of the null model; by a background it "
      "asks "
      "whether the counts stray from an even spread more than those of the background do. The window, the plane and "
      "the "
      "null models are those of `ripley-k`. The layer `quadrats` has one polygon for each quadrat, coloured by its "
      "residual.\n\n"
      "Use it for a first look at where there is more than an even share. Pitfalls: the answer depends on the number "
      "of "
      "quadrats; below 5 expected points the chi-square distribution misleads (a doubt says so); large quadrats hide "
      "small "
      "clusters. Redwood seedlings in 3 x 3 quadrats: 22.774 on 8 degrees, p = .0073. Nothing is computed without "
      "points. "
      "Time: an overlay for each quadrat, and n for each simulation.";
  method.citation =
      "Pearson, K. (1900): On the criterion that a given system of deviations from the probable in the case of a "
      "correlated "
      "system of variables is such that it can be reasonably supposed to have arisen from random sampling. "
      "Philosophical "
      "Magazine 50, 157-175. Greig-Smith, P. (1952): The use of random and contiguous quadrats in the study of the "
      "structure of plant communities. Annals of Botany 16, 293-316.";
  method.example =
      "quadrat-test data/creative_assets.csv --x longitude --y latitude --crs EPSG:4326 --window "
      "data/provinces.geojson "
      "--columns 4 --rows 8 -o quadrats.geojson";
  method.inputs = pattern_inputs();
  method.parameters = {
      count_parameter(&QuadratTestOptions::columns, "columns", "Rectangles from west to east.",
                      {"Columns", "จำนวนคอลัมน์"}),
      count_parameter(&QuadratTestOptions::rows, "rows", "Rectangles from south to north.", {"Rows", "จำนวนแถว"})};
  append(method.parameters, pattern_parameters<QuadratTestOptions>());
  method.makes = "quadrats";
  method.makes_fields = fields();
  method.default_options = [] { return std::any(QuadratTestOptions{}); };
  method.run = run_quadrat_test;
  return method;
}

}  // namespace

const Method& quadrat_test_method() {
  static const Method method = describe_quadrat_test();
  return method;
}

}  // namespace yaan
