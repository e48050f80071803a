#include "study/check_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "study/decisions.hpp"
#include "yaan/analyse/check_claims.hpp"
#include "yaan/analyse/find_duplicates.hpp"
#include "yaan/core/publication.hpp"
#include "yaan/core/stable_ids.hpp"

namespace yaan {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

const Layer* areas_of(const Study& study, const LayerMap& layers) {
  for (const StudyLayer& description : study.layers()) {
    const auto at = layers.find(description.name);
    if (at == layers.end() || at->second.geometry.kind != GeometryKind::polygon) continue;
    const ColumnRoles& roles = at->second.roles;
    if (!roles.name_th.empty() || !roles.name_en.empty() || !roles.code.empty()) return &at->second;
  }
  return nullptr;
}

bool is_on_earth(const Layer& layer) {
  return layer.crs.kind() == Crs::Kind::geographic || layer.crs.kind() == Crs::Kind::projected;
}

std::string code_of(const Layer& areas, std::int32_t area) {
  if (area < 0) return {};
  const auto row = static_cast<std::size_t>(area);
  const Column* column = areas.roles.code.empty() ? nullptr : areas.find(areas.roles.code);
  return column == nullptr ? areas.feature_id(row) : column->display(row);
}

std::string detail_of(const Claim& claim, const Layer& areas, const std::string& said) {
  const std::string found = claim.found < 0
                                ? std::string("no area")
                                : areas.feature_name(static_cast<std::size_t>(claim.found), Language::english);
  switch (claim.state) {
    case ClaimState::coast: return fmt::format("claims {}, lies in no area: an island or a simplified coast", said);
    case ClaimState::border: return fmt::format("claims {}, lies just across the border in {}", said, found);
    case ClaimState::datum: return fmt::format("claims {}, and lies there as a position on Indian 1975", said);
    case ClaimState::swapped_axes: return fmt::format("claims {}, and lies there with x and y exchanged", said);
    case ClaimState::similar_name: return fmt::format("claims {}, lies in {}, which is called nearly so", said, found);
    case ClaimState::digit: return fmt::format("claims {}, and would lie there with one digit changed", said);
    case ClaimState::far: return fmt::format("claims {}, lies in {}", said, found);
    case ClaimState::unknown_name: return fmt::format("claims {}, but no single area is called so", said);
    case ClaimState::agrees:
    case ClaimState::no_claim: break;
  }
  return {};
}

void find_claims(const Layer& points, const Layer& areas, const std::vector<std::string>& ids,
                 std::vector<Finding>& findings, Progress& progress) {
  const std::vector<Claim> claims = check_claims(points, areas, {}, progress);
  const Column& said = points.column(points.roles.area);
  for (std::size_t row = 0; row < claims.size(); ++row) {
    const Claim& claim = claims[row];
    if (claim.state == ClaimState::agrees || claim.state == ClaimState::no_claim) continue;
    Finding finding{points.name, static_cast<std::int64_t>(row),
                    ids[row],    "claim-" + std::string(to_string(claim.state)),
                    {},          claim.distance,
                    kNone,       claim.repair,
                    kNone,       kNone,
                    {}};
    finding.detail = detail_of(claim, areas, said.display(row));
    if (claim.repair == "move") {
      finding.to_x = claim.x;
      finding.to_y = claim.y;
    }
    if (claim.repair == "rename") finding.value = code_of(areas, claim.found);
    findings.push_back(std::move(finding));
  }
}

void find_twins(const Layer& points, const std::vector<std::string>& ids, std::vector<Finding>& findings,
                Progress& progress) {
  std::int64_t left_out = 0;
  const std::vector<DuplicatePair> pairs = find_duplicates(points, {}, left_out, progress);
  const std::vector<std::uint32_t> first = first_duplicates(points, pairs);
  std::vector<bool> told(points.size(), false);
  for (const DuplicatePair& pair : pairs) {
    // The likeliest pair of each row that would go is enough.
    if (first[pair.second] == pair.second || told[pair.second]) continue;
    told[pair.second] = true;
    const std::string other = points.feature_name(pair.first, Language::thai);
    findings.push_back({points.name, static_cast<std::int64_t>(pair.second), ids[pair.second],
                        "duplicate-" + std::string(to_string(pair.kind)),
                        fmt::format("likely the same site as {} ({})", ids[pair.first], other), pair.distance,
                        pair.score, "merge", kNone, kNone, ids[first[pair.second]]});
  }
}

struct PositionProblem {
  std::string_view code;
  std::string_view problem;
  std::string_view detail;
};
constexpr std::array kPositionProblems = {
    PositionProblem{"null-geometry", "position-missing", "there is no position; the row is left out"},
    PositionProblem{"empty-geometry", "position-missing", "there is no position; the row is left out"},
    PositionProblem{"unreadable-coordinate", "position-unreadable", "the position cannot be read; the row is left out"},
    PositionProblem{"unreadable-geometry", "position-unreadable", "the position cannot be read; the row is left out"},
    PositionProblem{"non-finite-coordinate", "position-out-of-range", "the position is no number; the row is left out"},
    PositionProblem{"out-of-range-coordinate", "position-out-of-range",
                    "the position is beyond 180 or 90 degrees; the row is left out"},
    PositionProblem{"swapped-axes", "position-swapped-axes", "longitude and latitude were exchanged on reading"},
    PositionProblem{"degrees-minutes", "position-degrees-minutes", "degrees, minutes and seconds were read"},
    PositionProblem{"decimal-comma", "position-decimal-comma", "a decimal comma was read"},
    PositionProblem{"thai-digits", "position-thai-digits", "Thai digits were read"},
    PositionProblem{"lost-symbols", "position-lost-symbols", "signs of degree and minute had become question marks"},
    PositionProblem{"projected-coordinate", "position-projected", "eastings and northings became degrees"}};

// A way of writing that most rows share is no doubt about one of them; the diagnostics count it.
bool is_usual(const Layer& points, const std::vector<PositionNote>& notes, std::string_view code) {
  const auto same = std::count_if(notes.begin(), notes.end(),
                                  [&](const PositionNote& note) { return note.code == code && note.feature >= 0; });
  return 2 * static_cast<std::size_t>(same) > points.size();
}

void find_positions(const Layer& points, const std::vector<std::string>& ids, const std::vector<PositionNote>& notes,
                    std::vector<Finding>& findings) {
  std::unordered_map<std::string_view, std::int64_t> row_of;
  for (std::size_t row = 0; row < ids.size(); ++row) row_of.emplace(ids[row], static_cast<std::int64_t>(row));
  for (const PositionProblem& about : kPositionProblems) {
    if (is_usual(points, notes, about.code)) continue;
    for (const PositionNote& note : notes) {
      if (note.code != about.code) continue;
      const bool aside = note.feature < 0;
      const auto at = row_of.find(note.id);
      if (!aside && at == row_of.end()) continue;  // left out since, as a duplicate
      findings.push_back({points.name,
                          aside ? -1 : at->second,
                          note.id,
                          std::string(about.problem),
                          std::string(about.detail),
                          kNone,
                          kNone,
                          aside ? "" : "keep",
                          kNone,
                          kNone,
                          {}});
    }
  }
}

// Of rows that were set aside nobody knows how openly they may be shown, where the layer makes a difference.
Publication level_of(const Finding& finding, const Layer& points, const std::vector<Publication>& levels) {
  if (finding.row >= 0) return levels[static_cast<std::size_t>(finding.row)];
  return points.roles.publication.empty() ? Publication::open : Publication::hidden;
}

}  // namespace

