#include "yaan/study/map_colours.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "yaan/core/error.hpp"
#include "yaan/study/study.hpp"

namespace yaan {

namespace {

using FindLayer = std::function<const Layer*(const std::string&)>;

bool on_a_map(const Layer* layer) {
  return layer != nullptr &&
         (layer->geometry.kind == GeometryKind::point || layer->geometry.kind == GeometryKind::polygon);
}

/// The layer that holds the field that the step shows.
std::string layer_of(const StudyStep& step, const OutputField& field) {
  return step.adds(field) ? step.roles.at(step.method->inputs.front().name) : step.output;
}

struct Shown {
  std::string layer;
  std::string column;
  const OutputField* field = nullptr;
};

/// What the last step that shows anything on a map shows, on `layer` alone where one is named.
std::optional<Shown> shown_last(const std::vector<StudyStep>& steps, const std::string& layer, const FindLayer& find) {
  for (std::size_t i = steps.size(); i-- > 0;) {
    const StudyStep& step = steps[i];
    const OutputField* field = step.method->shown_field();
    if (field == nullptr) continue;
    Shown shown{layer_of(step, *field), step.column_of(*field), field};
    const Layer* found = find(shown.layer);
    if (!on_a_map(found) || found->find(shown.column) == nullptr) continue;
    if (layer.empty() || layer == shown.layer) return shown;
  }
  return std::nullopt;
}

std::string layer_with(const std::string& column, const std::vector<std::string>& preferred,
                       const std::vector<std::string>& all, const FindLayer& find) {
  std::vector<std::string> names;
  for (const auto* layers : {&preferred, &all})
    for (const std::string& name : *layers) {
      const Layer* layer = name.empty() ? nullptr : find(name);
      if (!on_a_map(layer)) continue;
      if (layer->find(column) != nullptr) return name;
      for (const Column& other : layer->columns) names.push_back(other.name);
    }
  const std::string near = nearest_word(column, names);
  throw UsageError(
      fmt::format("no layer of points or areas has the column {} that a map is to be coloured by", column),
      near.empty() ? "name a column that a layer has or a step adds" : fmt::format("did you mean {}?", near));
}

std::string first_that_colours(const Layer& layer) {
  const auto at = std::find_if(layer.columns.begin(), layer.columns.end(),
                               [](const Column& column) { return column.colour_by != ColourBy::none; });
  if (at == layer.columns.end())
    throw UsageError(fmt::format("no column of layer {} says that it is for colouring a map", layer.name),
                     "name one: column");
  return at->name;
}

}  // namespace

bool tells_more_than_which(const OutputField& field) {
  return field.colour_by != ColourBy::category || !field.classes.empty();
}

std::optional<ColourChoice> colour_choice(const MapColours& wishes, const std::vector<StudyStep>& steps,
                                          const std::vector<std::string>& preferred,
                                          const std::vector<std::string>& all, const FindLayer& find) {
  if (wishes.districts) return std::nullopt;
  ColourChoice choice{wishes.layer, wishes.wish};
  std::string& column = choice.wish.column;
  if (!choice.layer.empty() && !on_a_map(find(choice.layer)))
    throw UsageError(
        fmt::format("layer {} holds neither points nor areas, so no map can be coloured by it", choice.layer),
        "name a layer of points or areas");
  if (column.empty()) {
    const auto shown = shown_last(steps, choice.layer, find);
    if (choice.layer.empty() && (!shown || !tells_more_than_which(*shown->field))) return std::nullopt;
    if (shown) choice.layer = shown->layer;
    column = shown ? shown->column : first_that_colours(*find(choice.layer));
  } else if (choice.layer.empty()) {
    choice.layer = layer_with(column, preferred, all, find);
  }
  return choice;
}

const std::vector<std::pair<std::string_view, style::Classing>>& classing_words() {
  static const std::vector<std::pair<std::string_view, style::Classing>> words = {
      {"natural", style::Classing::fisher_jenks},
      {"quantile", style::Classing::quantile},
      {"equal", style::Classing::equal_interval}};
  return words;
}

}  // namespace yaan
