#include "export/withheld_columns.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "yaan/core/publication.hpp"

namespace yaan {

namespace {

constexpr double kNearDegrees = kCoarseGridDegrees / 10;
constexpr double kNearMetres = 555;  // the same on the ground

/// New values of single cells: a number, or null.
using Changes = std::map<std::pair<std::size_t, std::uint32_t>, std::optional<double>>;  // by (column, row)

bool is_number(const Column& column) {
  return column.type() == ColumnType::integer || column.type() == ColumnType::real;
}

/// Column with some rows changed; everything else to the bit.
Column changed(const Column& column, const std::map<std::uint32_t, std::optional<double>>& rows) {
  Column result = column.select({});
  result.reserve(column.size());
  for (std::uint32_t row = 0; row < column.size(); ++row) {
    const auto change = rows.find(row);
    if (column.is_null(row) || (change != rows.end() && !change->second)) {
      result.push_null();
    } else if (change != rows.end()) {
      result.push(*change->second);
    } else {
      std::visit([&](const auto& values) { result.push(values[row]); }, column.values());
    }
  }
  return result;
}

void write_changes(Layer& layer, const Changes& changes) {
  std::map<std::size_t, std::map<std::uint32_t, std::optional<double>>> by_column;
  for (const auto& [cell, value] : changes) by_column[cell.first][cell.second] = value;
  for (const auto& [column, rows] : by_column) layer.columns[column] = changed(layer.columns[column], rows);
}

std::vector<double> list_of_numbers(const Column& column, std::size_t row) {
  if (column.type() == ColumnType::real_list) return std::get<std::vector<DoubleList>>(column.values())[row];
  const IntList& list = std::get<std::vector<IntList>>(column.values())[row];
  return {list.begin(), list.end()};
}

bool near_plane(double x, double y, const CoarsenedRow& from) {
  return std::any_of(from.plane.begin(), from.plane.end(), [&](const Position& p) {
    return std::abs(p.x - x) <= kNearMetres && std::abs(p.y - y) <= kNearMetres;
  });
}

bool near_degrees(double value, const CoarsenedRow& from) {
  return std::abs(value - from.exact.x) <= kNearDegrees || std::abs(value - from.exact.y) <= kNearDegrees;
}

bool tells(const std::string& text, const CoarsenedRow& from) {
  const auto numbers = coordinates_in(text);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (near_degrees(numbers[i].value, from)) return true;
    for (std::size_t j = 0; j < numbers.size(); ++j)
      if (i != j && near_plane(numbers[i].value, numbers[j].value, from)) return true;
  }
  return false;
}

bool tells(const std::vector<double>& list, const CoarsenedRow& from) {
  for (std::size_t i = 0; i < list.size(); ++i)
    for (std::size_t j = 0; j < list.size(); ++j)
      if (i != j &&
          ((near_degrees(list[i], from) && near_degrees(list[j], from)) || near_plane(list[i], list[j], from)))
        return true;
  return false;
}

/// Numbers of a coarsened row that repeat its position.
void coarsen_numbers(const Layer& layer, std::uint32_t row, const CoarsenedRow& from, Changes& changes) {
  for (std::size_t i = 0; i < layer.columns.size(); ++i) {
    const auto x = layer.columns[i].number(row);
    if (!x) continue;
    if (layer.columns[i].type() == ColumnType::real) {
      if (std::abs(*x - from.exact.x) <= kNearDegrees) changes[{i, row}] = from.coarse.x;
      if (std::abs(*x - from.exact.y) <= kNearDegrees) changes[{i, row}] = from.coarse.y;
    }
    for (std::size_t j = 0; j < layer.columns.size(); ++j) {
      const auto y = layer.columns[j].number(row);
      if (i == j || !y || !near_plane(*x, *y, from)) continue;
      changes[{i, row}] = std::nullopt;
      changes[{j, row}] = std::nullopt;
    }
  }
}

/// Pairs of numbers of one row that tell a protected position.
std::size_t withhold_pairs(const Layer& layer, const PublicationPolicy& policy, Changes& changes) {
  std::size_t pairs = 0;
  std::vector<std::size_t> numbers;
  for (std::size_t i = 0; i < layer.columns.size(); ++i)
    if (is_number(layer.columns[i])) numbers.push_back(i);
  for (const std::size_t i : numbers) {
    for (std::uint32_t row = 0; row < layer.size(); ++row) {
      const auto x = layer.columns[i].number(row);
      if (!x || !policy.rules().positions.may_be_x(*x)) continue;
      for (const std::size_t j : numbers) {
        const auto y = layer.columns[j].number(row);
        if (i == j || !y || !policy.betrayed_by(*x, *y)) continue;
        ++pairs;
        changes[{i, row}] = std::nullopt;
        changes[{j, row}] = std::nullopt;
      }
    }
  }
  return pairs;
}

bool text_betrays(const Column& column, std::uint32_t row, bool id_place, const PublicationPolicy& policy) {
  if (column.type() == ColumnType::text) return policy.betrayed_by(column.texts()[row], id_place);
  if (column.type() == ColumnType::integer)
    return id_place && policy.betrayed_by(std::to_string(column.integers()[row]), true);
  if (column.type() == ColumnType::text_list) {
    const StringList& list = std::get<std::vector<StringList>>(column.values())[row];
    return std::any_of(list.begin(), list.end(),
                       [&](const std::string& text) { return policy.betrayed_by(text, id_place); }) ||
           policy.betrayed_by(column.display(row));  // a longitude and a latitude in two members
  }
  return false;
}

bool is_list_of_numbers(const Column& column) {
  return column.type() == ColumnType::real_list || column.type() == ColumnType::integer_list;
}

}  // namespace

Withheld withhold_columns(Layer& layer, const PublicationPolicy& policy,
                          const std::map<std::uint32_t, CoarsenedRow>& coarsened) {
  Withheld withheld;
  Changes changes;
  for (const auto& [row, from] : coarsened) {
    if (!from.has_position) continue;
    coarsen_numbers(layer, row, from, changes);
    for (std::size_t i = 0; i < layer.columns.size(); ++i) {
      const Column& column = layer.columns[i];
      if (column.is_null(row) || is_number(column) || column.type() == ColumnType::date) continue;
      const bool told =
          is_list_of_numbers(column) ? tells(list_of_numbers(column, row), from) : tells(column.display(row), from);
      if (!told) continue;
      ++withheld.positions;
      changes[{i, row}] = std::nullopt;
    }
  }
  write_changes(layer, changes);

  changes.clear();
  withheld.positions += withhold_pairs(layer, policy, changes);
  for (std::size_t i = 0; i < layer.columns.size(); ++i) {
    const Column& column = layer.columns[i];
    const bool id_place = column.name == layer.roles.id || is_id_place(column.name);
    for (std::uint32_t row = 0; row < column.size(); ++row) {
      if (column.is_null(row)) continue;
      if (is_list_of_numbers(column)) {
        if (!betrayed_by(policy.rules(), list_of_numbers(column, row))) continue;
        ++withheld.positions;
      } else {
        if (!text_betrays(column, row, id_place, policy)) continue;
        ++withheld.texts;
      }
      changes[{i, row}] = std::nullopt;
    }
  }
  write_changes(layer, changes);
  return withheld;
}

}  // namespace yaan
