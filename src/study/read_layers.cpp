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
};

const std::filesystem::path& file_for(const StudyLayer& layer, const InputFiles& files) {
  static const std::filesystem::path none;
  const auto replaced = files.find(layer.name);
  return replaced != files.end() ? replaced->second : none;
}

// The extent of a layer that fails for its missing CRS alone; nothing when it fails otherwise.
std::optional<Box> extent_without_crs(const Study& study, const StudyLayer& description,
                                      const std::filesystem::path& file, Progress& progress) {
  if (!description.read.crs.empty()) return std::nullopt;
  StudyLayer in_a_plane = description;
  in_a_plane.read.crs = "local";
  Diagnostics unused;
  try {
    return read_study_layer(study, in_a_plane, file, unused, progress).geometry.bounds();
  } catch (const Cancelled&) {
    throw;
  } catch (const Error&) {
    return std::nullopt;
  }
}

// Where the study lies: its areas, or all layers where it has none, on WGS 84.
Box place_of(const LayerMap& layers) {
  Box areas;
  Box all;
  for (const auto& [name, layer] : layers) {
    if (layer.crs.wkt().empty() || layer.geometry.size() == 0 || layer.geometry.kind == GeometryKind::none) continue;
    const Box box = reprojected(layer, Crs::wgs84()).geometry.bounds();
    all.include(box);
    if (layer.geometry.kind == GeometryKind::polygon) areas.include(box);
  }
  return areas.empty() ? all : areas;
}

Layer read_unplaced(const Study& study, const Unplaced& unplaced, const std::filesystem::path& file, const Box& place,
                    Diagnostics& diagnostics, Progress& progress, PositionNotes* notes) {
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
    return read_study_layer(study, with_crs, file, diagnostics, progress, notes);
  }
  const std::vector<std::string> fitting = crs_candidates(unplaced.extent, place);
  const std::string what =
      fmt::format("{} does not say in which coordinate reference system its coordinates are{}", description.file,
                  assumed.empty() ? "" : fmt::format(", and {} does not put it where the study is", assumed));
  throw InputError(
      what,
      fitting.empty()
          ? "none of the usual systems puts it among other layers; name its CRS with --crs, in a study as crs: "
            "EPSG:4326 for longitude and latitude in degrees, EPSG:32647 or EPSG:32648 for UTM in Thailand, local "
            "for a plane of its own"
          : fmt::format("these put it where the study is: {}; name one as its crs (they differ by up to some "
                        "hundred metres, so ask whoever made the file)",
                        fmt::join(fitting, ", ")));
}

}  // namespace

std::vector<std::string> read_layers(const Study& study, const InputFiles& files, LayerMap& layers,
                                     Diagnostics& diagnostics, Progress& progress, PositionNotes* notes) {
  std::vector<Unplaced> unplaced;
  std::vector<std::string> names;
  for (const StudyLayer& description : study.layers()) {
    progress.throw_if_cancelled();
    names.push_back(description.name);
    const std::filesystem::path& file = file_for(description, files);
    try {
      layers.emplace(description.name, read_study_layer(study, description, file, diagnostics, progress, notes));
    } catch (const InputError&) {
      const auto extent = extent_without_crs(study, description, file, progress);
      if (!extent) throw;
      unplaced.push_back({&description, *extent});
    }
  }
  const Box place = unplaced.empty() ? Box{} : place_of(layers);
  for (const Unplaced& layer : unplaced)
    layers.emplace(layer.description->name, read_unplaced(study, layer, file_for(*layer.description, files), place,
                                                          diagnostics, progress, notes));
  apply_accepted(study, layers, diagnostics, progress);
  return names;
}

}  // namespace yaan
