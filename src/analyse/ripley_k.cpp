#include "yaan/analyse/ripley_k.hpp"

#include <numbers>
#include <utility>

#include "analyse/curve_method.hpp"
#include "analyse/pattern_parameters.hpp"

namespace yaan {

std::vector<double> ripley_k(std::span<const double> x, std::span<const double> y, const Geometry& window,
                             std::span<const double> distances, EdgeCorrection correction, Progress& progress) {
  check_curve_arguments(x, y, distances);
  progress.throw_if_cancelled();
  if (distances.empty()) return {};
  const PatternWindow ground(window);
  const PairWeights weights(ground, correction, distances.back(), progress);
  const CellPoints points(x, y, ground.bounds(), distances.back());
  return k_curve({points, points, true}, weights, distances, true, progress);
}

namespace {

MethodResult run_ripley_k(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const RipleyKOptions&>(any_options);
  const Layer& points = inputs.layer("points");
  const EnvelopeRanks ranks = checked_ranks(options);
  CurveRun run = start_curve(ripley_k_method(), inputs, options, options.kind, progress);
  const ObservedPattern& pattern = run.pattern;
  const std::vector<std::uint32_t>& rows = run.rows;
  MethodResult& result = run.result;
  if (!pattern.has_window()) return std::move(result);

  const std::vector<double> distances = curve_distances(pattern, options, points, rows.size(), result.diagnostics);
  const PairWeights weights(*pattern.window, options.correction, distances.back(), progress);
  const auto k_of = [&](std::span<const double> x, std::span<const double> y, bool threads) {
    const CellPoints cells(x, y, pattern.window->bounds(), distances.back());
    return k_curve({cells, cells, true}, weights, distances, threads, progress);
  };
  progress.report("counting pairs", 0);
  const std::vector<double> k = k_of(select(pattern.x, rows), select(pattern.y, rows), true);
  std::optional<Envelope> bounds;
  if (options.simulations > 0 && rows.size() > 1) {
    const auto simulated = simulated_curves(
        pattern, rows.size(), options, 1,
        [&](std::span<const double> x, std::span<const double> y) { return Curves{l_of_k(k_of(x, y, false))}; },
        progress);
    bounds = envelope(l_of_k(k), simulated.front(), ranks, 1);
    add_envelope_summary(*bounds, distances, options.simulations, "_m", result.summary);
  }
  push_k_rows(distances, k, bounds, 0, result.layers.front());
  return std::move(result);
}

Method describe_ripley_k() {
  Method method;
  method.name = "ripley-k";
  method.stage = "analyse";
  method.title = {"Ripley's K", "ฟังก์ชัน K ของริปลีย์"};
  method.summary = "Tells at which distances points gather or keep apart: Ripley's K and L with envelopes by chance.";
  method.description =
      "K(r) = A / (n (n - 1)) Σ w over ordered pairs of points at most r apart, with n points on a window of area A; "
      "by "
      "chance it is π r². L(r) = √(K(r) / π) is r by chance, so `l_excess_m` above 0 says that points gather at "
      "distances up to r.\n\n"
      "Edge corrections, as in spatstat: **none** w = 1, which is too low. **isotropic** (Ripley): w is one over the "
      "share of the circle about the first point, through the second, that lies in the window. **translation** "
      "(Ohser): w is A over the area of the overlap of the window with itself shifted by the pair; exact for "
      "rectangles, off by less than 0.1 % of A elsewhere. Weights above 100 count as 100. **border**: only points at "
      "least r from the border look around: A / n times their pairs, over their number. A pair just r apart counts at "
      "r.\n\n"
      "The window is the layer in the role `window`, all features as one. Without one it is the convex hull of the "
      "points grown about its centroid by 1 / √(1 - m / n), m its corners (Ripley and Rasson), or their bounding "
      "rectangle grown by (n + 1) / (n - 1); a note says so, and statistics depend on it. Layers in degrees are "
      "measured "
      "in an equal-area plane centred on the window; a note says how far lengths are off (0.3 % across Thailand). "
      "Points "
      "outside the window are left out and counted; points that are not open are left out.\n\n"
      "Envelopes: patterns of as many points are simulated by the null model. `l_low_m` and `l_high_m` are the k-th "
      "lowest and highest simulated L at each distance; k / (simulations + 1) is half the significance. They are "
      "pointwise: a curve that leaves them somewhere among many distances is no evidence at that level. The test over "
      "all distances is `p_global`: the rank of the largest absolute deviation of L from the mean of the other "
      "patterns, over (simulations + 1), and the global envelope is the simulated mean less and plus the largest "
      "deviation that is not significant. Distances where a curve is not defined do not count. Null models: "
      "**complete_randomness**, points anywhere in the window; **background**, places drawn from a layer, none twice, "
      "to which points that stand on none of its places are added "
      "(counted as `not-in-background`): so p is exact for points that are some of the background and for others of "
      "the "
      "same distribution alike; "
      "**random_labelling**, for one `kind`: as many points drawn from those of all kinds.\n\n"
      "Use it to choose a clustering radius, and to say whether sites gather more than businesses do (background). "
      "Pitfalls: corrections differ, for redwood seedlings K(0.10) is .0666 none, .0667 isotropic, .0721 translation; "
      "K "
      "is cumulative, so gathering at small distances shows at larger ones too: look at pair-correlation; a density "
      "that changes across the window looks like gathering: take a background. gaps between the areas of a window are "
      "holes "
      "with a border of their own: mend them first (check-areas). With coordinates of few decimals many pairs are just "
      "at "
      "round distances, where rounding decides on which side they count. Nothing is computed for fewer than 2 points. "
      "Time: n + pairs within the largest distance, for "
      "each simulation.";
  method.citation =
      "Ripley, B. D. (1977): Modelling spatial patterns. Journal of the Royal Statistical Society B 39, 172-212. "
      "Besag, J. "
      "(1977): contribution to the discussion, 193-195. Ohser, J. (1983): On estimators for the reduced second moment "
      "measure of point processes. Mathematische Operationsforschung und Statistik, series Statistics 14, 63-71. "
      "Ripley, B. "
      "D. and Rasson, J.-P. (1977): Finding the edge of a Poisson forest. Journal of Applied Probability 14, 483-491.";
  method.example =
      "ripley-k data/creative_assets.csv --x longitude --y latitude --crs EPSG:4326 --window data/provinces.geojson "
      "--max-distance 50km -o ripley_k.csv";
  method.inputs = pattern_inputs();
  method.parameters = {category_parameter<RipleyKOptions>(), kind_parameter<RipleyKOptions>()};
  append(method.parameters, curve_parameters<RipleyKOptions>(true));
  method.makes = "ripley_k";
  method.makes_table = true;
  method.makes_fields = k_fields();
  method.default_options = [] { return std::any(RipleyKOptions{}); };
  method.run = run_ripley_k;
  return method;
}

}  // namespace

const Method& ripley_k_method() {
  static const Method method = describe_ripley_k();
  return method;
}

}  // namespace yaan
