#pragma once
// The parameters that methods on point patterns share, described once.

#include <vector>

#include "analyse/common_parameters.hpp"
#include "yaan/analyse/point_pattern.hpp"

namespace yaan {

template <class Options>
Parameter category_parameter() {
  return titled(inherited<Options>(&CurveOptions::category, "category", ParameterKind::text,
                                   "Column of the kinds; empty for the one in the part category."),
                {"Column of kinds", "คอลัมน์ประเภท"});
}

template <class Options>
Parameter kind_parameter() {
  return titled(parameter(&Options::kind, "kind", ParameterKind::text,
                          "Kind of the points that are looked at; empty for all points."),
                {"Kind", "ประเภท"});
}

template <class Options>
std::vector<Parameter> pattern_parameters() {
  using P = PatternOptions;
  using K = ParameterKind;
  std::vector<Parameter> all;
  all.push_back(titled(inherited<Options>(&P::window_rule, "window_rule", K::choice,
                                          "The ground where no window layer is given: the grown convex hull of the "
                                          "points (ripley_rasson), or their grown bounding rectangle.",
                                          {"ripley_rasson", "rectangle"}),
                       {"Window rule", "วิธีกำหนดขอบเขตศึกษา"}));
  all.push_back(titled(
      inherited<Options>(&P::null_model, "null_model", K::choice,
                         "What chance means: points anywhere in the window, kinds that change places, or places drawn "
                         "from a background layer; automatic takes the background where one is given.",
                         {"automatic", "complete_randomness", "random_labelling", "background"}),
      {"Null model", "แบบจำลองสุ่มอ้างอิง"}));
  all.push_back(simulations_parameter(static_cast<std::int64_t Options::*>(&P::simulations),
                                      "Patterns simulated by chance; 0 for none."));
  all.push_back(significance_parameter(static_cast<double Options::*>(&P::significance),
                                       "Level of the envelopes; it needs at least 2 / level - 1 simulations."));
  all.push_back(seed_parameter(static_cast<std::int64_t Options::*>(&P::seed)));
  return all;
}

/// With `border` among the corrections or without.
template <class Options>
std::vector<Parameter> curve_parameters(bool border) {
  using C = CurveOptions;
  using K = ParameterKind;
  std::vector<Parameter> all;
  Parameter most = titled(
      ranged(inherited<Options>(&C::max_distance, "max_distance", K::length,
                                "The largest distance; 0m for a quarter of the window's shorter side, or less where "
                                "1,000 points are expected nearer."),
             0),
      {"Largest distance", "ระยะไกลสุด"});
  most.slider_minimum = 100;
  most.slider_maximum = 50000;
  all.push_back(std::move(most));
  all.push_back(titled(
      ranged(inherited<Options>(&C::steps, "steps", K::integer, "Distances at which the curve is computed, beside 0."),
             1, 10000),
      {"Steps", "จำนวนช่วงระยะ"}));
  std::vector<std::string> corrections = {"none", "isotropic", "translation"};
  if (border) corrections.emplace_back("border");
  all.push_back(titled(inherited<Options>(&C::correction, "correction", K::choice,
                                          "How the ground beyond the border is allowed for.", std::move(corrections)),
                       {"Edge correction", "การปรับแก้ขอบ"}));
  append(all, pattern_parameters<Options>());
  return all;
}

}  // namespace yaan
