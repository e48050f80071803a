#pragma once
// Where does a kind gather with another? The colocation quotient of each point.

#include <string>

#include "yaan/analyse/colocation_quotient.hpp"
#include "yaan/core/method.hpp"

namespace yaan {

struct LocalColocationOptions : ColocationOptions {
  LocalColocationOptions() {
    nearest = 8;
    decay = ColocationDecay::gaussian;
  }
  std::string kind;        ///< whose points get a quotient; "": all
  std::string other_kind;  ///< the kind looked for around them; "": each point's own
};

/// The verb `local-colocation-quotient`.
const Method& local_colocation_quotient_method();

}  // namespace yaan
