// Times yaan's DBSCAN on raw points: dbscan_bench FILE.f64 --radius METRES --min-points N [--geographic] [--threads N]
// [--repeats N]. FILE holds little-endian x, y pairs. Prints one JSON object; only the computation is timed.

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "yaan/analyse/dbscan.hpp"
#include "yaan/core/parallel.hpp"

namespace {

struct Call {
  std::string file;
  std::string labels;  // file for the labels, so that a peer's can be compared
  double radius = 500;
  std::int64_t min_points = 10;
  bool geographic = false;
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
    if (word == "--radius") {
      call.radius = std::stod(value());
    } else if (word == "--min-points") {
      call.min_points = std::stoll(value());
    } else if (word == "--threads") {
      call.threads = static_cast<unsigned>(std::stoul(value()));
    } else if (word == "--repeats") {
      call.repeats = std::stoi(value());
    } else if (word == "--labels") {
      call.labels = value();
    } else if (word == "--geographic") {
      call.geographic = true;
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
  std::vector<double> both(2 * n);
  in.seekg(0);
  in.read(reinterpret_cast<char*>(both.data()), static_cast<std::streamsize>(both.size() * sizeof(double)));
  x.reserve(n);
  y.reserve(n);
  for (std::size_t i = 0; i < n; ++i) {
    x.push_back(both[2 * i]);
    y.push_back(both[2 * i + 1]);
  }
  return static_cast<bool>(in);
}

/// The same places on the ellipsoid: the middle of the box becomes 101.5 E 13 N.
void to_degrees(std::vector<double>& x, std::vector<double>& y) {
  for (double& value : x) value -= 350e3;
  for (double& value : y) value -= 750e3;
  const yaan::Transformer transformer(yaan::Crs::laea(yaan::Degrees{101.5}, yaan::Degrees{13}), yaan::Crs::wgs84());
  transformer.apply(x, y);
}

}  // namespace

int main(int argc, char** argv) {
  const Call call = parse(argc, argv);
  std::vector<double> x, y;
  if (!read_points(call.file, x, y)) {
    std::fprintf(stderr, "cannot read points from \"%s\"\n", call.file.c_str());
    return 1;
  }
  if (call.geographic) to_degrees(x, y);
  yaan::set_thread_count(call.threads);
  const yaan::Crs crs = call.geographic ? yaan::Crs::wgs84() : yaan::Crs::local();
  yaan::DbscanOptions options;
  options.radius = yaan::Metres{call.radius};
  options.min_points = call.min_points;
  yaan::Progress progress;
  std::vector<double> seconds;
  yaan::DbscanLabels labels;
  for (int repeat = 0; repeat < call.repeats; ++repeat) {
    labels = {};
    const auto start = std::chrono::steady_clock::now();
    labels = yaan::dbscan(x, y, crs, options, progress);
    seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  if (!call.labels.empty()) {
    std::ofstream out(call.labels, std::ios::binary);
    out.write(reinterpret_cast<const char*>(labels.cluster.data()),
              static_cast<std::streamsize>(labels.cluster.size() * sizeof(std::int32_t)));
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf(
      "{\"points\": %zu, \"clusters\": %lld, \"noise\": %lld, \"core\": %lld, \"threads\": %u, \"peak_mib\": %ld, "
      "\"seconds\": [",
      x.size(), static_cast<long long>(labels.clusters), static_cast<long long>(labels.noise),
      static_cast<long long>(labels.core_count), yaan::thread_count(), usage.ru_maxrss / 1024);
  for (std::size_t i = 0; i < seconds.size(); ++i) std::printf("%s%.4f", i == 0 ? "" : ", ", seconds[i]);
  std::printf("]}\n");
  return 0;
}
