#include "yaan/core/layer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "yaan/core/error.hpp"

namespace yaan {

namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row.back();
}

}  // namespace

std::string nearest_word(std::string_view word, const std::vector<std::string>& candidates) {
  const std::size_t limit = std::max<std::size_t>(2, word.size() / 2);
  std::size_t best = limit + 1;
  std::string nearest;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

const Column* Layer::find(std::string_view wanted) const {
  const auto at = std::find_if(columns.begin(), columns.end(), [&](const Column& c) { return c.name == wanted; });
  return at == columns.end() ? nullptr : &*at;
}

Column* Layer::find(std::string_view wanted) {
  return const_cast<Column*>(std::as_const(*this).find(wanted));  // NOLINT(cppcoreguidelines-pro-type-const-cast)
}

const Column& Layer::column(std::string_view wanted) const {
  if (const Column* found = find(wanted)) return *found;
  std::vector<std::string> names;
  for (const Column& c : columns) names.push_back(c.name);
  const std::string near = nearest_word(wanted, names);
  std::string advice = near.empty() ? "" : fmt::format("did you mean {}? ", near);
  advice += names.empty() ? "the layer has no columns" : fmt::format("the columns are {}", fmt::join(names, ", "));
  throw UsageError(fmt::format("layer {} has no column \"{}\"", name, wanted), advice);
}

void Layer::set(Column column) {
  if (column.size() != size())
    throw std::invalid_argument(fmt::format("column {} has {} values for the {} features of layer {}", column.name,
                                            column.size(), size(), name));
  if (Column* present = find(column.name)) {
    *present = std::move(column);
  } else {
    columns.push_back(std::move(column));
  }
}

std::string Layer::feature_id(std::size_t row) const {
  const Column* ids = roles.id.empty() ? nullptr : find(roles.id);
  std::string id = ids != nullptr ? ids->display(row) : std::string();
  return id.empty() ? fmt::format("#{}", row + 1) : id;
}

std::string Layer::feature_code(std::size_t row) const {
  const Column* codes = roles.code.empty() ? nullptr : find(roles.code);
  std::string code = codes != nullptr ? codes->display(row) : std::string();
  return code.empty() ? feature_id(row) : code;
}

std::string Layer::feature_name(std::size_t row, Language language) const {
  const auto text = [&](const std::string& column_name) {
    const Column* names = column_name.empty() ? nullptr : find(column_name);
    return names != nullptr ? names->display(row) : std::string();
  };
  const Localized both{text(roles.name_en), text(roles.name_th)};
  return both.empty() ? feature_id(row) : both.in(language);
}

Layer Layer::select(const std::vector<std::uint32_t>& rows) const {
  Layer chosen{name, title, crs, geometry.select(rows), {}, roles, sources};
  chosen.columns.reserve(columns.size());
  for (const Column& c : columns) chosen.columns.push_back(c.select(rows));
  return chosen;
}

Layer reprojected(const Layer& layer, const Crs& to) {
  Layer result = layer;
  result.crs = to;
  if (layer.crs.same_as(to)) return result;
  const Transformer transformer(layer.crs, to);
  const std::size_t lost = transformer.apply(result.geometry.x, result.geometry.y);
  if (lost != 0)
    throw InputError(fmt::format("layer {}: {} coordinates cannot be taken from {} to {}", layer.name, lost,
                                 layer.crs.name(), to.name()),
                     "the CRS of the layer may be wrong; give the right one with --crs");
  return result;
}

}  // namespace yaan
