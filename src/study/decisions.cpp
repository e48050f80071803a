#include "study/decisions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "study/findings.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/names.hpp"
#include "yaan/core/numbers.hpp"

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

// accept, reject or change, in English or in Thai; "" for another word.
std::string_view decision_of(const std::string& written) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kWords = {{{"accept", "accept"},
                                                                                    {"reject", "reject"},
                                                                                    {"change", "change"},
                                                                                    {"รับ", "accept"},
                                                                                    {"ไม่รับ", "reject"},
                                                                                    {"แก้", "change"}}};
  for (const auto& [word, meaning] : kWords)
    if (written == tidy_text(word)) return meaning;
  return {};
}

bool has_place(const RowChange& change) { return std::isfinite(change.to_x) && std::isfinite(change.to_y); }

// The repairs that the cells of a row ask for under `change`. Cells that the proposal leaves empty were written in by
// people, who need not rewrite the proposed repair; a repair that is not the proposed one is their word.
std::vector<std::string> written_repairs(const RowChange& row, const std::string& problem) {
  const std::string_view proposed = row.repair.empty() ? std::string_view() : proposed_repair(problem);
  const bool keeps = row.repair == "keep";
  if (row.repair != proposed && !keeps) return {row.repair};
  std::vector<std::string> repairs;
  if (has_place(row) && proposed != "move") repairs.emplace_back("move");
  if (!row.value.empty() && proposed != "rename" && proposed != "merge") repairs.emplace_back("rename");
  if (!repairs.empty()) return repairs;
  if (keeps) return row.repair == proposed ? repairs : std::vector<std::string>{row.repair};
  if (proposed == "move" ? has_place(row) : !proposed.empty() && !row.value.empty()) repairs.emplace_back(proposed);
  return repairs;
}

}  // namespace

std::string settled_key(const std::string& id, const std::string& problem) { return id + '\n' + problem; }

namespace {

/// One row of a table of decisions, checked word by word.
class DecidedRow {
 public:
  DecidedRow(const Layer& table, std::size_t row, const std::string& file)
      : m_where(fmt::format("{}: row {}", file, row + 2)),
        m_decision(decision_of(tidy_text(cell(table, "decision", row)))),
        m_problem(cell(table, "problem", row)),
        m_change{cell(table, "id", row), tidy_text(cell(table, "repair", row)), number(table, "to_x", row),
                 number(table, "to_y", row), cell(table, "value", row)},
        m_half_a_place(!has_place(m_change) && !(cell(table, "to_x", row) + cell(table, "to_y", row)).empty()) {
    if (m_decision.empty())
      throw wrong(fmt::format("the decision is \"{}\"", cell(table, "decision", row)),
                  "write accept, reject or change (รับ, ไม่รับ or แก้), or leave it empty");
    m_whole = m_decision;
    for (const char* column : {"repair", "to_x", "to_y", "value"}) m_whole += '\n' + cell(table, column, row);
  }

  [[nodiscard]] InputError wrong(const std::string& what, const std::string& advice) const {
    return InputError(fmt::format("{}: {}", m_where, what), advice);
  }
  [[nodiscard]] const std::string& id() const { return m_change.id; }
  [[nodiscard]] std::string key() const { return settled_key(m_change.id, m_problem); }
  /// All that was decided, as one text.
  [[nodiscard]] const std::string& whole() const { return m_whole; }

  /// Adds what is to be done.
  void add_to(Decisions& decisions) const {
    for (const std::string& repair : repairs()) {
      if (repair == "keep") continue;
      check(repair);
      RowChange change = m_change;
      change.repair = repair;
      if (is_without_position(m_problem))
        decisions.places.push_back({change.id, change.to_x, change.to_y});
      else
        decisions.changes.push_back(std::move(change));
    }
  }

 private:
  [[nodiscard]] std::vector<std::string> repairs() const {
    if (m_decision == "reject") return {};
    if (m_decision == "accept") {
      if (m_change.repair.empty())
        throw wrong("it accepts a repair, but there is none", "write change, and a to_x and to_y or a value");
      return {m_change.repair};
    }
    if (m_half_a_place) throw nowhere();
    std::vector<std::string> written = written_repairs(m_change, m_problem);
    if (written.empty())
      throw wrong("it is to be changed, but nothing is written in", "write a to_x and to_y, or a value");
    return written;
  }

  [[nodiscard]] InputError nowhere() const {
    return wrong("it moves the row nowhere", "write numbers into to_x and to_y");
  }

