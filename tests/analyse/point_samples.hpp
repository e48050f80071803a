#pragma once
// Point sets that try an algorithm over points: random, stacked, in lines, on lattices full of ties.

#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace yaan::samples {

using Points = std::pair<std::vector<double>, std::vector<double>>;

inline void add(Points& points, double x, double y) {
  points.first.push_back(x);
  points.second.push_back(y);
}

struct Named {
  std::string name;
  Points points;
};

/// In metres, within a few hundred metres of the origin.
inline std::vector<Named> planar(unsigned seed, std::size_t n) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> anywhere(-300, 300);
  std::normal_distribution<double> scatter(0, 8);
  std::uniform_int_distribution<int> step(0, 7);
  std::vector<Named> sets(8);
  sets[0].name = "uniform";
  for (std::size_t i = 0; i < n; ++i) add(sets[0].points, anywhere(random), anywhere(random));
  sets[1].name = "knots";
  for (std::size_t i = 0; i < n; ++i) {
    const double at = 80.0 * static_cast<double>(i % 4);
    add(sets[1].points, at + scatter(random), at / 2 + scatter(random));
  }
  sets[2].name = "lattice";
  for (std::size_t i = 0; i < n; ++i) add(sets[2].points, 10.0 * step(random), 10.0 * step(random));
  sets[3].name = "one_spot";
  for (std::size_t i = 0; i < n; ++i) add(sets[3].points, 12.5, -3);
  sets[4].name = "two_spots";
  for (std::size_t i = 0; i < n; ++i) add(sets[4].points, i % 3 == 0 ? 0 : 30, 0);
  sets[5].name = "line";
  for (std::size_t i = 0; i < n; ++i) add(sets[5].points, 10.0 * static_cast<double>(i * 7 % n), 0);
  sets[6].name = "stacks_among_others";
  for (std::size_t i = 0; i < n; ++i) {
    if (i % 2 == 0) {
      add(sets[6].points, 10.0 * step(random), 0);
    } else {
      add(sets[6].points, anywhere(random), anywhere(random));
    }
  }
  sets[7].name = "far_flung";
  for (std::size_t i = 0; i < n; ++i)
    add(sets[7].points, scatter(random) + (i % 5 == 0 ? 1e9 : 0), scatter(random) * (i % 7 == 0 ? 1e6 : 1));
  return sets;
}

}  // namespace yaan::samples
