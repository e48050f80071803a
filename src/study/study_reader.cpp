#include "study/study_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "load/extent.hpp"
#include "study/findings.hpp"
#include "study/schema.hpp"
#include "yaan/core/database_name.hpp"
#include "yaan/load/raster.hpp"
#include "yaan/load/read.hpp"
#include "yaan/load/read_settings.hpp"

namespace yaan {

namespace {

std::string text_at(const Json& json, const char* key) { return json.value(key, std::string()); }

Localized localized_at(const Json& json, const char* key) {
  if (!json.contains(key)) return {};
  return {text_at(json[key], "en"), text_at(json[key], "th")};
}

void put(Json& json, const char* key, const std::string& text) {
  if (!text.empty()) json[key] = text;
}

}  // namespace

Json value_json(const Value& value) {
  return std::visit(
      [](const auto& v) -> Json {
        if constexpr (std::is_same_v<std::decay_t<decltype(v)>, Length>)
          return v.has_unit ? Json(to_string(v)) : Json(v.value);
        else
          return v;
      },
      value);
}

Value value_from(const Parameter& parameter, const Json& json) {
  Value value;
  switch (parameter.kind) {
    case ParameterKind::flag: value = json.get<bool>(); break;
    case ParameterKind::integer:
      value = json.is_number_float() ? static_cast<std::int64_t>(json.get<double>()) : json.get<std::int64_t>();
      break;
    case ParameterKind::real: value = json.get<double>(); break;
    case ParameterKind::length:
      value =
          json.is_string() ? parse_length(json.get<std::string>(), parameter.name) : Length::bare(json.get<double>());
      break;
    case ParameterKind::choice:
    case ParameterKind::text: value = json.get<std::string>(); break;
  }
  check(parameter, value);
  return value;
}

Json layer_json(const StudyLayer& layer) {
  Json json = {{"file", layer.file}};
  for (const ReadSetting& setting : read_settings())
    put(json, std::string(setting.key).c_str(), setting.get(layer.read));
  if (layer.override_crs) json["override_crs"] = true;
  for (const auto& [role, column] : layer.columns) json["columns"][role] = column.empty() ? Json() : Json(column);
  return json;
}

StudyReader::StudyReader(const Json& document, const std::filesystem::path& file)
    : m_document(document), m_where(file.string()) {
  m_study.m_file = file;
}

UsageError StudyReader::wrong(const std::string& place, const std::string& what, const std::string& advice) const {
  return UsageError(
      m_where.empty() ? fmt::format("{}: {}", place, what) : fmt::format("{}: {}: {}", m_where, place, what), advice);
}

Study StudyReader::read() {
  m_study.m_title = localized_at(m_document, "title");
  for (const auto& [name, json] : m_document["layers"].items()) {
    if (name == "note") continue;
    if (names_raster(json["file"].get<std::string>())) {
      m_study.m_backdrops.push_back(read_backdrop(name, json));
      continue;
    }
    m_study.m_layers.push_back(read_layer(name, json));
    m_known.push_back(name);
  }
  if (m_document.contains("checks")) m_study.m_checks = read_checks(m_document["checks"]);
  if (m_document.contains("analyses")) {
    const Json& steps = m_document["analyses"];
    for (std::size_t i = 0; i < steps.size(); ++i)
      m_study.m_steps.push_back(read_step(steps[i], item_place("analyses", i)));
  }
  if (m_document.contains("outputs")) {
    const Json& outputs = m_document["outputs"];
    for (std::size_t i = 0; i < outputs.size(); ++i)
      m_study.m_outputs.push_back(read_output(outputs[i], item_place("outputs", i)));
  }
  return std::move(m_study);
}

void StudyReader::read_settings_of(const std::string& name, const Json& json, ReadOptions& options) const {
  for (const ReadSetting& setting : read_settings()) {
    const std::string key(setting.key);
    if (!json.contains(key)) continue;
    try {
      setting.set(options, json[key].get<std::string>());
      if (key == "crs") Crs::from_text(options.crs);
    } catch (const UsageError& error) {
      throw wrong(fmt::format("layers.{}.{}", name, key), error.what(), error.advice());
    }
  }
}

StudyBackdrop StudyReader::read_backdrop(const std::string& name, const Json& json) const {
  std::vector<std::string> known = {"file", "override_crs", "opacity", "title", "licence", "attribution", "note"};
  for (const ReadSetting& setting : read_settings())
    if (setting.of_pictures) known.emplace_back(setting.key);
  StudyBackdrop backdrop;
  backdrop.name = name;
  backdrop.file = json["file"];
  for (const auto& [key, value] : json.items())
    if (std::find(known.begin(), known.end(), key) == known.end())
      throw wrong(fmt::format("layers.{}.{}", name, key),
                  fmt::format("the key has no meaning for a picture ({})", backdrop.file),
                  fmt::format("the keys of a picture are {}", fmt::join(known, ", ")));
  read_settings_of(name, json, backdrop.read);
  backdrop.override_crs = json.value("override_crs", false);
  backdrop.opacity = json.value("opacity", 1.0);
  backdrop.title = localized_at(json, "title");
  backdrop.licence = text_at(json, "licence");
  backdrop.attribution = text_at(json, "attribution");
  return backdrop;
}

StudyLayer StudyReader::read_layer(const std::string& name, const Json& json) const {
  StudyLayer layer;
  layer.name = name;
  layer.file = json["file"];
  if (names_database(layer.file)) try {
      check_database_name(layer.file);
    } catch (const UsageError& error) {
      throw wrong(fmt::format("layers.{}.file", name), error.what(), error.advice());
    }
  if (json.contains("opacity"))
    throw wrong(fmt::format("layers.{}.opacity", name), fmt::format("{} is no picture", layer.file),
                "only a picture under the maps has an opacity: a GeoTIFF, whose name ends in .tif or .tiff");
  read_settings_of(name, json, layer.read);
  layer.override_crs = json.value("override_crs", false);
  layer.read.table = json.value("table", false);
  layer.decisions = text_at(json, "decisions");
  if (json.contains("accept"))
    for (const Json& problem : json["accept"]) layer.accept.insert(problem.get<std::string>());
  layer.title = localized_at(json, "title");
  layer.licence = text_at(json, "licence");
  layer.attribution = text_at(json, "attribution");
  if (json.contains("columns"))
    for (const auto& [role, column] : json["columns"].items())
      if (role != "note") layer.columns[role] = column.is_null() ? std::string() : column.get<std::string>();
  if (json.contains("categories"))
    for (const auto& [category, words] : json["categories"].items())
      if (category != "note")
        layer.categories.emplace_back(category, localized_at(json["categories"], category.c_str()));
  return layer;
}

StudyChecks StudyReader::read_checks(const Json& json) const {
  StudyChecks checks;
  checks.areas = layer_named(json, "areas", "", "checks");
  std::any claims = checks.claims;
  for (const Parameter* parameter : check_parameters()) {
    if (!json.contains(parameter->name)) continue;
    try {
      parameter->set(claims, value_from(*parameter, json[parameter->name]));
    } catch (const UsageError& error) {
      throw wrong("checks", error.what(), error.advice());
    }
  }
  checks.claims = std::any_cast<const CheckClaimsOptions&>(claims);
  return checks;
}

std::string StudyReader::layer_named(const Json& json, const std::string& key, const std::string& fallback,
                                     const std::string& place) const {
  if (!json.contains(key)) return fallback;
  auto name = json[key].get<std::string>();
  if (std::find(m_known.begin(), m_known.end(), name) != m_known.end()) return name;
  for (const StudyBackdrop& backdrop : m_study.m_backdrops)
    if (backdrop.name == name)
      throw wrong(member_place(place, key),
                  fmt::format("layer {} is a picture ({}), which holds no points, lines or areas", name, backdrop.file),
                  "maps show it without being told; name a layer of features here");
  const std::string near = nearest_word(name, m_known);
  throw wrong(member_place(place, key), fmt::format("there is no layer \"{}\" at this step", name),
              !near.empty()     ? fmt::format("did you mean {}?", near)
              : m_known.empty() ? "the study has no layers"
                                : fmt::format("the layers so far are {}", fmt::join(m_known, ", ")));
}

StudyStep StudyReader::read_step(const Json& json, const std::string& place) {
  StudyStep step;
  step.method = &method_named(json["method"].get<std::string>());
  for (const InputRole& role : step.method->inputs)
    if (json.contains(role.name)) {
      step.roles[role.name] = layer_named(json, role.name, "", place);
      for (StudyLayer& layer : m_study.m_layers)
        if (role.may_be_table && layer.name == step.roles[role.name]) layer.read.table = true;
    }
  step.prefix = text_at(json, "prefix");
  if (!m_where.empty()) step.place = fmt::format("{}: {} ({})", m_where, place, step.method->name);
  step.options = step.method->default_options();
  for (const Parameter& parameter : step.method->parameters) {
    if (!json.contains(parameter.name)) continue;
    try {
      parameter.set(step.options, value_from(parameter, json[parameter.name]));
    } catch (const UsageError& error) {
      throw wrong(place, error.what(), error.advice());
    }
  }
  if (step.method->makes.empty()) return step;
  step.output = json.value("output", step.method->makes);
  const bool a_picture = std::any_of(m_study.m_backdrops.begin(), m_study.m_backdrops.end(),
                                     [&](const StudyBackdrop& backdrop) { return backdrop.name == step.output; });
  if (a_picture || std::find(m_known.begin(), m_known.end(), step.output) != m_known.end())
    throw wrong(place, fmt::format("the step makes a layer {}, but there is one of that name", step.output),
                "give the step another name under output");
  m_known.push_back(step.output);
  return step;
}

std::string StudyReader::first_in_role(std::string_view role) const {
  for (const StudyStep& step : m_study.m_steps)
    if (const auto at = step.roles.find(role); at != step.roles.end()) return at->second;
  return {};
}

MapColours StudyReader::read_colours(const Json& json, const std::string& place) const {
  MapColours colours;
  colours.layer = layer_named(json, "layer", "", place);
  if (json.contains("column")) {
    colours.districts = json["column"].is_null();
    if (!colours.districts) colours.wish.column = json["column"].get<std::string>();
  }
  for (const auto& [word, classing] : classing_words())
    if (json.value("breaks", "") == word) colours.wish.classing = classing;
  for (const style::Ramp ramp : style::sequential_ramps())
    if (json.value("ramp", "") == style::to_string(ramp)) colours.wish.ramp = ramp;
  colours.wish.classes = static_cast<std::size_t>(json.value("classes", 5.0));
  if (json.contains("bounds")) colours.wish.bounds = json["bounds"].get<std::vector<double>>();
  const std::vector<double>& bounds = colours.wish.bounds;
  if (std::adjacent_find(bounds.begin(), bounds.end(), std::greater_equal<>()) != bounds.end())
    throw wrong(member_place(place, "bounds"), "the bounds of classes must rise",
                "the lower end first, then the upper end of each class");
  if (!bounds.empty() && (json.contains("breaks") || json.contains("classes")))
    throw wrong(place, "bounds say the classes, so breaks and classes have no meaning beside them", "leave those away");
  return colours;
}

Box StudyReader::read_extent(const std::string& text, const std::string& place) const {
  std::optional<Box> box;
  try {
    const Extent extent = parse_extent(text);
    if (extent.crs) box = box_around(extent, Crs::wgs84());
  } catch (const UsageError& error) {
    throw wrong(place, error.what(), error.advice());
  }
  if (!box || box->width() == 0 || box->height() == 0)
    throw wrong(place, fmt::format("the extent \"{}\" is no part of the earth that a map can show", text),
                "give min_x,min_y,max_x,max_y in degrees of longitude and latitude, such as 100.3,13.5,100.9,14.0");
  return *box;
}

StudyOutput StudyReader::read_output(const Json& json, const std::string& place) {
  StudyOutput output;
  output.file = json["file"];
  output.kind = json.contains("layer") ? StudyOutput::Kind::layer
                : json.contains("table")
                    ? (json["table"] == "checks" ? StudyOutput::Kind::checks : StudyOutput::Kind::table)
                : json["map"] == "cities" ? StudyOutput::Kind::city_maps
                                          : StudyOutput::Kind::country_map;
  output.layer = layer_named(json, "layer", "", place);
  output.decimals = static_cast<int>(json.value("decimals", 7.0));
  if (output.kind != StudyOutput::Kind::layer && output.kind != StudyOutput::Kind::checks) {
    output.areas = layer_named(json, "areas", first_in_role("areas"), place);
    output.points = layer_named(json, "points", first_in_role("points"), place);
    std::string made;
    for (const StudyStep& step : m_study.m_steps)
      if (made.empty() && step.method->makes == "districts") made = step.output;
    output.districts = layer_named(json, "districts", made, place);
  }
  if (json.contains("extent"))
    output.extent = read_extent(json["extent"].get<std::string>(), member_place(place, "extent"));
  output.names_colours = json.contains("colour");
  if (output.names_colours) output.colours = read_colours(json["colour"], member_place(place, "colour"));
  output.names_points = json.contains("points");
  output.names_districts = json.contains("districts");
  output.title = localized_at(json, "title");
  output.language = parse_language(json.value("language", "en"));
  output.width = static_cast<int>(json.value("width", 0.0));
  output.height = static_cast<int>(json.value("height", 0.0));
  output.most = static_cast<int>(json.value("most", 20.0));

  if (output.kind == StudyOutput::Kind::table && (output.areas.empty() || output.points.empty()))
    throw wrong(place, "the table needs areas and points, and no step reads such layers", "name them: areas, points");
  if (output.kind == StudyOutput::Kind::city_maps && output.districts.empty())
    throw wrong(place, "maps of cities need districts, and no step makes them", "add a step with the method districts");
  // The run record knows its output by the file name alone.
  const std::string name = std::filesystem::path(output.file).filename().string();
  if (!m_files.insert(name).second) throw wrong(place, fmt::format("two outputs have the file name {}", name));
  return output;
}

}  // namespace yaan
