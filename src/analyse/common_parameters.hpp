#pragma once
// What the descriptions of parameters have in common, whatever the method.

#include <cstdint>
#include <iterator>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "yaan/core/method.hpp"

namespace yaan {

inline Parameter titled(Parameter parameter, Localized title) {
  parameter.title = std::move(title);
  return parameter;
}

inline Parameter ranged(Parameter parameter, double minimum, double maximum = std::numeric_limits<double>::infinity(),
                        bool minimum_excluded = false) {
  parameter.minimum = minimum;
  parameter.maximum = maximum;
  parameter.minimum_excluded = minimum_excluded;
  return parameter;
}

/// A parameter of a member that Options inherits from Base.
template <class Options, class Base, class Member>
Parameter inherited(Member Base::*member, std::string name, ParameterKind kind, std::string help,
                    std::vector<std::string> choices = {}) {
  return parameter(static_cast<Member Options::*>(member), std::move(name), kind, std::move(help), std::move(choices));
}

template <class Described>  // parameters or fields
void append(std::vector<Described>& to, std::vector<Described> more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

/// As the values of Correction stand.
inline std::vector<std::string> correction_names() {
  return {"none", "benjamini_hochberg", "benjamini_yekutieli", "bonferroni"};
}

/// A level of significance, above 0 and up to 1.
template <class Options>
Parameter significance_parameter(double Options::*member, std::string help) {
  Parameter level = titled(ranged(parameter(member, "significance", ParameterKind::real, std::move(help)), 0, 1, true),
                           {"Significance", "ระดับนัยสำคัญ"});
  level.slider_minimum = 0.001;
  level.slider_maximum = 0.1;
  return level;
}

/// How many maps or patterns are simulated.
template <class Options>
Parameter simulations_parameter(std::int64_t Options::*member, std::string help, double least = 0) {
  return titled(ranged(parameter(member, "simulations", ParameterKind::integer, std::move(help)), least, 99999),
                {"Simulations", "จำนวนการจำลอง"});
}

/// Whole numbers that a double holds, so that a study file keeps them.
template <class Options>
Parameter seed_parameter(std::int64_t Options::*member, std::string help = "Number that the simulations follow from.") {
  return titled(ranged(parameter(member, "seed", ParameterKind::integer, std::move(help)), 0, 9007199254740991.0),
                {"Seed", "เลขตั้งต้น"});
}

}  // namespace yaan
