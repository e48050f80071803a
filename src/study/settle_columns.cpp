#include "study/settle_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_set>

#include "yaan/core/names.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

namespace {

// 1,234 and 12,345,678.5, without their commas; other texts as they are.
std::string without_thousands(const std::string& text) {
  const std::size_t point = std::min(text.find('.'), text.size());
  std::size_t comma = text.find(',');
  if (comma == std::string::npos || comma == 0 || comma > 3) return text;
  for (; comma < point; comma += 4)
    if (text[comma] != ',') return text;
  if (comma != point) return text;
  std::string plain = text;
  std::erase(plain, ',');
  return plain;
}

std::optional<double> number_in(const std::string& tidy) { return parse_double(without_thousands(tidy)); }

template <class Key, class KeyOf>
void doubt_repeated(const Layer& layer, const Column& ids, const KeyOf& key_of, Diagnostics& diagnostics) {
  std::unordered_set<Key> seen;
  seen.reserve(layer.size());
  for (std::size_t row = 0; row < layer.size(); ++row)
    if (!ids.is_null(row) && !seen.insert(key_of(row)).second)
      diagnostics.add(Severity::doubt, "repeated-id", layer.name, "ids that an earlier row has as well", 1,
                      ids.display(row));
}

}  // namespace

void settle_weights(Layer& layer, Diagnostics& diagnostics) {
  const auto at = std::find_if(layer.columns.begin(), layer.columns.end(),
                               [&](const Column& column) { return column.name == layer.roles.weight; });
  if (at == layer.columns.end() || at->type() != ColumnType::text) return;
  Column weights(at->name, ColumnType::real);
  std::int64_t read = 0;
  for (std::size_t row = 0; row < at->size(); ++row) {
    const std::string text = at->is_null(row) ? std::string() : tidy_text(at->texts()[row]);
    const auto number = number_in(text);
    if (number) {
      weights.push(*number);
      ++read;
      continue;
    }
    weights.push_null();
    if (!means_nothing(text))
      diagnostics.add(Severity::doubt, "unreadable-weight", layer.name,
                      fmt::format("texts in {} are no numbers, so these features have no weight", at->name), 1,
                      layer.feature_id(row));
  }
  diagnostics.add(Severity::repaired, "weight-text", layer.name,
                  fmt::format("{} held texts; numbers were read from them", at->name), read);
  weights.unit = at->unit;
  weights.title = at->title;
  weights.help = at->help;
  *at = std::move(weights);
}

void doubt_repeated_ids(const Layer& layer, Diagnostics& diagnostics) {
  const Column* ids = layer.roles.id.empty() ? nullptr : layer.find(layer.roles.id);
  if (ids == nullptr) return;
  if (ids->type() == ColumnType::integer)
    doubt_repeated<std::int64_t>(
        layer, *ids, [ids](std::size_t row) { return ids->integers()[row]; }, diagnostics);
  if (ids->type() == ColumnType::text)
    doubt_repeated<std::string_view>(
        layer, *ids, [ids](std::size_t row) { return ids->texts()[row]; }, diagnostics);
}

}  // namespace yaan
