#include "study/schema.hpp"

#include <fmt/format.h>

#include <cmath>

#include "export/core_json.hpp"
#include "study/findings.hpp"
#include "study/output_schemas.hpp"
#include "study/schema_check.hpp"
#include "study/schema_parts.hpp"
#include "yaan/load/read_settings.hpp"
#include "yaan/study/documents.hpp"
#include "yaan/study/registry.hpp"
#include "yaan/study/study.hpp"

namespace yaan {

namespace {

constexpr std::int64_t kLargestExactInteger = 9007199254740991;  // 2^53 - 1: what every JSON reader keeps

Json length_schema(bool bare, bool zero) {
  // A number in decimal or scientific notation and its unit; without zero, one digit of its mantissa is not 0.
  const std::string sign = zero ? "^" : "^(?=[0-9.]*[1-9])";
  Json schema = {
      {"title", bare ? R"(a length with its unit, such as "500m" or "2km", or a number in the unit of the plane)"
                     : R"(a length with its unit, such as "500m" or "2km")"}};
  schema["type"] = bare ? Json::array({"string", "number"}) : Json("string");
  schema["maxLength"] = 60;
  schema["pattern"] = sign + R"([0-9]{1,17}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})? ?(m|km)$)";
  if (bare) schema[zero ? "minimum" : "exclusiveMinimum"] = 0;
  return schema;
}

std::string length_reference(const Method& method, const Parameter& parameter) {
  return fmt::format("#/$defs/{}_length{}", parameter.minimum_excluded ? "positive" : "any",
                     takes_bare_length(method, parameter) ? "_or_number" : "");
}

Json parameter_schema(const Method& method, const Parameter& parameter) {
  Json schema = {{"description", parameter.help}};
  switch (parameter.kind) {
    case ParameterKind::flag: schema["type"] = "boolean"; break;
    case ParameterKind::integer:
    case ParameterKind::real: {
      const bool integer = parameter.kind == ParameterKind::integer;
      schema["type"] = integer ? "integer" : "number";
      const auto bound = [&](double value) { return integer ? Json(static_cast<std::int64_t>(value)) : Json(value); };
      if (std::isfinite(parameter.minimum))
        schema[parameter.minimum_excluded ? "exclusiveMinimum" : "minimum"] = bound(parameter.minimum);
      else if (integer)
        schema["minimum"] = -kLargestExactInteger;
      if (std::isfinite(parameter.maximum))
        schema["maximum"] = bound(parameter.maximum);
      else if (integer)
        schema["maximum"] = kLargestExactInteger;
      break;
    }
    case ParameterKind::length: schema["$ref"] = length_reference(method, parameter); break;
    case ParameterKind::choice: schema["enum"] = parameter.choices; break;
    case ParameterKind::text:
      schema["type"] = "string";
      schema["maxLength"] = 1000;
      break;
  }
  schema["default"] = to_json(parameter.default_value);
  return schema;
}

Json prefix_schema() {
  return {
      {"description",
       "What stands before the names of the columns that the step adds, so that two steps of one method on one layer "
       "keep both their columns."},
      {"title", "a beginning of column names: letters of any script, digits and _"},
      {"type", "string"},
      {"maxLength", 40},
      {"pattern", R"(^([A-Za-z0-9_]|[^\x00-\x7F])+$)"}};
}

Json step_schema(const Method& method) {
  Json properties = {{"method", {{"const", method.name}}}};
  Json required = {"method"};
  for (const InputRole& role : method.inputs) {
    properties[role.name] = text_schema(fmt::format("Name of a layer: {}.", role.help), 64);
    if (role.need == RoleNeed::required) required.push_back(role.name);
  }
  for (const Parameter& parameter : method.parameters) properties[parameter.name] = parameter_schema(method, parameter);
  if (!method.adds.empty()) properties["prefix"] = prefix_schema();
  if (!method.makes.empty()) {
    Json output = {{"$ref", "#/$defs/layer_name"}};
    output["description"] = fmt::format("Name of the layer that the step makes; {} without.", method.makes);
    properties["output"] = std::move(output);
  }
  return object_schema(method.summary, std::move(properties), std::move(required));
}

Json columns_schema() {
  Json properties = Json::object();
  for (const ColumnRole& role : kColumnRoles) {
    Json column = text_schema(fmt::format("Column: {}. null: the layer has none.", role.meaning), 200);
    column["type"] = {"string", "null"};
    properties[std::string(role.key)] = std::move(column);
  }
  return object_schema(
      "Which column plays which part. A part that is not named is played by the column of its own name, "
      "where there is one.",
      std::move(properties));
}

Json categories_schema() {
  Json schema = {{"description", "Words for the values of the category column, in the order of the legend."},
                 {"type", "object"}};
  schema["properties"] = {{"note", note_schema()}};
  schema["additionalProperties"] = localized_schema("What the category is called.");
  return schema;
}

Json setting_schema(const ReadSetting& setting) {
  std::string description(setting.help);
  description[0] =
      static_cast<char>(description[0] >= 'a' && description[0] <= 'z' ? description[0] - 'a' + 'A' : description[0]);
  Json schema = text_schema(description + ".");
  if (setting.choices.empty()) return schema;
  return {{"description", description + "."}, {"enum", setting.choices}};
}

Json layer_schema() {
  Json properties = {
      {"file", text_schema("Path of the file, relative to the study; pg:SERVICE for a table of a PostGIS database.")}};
  for (const ReadSetting& setting : read_settings()) properties[std::string(setting.key)] = setting_schema(setting);
  properties["override_crs"] = {
      {"description", "Use crs even though the file states another one."}, {"type", "boolean"}, {"default", false}};
  properties["table"] = {{"description", "The layer may be a table without positions, such as names of areas."},
                         {"type", "boolean"},
                         {"default", false}};
  properties["opacity"] = {
      {"description", "Of a picture (a GeoTIFF, .tif or .tiff) under the maps: 1 hides what is below."},
      {"type", "number"},
      {"exclusiveMinimum", 0},
      {"maximum", 1},
      {"default", 1}};
  properties["columns"] = columns_schema();
  properties["categories"] = categories_schema();
  properties["decisions"] =
      text_schema("Table of decisions about single rows (CSV or XLSX), relative to the study; yaan check writes one.");
  properties["accept"] = {{"description", "Problems whose proposed repair is carried out without being asked."},
                          {"type", "array"},
                          {"items", {{"enum", repairable_problems()}}}};
  properties["title"] = localized_schema("What the layer is called in legends and sources.");
  properties["licence"] = text_schema("SPDX identifier or the words of the source.");
  properties["attribution"] = text_schema("The line to print beside every output.");
  Json schema =
      object_schema("One layer of a file, or a picture (GeoTIFF) under the maps.", std::move(properties), {"file"});
  schema["dependentRequired"] = {{"x", {"y"}}, {"y", {"x"}}, {"override_crs", {"crs"}}};
  return schema;
}

Json checks_schema() {
  Json properties = {
      {"areas", layer_name_reference("The areas; without, the first layer of areas that has names or codes.")}};
  for (const Parameter* parameter : check_parameters())
    properties[parameter->name] = parameter_schema(check_claims_method(), *parameter);
  return object_schema("How yaan check and accept compare points with areas.", std::move(properties));
}

/// if (the member has that value, or is there) then (the definition holds).
Json branch(const std::string& key, const Json& value, const std::string& definition) {
  Json condition = {{"required", {key}}};
  if (!value.is_null()) condition["properties"] = {{key, {{"const", value}}}};
  return {{"if", std::move(condition)}, {"then", {{"$ref", "#/$defs/" + definition}}}};
}

Json steps_schema() {
  Json names = Json::array();
  Json branches = Json::array();
  for (const Method* method : methods()) {
    names.push_back(method->name);
    branches.push_back(branch("method", method->name, "step_" + method->name));
  }
  Json item = {{"type", "object"}, {"required", {"method"}}};
  item["properties"] = {{"method", {{"description", "Name of the method."}, {"enum", std::move(names)}}}};
  item["allOf"] = std::move(branches);
  return {{"description", "The steps, in the order in which they run."}, {"type", "array"}, {"items", std::move(item)}};
}

Json outputs_schema() {
  Json item = {{"title", "an output: it needs one of the keys layer, table and map"}, {"type", "object"}};
  item["anyOf"] = {{{"required", {"layer"}}}, {{"required", {"table"}}}, {{"required", {"map"}}}};
  item["properties"] = {{"map", {{"enum", {"country", "cities"}}}}, {"table", {{"enum", {"areas", "checks"}}}}};
  item["allOf"] = {branch("layer", Json(), "output_layer"), branch("table", "areas", "output_table"),
                   branch("table", "checks", "output_checks"), branch("map", "country", "output_country_map"),
                   branch("map", "cities", "output_city_maps")};
  return {{"description", "The files to write; they appear together or not at all."},
          {"type", "array"},
          {"items", std::move(item)}};
}

Json definitions() {
  Json defs = {{"layer_name",
                {{"title", "a layer's name: a letter, then letters, digits, _ and -"},
                 {"type", "string"},
                 {"maxLength", 64},
                 {"pattern", "^[A-Za-z][A-Za-z0-9_-]*$"}}}};
  defs["any_length"] = length_schema(false, true);
  defs["any_length_or_number"] = length_schema(true, true);
  defs["positive_length"] = length_schema(false, false);
  defs["positive_length_or_number"] = length_schema(true, false);
  defs["layer"] = layer_schema();
  for (const Method* method : methods()) defs["step_" + method->name] = step_schema(*method);
  defs["output_layer"] = layer_output_schema();
  defs["output_table"] = table_output_schema();
  defs["output_checks"] = checks_output_schema();
  defs["output_country_map"] = map_output_schema(false);
  defs["output_city_maps"] = map_output_schema(true);
  return defs;
}

Json make_schema() {
  Json layers = {{"description", "The layers by name."}, {"type", "object"}};
  layers["properties"] = {{"note", note_schema()}};
  layers["propertyNames"] = {{"$ref", "#/$defs/layer_name"}};
  layers["additionalProperties"] = {{"$ref", "#/$defs/layer"}};

  Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", "a Yaan study"}};
  Json body = object_schema("What to read, what to compute and what to write.",
                            {{"yaan_study", {{"description", "Version of the format."}, {"const", kStudyVersion}}},
                             {"title", localized_schema("What the study is called.")},
                             {"layers", std::move(layers)},
                             {"checks", checks_schema()},
                             {"analyses", steps_schema()},
                             {"outputs", outputs_schema()}},
                            {"yaan_study", "layers"});
  for (auto& [key, value] : body.items()) schema[key] = value;
  schema["$defs"] = definitions();
  return schema;
}

}  // namespace

const Json& study_schema_json() {
  static const Json schema = make_schema();
  return schema;
}

bool begins_column_names(std::string_view prefix) { return !first_breach(prefix_schema(), Json(prefix)); }

std::string study_schema() { return study_schema_json().dump(2) + "\n"; }

}  // namespace yaan
