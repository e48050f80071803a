#include <fmt/format.h>

#include "study/decisions.hpp"
#include "study/missing_crs.hpp"
#include "yaan/core/error.hpp"
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

}  // namespace

Layer read_study_layer(const Study& study, const StudyLayer& description, const std::filesystem::path& file,
                       Diagnostics& diagnostics, Progress& progress) {
  ReadOptions options = description.read;
  if (const auto year = description.columns.find("year"); year != description.columns.end())
    options.year_column = year->second;
  if (const auto id = description.columns.find("id"); id != description.columns.end()) options.id_column = id->second;
  ReadResult read = read_layer(file.empty() ? study.folder() / description.file : file, options, progress);
  if (!description.override_crs) refuse_overridden_crs(read.diagnostics, description.file);

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
  if (!description.decisions.empty()) {
    const Decisions decisions = read_decisions(study.folder() / description.decisions, description.name, progress);
    apply_changes(layer, decisions.changes, fmt::format("as {} says", description.decisions), diagnostics);
    Source source;
    source.path = description.decisions;
    source.sha256 = decisions.sha256;
    layer.sources.push_back(std::move(source));
  }
  return layer;
}

}  // namespace yaan
