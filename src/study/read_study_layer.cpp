#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "study/decisions.hpp"
#include "study/missing_crs.hpp"
#include "study/settle_columns.hpp"
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

/// Whether anybody calls the rows of the layer by their ids, which takes a hash of each row that has no id of its own.
bool needs_ids(const Study& study, const StudyLayer& description) {
  const auto& outputs = study.outputs();
  return !description.decisions.empty() || !description.accept.empty() ||
         std::any_of(outputs.begin(), outputs.end(),
                     [](const StudyOutput& output) { return output.kind == StudyOutput::Kind::checks; });
}

/// Names the rows as the tables of checks do, and counts the places that no row took.
RowsAsRead rows_as_read(const Layer& layer, std::vector<PositionNote>&& notes, const Decisions& decisions,
                        const std::string& reason, Diagnostics& diagnostics) {
  std::vector<bool> placed;
  std::set<std::string> taken;
  for (const PositionNote& note : notes) {
    if (note.code != "placed-row") continue;
    taken.insert(note.id);
    placed.resize(layer.size(), false);
    if (note.feature >= 0) placed[static_cast<std::size_t>(note.feature)] = true;
  }
  for (const PlacedRow& place : decisions.places)
    if (!taken.contains(place.id))
      diagnostics.add(Severity::doubt, "unknown-decision", layer.name,
                      fmt::format("rows that are to be placed, {}, are not among those without a position", reason), 1,
                      place.id);
  RowsAsRead rows{stable_ids(layer, placed), std::move(notes), decisions.settled};
  std::erase_if(rows.notes, [](const PositionNote& note) { return note.code == "placed-row"; });
  for (PositionNote& note : rows.notes)
    if (note.feature >= 0) note.id = rows.ids[static_cast<std::size_t>(note.feature)];
  return rows;
}

void doubt_other_layers(const Study& study, const StudyLayer& description, const Decisions& decisions,
                        Diagnostics& diagnostics) {
  for (const auto& [other, count] : decisions.others)
    if (study.find_layer(other) == nullptr)
      diagnostics.add(Severity::doubt, "unknown-decision", description.name,
                      fmt::format("decisions in {} are about the layer {}, which the study does not have",
                                  description.decisions, other),
                      count);
}

}  // namespace

ReadOptions read_options_of(const StudyLayer& description) {
  ReadOptions options = description.read;
  if (const auto year = description.columns.find("year"); year != description.columns.end())
    options.year_column = year->second;
  if (const auto id = description.columns.find("id"); id != description.columns.end()) options.id_column = id->second;
  for (const auto& [role, column] : description.columns) {
    if (column.empty()) continue;
    options.kept_columns.push_back(column);
    if (role != "weight" && role != "year") options.key_columns.push_back(column);  // the code 1.10 is not 1.1
  }
  return options;
}

Layer read_study_layer(const Study& study, const StudyLayer& description,
                       const std::vector<std::filesystem::path>& files, Diagnostics& diagnostics, Progress& progress,
                       RowsAsRead* rows) {
  ReadOptions options = read_options_of(description);
  Decisions decisions;
  if (!description.decisions.empty())
    decisions = read_decisions(study.folder() / description.decisions, description.name, progress);
  options.placed_rows = decisions.places;
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
  layer.title = description.title;
  const std::string years = layer.roles.year;
  for (const ColumnRole& role : kColumnRoles) layer.roles.*role.column = column_for(description, role.key, layer);
  if (!years.empty()) layer.roles.year = years;
  settle_weights(layer, read.diagnostics);
  if (!of_a_folder) doubt_repeated_ids(layer, read.diagnostics);  // of folders the reader has told
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
  const std::string reason = fmt::format("as {} says", description.decisions);
  RowsAsRead as_read;
  if (needs_ids(study, description))
    as_read = rows_as_read(layer, std::move(read.position_notes), decisions, reason, diagnostics);
  if (description.read.normalise_keys) {
    std::vector<std::string> known;
    for (const auto& [category, words] : description.categories) known.push_back(category);
    unify_keys(layer, known, diagnostics);
  }
  if (!description.decisions.empty()) {
    doubt_other_layers(study, description, decisions, diagnostics);
    apply_changes(layer, as_read.ids, decisions.changes, reason, diagnostics);
    Source source;
    source.path = description.decisions;
    source.sha256 = decisions.sha256;
    layer.sources.push_back(std::move(source));
  }
  if (rows != nullptr) *rows = std::move(as_read);
  return layer;
}

}  // namespace yaan
