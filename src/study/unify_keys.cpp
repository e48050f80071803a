#include "study/unify_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "yaan/core/names.hpp"

namespace yaan {

namespace {

using Counts = std::map<std::string, std::int64_t>;  // by spelling

// The spelling that stands for all of a key.
const std::string& chosen(const Counts& spellings, const std::vector<std::string>& known) {
  for (const auto& [spelling, count] : spellings)
    if (std::find(known.begin(), known.end(), spelling) != known.end()) return spelling;
  return std::max_element(spellings.begin(), spellings.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

void unify(Layer& layer, std::string& role, const std::string& key_column, const std::vector<std::string>& known,
           Diagnostics& diagnostics) {
  const Column* column = role.empty() ? nullptr : layer.find(role);
  if (column == nullptr || column->type() != ColumnType::text || layer.find(key_column) != nullptr) return;
  std::map<std::string, Counts> spellings;
  for (std::size_t row = 0; row < column->size(); ++row)
    if (!column->is_null(row)) ++spellings[key_text(column->texts()[row])][column->display(row)];
  std::map<std::string, std::string> unified;
  for (const std::string& spelling : known) ++spellings[key_text(spelling)][spelling];
  for (const auto& [key, counts] : spellings)
    if (counts.size() > 1)
      for (const auto& [spelling, count] : counts)
        if (const std::string& one = chosen(counts, known); spelling != one) unified[spelling] = one;
  if (unified.empty()) return;

  Column keys(key_column, ColumnType::text);
  keys.title = column->title;
  keys.help = fmt::format("The column {}, one spelling for what looks the same.", column->name);
  keys.colour_by = ColourBy::category;
  std::int64_t changed = 0;
  for (std::size_t row = 0; row < column->size(); ++row) {
    if (column->is_null(row)) {
      keys.push_null();
      continue;
    }
    const std::string spelling = column->display(row);
    const auto at = unified.find(spelling);
    keys.push(std::string_view(at == unified.end() ? spelling : at->second));
    if (at == unified.end()) continue;
    ++changed;
    diagnostics.add(
        Severity::repaired, "unified-key", layer.name,
        fmt::format("values of {} differ from others only in Thai digits, spaces or the order of marks, and "
                    "count as one in {}",
                    column->name, key_column),
        1, layer.feature_id(row));
  }
  if (changed == 0) return;
  layer.set(std::move(keys));
  role = key_column;
}

}  // namespace

void unify_keys(Layer& layer, const std::vector<std::string>& known, Diagnostics& diagnostics) {
  unify(layer, layer.roles.category, "category_key", known, diagnostics);
  unify(layer, layer.roles.field, "field_key", {}, diagnostics);
}

}  // namespace yaan
