#include <nlohmann/json.hpp>

#include "app/cli/report.hpp"
#include "export/core_json.hpp"
#include "yaan/core/database_name.hpp"
#include "yaan/study/registry.hpp"

namespace yaan::cli {

namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

Json to_json(const LayerReport& layer) {
  Json json = {{"name", layer.name},     {"geometry", to_string(layer.kind)}, {"features", layer.features},
               {"usable", layer.usable}, {"vertices", layer.vertices},        {"x", layer.x_column},
               {"y", layer.y_column}};
  json["extent"] = layer.extent.empty()
                       ? Json()
                       : Json::array({layer.extent.min_x, layer.extent.min_y, layer.extent.max_x, layer.extent.max_y});
  json["crs"] = {{"name", layer.crs.name()}, {"code", layer.crs.code()}};
  json["fields"] = Json::array();
  for (const FieldReport& field : layer.fields)
    json["fields"].push_back({{"name", field.name},
                              {"type", to_string(field.type)},
                              {"nulls", field.nulls},
                              {"minimum", field.minimum},
                              {"maximum", field.maximum},
                              {"samples", field.samples}});
  json["roles"] = Json::array();
  for (const RoleGuess& guess : layer.roles)
    json["roles"].push_back(
        {{"role", guess.role}, {"column", guess.column}, {"score", guess.score}, {"rival", guess.rival}});
  json["diagnostics"] = to_json(layer.diagnostics);
  return json;
}

Json to_json(const Raster& raster) {
  Json json = {{"width", raster.width}, {"height", raster.height}, {"bands", Json::array()}};
  for (const RasterBand& band : raster.bands)
    json["bands"].push_back({{"type", band.type},
                             {"meaning", band.meaning},
                             {"nodata", band.nodata ? Json(*band.nodata) : Json()},
                             {"low", band.low},
                             {"high", band.high}});
  json["compression"] = raster.compression;
  json["overviews"] = raster.overviews;
  json["placed_by"] = raster.placed_by;
  json["turned"] = raster.turned;
  json["crs"] = {{"name", raster.crs.name()}, {"code", raster.crs.code()}};
  json["extent"] =
      raster.extent.empty()
          ? Json()
          : Json::array({raster.extent.min_x, raster.extent.min_y, raster.extent.max_x, raster.extent.max_y});
  json["pixel"] = Json::array({raster.pixel_width, raster.pixel_height});
  json["diagnostics"] = to_json(raster.diagnostics);
  return json;
}

Json to_json(const std::vector<VerifiedInput>& inputs) {
  Json list = Json::array();
  for (const VerifiedInput& input : inputs)
    list.push_back({{"layer", input.recorded.layer},
                    {"path", input.recorded.path},
                    {"found", input.found.string()},
                    {"state", to_string(input.state)},
                    {"why", input.why}});
  return list;
}

}  // namespace

std::string json_report(std::string_view method, const RunResult& result) {
  Json json = Json::object();
  if (!method.empty()) {
    json["method"] = method;
    for (const auto& [name, summary] : result.steps)
      for (const auto& [key, value] : summary) json[key] = to_json(value);
  } else {
    json["steps"] = Json::array();
    for (const auto& [name, summary] : result.steps)
      json["steps"].push_back({{"method", name}, {"summary", to_json(summary)}});
  }
  json["outputs"] = Json::array();
  for (const WrittenOutput& output : result.outputs)
    json["outputs"].push_back(
        {{"kind", output.kind}, {"name", output.name}, {"file", output.path.string()}, {"features", output.features}});
  json["seconds"] = {
      {"load", result.load_seconds}, {"compute", result.compute_seconds}, {"write", result.write_seconds}};
  json["peak_bytes"] = result.peak_bytes;
  json["diagnostics"] = to_json(result.diagnostics);
  return text_of(json);
}

std::string json_report(const FileReport& report) {
  Json json = {{"path", report.path}, {"format", report.format}, {"bytes", report.bytes}, {"sha256", report.sha256}};
  if (names_database(report.path)) json["bytes"] = Json();
  json["layers"] = Json::array();
  for (const LayerReport& layer : report.layers) json["layers"].push_back(to_json(layer));
  if (!report.rasters.empty()) json["raster"] = to_json(report.rasters.front());
  return text_of(json);
}

std::string json_report(const VerifyReport& report) {
  Json json = {{"good", report.good()},
               {"content_same", report.content_same},
               {"study_same", report.study_same},
               {"content_sha256", report.content_sha256},
               {"recorded_sha256", report.record.content_sha256},
               {"version", report.record.version}};
  json["inputs"] = to_json(report.inputs);
  return text_of(json);
}

std::string json_report(const ReplayReport& report) {
  Json json = {{"same", report.same},
               {"content_sha256", report.content_sha256},
               {"replayed_sha256", report.replayed_sha256},
               {"version", report.record.version},
               {"this_version", version()}};
  json["inputs"] = to_json(report.inputs);
  return text_of(json);
}

}  // namespace yaan::cli
