#include "yaan/study/study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "study/schema.hpp"
#include "study/schema_check.hpp"
#include "study/study_reader.hpp"
#include "yaan/core/database_name.hpp"
#include "yaan/core/error.hpp"
#include "yaan/export/whole_file.hpp"
#include "yaan/study/registry.hpp"

namespace yaan {

namespace {

std::string one_line(const Json& document) { return document.dump(-1, ' ', false, Json::error_handler_t::replace); }

/// Before the schema, so that a study of tomorrow is not called wrong key by key.
void check_version(const Json& document, const std::string& where) {
  if (!document.is_object() || !document.contains("yaan_study"))
    throw UsageError(fmt::format("{} is not a study: the key yaan_study is missing", where),
                     fmt::format("a study begins with {{\"yaan_study\": {}, ...}}; see docs/study.md", kStudyVersion));
  const Json& version = document["yaan_study"];
  if (version.is_number_integer() && version.get<double>() > kStudyVersion)
    throw UsageError(fmt::format("{}: yaan_study is {}, a later format than this program knows ({})", where,
                                 version.dump(), kStudyVersion),
                     "use a newer yaan");
}

}  // namespace

Study Study::parse(std::string_view json, const std::filesystem::path& file) {
  const std::string where = file.string();
  const Json document = parse_strictly(json, where);
  check_version(document, where);
  if (const auto breach = first_breach(study_schema_json(), document))
    throw UsageError(fmt::format("{}{}{}{}{}", where, where.empty() ? "" : ": ", breach->place,
                                 breach->place.empty() ? "" : ": ", breach->what),
                     breach->advice);
  Study study = StudyReader(document, file).read();
  study.m_text = one_line(document);
  return study;
}

Study Study::read(const std::filesystem::path& file) {
  if (std::filesystem::is_directory(file))
    throw InputError(fmt::format("{} is a folder, not a study", file.string()), "name the study file in it");
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw InputError(fmt::format("cannot read the study {}", file.string()), "is the path right?");
  std::string text(kMostStudyBytes + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (stream.bad()) throw InputError(fmt::format("cannot read the study {}", file.string()));
  return parse(text, file);
}

bool StudyStep::adds(const OutputField& field) const {
  return std::any_of(method->adds.begin(), method->adds.end(),
                     [&](const OutputField& own) { return own.name == field.name; });
}

std::string StudyStep::column_of(const OutputField& field) const {
  return adds(field) ? prefix + field.name : field.name;
}

const StudyLayer* Study::find_layer(std::string_view name) const {
  for (const StudyLayer& layer : m_layers)
    if (layer.name == name) return &layer;
  return nullptr;
}

std::filesystem::path Study::path_of(const StudyLayer& layer) const {
  return names_database(layer.file) ? std::filesystem::path(layer.file) : folder() / layer.file;
}

std::string Study::formatted() const { return Json::parse(m_text).dump(2) + "\n"; }

Study Study::with_parameter(std::size_t step, std::string_view parameter, const Value& value) const {
  const Method& method = *m_steps.at(step).method;
  const Parameter* known = method.find_parameter(parameter);
  if (known == nullptr) throw UsageError(fmt::format("{} has no parameter {}", method.name, parameter));
  check(*known, value);
  Json document = Json::parse(m_text);
  document["analyses"][step][std::string(parameter)] = value_json(value);
  return parse(one_line(document), m_file);
}

void Study::save(const std::filesystem::path& file, bool overwrite) const {
  WholeFile target(file, {overwrite, {}});
  target.write(formatted());
  target.commit();
}

std::string written_layer(const Method& method, std::string_view file) {
  const InputRole& first = method.inputs.front();
  // Of a table without shapes no map can be made; what the method adds to the areas or points can be looked at.
  const bool shapes = method.makes_table && !method.adds.empty() && first.geometry != GeometryKind::none;
  return method.makes.empty() || (shapes && file.ends_with(".geojson")) ? first.name : method.makes;
}

Study one_step_study(const OneStep& step) {
  const Method& method = *step.method;
  Json document = {{"yaan_study", kStudyVersion}};
  Json& layers = document["layers"] = Json::object();
  Json call = {{"method", method.name}};
  for (const InputRole& role : method.inputs) {
    const auto given = step.layers.find(role.name);
    if (given == step.layers.end()) {
      if (role.need == RoleNeed::required)
        throw UsageError(fmt::format("{} needs {}", method.name, role.help),
                         fmt::format("give the file with --{} FILE", role.name));
      continue;
    }
    layers[role.name] = layer_json(given->second);
    call[role.name] = role.name;
  }
  for (const Parameter& parameter : method.parameters)
    if (const auto given = step.parameters.find(parameter.name); given != step.parameters.end())
      call[parameter.name] = value_json(given->second);
  if (!step.prefix.empty()) call["prefix"] = step.prefix;
  document["analyses"] = Json::array({std::move(call)});
  Json output = {{"layer", written_layer(method, step.output)}};
  output["file"] = step.output;
  document["outputs"] = Json::array({std::move(output)});
  return Study::parse(one_line(document), "");
}

}  // namespace yaan
