#include "analyse/kept_hierarchy.hpp"

namespace yaan {

using Kept = std::shared_ptr<const ClusterHierarchy>;

std::shared_ptr<const ClusterHierarchy> kept_hierarchy(const MethodInputs& inputs, std::int64_t min_points) {
  if (inputs.memory == nullptr) return nullptr;
  const Kept* kept = std::any_cast<Kept>(&inputs.memory->kept);
  return kept != nullptr && (*kept)->min_points() == min_points ? *kept : nullptr;
}

std::shared_ptr<const ClusterHierarchy> hierarchy_for(const MethodInputs& inputs, std::int64_t min_points,
                                                      Progress& progress) {
  if (Kept kept = kept_hierarchy(inputs, min_points)) return kept;
  const Layer& points = inputs.layer("points");
  auto made =
      std::make_shared<const ClusterHierarchy>(points.geometry.x, points.geometry.y, points.crs, min_points, progress);
  if (inputs.memory != nullptr) inputs.memory->kept = Kept(made);
  return made;
}

}  // namespace yaan
