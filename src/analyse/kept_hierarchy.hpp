#pragma once
// The cluster hierarchy in a method's memory.

#include <memory>

#include "yaan/analyse/cluster_hierarchy.hpp"
#include "yaan/core/method.hpp"

namespace yaan {

/// The hierarchy of the role `points` for that many minimum points, if the memory holds it; else null.
std::shared_ptr<const ClusterHierarchy> kept_hierarchy(const MethodInputs& inputs, std::int64_t min_points);

/// The same, built where it is not held, and kept where there is a memory (in place of one for other minimum points).
std::shared_ptr<const ClusterHierarchy> hierarchy_for(const MethodInputs& inputs, std::int64_t min_points,
                                                      Progress& progress);

}  // namespace yaan
