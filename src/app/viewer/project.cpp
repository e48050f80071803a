#include "app/viewer/project.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "app/viewer/backdrops.hpp"
#include "yaan/core/error.hpp"
#include "yaan/study/registry.hpp"
#include "yaan/study/run.hpp"
#include "yaan/study/study.hpp"

namespace yaan::viewer {

namespace {

// A study is JSON that says so near its beginning; GeoJSON may be called .json as well.
bool is_study(const std::filesystem::path& file) {
  if (file.extension() != ".json") return false;
  std::ifstream stream(file, std::ios::binary);
  std::string beginning(4096, '\0');
  stream.read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
  beginning.resize(static_cast<std::size_t>(stream.gcount()));
  return beginning.find("\"yaan_study\"") != std::string::npos;
}

std::string first_of_kind(const LayerMap& layers, GeometryKind kind) {
  for (const auto& [name, layer] : layers)
    if (layer.geometry.kind == kind) return name;
  return {};
}

// Which layer plays which part: as the steps say, else as the geometries suggest.
void find_parts(Project& project) {
  for (const StudyStep& step : project.steps) {
    if (const auto areas = step.roles.find("areas"); areas != step.roles.end()) project.areas = areas->second;
    if (step.method->makes != "districts") continue;  // others of that stage make tables
    project.districts = step.output;
    if (const auto points = step.roles.find("points"); points != step.roles.end()) project.points = points->second;
  }
  if (project.points.empty()) project.points = first_of_kind(project.layers, GeometryKind::point);
  if (project.areas.empty()) project.areas = first_of_kind(project.layers, GeometryKind::polygon);
}

Project open_study(const ViewerOptions& options, Progress& progress) {
  if (options.files.size() > 1)
    throw UsageError("a study is opened alone: " + options.files.front().string(), "leave the other files away");
  const Study study = Study::read(options.files.front());
  Project project;
  project.title = study.title();
  project.steps = study.steps();
  read_layers(study, {}, project.layers, project.diagnostics, progress);
  find_parts(project);
  for (const StudyLayer& layer : study.layers())
    project.titles.insert(project.titles.end(), layer.categories.begin(), layer.categories.end());
  const auto& outputs = study.outputs();
  const auto map = std::find_if(outputs.begin(), outputs.end(), [](const StudyOutput& output) {
    return output.kind == StudyOutput::Kind::country_map;
  });
  if (map != outputs.end()) {
    project.colours = map->colours;
    project.names_points = map->names_points;
    project.names_districts = map->names_districts;
  }
  add_backdrops(project, read_backdrops(study, {}, project.layers, project.diagnostics, progress), progress);
  return project;
}

StudyStep step_on(const std::string& points, std::string_view method, std::string output) {
  StudyStep step;
  step.method = &method_named(method);
  step.options = step.method->default_options();
  step.roles["points"] = points;
  step.output = std::move(output);
  return step;
}

// A picture given as a plain file: as a study of it alone says.
Backdrop backdrop_of(const std::filesystem::path& file, const ReadOptions& options, Project& project,
                     Progress& progress) {
  StudyBackdrop description;
  description.name = file.stem().string();
  description.file = file.string();
  description.read = options;
  // --crs is for those of the files that state none.
  description.read.crs.clear();
  if (!options.crs.empty() && read_raster(file, description.read, progress).crs.kind() == Crs::Kind::none)
    description.read.crs = options.crs;
  return read_backdrop(description, file, project.layers, project.diagnostics, progress);
}

Project open_layers(const ViewerOptions& options, Progress& progress) {
  // Layers are read as those of a study are, so that columns find their parts by the same rules.
  const Study empty =
      Study::parse(R"({"yaan_study":1,"layers":{"file":{"file":"file"}},"analyses":[],"outputs":[]})", "");
  Project project;
  std::vector<Backdrop> backdrops;
  for (const std::filesystem::path& file : options.files) {
    if (names_raster(file.string())) {
      if (!project.title.en.empty()) project.title.en += ", ";
      project.title.en += file.filename().string();
      backdrops.push_back(backdrop_of(file, options.read, project, progress));
      continue;
    }
    StudyLayer description;
    description.name = file.stem().string();
    for (int number = 2; project.layers.contains(description.name); ++number)
      description.name = file.stem().string() + "-" + std::to_string(number);
    description.file = file.string();
    description.read = options.read;
    Layer layer = read_study_layer(empty, description, {}, project.diagnostics, progress);
    project.layers.insert_or_assign(description.name, std::move(layer));
    if (!project.title.en.empty()) project.title.en += ", ";
    project.title.en += file.filename().string();
  }
  find_parts(project);
  add_backdrops(project, backdrops, progress);
  if (project.points.empty()) return project;
  project.districts = "districts";
  while (project.layers.contains(project.districts)) project.districts += "-found";
  project.steps.push_back(step_on(project.points, "dbscan", {}));
  project.steps.push_back(step_on(project.points, "districts", project.districts));
  return project;
}

}  // namespace

Project open_project(const ViewerOptions& options, Progress& progress) {
  if (options.files.empty())
    throw UsageError("there is nothing to view", "name a study or layers: yaan view data/thailand.json");
  const auto study = std::find_if(options.files.begin(), options.files.end(), is_study);
  ViewerOptions first = options;
  if (study != options.files.end())
    std::iter_swap(first.files.begin(), first.files.begin() + std::distance(options.files.begin(), study));
  Project project = study == options.files.end() ? open_layers(options, progress) : open_study(first, progress);
  if (!options.colour.empty()) {
    project.colours = {};
    project.colours.wish.column = options.colour;
  }
  return project;
}

}  // namespace yaan::viewer
