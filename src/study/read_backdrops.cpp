#include <fmt/format.h>

#include "study/missing_crs.hpp"
#include "yaan/core/error.hpp"
#include "yaan/study/run.hpp"

namespace yaan {

Localized Backdrop::title() const {
  if (!raster.source.title.empty()) return raster.source.title;
  const std::string name_of_file = file.filename().string();
  return {name_of_file, name_of_file};
}

namespace {

void check_place(const Raster& raster, const std::string& file, const LayerMap& layers) {
  if (raster.placed_by.empty())
    throw InputError(
        fmt::format("nothing says where {} lies: it has no tags and no control points that place it, and no world file "
                    "(.tfw) stands beside it",
                    file),
        "georeference it, for example with QGIS, or get the world file from where the picture came");
  if (raster.crs.kind() == Crs::Kind::none)
    throw InputError(fmt::format("{} does not say in which coordinate reference system it lies", file),
                     crs_advice(raster.extent, place_of(layers)));
  if (raster.crs.kind() == Crs::Kind::local)
    throw InputError(fmt::format("{} lies in a plane tied to no place, and cannot lie under a map", file),
                     "name the CRS of the picture as its crs");
}

}  // namespace

Backdrop read_backdrop(const StudyBackdrop& description, const std::filesystem::path& file, const LayerMap& layers,
                       Diagnostics& diagnostics, Progress& progress) {
  Backdrop backdrop;
  backdrop.name = description.name;
  backdrop.file = file;
  backdrop.read = description.read;
  backdrop.opacity = description.opacity;
  backdrop.raster = read_raster(file, backdrop.read, progress);
  if (!description.override_crs) refuse_overridden_crs(backdrop.raster.diagnostics, description.file);
  check_place(backdrop.raster, description.file, layers);
  Source& source = backdrop.raster.source;
  source.path = description.file;  // as the study says it, wherever the study lies: the same bytes everywhere
  source.title = description.title;
  source.licence = description.licence;
  source.attribution = description.attribution;
  diagnostics.merge(backdrop.raster.diagnostics);
  return backdrop;
}

std::vector<Backdrop> read_backdrops(const Study& study, const InputFiles& files, const LayerMap& layers,
                                     Diagnostics& diagnostics, Progress& progress) {
  std::vector<Backdrop> backdrops;
  for (const StudyBackdrop& description : study.backdrops()) {
    progress.throw_if_cancelled();
    const auto replaced = files.find(description.name);
    const std::filesystem::path file =
        replaced != files.end() ? replaced->second.front() : study.folder() / description.file;
    backdrops.push_back(read_backdrop(description, file, layers, diagnostics, progress));
  }
  return backdrops;
}

}  // namespace yaan
