#pragma once
// The verb that every method is.

#include "app/cli/verb.hpp"
#include "yaan/core/method.hpp"

namespace yaan::cli {

/// yaan METHOD FILE: a study of one step, made in memory and run like any other, so that its output can be replayed.
Verb method_verb(const Method& method);

}  // namespace yaan::cli
