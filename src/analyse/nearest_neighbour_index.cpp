#include "yaan/analyse/nearest_neighbour_index.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "analyse/curve_method.hpp"
#include "analyse/few_permutations.hpp"
#include "analyse/global_result.hpp"
#include "analyse/pattern_parameters.hpp"
#include "yaan/analyse/nearest.hpp"

namespace yaan {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kSameMean = 1e-9;  // equal distances may add up otherwise
constexpr double kCrinkled = 2;     // times the border of a square of that area

double mean_distance(std::span<const double> x, std::span<const double> y, std::int64_t order, Progress& progress) {
  const NearestPoints nearest = nearest_points(x, y, Crs::local(), order, progress);
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += nearest.distance[(i + 1) * nearest.count - 1];
  return sum / static_cast<double>(x.size());
}

IndexAgainst against(double mean, double expected, double standard_error) {
  IndexAgainst result;
  result.expected = expected;
  result.standard_error = standard_error;
  result.index = mean / expected;
  result.z = (mean - expected) / standard_error;
  result.p = std::erfc(std::abs(result.z) / std::numbers::sqrt2);
  return result;
}

}  // namespace

NearestNeighbourIndex nearest_neighbour_index(std::span<const double> x, std::span<const double> y, double area,
                                              double perimeter, std::int64_t order, Progress& progress) {
  constexpr IndexAgainst kNothing{kNan, kNan, kNan, kNan, kNan};
  NearestNeighbourIndex result{kNan, kNothing, kNothing};
  progress.throw_if_cancelled();
  if (static_cast<std::int64_t>(x.size()) <= order || !(area > 0)) return result;
  const auto n = static_cast<double>(x.size()), k = static_cast<double>(order);
  result.mean = mean_distance(x, y, order, progress);
  const double spacing = area / (std::numbers::pi * n);  // mean of the squared distance to the nearest
  const double expected = std::exp(std::lgamma(k + 0.5) - std::lgamma(k)) * std::sqrt(spacing);
  result.plain = against(result.mean, expected, std::sqrt((k * spacing - expected * expected) / n));
  if (order == 1)
    result.donnelly = against(result.mean, 0.5 * std::sqrt(area / n) + (0.0514 + 0.0412 / std::sqrt(n)) * perimeter / n,
                              std::sqrt(0.070 * area / (n * n) + 0.037 * perimeter * std::sqrt(area / std::pow(n, 5))));
  return result;
}

