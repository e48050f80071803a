// Times local statistics with conditional permutation, and contiguity of polygons; only the computation is timed.
//   autocorrelation_bench moran|g --items N --neighbours K --permutations P --draws shared|independent [--write FOLDER]
//   autocorrelation_bench queen|rook --areas FILE
// each with --threads T --repeats R. The features are seeded normal values on a shaken lattice, each with its K nearest
// as neighbours of equal weight, made before the clock starts, as libgeoda was timed; a run is the statistic itself and
// its permutations. --write leaves the values, the neighbours (numbered from 1) and the statistic in the folder, for a
// peer to take. Prints one JSON object.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "bench_points.hpp"
#include "yaan/analyse/autocorrelation.hpp"
#include "yaan/analyse/local_g.hpp"
#include "yaan/analyse/local_moran.hpp"
#include "yaan/analyse/moran.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/parallel.hpp"
#include "yaan/load/read.hpp"

namespace {

struct Options {
  std::string job;
  std::size_t items = 100000;
  std::int64_t neighbours = 8;
  std::int64_t permutations = 999;
  yaan::DrawMode draws = yaan::DrawMode::independent;
  unsigned threads = 2;
  int repeats = 3;
  std::string areas;
  std::string write;
};

yaan::SpatialWeights lattice(const Options& options, yaan::Progress& progress) {
  const auto side = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(options.items))));
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> shift(-0.4, 0.4);
  yaan::Places places;
  for (std::size_t i = 0; i < options.items; ++i) {
    places.x.push_back(static_cast<double>(i / side) + shift(random));
    places.y.push_back(static_cast<double>(i % side) + shift(random));
  }
  yaan::WeightsOptions asked;
  asked.neighbours = yaan::NeighbourRule::nearest;
  asked.nearest = options.neighbours;
  yaan::Diagnostics diagnostics;
  yaan::SpatialWeights weights = make_weights(yaan::Geometry::points(places.x, places.y), places, yaan::Crs::local(),
                                              asked, "lattice", diagnostics, progress);
  apply_style(weights, yaan::WeightStyle::row);
  return weights;
}

template <class Value>
void write_raw(const std::string& file, const std::vector<Value>& values) {
  std::ofstream out(file, std::ios::binary);
  out.write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(Value)));
  if (!out.flush()) throw yaan::OutputError("cannot write \"" + file + "\"");
}

void time_local(const Options& options) {
  yaan::Progress progress;
  const yaan::SpatialWeights weights = lattice(options, progress);
  std::mt19937_64 random(11);
  std::normal_distribution<double> normal;
  std::vector<double> values(options.items);
  for (double& v : values) v = normal(random);
  double mean = 0;
  for (const double v : values) mean += v / static_cast<double>(values.size());
  for (double& v : values) v -= mean;

  std::vector<double> statistic;
  std::vector<yaan::TailCounts> tails;
  yaan::bench::Times times;
  for (int repeat = 0; repeat < options.repeats; ++repeat) {
    statistic = {};
    tails = {};
    times.start();
    statistic =
        options.job == "moran" ? yaan::local_moran(weights, values).value : yaan::local_g(weights, values, true).z;
    tails = conditional_tails(weights, values, options.permutations, 1, options.draws, progress);
    times.stop();
  }
  if (!options.write.empty()) {
    std::vector<std::uint32_t> numbers = weights.neighbour;
    for (std::uint32_t& number : numbers) ++number;
    write_raw(options.write + "/values.f64", values);
    write_raw(options.write + "/neighbours.u32", numbers);
    write_raw(options.write + "/statistic.f64", statistic);
  }
  const auto marked = std::count_if(tails.begin(), tails.end(), [&](const yaan::TailCounts& tail) {
    return p_of_counts(tail, options.permutations, yaan::PValue::folded) <= 0.05;
  });
  fmt::print("{{\"marked\": {}, \"moran\": {:.17g}, {}}}\n", marked,
             yaan::moran(weights, values, static_cast<double>(values.size())).value, times.json());
}

void time_contiguity(const Options& options) {
  yaan::Progress progress;
  const yaan::Layer areas = yaan::read_layer(options.areas, {}, progress).layer;
  const auto kind = options.job == "queen" ? yaan::Contiguity::queen : yaan::Contiguity::rook;
  std::size_t pairs = 0;
  yaan::bench::Times times;
  for (int repeat = 0; repeat < options.repeats; ++repeat) {
    times.start();
    pairs = contiguous_pairs(areas.geometry, areas.crs, kind, yaan::Metres{0}, progress).size();
    times.stop();
  }
  fmt::print("{{\"areas\": {}, \"vertices\": {}, \"links\": {}, {}}}\n", areas.size(), areas.geometry.x.size(),
             2 * pairs, times.json());
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app;
  app.add_option("job", options.job)->required()->check(CLI::IsMember({"moran", "g", "queen", "rook"}));
  app.add_option("--items", options.items);
  app.add_option("--neighbours", options.neighbours);
  app.add_option("--permutations", options.permutations);
  app.add_option("--draws", options.draws)
      ->transform(CLI::CheckedTransformer(std::map<std::string, yaan::DrawMode>{
          {"shared", yaan::DrawMode::shared}, {"independent", yaan::DrawMode::independent}}));
  app.add_option("--threads", options.threads);
  app.add_option("--repeats", options.repeats);
  app.add_option("--areas", options.areas);
  app.add_option("--write", options.write);
  CLI11_PARSE(app, argc, argv);
  try {
    yaan::set_thread_count(options.threads);
    if (options.job == "moran" || options.job == "g")
      time_local(options);
    else
      time_contiguity(options);
  } catch (const yaan::Error& error) {
    std::fprintf(stderr, "autocorrelation_bench: %s\n", error.what());
    return 1;
  }
  return 0;
}
