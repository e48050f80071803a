#include "yaan/export/run_record.hpp"

#include <nlohmann/json.hpp>

#include <stdexcept>

#include "export/core_json.hpp"
#include "export/json_scan.hpp"
#include "export/publication_rules.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/sha256.hpp"

namespace yaan {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kLargestRecord = 64ULL << 20;

std::string text_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Json to_json(const RecordedInput& input) {
  return {{"layer", input.layer},
          {"path", input.path},
          {"inner", input.inner},
          {"sha256", input.sha256},
          {"features", input.features},
          {"licence", input.licence},
          {"attribution", input.attribution}};
}

Json to_json(const RunRecord& record) {
  Json json;
  json["record"] = kRunRecordVersion;
  json["version"] = record.version;
  json["output"] = {{"kind", record.output.kind},
                    {"name", record.output.name},
                    {"file", record.output.file},
                    {"features", record.output.features}};
  try {
    json["study"] = record.study.empty() ? Json() : Json::parse(record.study);
  } catch (const Json::exception&) {
    throw std::invalid_argument("the study of a run record is not JSON");
  }
  json["study_sha256"] = record.study_sha256;
  json["inputs"] = Json::array();
  for (const RecordedInput& input : record.inputs) json["inputs"].push_back(to_json(input));
  json["steps"] = Json::array();
  for (const RecordedStep& step : record.steps)
    json["steps"].push_back(
        {{"method", step.method}, {"parameters", to_json(step.parameters)}, {"summary", to_json(step.summary)}});
  json["seed"] = record.seed ? Json(*record.seed) : Json();
  json["diagnostics"] = to_json(record.diagnostics);
  json["content_sha256"] = "";
  return json;
}

/// The value with everything that betrays a protected feature withheld.
Json publishable(const Json& json, const PublicationPolicy& policy) {
  if (json.is_string()) return policy.publishable(json.get_ref<const std::string&>());
  if (!json.is_structured()) return json;
  std::vector<double> numbers;
  for (const Json& member : json)
    if (member.is_number()) numbers.push_back(member.get<double>());
  const bool numbers_betray = betrayed_by(policy.rules(), numbers);
  const auto shown = [&](const Json& member) {
    return numbers_betray && member.is_number() ? Json() : publishable(member, policy);
  };
  Json result = json.is_array() ? Json::array() : Json::object();
  if (json.is_array()) {
    for (const Json& member : json) result.push_back(shown(member));
  } else {
    for (const auto& [key, member] : json.items()) result[policy.publishable(key)] = shown(member);
  }
  return result;
}

Value value_from(const Json& json) {
  if (json.is_boolean()) return json.get<bool>();
  if (json.is_number_integer()) return json.get<std::int64_t>();
  if (json.is_number()) return json.get<double>();
  if (json.is_string()) return json.get<std::string>();
  return std::string();
}

std::vector<std::pair<std::string, Value>> values_from(const Json& json) {
  std::vector<std::pair<std::string, Value>> values;
  for (const auto& [name, value] : json.items()) values.emplace_back(name, value_from(value));
  return values;
}

Severity severity_from(const std::string& text) {
  for (const Severity severity : {Severity::note, Severity::repaired, Severity::skipped})
    if (text == to_string(severity)) return severity;
  return Severity::doubt;
}

RecordedInput input_from(const Json& json) {
  return {json.at("layer"),    json.at("path"),           json.value("inner", ""),      json.at("sha256"),
          json.at("features"), json.value("licence", ""), json.value("attribution", "")};
}

RunRecord record_from(const Json& json) {
  RunRecord record;
  record.version = json.at("version");
  if (!json.at("study").is_null()) record.study = text_of(json.at("study"));
  record.study_sha256 = json.at("study_sha256");
  for (const Json& input : json.at("inputs")) record.inputs.push_back(input_from(input));
  for (const Json& step : json.at("steps"))
    record.steps.push_back({step.at("method"), values_from(step.at("parameters")), values_from(step.at("summary"))});
  if (!json.at("seed").is_null()) record.seed = json.at("seed").get<std::uint64_t>();
  const Json& output = json.at("output");
  record.output = {output.at("kind"), output.at("name"), output.at("file"), output.at("features")};
  for (const Json& entry : json.at("diagnostics"))
    record.diagnostics.entries().push_back({severity_from(entry.at("severity")), entry.at("code"), entry.at("where"),
                                            entry.at("message"), entry.at("count"), entry.at("features")});
  record.content_sha256 = json.at("content_sha256");
  return record;
}

}  // namespace

std::vector<RecordedInput> recorded_inputs(const Layer& loaded, std::string_view key) {
  std::vector<RecordedInput> inputs;
  for (const Source& source : loaded.sources)
    inputs.push_back({std::string(key), source.path, source.layer, source.sha256, loaded.size(), source.licence,
                      source.attribution});
  return inputs;
}

PublishedRecord publish(const RunRecord& record, const PublicationPolicy& policy) {
  RunRecord shown = record;
  shown.diagnostics = policy.publishable(record.diagnostics);
  Json json = to_json(shown);
  if (!policy.empty()) json = publishable(json, policy);
  PublishedRecord result;
  result.m_json = text_of(json);
  return result;
}

RunRecord parse_run_record(std::string_view text, const std::filesystem::path& file) {
  try {
    const Json json = Json::parse(text);
    if (json.at("record").get<int>() > kRunRecordVersion)
      throw InputError("the run record of '" + file.string() + "' has version " + text_of(json.at("record")),
                       "use a newer yaan");
    return record_from(json);
  } catch (const Json::exception& error) {
    throw InputError("the run record of '" + file.string() + "' is damaged: " + error.what());
  }
}

namespace {

bool is_sidecar(const std::filesystem::path& path) { return path.filename().string().ends_with(".yaan.json"); }

std::optional<RunRecord> record_within(const std::filesystem::path& file) {
  const JsonScan scan = scan_json(file);
  if (!scan.record_begin || scan.record_end == 0) return std::nullopt;
  if (scan.record_end - *scan.record_begin > kLargestRecord)
    throw InputError("the run record of '" + file.string() + "' is too large");
  return parse_run_record(read_bytes(file, *scan.record_begin, scan.record_end), file);
}

}  // namespace

RunRecord read_run_record(const std::filesystem::path& output) {
  if (auto record = record_within(output)) return *std::move(record);
  const std::filesystem::path sidecar = sidecar_path(output);
  if (!is_sidecar(output) && std::filesystem::is_regular_file(sidecar))
    if (auto record = record_within(sidecar)) return *std::move(record);
  throw InputError(
      "'" + output.string() + "' has no run record",
      "only outputs of yaan have one; beside a table or picture it stands in " + sidecar.filename().string());
}

std::filesystem::path sidecar_path(const std::filesystem::path& output) { return output.string() + ".yaan.json"; }

void write_sidecar(WholeFile& sidecar, const WholeFile& finished_output, const PublishedRecord& record) {
  if (!finished_output.finished()) throw std::logic_error("the output of a sidecar must be finished first");
  Json json = Json::parse(record.json());
  json["content_sha256"] = sha256_of_file(finished_output.temporary());
  sidecar.write("{\"yaan\":" + text_of(json) + "}\n");
  sidecar.finish();
}

}  // namespace yaan