namespace {

MethodResult run_index(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const NearestNeighbourIndexOptions&>(any_options);
  const Layer& points = inputs.layer("points");
  const Method& method = nearest_neighbour_index_method();
  MethodResult result;
  ObservedPattern pattern = observe_pattern(inputs, options, std::nullopt, result.diagnostics, progress);
  complete_background(pattern, all_rows(pattern), inputs, result.diagnostics);
  result.layers.push_back(empty_table(method, points));
  result.summary = pattern_summary(method, points, pattern, pattern.size(), options);
  if (!pattern.has_window()) return result;

  const PatternWindow& window = *pattern.window;
  const NearestNeighbourIndex index =
      nearest_neighbour_index(pattern.x, pattern.y, window.area(), window.perimeter(), options.order, progress);
  const bool possible = !std::isnan(index.mean);
  if (!possible)
    result.diagnostics.add(Severity::doubt, "too-few-points", points.name,
                           "there are no more points in the window than the order of the neighbour asked for, so there "
                           "is no index");
  if (possible && window.perimeter() > kCrinkled * 4 * std::sqrt(window.area()))
    result.diagnostics.add(Severity::doubt, "crinkled-border", points.name,
                           "the window's border is more than twice as long as a square's of its area: Donnelly's "
                           "correction is meant for plain outlines; trust the simulations");
  double p_simulated = kNan;
  if (possible && options.simulations > 0) {
    const auto simulated = simulated_curves(
        pattern, pattern.size(), options, 1,
        [&](std::span<const double> x, std::span<const double> y) {
          return Curves{{mean_distance(x, y, options.order, progress)}};
        },
        progress);
    TailCounts tails;
    const double room = kSameMean * index.mean;
    for (const auto& curve : simulated.front()) {
      tails.at_most += curve[0] <= index.mean + room;
      tails.at_least += curve[0] >= index.mean - room;
    }
    p_simulated = p_of_counts(tails, options.simulations, PValue::two_sided);
    const std::array<double, 1> p = {p_simulated};
    doubt_few_permutations(
        {p, p, options.simulations, PValue::two_sided, Correction::none, options.significance, "simulations"},
        points.name, result.diagnostics);
  }
  Layer& table = result.layers.front();
  table.geometry.rows = 1;
  table.columns[0].push(static_cast<std::int64_t>(pattern.size()));
  table.columns[1].push(options.order);
  std::vector<double> values = {window.area() / 1e6, window.perimeter() / 1e3, index.mean};
  for (const IndexAgainst& one : {index.plain, index.donnelly})
    for (const double value : {one.expected, one.standard_error, one.index, one.z, one.p}) values.push_back(value);
  values.push_back(p_simulated);
  for (std::size_t i = 0; i < values.size(); ++i) {
    Column& column = table.columns[i + 2];
    column.push(values[i]);
    if (i > 1 && !column.is_null(0)) result.summary.emplace_back(column.name, values[i]);
  }
  return result;
}

std::vector<OutputField> fields() {
  const auto real = [](const char* name, const char* unit, const char* help, Localized title) {
    return curve_field(name, unit, help, std::move(title));
  };
  return {{"n", ColumnType::integer, "", "Points in the window.", {"Points", "จำนวนจุด"}, ColourBy::none, false},
          {"order",
           ColumnType::integer,
           "",
           "Which neighbour: 1 is the nearest.",
           {"Order", "ลำดับเพื่อนบ้าน"},
           ColourBy::none,
           false},
          real("window_km2", "km2", "Area of the window.", {"Window area", "พื้นที่ขอบเขตศึกษา"}),
          real("window_border_km", "km", "Length of its border, holes included.", {"Window border", "ความยาวเส้นขอบ"}),
          real("mean_distance_m", "m", "Mean distance to that neighbour.", {"Mean distance", "ระยะเฉลี่ย"}),
          real("expected_m", "m", "Its expectation by chance without a border.", {"Expected", "ระยะคาดหมาย"}),
          real("standard_error_m", "m", "Standard error of the mean distance by chance.",
               {"Standard error", "ความคลาดเคลื่อนมาตรฐาน"}),
          real("clark_evans", "", "Mean over expected distance: below 1 gathered, above 1 spread.",
               {"Clark-Evans index", "ดัชนีคลาร์ก-อีแวนส์"}),
          real("z", "", "Mean less expected distance over the standard error.", {"z", "คะแนน z"}),
          real("p_z", "", "Two-sided p-value of z.", {"p of z", "ค่า p ของ z"}),
          real("donnelly_expected_m", "m", "Expected distance by chance with Donnelly's correction for the border.",
               {"Expected (Donnelly)", "ระยะคาดหมาย (ดอนเนลลี)"}),
          real("donnelly_standard_error_m", "m", "Standard error with that correction.",
               {"Standard error (Donnelly)", "ความคลาดเคลื่อนมาตรฐาน (ดอนเนลลี)"}),
          real("donnelly", "", "Index with that correction.", {"Index (Donnelly)", "ดัชนี (ดอนเนลลี)"}),
          real("donnelly_z", "", "z with that correction.", {"z (Donnelly)", "คะแนน z (ดอนเนลลี)"}),
          real("donnelly_p", "", "Two-sided p-value of that z.", {"p (Donnelly)", "ค่า p (ดอนเนลลี)"}),
          real("p_simulated", "", "Two-sided p-value of the mean distance by its rank among simulated patterns.",
               {"p (simulated)", "ค่า p (จำลอง)"})};
}

Method describe_index() {
  Method method;
  method.name = "nearest-neighbour-index";
  method.stage = "analyse";
  method.title = {"Nearest-neighbour index", "ดัชนีเพื่อนบ้านใกล้ที่สุด"};
  method.summary =
      "Tests whether points gather or spread, by the mean distance to the nearest neighbour (Clark-Evans).";
  method.description =
      "The index is the mean distance to the nearest other point over its expectation by chance, 0.5 √(A / n) for n "
      "points on a window of area A: below 1 where points gather, above 1 where they keep apart. z has the standard "
      "error "
      "√((4 - π) A / (4 π)) / n. Points near the border miss neighbours beyond it, so this index is too high; "
      "Donnelly's "
      "takes 0.5 √(A / n) + (0.0514 + 0.0412 / √n) P / n with P the length of the border, and the variance 0.070 A / "
      "n² "
      "+ "
      "0.037 P √(A / n⁵). For the k-th neighbour (`order`) the expectation is Γ(k + 1/2) / Γ(k) √(A / (π n)), without "
      "Donnelly's.\n\n"
      "`p_simulated` is twice the smaller rank of the mean distance among simulated patterns over (simulations + 1); "
      "it "
      "allows for the border and for the null model (see `ripley-k`), and needs no correction. The window and the "
      "plane "
      "are those of `ripley-k`.\n\n"
      "Use it for one number about a pattern. Pitfalls: it depends on the window: twice the area for the same points "
      "divides it by 1.4; Donnelly's formula was made for plain outlines and overcorrects along a crinkled coast (a "
      "doubt says so); it looks at the nearest distances alone: take ripley-k for others; several records of one site "
      "stand at distance 0 and look like gathering (counted as `shared-place`). No index for n at most the order. "
      "Time: "
      "O(n order), for each simulation.";
  method.citation =
      "Clark, P. J. and Evans, F. C. (1954): Distance to nearest neighbor as a measure of spatial relationships in "
      "populations. Ecology 35, 445-453. Donnelly, K. (1978): Simulations to determine the variance and edge-effect of "
      "total nearest neighbour distance. In Hodder, I. (ed.): Simulation Studies in Archaeology. Cambridge University "
      "Press, 91-95. Thompson, H. R. (1956): Distribution of distance to nth neighbour in a population of randomly "
      "distributed individuals. Ecology 37, 391-394.";
  method.example =
      "nearest-neighbour-index data/creative_assets.csv --x longitude --y latitude --crs EPSG:4326 --window "
      "data/provinces.geojson -o nearest_neighbour_index.csv";
  method.inputs = pattern_inputs();
  Parameter order = titled(ranged(parameter(&NearestNeighbourIndexOptions::order, "order", ParameterKind::integer,
                                            "Which neighbour's distance: 1 is the nearest."),
                                  1, 1000),
                           {"Order", "ลำดับเพื่อนบ้าน"});
  order.slider_minimum = 1;
  order.slider_maximum = 20;
  method.parameters = {std::move(order)};
  append(method.parameters, pattern_parameters<NearestNeighbourIndexOptions>());
  method.makes = "nearest_neighbour_index";
  method.makes_table = true;
  method.makes_fields = fields();
  method.default_options = [] { return std::any(NearestNeighbourIndexOptions{}); };
  method.run = run_index;
  return method;
}

}  // namespace

const Method& nearest_neighbour_index_method() {
  static const Method method = describe_index();
  return method;
}

}  // namespace yaan
