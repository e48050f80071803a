#include "yaan/study/run.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "study/check_run.hpp"
#include "study/made_folders.hpp"
#include "study/strict_json.hpp"
#include "study/write_outputs.hpp"
#include "yaan/core/database_name.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/parallel.hpp"
#include "yaan/core/sha256.hpp"
#include "yaan/load/file_set.hpp"
#include "yaan/study/registry.hpp"

namespace yaan {

namespace fs = std::filesystem;

namespace {

class Stopwatch {
 public:
  /// Seconds since the last call.
  double lap() {
    const auto now = std::chrono::steady_clock::now();
    const double seconds = std::chrono::duration<double>(now - m_start).count();
    m_start = now;
    return seconds;
  }

 private:
  std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

std::uint64_t peak_bytes() {
  struct rusage usage {};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

std::vector<fs::path> files_of(const Study& study, const StudyLayer& layer, const RunOptions& options) {
  const auto replaced = options.input_files.find(layer.name);
  if (replaced != options.input_files.end()) return replaced->second;
  const fs::path file = study.path_of(layer);
  return names_several(file) ? list_files(file).files : std::vector<fs::path>{file};
}

WritePolicy write_policy(const Study& study, const RunOptions& options) {
  WritePolicy policy{options.overwrite, {}};
  for (const StudyLayer& layer : study.layers()) {
    if (!names_database(layer.file))
      for (fs::path& file : files_of(study, layer, options)) policy.inputs.push_back(std::move(file));
    if (!layer.decisions.empty()) policy.inputs.push_back(study.folder() / layer.decisions);
  }
  for (const StudyBackdrop& backdrop : study.backdrops()) {
    const auto replaced = options.input_files.find(backdrop.name);
    policy.inputs.push_back(replaced != options.input_files.end() ? replaced->second.front()
                                                                  : study.folder() / backdrop.file);
  }
  if (!study.file().empty()) policy.inputs.push_back(study.file());
  return policy;
}

/// The next run would read it as one more file of the layer.
void refuse_among_inputs(const Study& study, const fs::path& target) {
  for (const StudyLayer& layer : study.layers())
    if (would_list(study.folder() / layer.file, target))
      throw OutputError(fmt::format("the output {} would lie among the files of the layer {} ({})", target.string(),
                                    layer.name, layer.file),
                        "choose another folder for outputs with --out or -o");
}

/// Makes the folders and refuses what could not be written, before the long work. Maps of cities get their names later.
void prepare_targets(const Study& study, const RunOptions& options, const fs::path& folder, const WritePolicy& policy,
                     MadeFolders& folders) {
  for (const StudyOutput& output : study.outputs()) {
    const fs::path target = folder / output.file;
    if (!options.only_file.empty() && output.kind != StudyOutput::Kind::city_maps &&
        target.filename() != options.only_file)
      continue;
    folders.make(target.parent_path());
    if (::access(target.parent_path().empty() ? "." : target.parent_path().c_str(), W_OK | X_OK) != 0)
      throw OutputError(fmt::format("cannot write into the folder {}", target.parent_path().string()),
                        "choose another one with --out or -o, or change its permissions");
    if (output.kind == StudyOutput::Kind::city_maps) continue;
    check_target(target, policy);
    refuse_among_inputs(study, target);
    if (!output.file.ends_with(".geojson")) check_target(sidecar_path(target), policy);
  }
}

std::vector<std::pair<std::string, Value>> parameters_in_force(const StudyStep& step) {
  std::vector<std::pair<std::string, Value>> all;
  for (const auto& [role, layer] : step.roles) all.emplace_back(role, layer);
  if (!step.prefix.empty()) all.emplace_back("prefix", step.prefix);
  for (const Parameter& parameter : step.method->parameters)
    all.emplace_back(parameter.name, parameter.get(step.options));
  return all;
}

/// The seed of all steps that drew random numbers, where it is the same.
std::optional<std::uint64_t> common_seed(const std::vector<RecordedStep>& steps) {
  std::optional<std::uint64_t> seed;
  for (const RecordedStep& step : steps) {
    std::optional<std::uint64_t> own;
    bool drew = true;
    for (const auto& [name, value] : step.parameters) {
      if (name == "seed") own = static_cast<std::uint64_t>(std::get<std::int64_t>(value));
      if (name == "permutations" || name == "simulations") drew = std::get<std::int64_t>(value) > 0;
    }
    if (!own || !drew) continue;
    if (seed && *seed != *own) return std::nullopt;
    seed = own;
  }
  return seed;
}

const std::string& first_layer(const StudyStep& step) { return step.roles.at(step.method->inputs.front().name); }

bool same_step(const StudyStep& a, const StudyStep& b) {
  return a.method == b.method && parameters_in_force(a) == parameters_in_force(b);
}

bool adds_column(const StudyStep& step, const std::string& column) {
  const auto& adds = step.method->adds;
  return std::any_of(adds.begin(), adds.end(),
                     [&](const OutputField& field) { return step.column_of(field) == column; });
}

bool makes_column(const StudyStep& step, const std::string& column) {
  const auto& makes = step.method->makes_fields;
  return std::any_of(makes.begin(), makes.end(), [&](const OutputField& field) { return field.name == column; });
}

/// "p, q, r and 7 more"
std::string first_few(std::vector<std::string> names) {
  constexpr std::size_t kMost = 3;
  const std::size_t more = names.size() > kMost + 1 ? names.size() - kMost : 0;
  names.resize(names.size() - more);
  return fmt::format("{}{}", fmt::join(names, ", "), more > 0 ? fmt::format(" and {} more", more) : std::string());
}

/// Whose the column is that the step is about to replace, in words; nothing where the step may: it made the column
/// itself, or the method that made the layer left it to be filled.
std::optional<std::string> whose_column(const std::vector<StudyStep>& steps, std::size_t at,
                                        const std::string& column) {
  const std::string& layer = first_layer(steps[at]);
  for (std::size_t earlier = at; earlier-- > 0;) {
    const StudyStep& before = steps[earlier];
    if (first_layer(before) == layer && adds_column(before, column))
      return same_step(before, steps[at])
                 ? std::nullopt
                 : std::optional(fmt::format("{} ({})", item_place("analyses", earlier), before.method->name));
    if (before.output != layer) continue;
    if (makes_column(before, column)) return std::nullopt;
    return fmt::format("the layer {}", first_layer(before));  // handed on with its features
  }
  return "the file";
}

/// Doubts a step whose columns replace those of the file or of earlier steps: of two variables one is left.
void doubt_replaced_columns(const std::vector<StudyStep>& steps, std::size_t at, const LayerMap& layers,
                            Diagnostics& diagnostics) {
  const StudyStep& step = steps[at];
  std::vector<std::pair<std::string, std::vector<std::string>>> replaced;  // by whose they are, in their own order
  for (const Column& column : layers.at(first_layer(step)).columns) {
    if (!adds_column(step, column.name)) continue;
    const auto whose = whose_column(steps, at, column.name);
    if (!whose) continue;
    auto group = std::find_if(replaced.begin(), replaced.end(), [&](const auto& g) { return g.first == *whose; });
    if (group == replaced.end()) group = replaced.insert(replaced.end(), {*whose, {}});
    group->second.push_back(column.name);
  }
  const std::string who =
      steps.size() == 1 ? step.method->name : fmt::format("{} ({})", item_place("analyses", at), step.method->name);
  for (const auto& [whose, columns] : replaced)
    diagnostics.add(Severity::doubt, "columns-replaced", first_layer(step),
                    fmt::format("{} replaces the columns {} of {}: to keep both, give it {} prefix", who,
                                first_few(columns), whose, step.prefix.empty() ? "a" : "another"));
}

}  // namespace

RunResult run_study(const Study& study, const RunOptions& options, Progress& progress) {
  set_thread_count(options.threads);
  RunResult result;
  Stopwatch watch;
  const fs::path folder = options.out_dir.empty() ? study.folder() : options.out_dir;
  const WritePolicy policy = write_policy(study, options);
  MadeFolders folders;
  if (options.write && options.stream == nullptr) prepare_targets(study, options, folder, policy, folders);

  RunRecord record;
  record.version = version();
  record.study = study.text();
  record.study_sha256 = sha256_hex(study.text());
  LayerMap layers;
  RowsOfLayers rows;
  for (const std::string& name : read_layers(study, options.input_files, layers, record.diagnostics, progress, &rows))
    for (RecordedInput& input : recorded_inputs(layers.at(name), name)) record.inputs.push_back(std::move(input));
  const std::vector<Backdrop> backdrops =
      read_backdrops(study, options.input_files, layers, record.diagnostics, progress);
  for (const Backdrop& backdrop : backdrops) {
    const Source& source = backdrop.raster.source;
    record.inputs.push_back(
        {backdrop.name, source.path, source.layer, source.sha256, 0, source.licence, source.attribution});
  }
  check_run(study, layers, options);
  result.load_seconds = watch.lap();

  for (std::size_t i = 0; i < study.steps().size(); ++i) {
    const StudyStep& step = study.steps()[i];
    doubt_replaced_columns(study.steps(), i, layers, record.diagnostics);
    auto summary = run_step(step, layers, record.diagnostics, progress);
    record.steps.push_back({step.method->name, parameters_in_force(step), summary});
    result.steps.emplace_back(step.method->name, std::move(summary));
  }
  record.seed = common_seed(record.steps);
  result.compute_seconds = watch.lap();

  OutputWriter writer(study, layers, std::move(rows), backdrops, std::move(record), options, folder, policy);
  if (options.write) writer.write_all(progress);
  progress.throw_if_cancelled();
  writer.commit();
  folders.keep();
  result.outputs = writer.written();
  result.diagnostics = writer.publishable_diagnostics();
  result.write_seconds = watch.lap();
  result.peak_bytes = peak_bytes();
  return result;
}

}  // namespace yaan
