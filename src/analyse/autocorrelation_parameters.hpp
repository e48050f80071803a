#pragma once
// The parameters that every method with weights has, described once.

#include <utility>
#include <vector>

#include "analyse/common_parameters.hpp"
#include "yaan/analyse/autocorrelation.hpp"

namespace yaan {

template <class Options>
std::vector<Parameter> weights_parameters() {
  using W = WeightsOptions;
  using K = ParameterKind;
  std::vector<Parameter> all;
  all.push_back(titled(
      inherited<Options>(&W::neighbours, "neighbours", K::choice,
                         "Who is a neighbour; automatic is queen for areas and nearest for points and lines.",
                         {"automatic", "queen", "rook", "distance_band", "nearest", "inverse_distance", "kernel"}),
      {"Neighbours", "เพื่อนบ้าน"}));
  all.push_back(titled(ranged(inherited<Options>(&W::snap, "snap", K::length,
                                                 "For queen and rook: how far borders that should meet may lie apart; "
                                                 "0m for rounding only."),
                              0),
                       {"Snap", "ระยะผนวก"}));
  Parameter distance = titled(
      ranged(
          inherited<Options>(&W::distance, "distance", K::length,
                             "For distance_band, inverse_distance and a fixed kernel: how far a neighbour may be; 0m "
                             "for the least distance at which each feature has one."),
          0),
      {"Distance", "ระยะ"});
  distance.slider_minimum = 100;
  distance.slider_maximum = 100000;
  all.push_back(std::move(distance));
  Parameter nearest = titled(ranged(inherited<Options>(&W::nearest, "nearest", K::integer,
                                                       "For nearest and an adaptive kernel: how many neighbours."),
                                    1, 1000),
                             {"Nearest", "จำนวนที่ใกล้สุด"});
  nearest.slider_minimum = 1;
  nearest.slider_maximum = 30;
  all.push_back(std::move(nearest));
  all.push_back(
      titled(ranged(inherited<Options>(&W::power, "power", K::real,
                                       "For inverse_distance: the weight is the distance in metres, at least 1, "
                                       "to the power of minus this."),
                    0, 10, true),
             {"Power", "เลขยกกำลัง"}));
  all.push_back(titled(inherited<Options>(&W::kernel, "kernel", K::choice,
                                          "For kernel: how the weight falls from the feature to the bandwidth.",
                                          {"uniform", "triangular", "epanechnikov", "quartic", "gaussian"}),
                       {"Kernel", "เคอร์เนล"}));
  all.push_back(titled(inherited<Options>(&W::bandwidth, "bandwidth", K::choice,
                                          "For kernel: fixed at distance, or adaptive up to the last of the nearest.",
                                          {"fixed", "adaptive"}),
                       {"Bandwidth", "ความกว้างแถบ"}));
  all.push_back(titled(ranged(inherited<Options>(&W::order, "order", K::integer,
                                                 "Neighbours that many steps away; not for weights by distance."),
                              1, 100),
                       {"Order", "ลำดับ"}));
  all.push_back(titled(inherited<Options>(&W::lower_orders, "lower_orders", K::flag,
                                          "With an order above 1: also those fewer steps away."),
                       {"Lower orders", "รวมลำดับต่ำกว่า"}));
  all.push_back(titled(inherited<Options>(&W::style, "style", K::choice,
                                          "binary: 1 for each neighbour, others as they are; row: a feature's weights "
                                          "add up to 1; variance: variance-stabilising.",
                                          {"binary", "row", "variance"}),
                       {"Style of the weights", "รูปแบบน้ำหนัก"}));
  return all;
}

template <class Options>
Parameter variable_parameter(std::string help = "Column of numbers to look at.") {
  return titled(inherited<Options>(&AutocorrelationOptions::variable, "variable", ParameterKind::text, std::move(help)),
                {"Variable", "ตัวแปร"});
}

/// Everything but the variable.
template <class Options>
std::vector<Parameter> autocorrelation_parameters() {
  using A = AutocorrelationOptions;
  using K = ParameterKind;
  std::vector<Parameter> all = weights_parameters<Options>();
  all.push_back(
      titled(inherited<Options>(&A::islands, "islands", K::choice,
                                "Features without neighbours: keep counts them in n with a lag of 0, uncounted "
                                "counts their values but not them, leave_out sets them aside.",
                                {"keep", "uncounted", "leave_out"}),
             {"Islands", "พื้นที่โดดเดี่ยว"}));
  all.push_back(titled(ranged(inherited<Options>(&A::permutations, "permutations", K::integer,
                                                 "Random permutations for the p-values; 0 for analytic ones only."),
                              0, 999999),
                       {"Permutations", "จำนวนการสับเปลี่ยน"}));
  all.push_back(
      seed_parameter(static_cast<std::int64_t Options::*>(&A::seed), "Number that the permutations follow from."));
  all.push_back(titled(inherited<Options>(&A::p_value, "p_value", K::choice,
                                          "two_sided: both tails; folded: the smaller tail alone, as GeoDa has it.",
                                          {"two_sided", "folded"}),
                       {"p-value", "ค่า p"}));
  return all;
}

template <class Options>
std::vector<Parameter> local_parameters() {
  using L = LocalOptions;
  using K = ParameterKind;
  std::vector<Parameter> all = autocorrelation_parameters<Options>();
  all.push_back(titled(inherited<Options>(&L::draws, "draws", K::choice,
                                          "independent: each feature has its own permutations; shared: all have the "
                                          "same, which is faster, and the p-values hang together.",
                                          {"independent", "shared"}),
                       {"Draws", "การสุ่ม"}));
  all.push_back(titled(inherited<Options>(&L::correction, "correction", K::choice,
                                          "How p-values allow for many features.", correction_names()),
                       {"Correction", "การปรับหลายการทดสอบ"}));
  all.push_back(significance_parameter(static_cast<double Options::*>(&L::significance),
                                       "Adjusted p-value up to which a feature is marked."));
  return all;
}

/// The layer of features, and the optional table of weights.
inline std::vector<InputRole> autocorrelation_inputs() {
  return {{"features", GeometryKind::none, RoleNeed::required, "the areas or points with the variable"},
          {"weights", GeometryKind::none, RoleNeed::optional,
           "a table of weights (from, to, weight), as spatial-weights makes it, or a .gal or .gwt file; without, the "
           "parameters say how weights are made"}};
}

/// The table of weights by its role, or null.
inline const Layer* weights_table(const MethodInputs& inputs) { return inputs.find("weights"); }

}  // namespace yaan
