#pragma once
// DBSCAN from its definition, pair by pair, and a verifier that tells what is wrong with labels.

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "yaan/analyse/dbscan.hpp"

namespace yaan::oracle {

using Near = std::function<bool(std::size_t, std::size_t)>;
using Points = std::pair<std::vector<double>, std::vector<double>>;

inline Near plane_near(const Points& points, double radius) {
  return [&points, squared = radius * radius](std::size_t i, std::size_t j) {
    const double dx = points.first[i] - points.first[j];
    const double dy = points.second[i] - points.second[j];
    return dx * dx + dy * dy <= squared;
  };
}

inline std::vector<std::vector<std::size_t>> neighbours(std::size_t n, const Near& near) {
  std::vector<std::vector<std::size_t>> lists(n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      if (i == j || near(i, j)) lists[i].push_back(j);
  return lists;
}

/// The labels by the documented rule. O(n^2).
inline DbscanLabels brute_force(const Points& points, const Near& near, std::int64_t min_points) {
  const std::size_t n = points.first.size();
  const auto lists = neighbours(n, near);
  DbscanLabels labels;
  labels.cluster.assign(n, 0);
  labels.core.assign(n, 0);
  std::vector<std::size_t> order;  // core points by (x, y): the first unseen one opens the next cluster
  for (std::size_t i = 0; i < n; ++i) {
    labels.core[i] = lists[i].size() >= static_cast<std::size_t>(min_points);
    if (labels.core[i] != 0) order.push_back(i);
  }
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(points.first[a], points.second[a]) < std::pair(points.first[b], points.second[b]);
  });
  for (const std::size_t start : order) {
    if (labels.cluster[start] != 0) continue;
    const auto number = static_cast<std::int32_t>(++labels.clusters);
    std::vector<std::size_t> open{start};
    labels.cluster[start] = number;
    while (!open.empty()) {
      const std::size_t i = open.back();
      open.pop_back();
      for (const std::size_t j : lists[i])
        if (labels.core[j] != 0 && labels.cluster[j] == 0) {
          labels.cluster[j] = number;
          open.push_back(j);
        }
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    if (labels.core[i] != 0) continue;
    for (const std::size_t j : lists[i])
      if (labels.core[j] != 0 && (labels.cluster[i] == 0 || labels.cluster[j] < labels.cluster[i]))
        labels.cluster[i] = labels.cluster[j];
  }
  labels.core_count = static_cast<std::int64_t>(order.size());
  labels.noise = std::count(labels.cluster.begin(), labels.cluster.end(), 0);
  return labels;
}

/// "" when the labels are those of the definition, else the first thing that is wrong. Written apart from brute_force:
/// it states conditions and computes no labels.
inline std::string complaint(const Points& points, const Near& near, std::int64_t min_points,
                             const DbscanLabels& labels) {
  const std::size_t n = points.first.size();
  if (labels.cluster.size() != n || labels.core.size() != n) return "wrong number of labels";
  const auto lists = neighbours(n, near);
  std::int64_t noise = 0, core_count = 0;
  std::map<std::int32_t, std::vector<std::size_t>> core_of;
  for (std::size_t i = 0; i < n; ++i) {
    const bool core = lists[i].size() >= static_cast<std::size_t>(min_points);
    if ((labels.core[i] != 0) != core) return "core flag of " + std::to_string(i);
    if (core && labels.cluster[i] < 1) return "core point without a cluster: " + std::to_string(i);
    if (core) core_of[labels.cluster[i]].push_back(i);
    core_count += core;
    noise += labels.cluster[i] == 0;
  }
  for (std::size_t i = 0; i < n; ++i) {
    std::set<std::int32_t> touched;
    for (const std::size_t j : lists[i])
      if (labels.core[j] != 0) touched.insert(labels.cluster[j]);
    if (labels.core[i] != 0) {
      if (touched != std::set{labels.cluster[i]}) return "core neighbours in two clusters at " + std::to_string(i);
    } else if (labels.cluster[i] != (touched.empty() ? 0 : *touched.begin())) {
      return "border or noise point " + std::to_string(i);
    }
  }
  std::pair<double, double> before{-1e308, -1e308};
  std::int32_t expected = 0;
  for (const auto& [number, members] : core_of) {
    if (number != ++expected) return "cluster numbers are not 1..k";
    auto smallest = std::pair(points.first[members[0]], points.second[members[0]]);
    for (const std::size_t i : members) smallest = std::min(smallest, std::pair(points.first[i], points.second[i]));
    if (smallest < before) return "cluster " + std::to_string(number) + " is out of order";
    before = smallest;
    std::set<std::size_t> seen{members[0]};
    std::vector<std::size_t> open{members[0]};
    while (!open.empty()) {
      const std::size_t i = open.back();
      open.pop_back();
      for (const std::size_t j : lists[i])
        if (labels.core[j] != 0 && seen.insert(j).second) open.push_back(j);
    }
    if (seen.size() != members.size()) return "cluster " + std::to_string(number) + " is in pieces";
  }
  if (labels.clusters != expected || labels.noise != noise || labels.core_count != core_count) return "counts";
  return "";
}

}  // namespace yaan::oracle
