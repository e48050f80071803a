// Times yaan's kernel density on raw points in a box of 700 by 1,500 km; only the computation is timed. Prints one JSON
// object.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

#include "bench_points.hpp"
#include "yaan/analyse/kernel_density.hpp"
#include "yaan/core/parallel.hpp"

int main(int argc, char** argv) {
  std::string file;
  double bandwidth = 5000, cell = 1000;
  bool quartic = false, no_edge = false;
  unsigned threads = 0;
  int repeats = 5;
  CLI::App app("Times yaan's kernel density on raw points.");
  app.add_option("file", file, "little-endian x, y pairs of doubles")->required();
  app.add_option("--bandwidth", bandwidth, "metres");
  app.add_option("--cell", cell, "metres");
  app.add_flag("--quartic", quartic, "the quartic kernel and not the Gaussian");
  app.add_flag("--no-edge", no_edge, "no edge correction");
  app.add_option("--threads", threads);
  app.add_option("--repeats", repeats);
  CLI11_PARSE(app, argc, argv);
  const auto [x, y] = yaan::bench::read_points(file);
  yaan::set_thread_count(threads);
  const auto window = yaan::Grid::covering({0, 0, 700e3, 1500e3}, cell, std::size_t{1} << 27, yaan::Crs::local());
  yaan::Progress progress;
  yaan::bench::Times times;
  yaan::Grid density;
  for (int repeat = 0; repeat < repeats; ++repeat) {
    density = {};
    times.start();
    density = yaan::kernel_density(x, y, {}, window, quartic ? yaan::Kernel::quartic : yaan::Kernel::gaussian,
                                   yaan::Metres{bandwidth}, !no_edge, progress);
    times.stop();
  }
  std::printf("{\"points\": %zu, \"mass\": %.9g, \"peak_per_km2\": %.12g, \"threads\": %u, %s}\n", x.size(),
              yaan::mass(density), *std::max_element(density.values.begin(), density.values.end()),
              yaan::thread_count(), times.json().c_str());
  return 0;
}