const std::vector<std::string>& repairable_problems() {
  static const std::vector<std::string> all = {
      "claim-datum",     "claim-swapped-axes",  "claim-similar-name",     "claim-digit",
      "duplicate-exact", "duplicate-same-name", "duplicate-similar-name",
  };
  return all;
}

std::vector<Finding> findings_of(const Study& study, const StudyLayer& description, const LayerMap& layers,
                                 const PositionNotes& notes, Progress& progress) {
  std::vector<Finding> findings;
  const Layer& points = layers.at(description.name);
  if (points.geometry.kind != GeometryKind::point || !is_on_earth(points)) return findings;
  const std::vector<std::string> ids = stable_ids(points);
  if (const auto own = notes.find(description.name); own != notes.end())
    find_positions(points, ids, own->second, findings);
  const Layer* areas = areas_of(study, layers);
  if (areas != nullptr && !points.roles.area.empty()) find_claims(points, *areas, ids, findings, progress);
  if (!points.roles.name_th.empty() || !points.roles.name_en.empty()) find_twins(points, ids, findings, progress);
  if (description.decisions.empty()) return findings;
  const Decisions decisions = read_decisions(study.folder() / description.decisions, description.name, progress);
  std::erase_if(findings, [&](const Finding& finding) {
    return decisions.settled.contains(settled_key(finding.id, finding.problem));
  });
  return findings;
}

