// What every method in the registry keeps, whoever wrote it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <set>

#include "study/contract_samples.hpp"
#include "yaan/core/error.hpp"
#include "yaan/study/registry.hpp"
#include "yaan/style/layer_style.hpp"

namespace yaan {
namespace {

class MethodContract : public ::testing::TestWithParam<const Method*> {
 protected:
  static const Method& method() { return *GetParam(); }
};

struct Answer {
  std::vector<Layer> layers;  // in the order of the roles
  MethodResult result;
};

/// The defaults, with the columns named that have none.
std::any options_for(const Method& method) {
  std::any options = method.default_options();
  // Their variable holds kinds, which the part category gives; the scan compares with its background instead.
  const bool needs_none =
      method.name == "join-counts" || method.name.ends_with("colocation-quotient") || method.name == "scan-statistic";
  for (const auto& [name, column] :
       {std::pair("variable", method.name == "local-join-count" ? "flag" : "value"),
        std::pair("neighbour_variable", "other"), std::pair("events", "flag"), std::pair("population", "value")})
    if (const Parameter* named = method.find_parameter(name); named != nullptr && !needs_none)
      named->set(options, Value(std::string(column)));
  return options;
}

std::vector<Layer> layers_for(const Method& method, const Points& points) {
  std::vector<Layer> layers;
  for (const InputRole& role : method.inputs) layers.push_back(layer_of(role.geometry, points));
  return layers;
}

Answer run_on(const Method& method, std::vector<Layer> layers, Progress& progress) {
  Answer run;
  run.layers = std::move(layers);
  MethodInputs inputs;
  for (std::size_t i = 0; i < method.inputs.size(); ++i)
    if (method.inputs[i].name != "weights")  // a table about the first layer; without it the parameters make one
      inputs.layers[method.inputs[i].name] = &run.layers[i];
  run.result = method.run(inputs, options_for(method), progress);
  return run;
}

Answer run_on(const Method& method, std::vector<Layer> layers) {
  Progress progress;
  return run_on(method, std::move(layers), progress);
}

Answer run_on(const Method& method, const Points& points) { return run_on(method, layers_for(method, points)); }

std::vector<std::string> as_text(const Column& column) {
  std::vector<std::string> rows;
  for (std::size_t row = 0; row < column.size(); ++row)
    rows.push_back(column.is_null(row) ? "null" : column.display(row));
  return rows;
}

/// Columns of a made layer that come before those that the method describes: all of the first input, or none.
std::size_t taken_over(const Method& method, const Layer& made) {
  return made.columns.size() - std::min(made.columns.size(), method.makes_fields.size());
}

/// A layer that takes over the columns of the first input has its rows and parts as well.
void expect_copy_of(const Layer& first, const Layer& made) {
  ASSERT_EQ(made.size(), first.size());
  ASSERT_GE(made.columns.size(), first.columns.size());
  EXPECT_EQ(made.roles, first.roles);
  for (std::size_t i = 0; i < first.columns.size(); ++i) {
    EXPECT_EQ(made.columns[i].name, first.columns[i].name);
    EXPECT_EQ(as_text(made.columns[i]), as_text(first.columns[i])) << first.columns[i].name;
  }
}

/// The result has the shape that the description promises.
void expect_promised_shape(const Method& method, const Answer& run) {
  const std::size_t rows = run.layers.front().size();
  ASSERT_EQ(run.result.columns.size(), method.adds.size());
  for (std::size_t i = 0; i < method.adds.size(); ++i) {
    EXPECT_EQ(run.result.columns[i].name, method.adds[i].name);
    EXPECT_EQ(run.result.columns[i].type(), method.adds[i].type) << method.adds[i].name;
    EXPECT_EQ(run.result.columns[i].unit, method.adds[i].unit) << method.adds[i].name;
    EXPECT_EQ(run.result.columns[i].size(), rows) << method.adds[i].name;
    if (!method.adds[i].nullable) {
      EXPECT_EQ(run.result.columns[i].null_count(), 0U) << method.adds[i].name;
    }
  }
  ASSERT_EQ(run.result.layers.size(), method.makes.empty() ? 0U : 1U);
  for (const Layer& layer : run.result.layers) {
    EXPECT_EQ(method.makes_table, layer.geometry.kind == GeometryKind::none);
    const std::size_t taken = taken_over(method, layer);
    ASSERT_EQ(layer.columns.size(), taken + method.makes_fields.size());
    if (taken > 0) expect_copy_of(run.layers.front(), layer);
    for (std::size_t i = taken; i < layer.columns.size(); ++i) {
      const OutputField& field = method.makes_fields[i - taken];
      EXPECT_EQ(layer.columns[i].name, field.name);
      EXPECT_EQ(layer.columns[i].type(), field.type) << layer.columns[i].name;
      EXPECT_EQ(layer.columns[i].size(), layer.size()) << layer.columns[i].name;
      if (!field.nullable) {
        EXPECT_EQ(layer.columns[i].null_count(), 0U) << layer.columns[i].name;
      }
    }
  }
  EXPECT_FALSE(run.result.summary.empty());
}

TEST_P(MethodContract, IsDescribed) {
  EXPECT_EQ(find_method(method().name), GetParam());
  for (const std::string& text : {method().name, method().stage, method().title.en, method().title.th, method().summary,
                                  method().description, method().citation, method().example})
    EXPECT_FALSE(text.empty());
  EXPECT_TRUE(method().example.starts_with(method().name + " "));
  ASSERT_FALSE(method().inputs.empty());
  EXPECT_EQ(method().inputs.front().need, RoleNeed::required);
  for (const auto* fields : {&method().adds, &method().makes_fields})
    for (const OutputField& field : *fields) {
      EXPECT_FALSE(field.help.empty()) << field.name;
      EXPECT_FALSE(field.title.en.empty() || field.title.th.empty()) << field.name;
    }
}

// Words that a verb, a study step or a reader of the schema gives another meaning.
TEST_P(MethodContract, TakesNoNameThatMeansSomethingElse) {
  std::set<std::string> taken = {"method",       "output", "note",    "layer", "x",         "y",    "crs",
                                 "override-crs", "column", "threads", "json",  "overwrite", "help", "FILE"};
  for (const InputRole& role : method().inputs) {
    EXPECT_TRUE(taken.insert(role.name).second) << role.name;
    for (const char* tail : {"-layer", "-crs", "-x", "-y"}) EXPECT_TRUE(taken.insert(role.name + tail).second);
  }
  if (!method().makes.empty()) {
    EXPECT_TRUE(taken.insert(method().makes).second) << method().makes;  // a verb's layers are called as their roles
  }
  for (const Parameter& parameter : method().parameters)
    EXPECT_TRUE(taken.insert(option_of(parameter.name).substr(2)).second) << parameter.name;
}

TEST_P(MethodContract, HasValidDefaults) {
  std::any options = method().default_options();
  for (const Parameter& parameter : method().parameters) {
    EXPECT_NO_THROW(check(parameter, parameter.default_value)) << parameter.name;
    EXPECT_EQ(parameter.get(options), parameter.default_value) << parameter.name;
    EXPECT_EQ(parse_value(parameter, to_string(parameter.default_value)), parameter.default_value) << parameter.name;
    EXPECT_NO_THROW(parameter.set(options, parameter.default_value)) << parameter.name;
    EXPECT_EQ(parameter.get(options), parameter.default_value) << parameter.name;
    EXPECT_FALSE(parameter.help.empty()) << parameter.name;
    // The schema writes lengths as texts, whose pattern knows "at least 0" and "more than 0" and no other bound.
    if (parameter.kind == ParameterKind::length) {
      EXPECT_EQ(parameter.minimum, 0) << parameter.name;
      EXPECT_TRUE(std::isinf(parameter.maximum)) << parameter.name;
    }
  }
}

TEST_P(MethodContract, TakesPointsOfEveryKind) {
  const Points points = sample_points();
  Points duplicated = points;
  duplicated.insert(duplicated.end(), points.begin(), points.end());
  Points broken = points;
  broken[3] = {kNan, 18.7};
  broken[40] = {98.9, std::numeric_limits<double>::infinity()};
  broken[80] = {kNan, kNan};
  for (const Points& set :
       {Points{}, Points{{98.98, 18.79}}, Points(12, {98.98, 18.79}), duplicated, broken, Points(3, {kNan, kNan})}) {
    SCOPED_TRACE(set.size());
    const Answer run = run_on(method(), set);
    expect_promised_shape(method(), run);
  }
}

TEST_P(MethodContract, GivesPermutedInputTheSameAnswer) {
  std::vector<Layer> layers = layers_for(method(), sample_points());
  if (layers.front().geometry.kind == GeometryKind::polygon) layers.front() = faulty_areas();
  const Answer straight = run_on(method(), layers);
  std::vector<std::uint32_t> order(layers.front().size());
  std::iota(order.begin(), order.end(), 0U);
  std::shuffle(order.begin(), order.end(), std::mt19937(11));
  // Layers of the same kind as the first may be about its rows.
  for (Layer& layer : layers)
    if (layer.size() == order.size()) layer = layer.select(order);
  const Answer shuffled = run_on(method(), layers);

  ASSERT_EQ(shuffled.result.columns.size(), straight.result.columns.size());
  for (std::size_t c = 0; c < straight.result.columns.size(); ++c) {
    const auto expected = as_text(straight.result.columns[c]);
    const auto found = as_text(shuffled.result.columns[c]);
    for (std::size_t i = 0; i < order.size(); ++i)
      EXPECT_EQ(found[i], expected[order[i]]) << straight.result.columns[c].name;
  }
  ASSERT_EQ(shuffled.result.layers.size(), straight.result.layers.size());
  for (std::size_t l = 0; l < straight.result.layers.size(); ++l) {
    const Layer& expected = straight.result.layers[l];
    const Layer& found = shuffled.result.layers[l];
    ASSERT_EQ(found.size(), expected.size());
    // Rows of the first input are in its order.
    const bool permuted_rows = taken_over(method(), expected) > 0 && expected.size() == order.size();
    std::vector<std::uint32_t> rows(expected.size());
    for (std::uint32_t i = 0; i < rows.size(); ++i) rows[i] = permuted_rows ? order[i] : i;
    const Layer in_order = permuted_rows ? expected.select(rows) : expected;
    for (std::size_t c = 0; c < expected.columns.size(); ++c)
      EXPECT_EQ(as_text(found.columns[c]), as_text(in_order.columns[c])) << expected.columns[c].name;
    EXPECT_EQ(found.geometry.x, in_order.geometry.x);
    EXPECT_EQ(found.geometry.y, in_order.geometry.y);
  }
  EXPECT_EQ(shuffled.result.summary, straight.result.summary);
}

/// Methods whose layers and columns have nothing to show on a map: tables about the whole, or links.
bool has_nothing_for_a_map(const Method& method) {
  static const std::set<std::string> kNone = {
      "moran", "geary", "general-g", "bivariate-moran", "nearest-neighbour-index", "radius-curves"};
  return kNone.contains(method.name);
}

// What a map shows of a method without being told, or that it shows nothing; docs/methods.md says the same.
TEST_P(MethodContract, HasAStyleForMapsOrStatesNone) {
  const OutputField* shown = method().shown_field();
  EXPECT_EQ(shown == nullptr, has_nothing_for_a_map(method())) << "give a field a colour_by, or list the method here";
  if (shown != nullptr) {
    EXPECT_NE(shown->colour_by, ColourBy::none) << shown->name;
  }
  if (!method().map_field.empty()) {
    ASSERT_NE(shown, nullptr) << "map_field names no field";
    EXPECT_EQ(shown->name, method().map_field);
  }
  for (const auto* fields : {&method().adds, &method().makes_fields})
    for (const OutputField& field : *fields) {
      if (field.type == ColumnType::text && field.colour_by != ColourBy::none) {
        EXPECT_EQ(field.colour_by, ColourBy::category) << field.name << ": words fall into no classes";
      }
      std::set<std::string> values;
      for (const ColumnClass& known : field.classes) {
        EXPECT_EQ(field.colour_by, ColourBy::category) << field.name;
        EXPECT_TRUE(values.insert(known.value).second) << field.name << ": " << known.value;
        EXPECT_FALSE(known.title.en.empty() || known.title.th.empty()) << field.name << ": " << known.value;
      }
    }
}

TEST_P(MethodContract, ItsColumnsColourAMapWithWordsForEveryValue) {
  const Answer run = run_on(method(), sample_points());
  std::vector<const Column*> columns;
  for (const Column& column : run.result.columns) columns.push_back(&column);
  for (const Layer& layer : run.result.layers)
    for (std::size_t i = taken_over(method(), layer); i < layer.columns.size(); ++i)
      columns.push_back(&layer.columns[i]);
  for (const Column* column : columns) {
    if (column->colour_by == ColourBy::none) continue;
    Layer layer;
    layer.name = "shown";
    layer.geometry = Geometry::empty(GeometryKind::none);
    layer.geometry.rows = column->size();
    layer.columns.push_back(*column);
    style::StyleWish wish;
    wish.column = column->name;
    const style::LayerStyle look = style::style_of(layer, wish);
    EXPECT_EQ(look.colours.size(), column->size()) << column->name;
    std::size_t counted = 0;
    for (const style::LegendEntry& entry : look.legend) counted += entry.count;
    EXPECT_EQ(counted, column->size()) << column->name;
    EXPECT_FALSE(look.title.en.empty() || look.title.th.empty()) << column->name;
    if (column->classes.empty()) continue;
    std::set<std::string> known;
    for (const ColumnClass& one : column->classes) known.insert(one.value);
    for (const std::string& value : as_text(*column))
      EXPECT_TRUE(known.contains(value == "null" ? "" : value)) << column->name << ": " << value << " has no words";
  }
}

TEST_P(MethodContract, StopsWhenItIsCancelled) {
  Progress progress;
  progress.cancel();
  EXPECT_THROW(run_on(method(), layers_for(method(), sample_points()), progress), Cancelled);
}

TEST_P(MethodContract, NamesTheRoleThatIsMissing) {
  Progress progress;
  EXPECT_THROW(method().run(MethodInputs{}, method().default_options(), progress), UsageError);
}

INSTANTIATE_TEST_SUITE_P(Registry, MethodContract, ::testing::ValuesIn(methods()), [](const auto& method_info) {
  std::string name = method_info.param->name;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(Registry, HasUniqueNamesAndAdvisesTheNearest) {
  std::set<std::string> names;
  for (const Method* method : methods()) EXPECT_TRUE(names.insert(method->name).second) << method->name;
  EXPECT_EQ(find_method("dbscn"), nullptr);
  try {
    (void)method_named("dbscn");
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_EQ(error.advice(), "did you mean dbscan?");
  }
}

}  // namespace
}  // namespace yaan
