// The counts of the seeded benchmark points, as four other programs find them. Needs a Python with numpy.

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "yaan/analyse/dbscan.hpp"

namespace yaan {
namespace {

struct Expected {
  std::size_t points;
  std::int64_t clusters, noise;
};

class SeededPoints : public testing::TestWithParam<Expected> {};

TEST_P(SeededPoints, GiveTheKnownCounts) {
  const char* source = std::getenv("YAAN_SOURCE");
  if (source == nullptr) GTEST_SKIP() << "YAAN_SOURCE is not set";
  const auto file = std::filesystem::temp_directory_path() /
                    ("yaan_seeded_" + std::to_string(GetParam().points) + "_" + std::to_string(::getpid()) + ".f64");
  const std::string arguments = std::string(source) + "/tools/bench/make_points.py " +
                                std::to_string(GetParam().points) + " " + file.string() + " 2>/dev/null";
  if (std::system(("python3 " + arguments).c_str()) != 0 && std::system(("/usr/bin/python3 " + arguments).c_str()) != 0)
    GTEST_SKIP() << "no Python with numpy";
  std::vector<double> both(2 * GetParam().points);
  std::ifstream in(file, std::ios::binary);
  in.read(reinterpret_cast<char*>(both.data()), static_cast<std::streamsize>(both.size() * sizeof(double)));
  ASSERT_TRUE(in);
  std::filesystem::remove(file);
  std::vector<double> x, y;
  for (std::size_t i = 0; i < both.size(); i += 2) {
    x.push_back(both[i]);
    y.push_back(both[i + 1]);
  }
  DbscanOptions options;
  options.radius = Metres{500};
  options.min_points = 10;
  Progress progress;
  const DbscanLabels labels = dbscan(x, y, Crs::local(), options, progress);
  EXPECT_EQ(labels.clusters, GetParam().clusters);
  EXPECT_EQ(labels.noise, GetParam().noise);
}

INSTANTIATE_TEST_SUITE_P(Published, SeededPoints,
                         testing::Values(Expected{100000, 220, 77135}, Expected{1000000, 2243, 455553}),
                         [](const auto& set) { return "N" + std::to_string(set.param.points); });

}  // namespace
}  // namespace yaan
