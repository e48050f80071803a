#include "app/cli/method_verb.hpp"

#include <fmt/format.h>

#include "app/cli/read_options.hpp"
#include "app/cli/report.hpp"
#include "yaan/core/error.hpp"
#include "yaan/export/byte_sink.hpp"
#include "yaan/export/weights_file.hpp"
#include "yaan/study/registry.hpp"
#include "yaan/study/run.hpp"
#include "yaan/study/study.hpp"

namespace yaan::cli {

namespace fs = std::filesystem;

namespace {

std::string lower_start(std::string text) {
  if (text.size() > 1 && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'a')
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
  if (text.ends_with('.')) text.pop_back();
  return text;
}

std::string value_word(const Parameter& parameter) {
  switch (parameter.kind) {
    case ParameterKind::flag: return "true|false";
    case ParameterKind::integer: return "N";
    case ParameterKind::real: return "NUMBER";
    case ParameterKind::length: return "LENGTH";
    case ParameterKind::choice: return "WORD";
    case ParameterKind::text: return "TEXT";
  }
  return "VALUE";
}

Option parameter_option(const Parameter& parameter) {
  std::vector<std::string> extras;
  if (parameter.kind == ParameterKind::length)
    extras.emplace_back("with its unit, m or km");
  else if (!parameter.unit.empty())
    extras.push_back(fmt::format("in {}", parameter.unit));
  std::vector<std::string> choices = parameter.choices;
  if (!choices.empty()) extras.push_back(fmt::format("{}", fmt::join(choices, ", ")));
  if (parameter.kind == ParameterKind::flag) choices = {"true", "false"};
  if (const std::string text = to_string(parameter.default_value); !text.empty())
    extras.push_back(fmt::format("default {}", text));
  std::string help = lower_start(parameter.help);
  if (!extras.empty()) help += fmt::format(" ({})", fmt::join(extras, "; "));
  return {option_of(parameter.name).substr(2), "", value_word(parameter), std::move(help), std::move(choices), false};
}

std::vector<Option> role_options(const InputRole& role) {
  std::vector<Option> options = {
      {role.name,
       "",
       "FILE",
       fmt::format("{}{}", role.help, role.need == RoleNeed::required ? " (needed)" : ""),
       {},
       false},
  };
  for (Option& option : setting_options(role.name + "-", role.geometry == GeometryKind::point))
    options.push_back(std::move(option));
  return options;
}

StudyLayer layer_from(const Arguments& arguments, const std::string& file, const std::string& prefix) {
  StudyLayer layer;
  layer.file = file;
  layer.read = settings_from(arguments, prefix);
  return layer;
}

void add_columns(StudyLayer& layer, const Arguments& arguments) {
  for (const std::string& pair : arguments.all("column")) {
    const auto equals = pair.find('=');
    if (equals == std::string::npos || equals == 0)
      throw UsageError(fmt::format("--column {} is not of the form PART=COLUMN", pair), "such as --column name_th=ชื่อ");
    layer.columns[pair.substr(0, equals)] = pair.substr(equals + 1);
  }
}

OneStep step_from(const Method& method, const Arguments& arguments) {
  OneStep step;
  step.method = &method;
  StudyLayer first = layer_from(arguments, arguments.text("FILE"), "");
  first.override_crs = arguments.has("override-crs");
  if (first.override_crs && first.read.crs.empty()) throw UsageError("--override-crs needs --crs");
  add_columns(first, arguments);
  for (std::size_t i = 0; i < method.inputs.size(); ++i) {
    const std::string& role = method.inputs[i].name;
    if (i == 0)
      step.layers[role] = first;
    else if (arguments.has(role))
      step.layers[role] = layer_from(arguments, arguments.text(role), role + "-");
  }
  step.prefix = arguments.text("prefix", "");
  if (arguments.has("prefix") && !begins_column_names(step.prefix))
    throw UsageError(fmt::format("--prefix \"{}\" is no beginning of column names", step.prefix),
                     "letters of any script, digits and _, at most 40 of them, such as --prefix food_");
  for (const Parameter& parameter : method.parameters) {
    const std::string option = option_of(parameter.name).substr(2);
    if (arguments.has(option)) step.parameters[parameter.name] = parse_value(parameter, arguments.text(option));
  }
  return step;
}

/// Where -o points: the folder and the name in it. A name of another format is refused here, in the words of the
/// option.
fs::path checked_output(const std::string& text) {
  fs::path path = text;
  if (path.extension() != ".geojson" && path.extension() != ".csv" && !is_weights_file(text))
    throw UsageError(fmt::format("the output {} is neither .geojson nor .csv", text),
                     "the extension of -o says the format; weights are also written as .gal and .gwt");
  return path;
}

int run_method(const Method& method, const Arguments& arguments, Console& console) {
  OneStep step = step_from(method, arguments);
  const std::string to = arguments.text("output", "-");
  const bool json = arguments.has("json");

  RunOptions options;
  options.threads = threads_of(arguments);
  options.overwrite = arguments.has("overwrite");
  StandardOutput standard_output;
  if (to != "-") {
    const fs::path path = checked_output(to);
    options.out_dir = path.parent_path().empty() ? fs::path(".") : path.parent_path();
    step.output = path.filename().string();
  } else {
    step.output = written_layer(method, ".geojson") + ".geojson";
    options.stream = json ? nullptr : &standard_output;
    options.write = !json;
  }
  const RunResult result = run_study(one_step_study(step), options, console.progress());
  if (json)
    console.print(json_report(method.name, result));
  else
    console.say(text_report(result, console));
  return 0;
}

}  // namespace

Verb method_verb(const Method& method) {
  Verb verb;
  verb.name = method.name;
  verb.is_method = true;
  verb.summary = method.summary;
  verb.details =
      "Writes GeoJSON or CSV, as the extension of -o says; without -o, GeoJSON goes to standard output, or with --json "
      "the "
      "report alone. Columns called id, name_en, name_th, category, field, weight, year, publication and code play "
      "these "
      "parts; --column names others.";
  std::vector<std::string> columns;
  for (const OutputField& field : method.adds.empty() ? method.makes_fields : method.adds)
    columns.push_back(field.name);
  if (!columns.empty())
    verb.details += fmt::format(" Columns of the result: {}; `yaan methods {}` defines them.", fmt::join(columns, ", "),
                                method.name);
  if (written_layer(method, ".csv") != written_layer(method, ".geojson"))
    verb.details += fmt::format(" GeoJSON holds the {} with the columns that are added to them, CSV the table {}.",
                                method.inputs.front().name, method.makes);
  verb.positionals = {{"FILE", method.inputs.front().help, true, false, {}}};
  verb.options = setting_options("", true);
  for (const Option& option :
       std::vector<Option>{{"override-crs", "", "", "use --crs even though FILE states another one", {}, false},
                           {"column",
                            "",
                            "PART=COLUMN",
                            "column of FILE that plays a part; PART= for none; may be repeated",
                            {},
                            true}})
    verb.options.push_back(option);
  for (std::size_t i = 1; i < method.inputs.size(); ++i)
    for (Option& option : role_options(method.inputs[i])) verb.options.push_back(std::move(option));
  for (const Parameter& parameter : method.parameters) verb.options.push_back(parameter_option(parameter));
  if (!method.adds.empty())
    verb.options.push_back(
        {"prefix", "", "TEXT", "what stands before the names of the columns that are added", {}, false});
  verb.options.push_back({"output",
                          "o",
                          "FILE",
                          ".geojson or .csv to write (weights: also .gal, .gwt); - for standard output",
                          {},
                          false});
  for (const Option& option : {overwrite_option(), threads_option(), json_option()}) verb.options.push_back(option);
  verb.examples = {method.example};
  verb.run = [&method](const Arguments& arguments, Console& console) { return run_method(method, arguments, console); };
  return verb;
}

}  // namespace yaan::cli
