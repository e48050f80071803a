#pragma once
// The parameters of dbscan, for every method that clusters as it does.

#include <vector>

#include "analyse/common_parameters.hpp"
#include "yaan/analyse/dbscan.hpp"

namespace yaan {

template <class Options>
std::vector<Parameter> dbscan_parameters() {
  using D = DbscanOptions;
  Parameter radius = titled(ranged(inherited<Options>(&D::radius, "radius", ParameterKind::length,
                                                      "Ground distance within which two points are neighbours."),
                                   0, std::numeric_limits<double>::infinity(), true),
                            {"Radius", "รัศมี"});
  radius.slider_minimum = 50;
  radius.slider_maximum = 10000;
  Parameter min_points = titled(ranged(inherited<Options>(&D::min_points, "min_points", ParameterKind::integer,
                                                          "Points within the radius that make a core point, itself "
                                                          "included; more gives fewer, denser clusters."),
                                       1),
                                {"Minimum points", "จำนวนจุดขั้นต่ำ"});
  min_points.slider_minimum = 2;
  min_points.slider_maximum = 50;
  Parameter weighted = titled(inherited<Options>(&D::weighted, "weighted", ParameterKind::flag,
                                                 "Let a point count as much as its weight, and not as one."),
                              {"Count by weight", "นับตามน้ำหนัก"});
  return {std::move(radius), std::move(min_points), std::move(weighted)};
}

}  // namespace yaan
