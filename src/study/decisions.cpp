#include "study/decisions.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <unordered_map>

#include "yaan/core/error.hpp"
#include "yaan/core/names.hpp"
#include "yaan/core/numbers.hpp"
#include "yaan/core/stable_ids.hpp"
#include "yaan/load/read.hpp"

namespace yaan {

namespace {

std::string cell(const Layer& table, const char* column, std::size_t row) {
  const Column* found = table.find(column);
  return found == nullptr ? std::string() : found->display(row);
}

double number(const Layer& table, const char* column, std::size_t row) {
  const auto value = parse_double(cell(table, column, row));
  return value ? *value : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

std::string settled_key(const std::string& id, const std::string& problem) { return id + '\n' + problem; }

Decisions read_decisions(const std::filesystem::path& file, const std::string& layer, Progress& progress) {
  ReadOptions options;
  options.table = true;
  options.plain_table = true;
  const Layer table = read_layer(file, options, progress).layer;
  for (const char* needed : {"id", "problem", "decision"})
    if (table.find(needed) == nullptr)
      throw InputError(fmt::format("{} has no column {}, so it is no table of decisions", file.string(), needed),
                       "start from the table that yaan check writes, and fill its column decision");
  struct Seen {
    std::size_t row = 0;
    std::string whole;
  };
  std::map<std::string, Seen> seen;
  Decisions decisions;
  decisions.sha256 = table.sources.front().sha256;
  for (std::size_t row = 0; row < table.size(); ++row) {
    const std::string about = cell(table, "layer", row);
    const std::string decision = tidy_text(cell(table, "decision", row));
    if (decision.empty()) continue;
    if (!about.empty() && about != layer) {
      ++decisions.others[about];
      continue;
    }
    const auto wrong = [&](const std::string& what, const std::string& advice) {
      return InputError(fmt::format("{}: row {}: {}", file.string(), row + 2, what), advice);
    };
    if (decision != "accept" && decision != "reject" && decision != "change")
      throw wrong(fmt::format("the decision is \"{}\"", cell(table, "decision", row)),
                  "write accept, reject or change, or leave it empty");
    RowChange change{cell(table, "id", row), tidy_text(cell(table, "repair", row)), number(table, "to_x", row),
                     number(table, "to_y", row), cell(table, "value", row)};
    const std::string key = settled_key(change.id, cell(table, "problem", row));
    std::string whole = decision;
    for (const char* column : {"repair", "to_x", "to_y", "value"}) whole += '\n' + cell(table, column, row);
    if (const auto [first, is_new] = seen.emplace(key, Seen{row, whole}); !is_new) {
      if (first->second.whole == whole) continue;
      throw wrong(
          fmt::format("it decides about {} once more, and otherwise than row {}", change.id, first->second.row + 2),
          "leave one of the two");
    }
    decisions.settled.insert(key);
    if (decision == "reject" || change.repair == "keep") continue;
    const bool has_place = std::isfinite(change.to_x) && std::isfinite(change.to_y);
    if (decision == "change" && change.repair.empty()) change.repair = has_place ? "move" : "rename";
    if (change.repair.empty())
      throw wrong("it accepts a repair, but there is none", "write change, and a to_x and to_y or a value");
    if (change.repair != "move" && change.repair != "rename" && change.repair != "merge")
      throw wrong(fmt::format("the repair is \"{}\"", change.repair), "it may be keep, move, rename or merge");
    if (change.repair == "move" && !has_place)
      throw wrong("it moves the row nowhere", "write numbers into to_x and to_y");
    if (change.repair != "move" && change.value.empty())
      throw wrong(fmt::format("it needs a value to {}", change.repair), "write it into the column value");
    decisions.changes.push_back(std::move(change));
  }
  return decisions;
}

void apply_changes(Layer& layer, const std::vector<RowChange>& changes, const std::string& reason,
                   Diagnostics& diagnostics) {
  if (changes.empty()) return;
  std::unordered_map<std::string, std::size_t> row_of;
  const std::vector<std::string> ids = stable_ids(layer);
  for (std::size_t row = 0; row < ids.size(); ++row) row_of.emplace(ids[row], row);
  std::unordered_map<std::size_t, std::string> claims;
  std::vector<bool> merged(layer.size(), false);
  const auto count = [&](const char* code, const char* what, const std::string& id) {
    diagnostics.add(Severity::repaired, code, layer.name, fmt::format("{}, {}", what, reason), 1, id);
  };
  for (const RowChange& change : changes) {
    const auto at = row_of.find(change.id);
    if (at == row_of.end()) {
      diagnostics.add(Severity::doubt, "unknown-decision", layer.name,
                      fmt::format("rows that are to be changed, {}, are not in the layer", reason), 1, change.id);
      continue;
    }
    const std::size_t row = at->second;
    if (change.repair == "move") {
      if (layer.geometry.kind != GeometryKind::point)
        throw UsageError(fmt::format("layer {} holds no points, so {} cannot be moved", layer.name, change.id));
      layer.geometry.x[row] = change.to_x;
      layer.geometry.y[row] = change.to_y;
      count("moved-point", "points were moved", change.id);
    } else if (change.repair == "rename") {
      claims[row] = change.value;
      count("renamed-area", "claims of an area were changed", change.id);
    } else if (change.repair == "merge") {
      merged[row] = true;
      count("merged-row", "rows were left out as duplicates", change.id);
    }
  }
  if (!claims.empty()) {
    if (layer.roles.area.empty())
      throw UsageError(fmt::format("no column of layer {} names an area, so none can be changed", layer.name),
                       "say which one it is: columns.area");
    const Column& old = layer.column(layer.roles.area);
    Column changed(old.name, ColumnType::text);
    changed.title = old.title;
    changed.help = old.help;
    for (std::size_t row = 0; row < layer.size(); ++row) {
      const auto claim = claims.find(row);
      if (claim != claims.end()) {
        changed.push(std::string_view(claim->second));
      } else if (old.is_null(row)) {
        changed.push_null();
      } else {
        changed.push(std::string_view(old.display(row)));
      }
    }
    layer.set(std::move(changed));
  }
  std::vector<std::uint32_t> kept;
  for (std::uint32_t row = 0; row < merged.size(); ++row)
    if (!merged[row]) kept.push_back(row);
  if (kept.size() < layer.size()) layer = layer.select(kept);
}

}  // namespace yaan
