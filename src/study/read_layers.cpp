#include <fmt/format.h>

#include <optional>

#include "study/check_table.hpp"
#include "study/missing_crs.hpp"
#include "yaan/core/error.hpp"
#include "yaan/study/run.hpp"

namespace yaan {

namespace {

// A layer that could be read if its CRS were known.
struct Unplaced {
  const StudyLayer* description = nullptr;
  Box extent;
  std::string reason;  // why it cannot be read
};

using Files = std::vector<std::filesystem::path>;

const Files& files_for(const StudyLayer& layer, const InputFiles& files) {
  static const Files none;
  const auto replaced = files.find(layer.name);
  return replaced != files.end() ? replaced->second : none;
}

// The extent of a layer that fails for its missing CRS; nothing when it would fail otherwise as well.
std::optional<Box> extent_without_crs(const Study& study, const StudyLayer& description, const Files& files,
                                      Progress& progress) {
  StudyLayer in_a_plane = description;
  in_a_plane.read.crs = "local";
  Diagnostics unused;
  try {
    return bulk_of(read_study_layer(study, in_a_plane, files, unused, progress).geometry);
  } catch (const Cancelled&) {
    throw;
  } catch (const Error&) {
    return std::nullopt;
  }
}

Layer read_unplaced(const Study& study, const Unplaced& unplaced, const Files& files, const Box& place,
                    Diagnostics& diagnostics, Progress& progress, RowsAsRead& rows) {
  const StudyLayer& description = *unplaced.description;
  const std::string& assumed = description.read.assume_crs;
  if (!assumed.empty() && lies_within(unplaced.extent, assumed, place)) {
    StudyLayer with_crs = description;
    with_crs.read.crs = assumed;
    diagnostics.add(
        Severity::doubt, "assumed-crs", description.file,
        fmt::format("the file states no coordinate reference system; {} was assumed, which puts it among the "
                    "other layers",
                    assumed));
    return read_study_layer(study, with_crs, files, diagnostics, progress, &rows);
  }
  throw InputError(
      fmt::format("{}{}", unplaced.reason,
                  assumed.empty() ? "" : fmt::format(", and {} does not put it where the study is", assumed)),
      crs_advice(unplaced.extent, place));
}

}  // namespace

std::vector<std::string> read_layers(const Study& study, const InputFiles& files, LayerMap& layers,
                                     Diagnostics& diagnostics, Progress& progress, RowsOfLayers* rows) {
  RowsOfLayers all_rows;
  std::vector<Unplaced> unplaced;
  std::vector<std::string> names;
  for (const StudyLayer& description : study.layers()) {
    progress.throw_if_cancelled();
    names.push_back(description.name);
    const Files& of_layer = files_for(description, files);
    try {
      layers.emplace(description.name, read_study_layer(study, description, of_layer, diagnostics, progress,
                                                        &all_rows[description.name]));
    } catch (const MissingCrs& error) {
      const auto extent = extent_without_crs(study, description, of_layer, progress);
      if (!extent) throw;
      unplaced.push_back({&description, *extent, error.what()});
    }
  }
  const Box place = unplaced.empty() ? Box{} : place_of(layers);
  for (const Unplaced& layer : unplaced)
    layers.emplace(layer.description->name, read_unplaced(study, layer, files_for(*layer.description, files), place,
                                                          diagnostics, progress, all_rows[layer.description->name]));
  apply_accepted(study, layers, all_rows, diagnostics, progress);
  if (rows != nullptr) *rows = std::move(all_rows);
  return names;
}

}  // namespace yaan
