#include <fmt/format.h>

#include <algorithm>

#include "study/decisions.hpp"
#include "study/missing_crs.hpp"
#include "study/unify_keys.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/stable_ids.hpp"
#include "yaan/load/file_set.hpp"
#include "yaan/load/read.hpp"
#include "yaan/study/run.hpp"

namespace yaan {

namespace {

/// The column that plays the part: the one the study names, else the one of the part's own name.
std::string column_for(const StudyLayer& description, std::string_view role, const Layer& layer) {
  const auto named = description.columns.find(role);
  if (named == description.columns.end()) return layer.find(role) != nullptr ? std::string(role) : std::string();
  if (named->second.empty() || layer.find(named->second) != nullptr) return named->second;
  try {
    return layer.column(named->second).name;
  } catch (const UsageError& error) {
    throw UsageError(fmt::format("layers.{}.columns.{}: {}", description.name, role, error.what()), error.advice());
  }
}

// A study says "sites" or "sites/*.csv": the folder that either means.
std::filesystem::path stated_folder(const std::filesystem::path& stated) {
  const bool pattern = stated.filename().string().find_first_of("*?") != std::string::npos;
  const std::filesystem::path folder = pattern ? stated.parent_path() : stated;
  return folder.has_filename() ? folder : folder.parent_path();
}

/// From here on notes name rows as the tables of checks do. What was placed is decided and takes no further change.
void settle_notes(const Layer& layer, std::vector<PositionNote>& notes, Decisions& decisions) {
  if (notes.empty()) return;
  const std::vector<std::string> ids = stable_ids(layer);
  for (PositionNote& note : notes) {
    if (note.code == "placed-row")
      std::erase_if(decisions.changes,
                    [&](const RowChange& change) { return change.repair == "move" && change.id == note.id; });
    if (note.feature >= 0) note.id = ids[static_cast<std::size_t>(note.feature)];
  }
  std::erase_if(notes, [](const PositionNote& note) { return note.code == "placed-row"; });
}

}  // namespace

ReadOptions read_options_of(const StudyLayer& description) {
  ReadOptions options = description.read;
  if (const auto year = description.columns.find("year"); year != description.columns.end())
    options.year_column = year->second;
  if (const auto id = description.columns.find("id"); id != description.columns.end()) options.id_column = id->second;
  for (const auto& [role, column] : description.columns)
    if (!column.empty()) options.kept_columns.push_back(column);
  return options;
}

Layer read_study_layer(const Study& study, const StudyLayer& description,
                       const std::vector<std::filesystem::path>& files, Diagnostics& diagnostics, Progress& progress,
                       PositionNotes* notes) {
  ReadOptions options = read_options_of(description);
  Decisions decisions;
  if (!description.decisions.empty())
    decisions = read_decisions(study.folder() / description.decisions, description.name, progress);
  for (const RowChange& change : decisions.changes)
    if (change.repair == "move") options.placed_rows.push_back({change.id, change.to_x, change.to_y});
  const std::filesystem::path stated = description.file;
  const std::filesystem::path own = study.path_of(description);
  const bool of_a_folder =
      files.empty() ? names_several(own) : files.size() > 1 || files[0].filename() != stated.filename();
  ReadResult read = files.empty() ? read_layer(own, options, progress)
                    : of_a_folder ? read_files(files, description.name, options, progress)
                                  : read_layer(files.front(), options, progress);
  if (!description.override_crs) refuse_overridden_crs(read.diagnostics, description.file);

  Layer layer = std::move(read.layer);
  layer.name = description.name;
  const std::string years = layer.roles.year;
  for (const ColumnRole& role : kColumnRoles) layer.roles.*role.column = column_for(description, role.key, layer);
  if (!years.empty()) layer.roles.year = years;
  for (Source& source : layer.sources) {
    const std::string read_from = source.path;
    // As the study says it, wherever the study lies: the same bytes everywhere.
    source.path = description.file;
    if (of_a_folder) {
      const std::filesystem::path folder = stated_folder(stated);
      source.path = (folder / std::filesystem::path(read_from).filename()).string();
      source.title.en = folder.filename().string();  // one line on a map, not one for each file
    }
    if (!description.title.empty()) source.title = description.title;
    if (!description.licence.empty()) source.licence = description.licence;
    if (!description.attribution.empty()) source.attribution = description.attribution;
  }
  diagnostics.merge(read.diagnostics);
  settle_notes(layer, read.position_notes, decisions);
  if (notes != nullptr) (*notes)[description.name] = std::move(read.position_notes);
  if (description.read.normalise_keys) {
    std::vector<std::string> known;
    for (const auto& [category, words] : description.categories) known.push_back(category);
    unify_keys(layer, known, diagnostics);
  }
  if (!description.decisions.empty()) {
    for (const auto& [other, count] : decisions.others) {
      const auto& known = study.layers();
      if (std::none_of(known.begin(), known.end(), [&](const StudyLayer& each) { return each.name == other; }))
        diagnostics.add(Severity::doubt, "unknown-decision", description.name,
                        fmt::format("decisions in {} are about the layer {}, which the study does not have",
                                    description.decisions, other),
                        count);
    }
    apply_changes(layer, decisions.changes, fmt::format("as {} says", description.decisions), diagnostics);
    Source source;
    source.path = description.decisions;
    source.sha256 = decisions.sha256;
    layer.sources.push_back(std::move(source));
  }
  return layer;
}

}  // namespace yaan
