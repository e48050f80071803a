// Times statistics of point patterns on raw points; only the computation is timed. Prints one JSON object.
//   pattern_bench k POINTS --window FILE --max-distance M --steps S    Ripley's K with the isotropic correction
//   pattern_bench colocation POINTS --kinds K --permutations P         quotients of the nearest neighbours, and weights
//   pattern_bench significance POINTS --window FILE --radius M --min-points M --permutations P   districts against
//   chance
// each with --threads T --repeats R. The window is the rings of a polygon as raw pairs, each ring open and ended by a
// pair of NaN, every ring a part of its own.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "bench_points.hpp"
#include "yaan/analyse/colocation_quotient.hpp"
#include "yaan/analyse/ripley_k.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/parallel.hpp"
#include "yaan/district/district_significance.hpp"

namespace {

struct Options {
  std::string job, file, window;
  double max_distance = 10000;
  int steps = 50;
  std::uint32_t kinds = 6;
  std::int64_t permutations = 999, min_points = 5;
  double radius = 500;
  unsigned threads = 2;
  int repeats = 3;
};

yaan::Geometry read_window(const std::string& file) {
  const auto [x, y] = yaan::bench::read_points(file);
  yaan::Geometry window = yaan::Geometry::empty(yaan::GeometryKind::polygon);
  std::vector<double> ring_x, ring_y;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!std::isnan(x[i])) {
      ring_x.push_back(x[i]);
      ring_y.push_back(y[i]);
      continue;
    }
    ring_x.push_back(ring_x.front());
    ring_y.push_back(ring_y.front());
    window.add_ring(ring_x, ring_y);
    window.end_part();
    ring_x.clear();
    ring_y.clear();
  }
  window.end_feature();
  orient_rings(window);
  return window;
}

void time_k(const Options& options) {
  const auto [x, y] = yaan::bench::read_points(options.file);
  const yaan::Geometry window = read_window(options.window);
  std::vector<double> distances;
  for (int step = 0; step <= options.steps; ++step) distances.push_back(options.max_distance * step / options.steps);
  yaan::Progress progress;
  std::vector<double> k;
  yaan::bench::Times times;
  for (int repeat = 0; repeat < options.repeats; ++repeat) {
    times.start();
    k = yaan::ripley_k(x, y, window, distances, yaan::EdgeCorrection::isotropic, progress);
    times.stop();
  }
  fmt::print("{{\"vertices\": {}, \"k\": [{:.17g}], {}}}\n", window.x.size() - (window.ring_vertices.size() - 1),
             fmt::join(k, ", "), times.json());
}

void time_colocation(const Options& options) {
  const auto [x, y] = yaan::bench::read_points(options.file);
  std::mt19937_64 random(3);
  std::vector<std::uint32_t> kind(x.size());
  for (std::uint32_t& each : kind) each = static_cast<std::uint32_t>(random() % options.kinds);
  yaan::ColocationOptions asked;
  asked.permutations = options.permutations;
  yaan::Diagnostics diagnostics;
  yaan::Progress progress;
  std::vector<yaan::ColocationQuotient> found;
  yaan::bench::Times times;
  for (int repeat = 0; repeat < options.repeats; ++repeat) {
    times.start();
    const yaan::SpatialWeights weights =
        colocation_weights(x, y, yaan::Crs::local(), asked, "points", diagnostics, progress);
    found = colocation_quotients(weights, kind, options.kinds, yaan::ColocationShuffle::others, asked, progress);
    times.stop();
  }
  fmt::print("{{\"pairs\": {}, {}}}\n", found.size(), times.json());
}

void time_significance(const Options& options) {
  auto [x, y] = yaan::bench::read_points(options.file);
  yaan::Layer points, window;
  points.name = "points";
  points.crs = window.crs = yaan::Crs::local();
  points.geometry = yaan::Geometry::points(std::move(x), std::move(y));
  if (!options.window.empty()) window.geometry = read_window(options.window);
  yaan::SignificanceOptions asked;
  asked.radius = yaan::Metres{options.radius};
  asked.min_points = options.min_points;
  asked.simulations = options.permutations;
  yaan::Progress progress;
  yaan::DistrictSignificance found;
  yaan::bench::Times times;
  for (int repeat = 0; repeat < options.repeats; ++repeat) {
    yaan::Diagnostics diagnostics;
    times.start();
    found = district_significance(points, options.window.empty() ? nullptr : &window, nullptr, asked, diagnostics,
                                  progress);
    times.stop();
  }
  std::size_t significant = 0;
  for (const yaan::TestedDistrict& district : found.districts) significant += district.p <= 0.05;
  fmt::print("{{\"districts\": {}, \"significant\": {}, {}}}\n", found.districts.size(), significant, times.json());
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app;
  app.add_option("job", options.job)->required()->check(CLI::IsMember({"k", "colocation", "significance"}));
  app.add_option("file", options.file)->required();
  app.add_option("--window", options.window);
  app.add_option("--max-distance", options.max_distance);
  app.add_option("--steps", options.steps)->check(CLI::PositiveNumber);
  app.add_option("--kinds", options.kinds)->check(CLI::PositiveNumber);
  app.add_option("--permutations", options.permutations);
  app.add_option("--radius", options.radius)->check(CLI::PositiveNumber);
  app.add_option("--min-points", options.min_points)->check(CLI::PositiveNumber);
  app.add_option("--threads", options.threads);
  app.add_option("--repeats", options.repeats);
  CLI11_PARSE(app, argc, argv);
  try {
    yaan::set_thread_count(options.threads);
    if (options.job == "k")
      time_k(options);
    else if (options.job == "significance")
      time_significance(options);
    else
      time_colocation(options);
  } catch (const yaan::Error& error) {
    std::fprintf(stderr, "pattern_bench: %s\n", error.what());
    return 1;
  }
  return 0;
}
