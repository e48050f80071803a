#include "study/check_run.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "yaan/core/error.hpp"
#include "yaan/core/publication.hpp"
#include "yaan/export/weights_file.hpp"

namespace yaan {

namespace {

bool has_no_place_on_earth(const Layer& layer) {
  return layer.geometry.kind != GeometryKind::none && layer.crs.kind() == Crs::Kind::local;
}

/// Does a step add the column to the layer?
bool added_by_a_step(const Study& study, const std::string& layer, const std::string& column) {
  for (const StudyStep& step : study.steps()) {
    if (step.roles.at(step.method->inputs.front().name) != layer) continue;
    const auto& adds = step.method->adds;
    if (std::any_of(adds.begin(), adds.end(),
                    [&](const OutputField& field) { return step.column_of(field) == column; }))
      return true;
  }
  return false;
}

/// The layer that the output shows comes from one of these, itself or by the step that makes it.
const Layer* origin_of(const Study& study, const std::string& name, const LayerMap& loaded) {
  if (const auto at = loaded.find(name); at != loaded.end()) return &at->second;
  for (const StudyStep& step : study.steps())
    if (step.output == name) return origin_of(study, step.roles.at(step.method->inputs.front().name), loaded);
  return nullptr;
}

}  // namespace

void check_run(const Study& study, const LayerMap& loaded, const RunOptions& options) {
  for (const StudyStep& step : study.steps()) check_step(step, loaded);
  for (const auto& [name, layer] : loaded) (void)publication_levels(layer);
  if (!options.write) return;
  for (const StudyOutput& output : study.outputs()) {
    const bool needs_earth =
        output.kind != StudyOutput::Kind::table && !output.file.ends_with(".csv") && !is_weights_file(output.file);
    for (const std::string& name :
         {output.layer, output.areas, output.points, output.districts, output.colours.layer}) {
      const Layer* origin = needs_earth && !name.empty() ? origin_of(study, name, loaded) : nullptr;
      if (origin != nullptr && has_no_place_on_earth(*origin))
        throw UsageError(
            fmt::format("layer {} lies in a plane tied to no place, which {} cannot show", name, output.file),
            "give its CRS with --crs (crs in a study), or write a CSV table");
    }
    if (output.kind != StudyOutput::Kind::table) continue;
    const auto points = loaded.find(output.points);
    if (points != loaded.end() && points->second.find("area_code") == nullptr &&
        !added_by_a_step(study, output.points, "area_code"))
      throw UsageError(
          fmt::format("the table by area needs the column area_code, which layer {} does not have", output.points),
          "add a step with the method assign-areas, without a prefix, before the outputs");
  }
}

}  // namespace yaan
