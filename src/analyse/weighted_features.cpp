#include "analyse/weighted_features.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <tuple>
#include <unordered_map>

#include "analyse/weights_words.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"
#include "yaan/core/publication.hpp"
#include "yaan/core/stable_ids.hpp"

namespace yaan {

namespace {

using Numbers = std::unordered_map<std::string, std::uint32_t>;

constexpr std::uint32_t kNoItem = 0xffffffff;

bool has_ids(const Layer& layer) { return !layer.roles.id.empty() && layer.find(layer.roles.id) != nullptr; }

/// The rows that are open, by their places.
std::vector<std::uint32_t> order_of(const Layer& features, const Places& places) {
  const std::vector<Publication> levels = publication_levels(features);
  std::vector<std::uint32_t> order;
  for (std::uint32_t row = 0; row < levels.size(); ++row)
    if (levels[row] == Publication::open) order.push_back(row);
  const std::vector<std::string> ids = features.geometry.kind == GeometryKind::none || has_ids(features)
                                           ? stable_ids(features)
                                           : std::vector<std::string>(features.size());
  const auto last = [](double v) { return std::isfinite(v) ? v : std::numeric_limits<double>::infinity(); };
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    const double ax = last(places.x[a]), ay = last(places.y[a]), bx = last(places.x[b]), by = last(places.y[b]);
    return std::tie(ax, ay, ids[a], a) < std::tie(bx, by, ids[b], b);
  });
  return order;
}

const Column& table_column(const Layer& table, const char* name) {
  if (const Column* column = table.find(name)) return *column;
  throw UsageError(fmt::format("the weights in {} have no column {}", table.name, name),
                   "a table of weights has the columns from, to and weight; spatial-weights makes one, and .gal and "
                   ".gwt files are read as one");
}

/// The item that each name in the table stands for; kNoItem for a feature that takes no part.
Numbers names_of(const Layer& features, const Layer& table, const std::vector<std::uint32_t>& item_of_row) {
  Numbers numbers;
  const std::vector<std::string> ids = stable_ids(features);
  for (std::size_t row = 0; row < ids.size(); ++row) numbers.emplace(ids[row], item_of_row[row]);
  if (has_ids(features)) return numbers;
  bool from_zero = false;
  for (const char* name : {"from", "to"}) {
    const Column& column = table_column(table, name);
    for (std::size_t i = 0; i < column.size() && !from_zero; ++i) from_zero = column.display(i) == "0";
  }
  for (std::size_t row = 0; row < ids.size(); ++row)
    numbers.emplace(std::to_string(row + (from_zero ? 0 : 1)), item_of_row[row]);
  return numbers;
}

SpatialWeights read_table(const Layer& features, const Layer& table, const std::vector<std::uint32_t>& order,
                          Diagnostics& diagnostics, const Progress& progress) {
  std::vector<std::uint32_t> item_of_row(features.size(), kNoItem);
  for (std::uint32_t i = 0; i < order.size(); ++i) item_of_row[order[i]] = i;
  const Column& from = table_column(table, "from");
  const Column& to = table_column(table, "to");
  const Column& weight = table_column(table, "weight");
  const Numbers numbers = names_of(features, table, item_of_row);
  const std::string said =
      table.sources.empty() ? table.name : fmt::format("{} ({})", table.name, table.sources.front().path);
  const auto item = [&](const Column& column, std::size_t row) {
    const auto at = numbers.find(column.display(row));
    if (at != numbers.end()) return at->second;
    throw InputError(fmt::format("row {} of the weights in {} names \"{}\", but layer {} has no such feature", row + 1,
                                 said, column.display(row), features.name),
                     has_ids(features)
                         ? "the ids are those of the id column; name another with --column id=COLUMN, in a "
                           "study in columns"
                         : "name the column of the ids with --column id=COLUMN, in a study in columns");
  };
  std::vector<Link> links;
  std::vector<std::uint8_t> named(order.size(), 0);
  for (std::size_t row = 0; row < table.size(); ++row) {
    if (row % 4096 == 0) progress.throw_if_cancelled();
    for (const Column* end : {&from, &to}) {
      if (end->is_null(row)) continue;
      if (const std::uint32_t at = item(*end, row); at != kNoItem) named[at] = 1;
    }
    if (to.is_null(row)) continue;  // an island
    const auto w = weight.number(row);
    if (!w || !(*w >= 0) || !std::isfinite(*w))
      throw InputError(fmt::format("row {} of the weights in {} has the weight {}", row + 1, said,
                                   weight.is_null(row) ? "nothing" : weight.display(row)),
                       "weights are numbers of at least 0");
    links.push_back({item(from, row), item(to, row), *w});
    if (links.back().from == kNoItem || links.back().to == kNoItem) {
      links.pop_back();
      continue;
    }
    if (links.back().from == links.back().to)
      diagnostics.add(Severity::skipped, "self-link", table.name,
                      "links of a feature to itself are left out, because no feature is its own neighbour", 1,
                      from.display(row));
    else if (*w == 0)
      diagnostics.add(Severity::skipped, "zero-weight", table.name, "links of weight 0 are left out", 1,
                      from.display(row));
  }
  for (std::uint32_t i = 0; i < order.size(); ++i)
    if (named[i] == 0)
      diagnostics.add(Severity::doubt, "not-in-weights", features.name,
                      fmt::format("features are not in the weights {} at all: are those of another layer?", said), 1,
                      features.feature_id(order[i]));
  return weights_of(order.size(), std::move(links));
}

}  // namespace

