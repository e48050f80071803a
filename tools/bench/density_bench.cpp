// Times yaan's kernel density on raw points: density_bench FILE.f64 [--bandwidth METRES] [--cell METRES]
// [--kernel gaussian|quartic] [--no-edge] [--threads N] [--repeats N]. FILE holds little-endian x, y pairs in a box of
// 700 by 1,500 km. Prints one JSON object; only the computation is timed.

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "yaan/analyse/kernel_density.hpp"
#include "yaan/core/parallel.hpp"

namespace {

struct Call {
  std::string file;
  double bandwidth = 5000;
  double cell = 1000;
  yaan::Kernel kernel = yaan::Kernel::gaussian;
  bool edge = true;
  unsigned threads = 0;
  int repeats = 5;
};

Call parse(int argc, char** argv) {
  Call call;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const auto value = [&] {
      if (i + 1 >= argc) {
        std::fprintf(stderr, "%s needs a value\n", word.c_str());
        std::exit(2);
      }
      return std::string(argv[++i]);
    };
    if (word == "--bandwidth") {
      call.bandwidth = std::stod(value());
    } else if (word == "--cell") {
      call.cell = std::stod(value());
    } else if (word == "--kernel") {
      call.kernel = value() == "quartic" ? yaan::Kernel::quartic : yaan::Kernel::gaussian;
    } else if (word == "--no-edge") {
      call.edge = false;
    } else if (word == "--threads") {
      call.threads = static_cast<unsigned>(std::stoul(value()));
    } else if (word == "--repeats") {
      call.repeats = std::stoi(value());
    } else {
      call.file = word;
    }
  }
  return call;
}

bool read_points(const std::string& file, std::vector<double>& x, std::vector<double>& y) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  if (!in) return false;
  const auto n = static_cast<std::size_t>(in.tellg()) / (2 * sizeof(double));
  in.seekg(0);
  std::vector<double> both(2 * n);
  in.read(reinterpret_cast<char*>(both.data()), static_cast<std::streamsize>(both.size() * sizeof(double)));
  for (std::size_t i = 0; i < n; ++i) {
    x.push_back(both[2 * i]);
    y.push_back(both[2 * i + 1]);
  }
  return static_cast<bool>(in);
}

}  // namespace

int main(int argc, char** argv) {
  const Call call = parse(argc, argv);
  std::vector<double> x;
  std::vector<double> y;
  if (!read_points(call.file, x, y)) {
    std::fprintf(stderr, "cannot read points from \"%s\"\n", call.file.c_str());
    return 1;
  }
  yaan::set_thread_count(call.threads);
  const auto window = yaan::Grid::covering({0, 0, 700e3, 1500e3}, call.cell, std::size_t{1} << 27, yaan::Crs::local());
  yaan::Progress progress;
  std::vector<double> seconds;
  yaan::Grid density;
  for (int repeat = 0; repeat < call.repeats; ++repeat) {
    density = {};
    const auto start = std::chrono::steady_clock::now();
    density = yaan::kernel_density(x, y, {}, window, call.kernel, yaan::Metres{call.bandwidth}, call.edge, progress);
    seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  double peak = 0;
  for (const double value : density.values)
    if (value > peak) peak = value;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf(
      "{\"points\": %zu, \"columns\": %u, \"rows\": %u, \"mass\": %.9g, \"peak_per_km2\": %.12g, "
      "\"threads\": %u, \"peak_mib\": %ld, \"seconds\": [",
      x.size(), density.columns, density.rows, yaan::mass(density), peak, yaan::thread_count(), usage.ru_maxrss / 1024);
  for (std::size_t i = 0; i < seconds.size(); ++i) std::printf("%s%.4f", i == 0 ? "" : ", ", seconds[i]);
  std::printf("]}\n");
  return 0;
}