  void check(const std::string& repair) const {
    if (repair != "move" && repair != "rename" && repair != "merge")
      throw wrong(fmt::format("the repair is \"{}\"", repair), "it may be keep, move, rename or merge");
    if (repair != "move" && is_without_position(m_problem))
      throw wrong("the row was left out for want of a position, so nothing but a place helps",
                  "write a to_x and to_y, and leave value empty");
    if (repair == "move" && !has_place(m_change)) throw nowhere();
    if (repair != "move" && m_change.value.empty())
      throw wrong(fmt::format("it needs a value to {}", repair), "write it into the column value");
  }

  std::string m_where;
  std::string m_decision;
  std::string m_problem;
  RowChange m_change;
  bool m_half_a_place;
  std::string m_whole;
};

using RowOf = std::unordered_map<std::string, std::size_t>;

/// The rows that leave the layer. A merge counts when the row that stays is in the layer and does not, through other
/// merges, lead back to the row that goes.
class Merges {
 public:
  bool add(const RowOf& row_of, std::size_t row, const std::string& value) {
    const auto into = row_of.find(value);
    if (into == row_of.end()) return false;
    m_into.emplace(row, into->second);
    return true;
  }
  [[nodiscard]] bool leads_back(std::size_t row) const {
    std::size_t at = row;
    for (std::size_t steps = 0; steps < m_into.size(); ++steps) {
      const auto next = m_into.find(at);
      if (next == m_into.end()) return false;
      at = next->second;
      if (at == row) return true;
    }
    return false;
  }
  [[nodiscard]] bool has(std::size_t row) const { return m_into.contains(row); }
  [[nodiscard]] bool empty() const { return m_into.empty(); }

 private:
  std::unordered_map<std::size_t, std::size_t> m_into;
};

void rename_claims(Layer& layer, const std::unordered_map<std::size_t, std::string>& claims) {
  if (claims.empty()) return;
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

}  // namespace

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
    if (tidy_text(cell(table, "decision", row)).empty()) continue;
    const std::string about = cell(table, "layer", row);
    if (!about.empty() && about != layer) {
      ++decisions.others[about];
      continue;
    }
    const DecidedRow decided(table, row, file.string());
    if (const auto [first, is_new] = seen.emplace(decided.key(), Seen{row, decided.whole()}); !is_new) {
      if (first->second.whole == decided.whole()) continue;
      throw decided.wrong(
          fmt::format("it decides about {} once more, and otherwise than row {}", decided.id(), first->second.row + 2),
          "leave one of the two");
    }
    decisions.settled.insert(decided.key());
    decided.add_to(decisions);
  }
  return decisions;
}

void apply_changes(Layer& layer, std::vector<std::string>& ids, const std::vector<RowChange>& changes,
                   const std::string& reason, Diagnostics& diagnostics) {
  if (changes.empty()) return;
  RowOf row_of;
  for (std::size_t row = 0; row < ids.size(); ++row) row_of.emplace(ids[row], row);
  std::unordered_map<std::size_t, std::string> claims;
  Merges merges;
  const auto count = [&](const char* code, const char* what, const std::string& id) {
    diagnostics.add(Severity::repaired, code, layer.name, fmt::format("{}, {}", what, reason), 1, id);
  };
  const auto doubt = [&](const std::string& what, const std::string& id) {
    diagnostics.add(Severity::doubt, "unknown-decision", layer.name, what, 1, id);
  };
  for (const RowChange& change : changes) {
    const auto at = row_of.find(change.id);
    if (at == row_of.end()) {
      doubt(fmt::format("rows that are to be changed, {}, are not in the layer", reason), change.id);
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
    } else if (change.repair == "merge" && !merges.add(row_of, row, change.value)) {
      doubt(fmt::format("rows stay, because those that should stay in their place, {}, are not in the layer", reason),
            change.id);
    }
  }
  rename_claims(layer, claims);
  if (merges.empty()) return;
  std::vector<std::uint32_t> kept;
  std::vector<std::string> kept_ids;
  for (std::uint32_t row = 0; row < ids.size(); ++row) {
    const bool leads_back = merges.leads_back(row);
    if (leads_back)
      doubt(fmt::format("rows stay, because each should be left out for the other, {}", reason), ids[row]);
    if (merges.has(row) && !leads_back) {
      count("merged-row", "rows were left out as duplicates", ids[row]);
    } else {
      kept.push_back(row);
      kept_ids.push_back(std::move(ids[row]));
    }
  }
  layer = layer.select(kept);
  ids = std::move(kept_ids);
}

}  // namespace yaan