WeightedFeatures weighted_features(const Layer& features, const Layer* table, const WeightsOptions& options,
                                   Diagnostics& diagnostics, Progress& progress) {
  progress.throw_if_cancelled();
  progress.report("making weights", 0.1);
  const Places by_row = places_of(features.geometry, features.crs);
  WeightedFeatures made;
  made.row = order_of(features, by_row);
  if (made.row.size() < features.size())
    diagnostics.add(Severity::note, "not-open-left-out", features.name,
                    "features that are not open have no result, are nobody's neighbour and count in nothing: it would "
                    "tell where they are and what they hold",
                    static_cast<std::int64_t>(features.size() - made.row.size()));
  if (table != nullptr) {
    made.weights = read_table(features, *table, made.row, diagnostics, progress);
    return made;
  }
  Places places;
  for (const std::uint32_t row : made.row) {
    places.x.push_back(by_row.x[row]);
    places.y.push_back(by_row.y[row]);
  }
  made.weights = make_weights(features.geometry.select(made.row), places, features.crs, options, features.name,
                              diagnostics, progress);
  return made;
}

namespace {

/// Why a column is not one of numbers: it is empty, or the first of its values that is none.
std::string no_numbers(const Layer& features, const Column& column) {
  if (column.null_count() == column.size()) return "is empty";
  if (column.type() != ColumnType::text) return fmt::format("holds {}, not numbers", to_string(column.type()));
  std::uint32_t numbers = 0;
  std::optional<std::uint32_t> wrong;
  for (std::uint32_t row = 0; row < column.size(); ++row) {
    if (column.is_null(row)) continue;
    const auto number = parse_double(column.texts()[row]);
    if (number && std::isfinite(*number))
      ++numbers;
    else if (!wrong)
      wrong = row;
  }
  if (!wrong) return "holds text, not numbers";
  const std::string id = features.feature_id(*wrong);
  const std::string at = id.empty() ? fmt::format("row {}", *wrong + 1) : fmt::format("the row {}", id);
  return fmt::format("holds text, not numbers: {} has \"{}\"{}", at, column.texts()[*wrong],
                     numbers == 0 ? "" : "; leave such cells empty");
}

/// "the column of the population" is asked for by the parameter population.
std::string parameter_of(std::string_view what) {
  if (what == "second variable") return "neighbour_variable";
  return std::string(what.substr(what.rfind(' ') + 1));  // all of it where there is no space
}

}  // namespace

const Column& numbers_named(const Layer& features, const std::string& name, const char* parameter) {
  std::vector<std::string> numeric;
  for (const Column& column : features.columns)
    if (column.type() == ColumnType::integer || column.type() == ColumnType::real) numeric.push_back(column.name);
  const std::string advice = numeric.empty() ? fmt::format("layer {} has no column of numbers", features.name)
                                             : fmt::format("the columns of numbers are {}", fmt::join(numeric, ", "));
  if (name.empty())
    throw UsageError(fmt::format("nobody says which {} the {}",
                                 std::string_view(parameter).starts_with("column") ? "is" : "column is", parameter),
                     fmt::format("the parameter {} names it; {}", parameter_of(parameter), advice));
  const Column& column = features.column(name);
  if (column.type() != ColumnType::integer && column.type() != ColumnType::real)
    throw UsageError(
        fmt::format("the {} {} of layer {} {}", parameter, name, features.name, no_numbers(features, column)), advice);
  return column;
}

namespace {

bool usable(const Column* column, std::size_t row) {
  if (column == nullptr) return true;
  const auto value = column->number(row);
  return value && std::isfinite(*value);
}

void set_islands_aside(Observations& observations) {
  for (;;) {  // what loses its only neighbour becomes an island
    std::vector<std::uint32_t> kept;
    for (std::uint32_t i = 0; i < observations.size(); ++i)
      if (observations.weights.degree(i) > 0) kept.push_back(i);
    if (kept.size() == observations.size()) return;
    observations.weights = select(observations.weights, kept);
    for (std::size_t i = 0; i < kept.size(); ++i) {
      observations.row[i] = observations.row[kept[i]];
      observations.value[i] = observations.value[kept[i]];
      if (!observations.second.empty()) observations.second[i] = observations.second[kept[i]];
    }
    observations.row.resize(kept.size());
    observations.value.resize(kept.size());
    if (!observations.second.empty()) observations.second.resize(kept.size());
  }
}

const char* words_for(IslandRule rule) {
  switch (rule) {
    case IslandRule::keep: return "features have no neighbours: they count in n, and their lag is 0";
    case IslandRule::uncounted:
      return "features have no neighbours: they count in the mean and the variance, but not in n";
    case IslandRule::leave_out: return "features have no neighbours and are left out of everything";
  }
  return "";
}

}  // namespace

