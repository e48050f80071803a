#include <fmt/format.h>

#include <algorithm>

#include "study/decisions.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/stable_ids.hpp"
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

Layer read_study_layer(const Study& study, const StudyLayer& description, const std::filesystem::path& file,
                       Diagnostics& diagnostics, Progress& progress, PositionNotes* notes) {
  ReadOptions options = description.read;
  if (const auto year = description.columns.find("year"); year != description.columns.end())
    options.year_column = year->second;
  if (const auto id = description.columns.find("id"); id != description.columns.end()) options.id_column = id->second;
  Decisions decisions;
  if (!description.decisions.empty())
    decisions = read_decisions(study.folder() / description.decisions, description.name, progress);
  for (const RowChange& change : decisions.changes)
    if (change.repair == "move") options.placed_rows.push_back({change.id, change.to_x, change.to_y});
  ReadResult read = read_layer(file.empty() ? study.folder() / description.file : file, options, progress);
  if (!description.override_crs)
    for (const Diagnostic& entry : read.diagnostics.entries())
      if (entry.code == "crs-overridden")
        throw UsageError(fmt::format("{}: {}", description.file, entry.message),
                         "leave the CRS away where the file states it; if the file is wrong, add --override-crs, in a "
                         "study \"override_crs\": true");

  Layer layer = std::move(read.layer);
  layer.name = description.name;
  const std::string years = layer.roles.year;
  for (const ColumnRole& role : kColumnRoles) layer.roles.*role.column = column_for(description, role.key, layer);
  if (!years.empty()) layer.roles.year = years;
  for (Source& source : layer.sources) {
    source.path = description.file;  // as the study says it, wherever the study lies: the same bytes everywhere
    if (!description.title.empty()) source.title = description.title;
    if (!description.licence.empty()) source.licence = description.licence;
    if (!description.attribution.empty()) source.attribution = description.attribution;
  }
  diagnostics.merge(read.diagnostics);
  settle_notes(layer, read.position_notes, decisions);
  if (notes != nullptr) (*notes)[description.name] = std::move(read.position_notes);
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
