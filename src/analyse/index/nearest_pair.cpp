#include "analyse/index/nearest_pair.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

namespace yaan {

namespace {

constexpr std::uint64_t kSmallProduct = std::uint64_t{1} << 14;
constexpr std::uint32_t kLeaf = 16;

struct Bounds {
  std::array<double, 3> least;
  std::array<double, 3> most;
};

/// Least squared distance of two boxes, as the point test would compute it. Rounding is monotone, so no pair of points
/// within the boxes computes to less.
double least_squared(const Bounds& a, const Bounds& b, unsigned dimensions) {
  double sum = 0;
  for (unsigned axis = 0; axis < dimensions; ++axis) {
    const double gap = std::max({0.0, b.least[axis] - a.most[axis], a.least[axis] - b.most[axis]});
    sum += gap * gap;
  }
  return sum;
}

double most_squared(const Bounds& a, const Bounds& b, unsigned dimensions) {
  double sum = 0;
  for (unsigned axis = 0; axis < dimensions; ++axis) {
    const double span = std::max(b.most[axis] - a.least[axis], a.most[axis] - b.least[axis]);
    sum += span * span;
  }
  return sum;
}

Bounds bounds_of(const CellGrid& grid, unsigned dimensions, std::span<const std::uint32_t> points) {
  Bounds bounds{};
  for (unsigned axis = 0; axis < dimensions; ++axis) {
    const double* c = grid.coordinate[axis].data();
    double least = std::numeric_limits<double>::infinity();
    double most = -least;
    for (const std::uint32_t p : points) {
      least = std::min(least, c[p]);
      most = std::max(most, c[p]);
    }
    bounds.least[axis] = least;
    bounds.most[axis] = most;
  }
  return bounds;
}

/// Those of the points that are near the box.
std::vector<std::uint32_t> near_box(const CellGrid& grid, unsigned dimensions, std::span<const std::uint32_t> points,
                                    const Bounds& box, double limit) {
  std::vector<std::uint32_t> near;
  for (const std::uint32_t p : points) {
    Bounds place{};
    for (unsigned axis = 0; axis < dimensions; ++axis) place.least[axis] = place.most[axis] = grid.coordinate[axis][p];
    if (least_squared(place, box, dimensions) <= limit) near.push_back(p);
  }
  return near;
}

/// Points halved along the widest axis until they fit a leaf.
struct BoxTree {
  struct Node {
    Bounds bounds;
    std::uint32_t begin, end;  // into points
    std::uint32_t left = 0;    // children left and left + 1; 0 for a leaf
  };
  std::vector<Node> nodes;
  std::vector<std::uint32_t> points;

  BoxTree(const CellGrid& grid, unsigned dimensions, std::vector<std::uint32_t> some) : points(std::move(some)) {
    nodes.push_back(node(grid, dimensions, 0, static_cast<std::uint32_t>(points.size())));
    for (std::size_t i = 0; i < nodes.size(); ++i) split(grid, dimensions, i);
  }

 private:
  Node node(const CellGrid& grid, unsigned dimensions, std::uint32_t begin, std::uint32_t end) const {
    return {bounds_of(grid, dimensions, std::span(points).subspan(begin, end - begin)), begin, end};
  }

  void split(const CellGrid& grid, unsigned dimensions, std::size_t i) {
    const Node parent = nodes[i];
    if (parent.end - parent.begin <= kLeaf) return;
    unsigned widest = 0;
    const auto width = [&](unsigned axis) { return parent.bounds.most[axis] - parent.bounds.least[axis]; };
    for (unsigned axis = 1; axis < dimensions; ++axis)
      if (width(axis) > width(widest)) widest = axis;
    if (width(widest) == 0) return;  // one place only: the box decides
    const std::uint32_t middle = parent.begin + (parent.end - parent.begin) / 2;
    const double* c = grid.coordinate[widest].data();
    std::nth_element(points.begin() + parent.begin, points.begin() + middle, points.begin() + parent.end,
                     [&](std::uint32_t p, std::uint32_t q) { return c[p] < c[q]; });
    nodes[i].left = static_cast<std::uint32_t>(nodes.size());
    nodes.push_back(node(grid, dimensions, parent.begin, middle));
    nodes.push_back(node(grid, dimensions, middle, parent.end));
  }
};

bool near(const CellGrid& grid, unsigned dimensions, std::uint32_t p, std::uint32_t q, double limit) {
  double sum = 0;
  for (unsigned axis = 0; axis < dimensions; ++axis) {
    const double difference = grid.coordinate[axis][p] - grid.coordinate[axis][q];
    sum += difference * difference;
  }
  return sum <= limit;
}

bool any_pair_of_trees(const CellGrid& grid, unsigned dimensions, const BoxTree& a, const BoxTree& b, double limit) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> open{{0, 0}};
  while (!open.empty()) {
    const auto [i, j] = open.back();
    open.pop_back();
    const BoxTree::Node& p = a.nodes[i];
    const BoxTree::Node& q = b.nodes[j];
    if (least_squared(p.bounds, q.bounds, dimensions) > limit) continue;
    if (most_squared(p.bounds, q.bounds, dimensions) <= limit) return true;
    if (p.left == 0 && q.left == 0) {
      for (std::uint32_t s = p.begin; s < p.end; ++s)
        for (std::uint32_t t = q.begin; t < q.end; ++t)
          if (near(grid, dimensions, a.points[s], b.points[t], limit)) return true;
    } else if (q.left == 0 || (p.left != 0 && p.end - p.begin >= q.end - q.begin)) {
      open.emplace_back(p.left, j);
      open.emplace_back(p.left + 1, j);
    } else {
      open.emplace_back(i, q.left);
      open.emplace_back(i, q.left + 1);
    }
  }
  return false;
}

}  // namespace

bool any_pair_within(const CellGrid& grid, unsigned dimensions, const PointKernels& kernels, Run a, Run b,
                     double limit) {
  const double* const c[] = {grid.coordinate[0].data(), grid.coordinate[1].data(), grid.coordinate[2].data()};
  if (a.size() > b.size()) std::swap(a, b);
  const std::uint64_t product = static_cast<std::uint64_t>(a.size()) * b.size();
  if (product <= kSmallProduct) return kernels.any_pair(c, a, b, limit);
  // Most dense neighbours touch: a few points find it out.
  const Run some{a.begin, a.begin + std::min<std::uint32_t>(a.size(), 8)};
  if (kernels.any_pair(c, some, b, limit)) return true;
  // Of two cells that hardly reach each other only the points along the near sides matter.
  const auto all_of = [](Run run) {
    std::vector<std::uint32_t> points(run.size());
    std::iota(points.begin(), points.end(), run.begin);
    return points;
  };
  std::vector<std::uint32_t> of_b = all_of(b);
  std::vector<std::uint32_t> of_a = near_box(grid, dimensions, all_of(a), bounds_of(grid, dimensions, of_b), limit);
  if (of_a.empty()) return false;
  of_b = near_box(grid, dimensions, of_b, bounds_of(grid, dimensions, of_a), limit);
  if (of_b.empty()) return false;
  return any_pair_of_trees(grid, dimensions, BoxTree(grid, dimensions, std::move(of_a)),
                           BoxTree(grid, dimensions, std::move(of_b)), limit);
}

}  // namespace yaan