Layer check_table(const Study& study, const LayerMap& layers, const PositionNotes& notes, Diagnostics& diagnostics,
                  Progress& progress) {
  Layer table;
  table.name = "checks";
  table.crs = Crs::wgs84();
  table.geometry = Geometry::points({}, {});
  const auto column = [](const char* name, ColumnType type, const char* unit, const char* help) {
    Column made(name, type);
    made.unit = unit;
    made.help = help;
    return made;
  };
  std::vector<Column> columns;
  columns.push_back(column("layer", ColumnType::text, "", "Layer of the study."));
  columns.push_back(column("id", ColumnType::text, "", "Id of the row."));
  columns.push_back(column("name", ColumnType::text, "", "Name of the site."));
  columns.push_back(column("problem", ColumnType::text, "", "What was found."));
  columns.push_back(column("detail", ColumnType::text, "", "The same in words."));
  columns.push_back(column("distance_m", ColumnType::real, "m", "To the claimed area, or to the other site."));
  columns.push_back(column("score", ColumnType::real, "share", "Of a duplicate: 1 for the same name and place."));
  columns.push_back(column("repair", ColumnType::text, "", "Proposal: keep, move, rename or merge."));
  columns.push_back(column("to_x", ColumnType::real, "", "Where to move it, in the CRS of the layer."));
  columns.push_back(column("to_y", ColumnType::real, "", "Where to move it, in the CRS of the layer."));
  columns.push_back(column("value", ColumnType::text, "", "Area to claim, or id of the row that stays."));
  columns.push_back(column("decision", ColumnType::text, "", "For people: accept, reject or change."));
  columns.push_back(column("by", ColumnType::text, "", "For people: who decided."));
  columns.push_back(column("date", ColumnType::text, "", "For people: when."));
  columns.push_back(column("publication", ColumnType::text, "", "How openly the site may be shown."));
  const auto text = [&](std::size_t at, const std::string& value) {
    if (value.empty()) {
      columns[at].push_null();
    } else {
      columns[at].push(std::string_view(value));
    }
  };
  for (const StudyLayer& description : study.layers()) {
    const std::vector<Finding> findings = findings_of(study, description, layers, notes, progress);
    if (findings.empty()) continue;
    const Layer& points = layers.at(description.name);
    const Layer placed = reprojected(points, Crs::wgs84());
    const std::vector<Publication> levels = publication_levels(points);
    for (const Finding& finding : findings) {
      const Publication level = level_of(finding, points, levels);
      const bool open = level == Publication::open;
      const auto row = static_cast<std::size_t>(finding.row);
      table.geometry.x.push_back(finding.row < 0 ? kNone : placed.geometry.x[row]);
      table.geometry.y.push_back(finding.row < 0 ? kNone : placed.geometry.y[row]);
      text(0, finding.layer);
      text(1, finding.id);
      text(2, finding.row < 0 ? std::string() : points.feature_name(row, Language::thai));
      text(3, finding.problem);
      text(4, finding.detail);
      columns[5].push(open ? finding.distance : kNone);
      columns[6].push(finding.score);
      text(7, finding.repair);
      columns[8].push(open ? finding.to_x : kNone);
      columns[9].push(open ? finding.to_y : kNone);
      text(10, finding.value);
      for (const std::size_t empty : {11U, 12U, 13U}) columns[empty].push_null();
      text(14, open ? "open" : level == Publication::hidden ? "hidden" : "coarsened");
      diagnostics.add(Severity::doubt, finding.problem, finding.layer, "rows of the check table", 1, finding.id);
    }
  }
  for (Column& each : columns) table.columns.push_back(std::move(each));
  table.roles.publication = "publication";
  return table;
}

void apply_accepted(const Study& study, LayerMap& layers, Diagnostics& diagnostics, Progress& progress) {
  for (const StudyLayer& description : study.layers()) {
    if (description.accept.empty()) continue;
    std::vector<RowChange> changes;
    for (const Finding& finding : findings_of(study, description, layers, {}, progress))
      if (description.accept.contains(finding.problem) && !finding.repair.empty())
        changes.push_back({finding.id, finding.repair, finding.to_x, finding.to_y, finding.value});
    apply_changes(layers.at(description.name), changes, "as the study accepts by rule", diagnostics);
  }
}

}  // namespace yaan
