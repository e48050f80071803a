// Local statistics with conditional permutation: autocorrelation_bench --items N --neighbours K --permutations P
// --threads T
// [--areas FILE]. Seeded normal values on a lattice whose features have their K nearest (equal weights), as libgeoda
// was timed. Prints one JSON object for each mode: the seconds of the best of the repeats, without making the weights.
// With --areas also the seconds of queen and rook contiguity of its polygons.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>
#include <random>
#include <vector>

#include "yaan/analyse/autocorrelation.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/parallel.hpp"
#include "yaan/load/read.hpp"

namespace {

struct Options {
  std::size_t items = 100000;
  std::int64_t neighbours = 8;
  std::int64_t permutations = 999;
  unsigned threads = 2;
  int repeats = 3;
  std::string areas;
};

template <class Work>
double best_of(int repeats, const Work& work) {
  double best = std::numeric_limits<double>::infinity();
  for (int r = 0; r < repeats; ++r) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  return best;
}

yaan::SpatialWeights lattice(const Options& options, yaan::Progress& progress) {
  const auto side = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(options.items))));
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> shift(-0.4, 0.4);
  yaan::Places places;
  for (std::size_t i = 0; i < options.items; ++i) {
    places.x.push_back(static_cast<double>(i / side) + shift(random));
    places.y.push_back(static_cast<double>(i % side) + shift(random));
  }
  yaan::WeightsOptions weights;
  weights.neighbours = yaan::NeighbourRule::nearest;
  weights.nearest = options.neighbours;
  yaan::Diagnostics diagnostics;
  return make_weights(yaan::Geometry::points(places.x, places.y), places, yaan::Crs::local(), weights, "lattice",
                      diagnostics, progress);
}

void time_draws(const Options& options) {
  yaan::Progress progress;
  const yaan::SpatialWeights weights = lattice(options, progress);
  std::mt19937_64 random(11);
  std::normal_distribution<double> normal;
  std::vector<double> values(options.items);
  for (double& v : values) v = normal(random);
  for (const yaan::DrawMode mode : {yaan::DrawMode::shared, yaan::DrawMode::independent}) {
    std::int64_t sum = 0;
    const double seconds = best_of(options.repeats, [&] {
      const auto tails = conditional_tails(weights, values, options.permutations, 1, mode, progress);
      sum = 0;
      for (const yaan::TailCounts& tail : tails) sum += tail.at_least;
    });
    fmt::print(
        "{{\"job\":\"conditional permutation, "
        "{}\",\"items\":{},\"permutations\":{},\"seconds\":{:.4f},\"check\":{}}}\n",
        mode == yaan::DrawMode::shared ? "shared" : "independent", options.items, options.permutations, seconds, sum);
  }
}

void time_contiguity(const Options& options) {
  yaan::Progress progress;
  const yaan::Layer areas = yaan::read_layer(options.areas, {}, progress).layer;
  for (const yaan::Contiguity kind : {yaan::Contiguity::queen, yaan::Contiguity::rook}) {
    std::size_t pairs = 0;
    const double seconds = best_of(options.repeats, [&] {
      pairs = contiguous_pairs(areas.geometry, areas.crs, kind, yaan::Metres{0}, progress).size();
    });
    fmt::print("{{\"job\":\"{}\",\"areas\":{},\"vertices\":{},\"seconds\":{:.4f},\"check\":{}}}\n",
               kind == yaan::Contiguity::queen ? "queen" : "rook", areas.size(), areas.geometry.x.size(), seconds,
               pairs);
  }
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app;
  app.add_option("--items", options.items);
  app.add_option("--neighbours", options.neighbours);
  app.add_option("--permutations", options.permutations);
  app.add_option("--threads", options.threads);
  app.add_option("--repeats", options.repeats);
  app.add_option("--areas", options.areas);
  CLI11_PARSE(app, argc, argv);
  try {
    yaan::set_thread_count(options.threads);
    time_draws(options);
    if (!options.areas.empty()) time_contiguity(options);
  } catch (const yaan::Error& error) {
    std::fprintf(stderr, "autocorrelation_bench: %s\n", error.what());
    return 1;
  }
  return 0;
}
