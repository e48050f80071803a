// What isolation costs: reads each file alternately in this process and in one of its own.
//   isolation_bench ROUNDS FILE...
// CSV files have the columns lon and lat. Prints one JSON object a file, with the least and the median milliseconds.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <vector>

#include "load/read_here.hpp"
#include "yaan/core/error.hpp"

namespace {

template <class Read>
double milliseconds(Read&& read) {
  const auto begin = std::chrono::steady_clock::now();
  read();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

double least(const std::vector<double>& values) { return *std::min_element(values.begin(), values.end()); }

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void measure(const std::filesystem::path& file, int rounds) {
  yaan::ReadOptions options;
  if (file.extension() == ".csv") {
    options.x_column = "lon";
    options.y_column = "lat";
    options.crs = "EPSG:4326";
  }
  yaan::Progress progress;
  std::vector<double> here;
  std::vector<double> isolated;
  std::size_t features = yaan::read_layer_here(file, options, progress).layer.size();  // also warms up
  for (int round = 0; round < rounds; ++round) {
    here.push_back(milliseconds([&] { yaan::read_layer_here(file, options, progress); }));
    isolated.push_back(milliseconds([&] { yaan::read_layer(file, options, progress); }));
  }
  fmt::print(
      "{{\"file\": \"{}\", \"features\": {}, \"here_ms\": [{:.1f}, {:.1f}], \"isolated_ms\": [{:.1f}, {:.1f}]}}\n",
      file.filename().string(), features, least(here), median(here), least(isolated), median(isolated));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    for (int i = 2; i < argc; ++i) measure(argv[i], std::max(1, std::atoi(argv[1])));
  } catch (const yaan::Error& error) {
    fmt::print(stderr, "{}\n  {}\n", error.what(), error.advice());
    return 1;
  }
  return 0;
}
