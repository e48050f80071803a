#include "yaan/study/documents.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "study/strict_json.hpp"
#include "study/study_reader.hpp"
#include "yaan/core/numbers.hpp"
#include "yaan/study/registry.hpp"

namespace yaan {

namespace {

/// In a cell of a Markdown table.
std::string cell(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (c == '|') safe += '\\';
    safe += c == '\n' ? ' ' : c;
  }
  return safe;
}

std::string default_of(const Parameter& parameter) {
  const std::string text = to_string(parameter.default_value);
  return text.empty() ? "none" : text;
}

std::string range_of(const Parameter& parameter) {
  if (!parameter.choices.empty()) return fmt::format("{}", fmt::join(parameter.choices, ", "));
  const std::string unit = parameter.unit.empty() ? "" : " " + parameter.unit;
  std::string range;
  if (std::isfinite(parameter.minimum))
    range = fmt::format("{} {}{}", parameter.minimum_excluded ? "more than" : "at least", shortest(parameter.minimum),
                        unit);
  if (std::isfinite(parameter.maximum))
    range += fmt::format("{}at most {}{}", range.empty() ? "" : ", ", shortest(parameter.maximum), unit);
  return range;
}

/// How a map shows the field.
std::string_view map_words(const OutputField& field) {
  switch (field.colour_by) {
    case ColourBy::none: return "";
    case ColourBy::category: return field.classes.empty() ? "kinds" : "fixed colours";
    case ColourBy::sequence: return "low to high";
    case ColourBy::divergence: return "about 0";
    case ColourBy::score: return "scores";
    case ColourBy::ratio: return "about 1";
    case ColourBy::probability: return "p-values";
  }
  return "";
}

void append_fields(std::string& out, const std::vector<OutputField>& fields) {
  out += "| Column | Type | Unit | Null | Map | Definition |\n|---|---|---|---|---|---|\n";
  for (const OutputField& field : fields)
    out += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", field.name, to_string(field.type), field.unit,
                       field.nullable ? "yes" : "no", map_words(field), cell(field.help));
}

/// Rows without shapes are on no map.
bool on_a_map(const Method& method, const OutputField& field) {
  const bool made = std::any_of(method.makes_fields.begin(), method.makes_fields.end(),
                                [&](const OutputField& f) { return &f == &field; });
  return !(made && method.makes_table);
}

void append_method(std::string& out, const Method& method) {
  out += fmt::format("\n### {}: {}\n\n{}\n\n{}\n\n", method.name, method.title.en, method.summary, method.description);
  out += "| Input | Geometry | Needed | Meaning |\n|---|---|---|---|\n";
  for (const InputRole& role : method.inputs)
    out += fmt::format("| `{}` | {} | {} | {} |\n", role.name, to_string(role.geometry),
                       role.need == RoleNeed::required ? "yes" : "no", cell(role.help));
  if (!method.parameters.empty()) {
    out += "\n| Parameter | Option | Kind | Range | Default | Meaning |\n|---|---|---|---|---|---|\n";
    for (const Parameter& parameter : method.parameters)
      out += fmt::format("| `{}` | `{}` | {} | {} | {} | {} |\n", parameter.name, option_of(parameter.name),
                         to_string(parameter.kind), cell(range_of(parameter)), cell(default_of(parameter)),
                         cell(parameter.help));
  }
  if (!method.adds.empty()) {
    out += fmt::format("\nColumns that it adds to `{}`:\n\n", method.inputs.front().name);
    append_fields(out, method.adds);
  }
  if (!method.makes.empty()) {
    out += fmt::format("\nColumns of the layer `{}` that it makes:\n\n", method.makes);
    append_fields(out, method.makes_fields);
  }
  if (const OutputField* shown = method.shown_field(); shown != nullptr && on_a_map(method, *shown))
    out += fmt::format("\nMaps show `{}` when nobody names another column.\n", shown->name);
  out += fmt::format("\nExample:\n\n    yaan {}\n\nSource: {}\n", method.example, method.citation);
}