Observations observe(const Layer& features, const Layer* table, const AutocorrelationOptions& options,
                     const std::string& second, Diagnostics& diagnostics, Progress& progress) {
  const Column& column = numbers_named(features, options.variable, "variable");
  const Column* other = second.empty() ? nullptr : &numbers_named(features, second, "second variable");
  WeightedFeatures made = weighted_features(features, table, options, diagnostics, progress);
  Observations observations;
  std::vector<std::uint32_t> kept;
  for (std::uint32_t i = 0; i < made.row.size(); ++i) {
    const std::uint32_t row = made.row[i];
    if (!usable(&column, row) || !usable(other, row)) {
      ++observations.missing;
      diagnostics.add(Severity::skipped, "missing-value", features.name,
                      fmt::format("features without a finite {} are left out, and their links with them",
                                  other == nullptr ? options.variable : options.variable + " or " + second),
                      1, features.feature_id(row));
      continue;
    }
    kept.push_back(i);
    observations.row.push_back(row);
    observations.value.push_back(*column.number(row));
    if (other != nullptr) observations.second.push_back(*other->number(row));
  }
  observations.weights = kept.size() == made.row.size() ? std::move(made.weights) : select(made.weights, kept);
  for (std::uint32_t i = 0; i < observations.size(); ++i)
    if (observations.weights.degree(i) == 0) {
      observations.islands.push_back(i);
      diagnostics.add(Severity::doubt, "islands", features.name, words_for(options.islands), 1,
                      features.feature_id(observations.row[i]));
    }
  const auto islands = static_cast<double>(observations.islands.size());
  if (options.islands == IslandRule::leave_out) {
    const std::size_t all = observations.size();
    set_islands_aside(observations);
    observations.islands.clear();
    observations.islands_left_out = static_cast<std::int64_t>(all - observations.size());
  }
  observations.counted =
      static_cast<double>(observations.size()) - (options.islands == IslandRule::uncounted ? islands : 0);
  apply_style(observations.weights, options.style);
  observations.weights_title = weights_words(options, features, table);
  return observations;
}

Observations observe_two(const Layer& features, const Layer* table, const AutocorrelationOptions& options,
                         const std::string& second, Diagnostics& diagnostics, Progress& progress) {
  if (second.empty())
    throw UsageError("nobody says which column of the neighbours to look at",
                     "name it: the parameter neighbour_variable");
  return observe(features, table, options, second, diagnostics, progress);
}

bool may_vary(const Observations& observations, const Layer& features, const std::string& second,
              Diagnostics& diagnostics) {
  if (!is_constant(observations.second)) return true;
  diagnostics.add(Severity::doubt, "constant-variable", features.name,
                  fmt::format("{} is the same everywhere: nothing was computed", second));
  return false;
}

bool can_compute(const Observations& observations, const Layer& features, const std::string& variable,
                 std::size_t least, Diagnostics& diagnostics) {
  const auto say = [&](const char* code, const std::string& message) {
    diagnostics.add(Severity::doubt, code, features.name, message);
    return false;
  };
  if (observations.counted < static_cast<double>(least))
    return say("too-few-features", fmt::format("{} features with a value and a neighbour are too few: nothing was "
                                               "computed, {} are needed",
                                               shortest(observations.counted), least));
  if (observations.weights.links() == 0) return say("no-links", "no feature has a neighbour: nothing was computed");
  if (is_constant(observations.value))
    return say("constant-variable",
               fmt::format("{} is the same everywhere, so it cannot go together with anything: nothing was computed",
                           variable));
  if (links_all_alike(observations.weights))
    return say("all-neighbours",
               "each feature has all others as its neighbours, with one weight, so nothing tells who lies beside "
               "whom: nothing was computed; take fewer neighbours");
  return true;
}

bool is_constant(std::span<const double> values) {
  if (values.empty()) return true;
  constexpr double kUlps = 4 * std::numeric_limits<double>::epsilon();
  double largest = 0, squares = 0;
  for (const double v : values) largest = std::max(largest, std::abs(v));
  for (const double v : deviations(values)) squares += v * v;
  const double least = kUlps * largest;
  return squares <= least * least * static_cast<double>(values.size());
}

bool links_all_alike(const SpatialWeights& weights) {
  const std::size_t n = weights.size();
  if (n < 2 || weights.links() != n * (n - 1)) return false;
  constexpr double kRoom = 1e-12;
  return std::all_of(weights.weight.begin(), weights.weight.end(),
                     [&](double w) { return std::abs(w - weights.weight.front()) <= kRoom * w; });
}

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::vector<double> deviations(std::span<const double> values) {
  const double mean = mean_of(values);
  std::vector<double> less(values.begin(), values.end());
  for (double& v : less) v -= mean;
  return less;
}

std::vector<double> standardised(std::span<const double> values) {
  std::vector<double> z = deviations(values);
  double squares = 0;
  for (const double v : z) squares += v * v;
  const double deviation = std::sqrt(squares / static_cast<double>(values.size()));
  for (double& v : z) v /= deviation;
  return z;
}

}  // namespace yaan