Json localized_json(const Localized& text) { return {{"en", text.en}, {"th", text.th}}; }

Json finite_json(double value) { return std::isfinite(value) ? Json(value) : Json(); }

Json parameter_json(const Method& method, const Parameter& parameter) {
  Json json = {{"name", parameter.name},
               {"option", option_of(parameter.name)},
               {"kind", to_string(parameter.kind)},
               {"unit", parameter.unit},
               {"default", value_json(parameter.default_value)},
               {"minimum", finite_json(parameter.minimum)},
               {"minimum_excluded", parameter.minimum_excluded},
               {"maximum", finite_json(parameter.maximum)},
               {"choices", parameter.choices},
               {"help", parameter.help},
               {"title", localized_json(parameter.title)}};
  if (parameter.kind == ParameterKind::length) json["takes_bare_number"] = takes_bare_length(method, parameter);
  return json;
}

std::string_view colour_word(ColourBy colour) {
  switch (colour) {
    case ColourBy::none: return "none";
    case ColourBy::category: return "category";
    case ColourBy::sequence: return "sequence";
    case ColourBy::divergence: return "divergence";
    case ColourBy::score: return "score";
    case ColourBy::ratio: return "ratio";
    case ColourBy::probability: return "probability";
  }
  return "none";
}

Json fields_json(const std::vector<OutputField>& fields) {
  Json list = Json::array();
  for (const OutputField& field : fields)
    list.push_back({{"name", field.name},
                    {"type", to_string(field.type)},
                    {"unit", field.unit},
                    {"nullable", field.nullable},
                    {"colour_by", colour_word(field.colour_by)},
                    {"help", field.help},
                    {"title", localized_json(field.title)}});
  return list;
}

Json method_json(const MethodGroup& group, const Method& method) {
  Json json = {{"name", method.name},         {"group", localized_json(group.title)},
               {"stage", method.stage},       {"title", localized_json(method.title)},
               {"summary", method.summary},   {"description", method.description},
               {"citation", method.citation}, {"example", method.example}};
  json["inputs"] = Json::array();
  for (const InputRole& role : method.inputs)
    json["inputs"].push_back({{"role", role.name},
                              {"geometry", to_string(role.geometry)},
                              {"required", role.need == RoleNeed::required},
                              {"help", role.help}});
  json["parameters"] = Json::array();
  for (const Parameter& parameter : method.parameters) json["parameters"].push_back(parameter_json(method, parameter));
  json["adds"] = fields_json(method.adds);
  json["makes"] = method.makes;
  json["makes_fields"] = fields_json(method.makes_fields);
  const OutputField* shown = method.shown_field();
  json["map_field"] = shown == nullptr || !on_a_map(method, *shown) ? Json() : Json(shown->name);
  return json;
}

}  // namespace

std::string method_page(const Method& method) {
  std::string page;
  append_method(page, method);
  return page.substr(page.find_first_not_of('\n'));
}

std::string methods_markdown() {
  std::string out =
      "# The methods of analysis\n\n"
      "Made by `tools/docs` from the registry of methods; a test keeps it current. Each method is a verb of the "
      "command\n"
      "line and a step of the [study file](study.md); `yaan methods --json` gives the same to other programs.\n\n"
      "The column Map of each table says how a map in colours shows the field: kinds by one colour each; words that "
      "have\n"
      "a colour of their own (hot spots red, cold spots blue); classes from low to high; classes on both sides of 0 "
      "or\n"
      "of 1; scores (standard deviations) by the levels of 10, 5 and 1 % on both sides of 0; p-values by the usual "
      "levels. [study.md](study.md#outputs) says how to ask for another style.\n";
  for (const MethodGroup& group : method_groups()) {
    out += fmt::format("\n## {}\n", group.title.en);
    for (const Method* method : group.methods) append_method(out, *method);
  }
  return out;
}

std::string methods_json() {
  Json list = Json::array();
  for (const MethodGroup& group : method_groups())
    for (const Method* method : group.methods) list.push_back(method_json(group, *method));
  return list.dump(2) + "\n";
}

}  // namespace yaan
