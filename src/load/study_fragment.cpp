// A layer or a picture as a study names it, ready to paste.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "load/extent.hpp"
#include "yaan/core/database_name.hpp"
#include "yaan/load/file_set.hpp"
#include "yaan/load/inspect.hpp"

namespace yaan {

namespace {

// As a JSON string. The texts are valid UTF-8.
std::string json_text(std::string_view text) {
  std::string json = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') json += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      json += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      json += c;
    }
  }
  return json + "\"";
}

std::string member(std::string_view key, std::string_view value) {
  return fmt::format("{}: {}", json_text(key), json_text(value));
}

// A name that a study accepts: a letter, then letters, digits, _ and -.
std::string layer_key(const std::string& name) {
  std::string key;
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool other = (c >= '0' && c <= '9') || c == '_' || c == '-';
    if (letter || (other && !key.empty())) key += c;
  }
  return key.empty() ? "layer" : key;
}

std::string given(const LayerReport& layer, std::string_view key) {
  const auto at = std::find_if(layer.settings.begin(), layer.settings.end(),
                               [&](const GivenSetting& setting) { return setting.key == key; });
  return at == layer.settings.end() ? std::string() : at->value;
}

std::string coordinates_json(const LayerReport& layer) {
  switch (layer.placed_by) {
    case PlacedBy::none: return {};
    case PlacedBy::columns: return ", " + member("x", layer.x_column) + ", " + member("y", layer.y_column);
    case PlacedBy::position: return ", " + member("position", layer.x_column);
    case PlacedBy::geometry: return ", " + member("geometry", layer.x_column);
  }
  return {};
}

// A table states no system. Which plane eastings and northings are in nobody can guess: without it the run asks, with
// the systems that fit.
std::string crs_json(const LayerReport& layer) {
  std::string crs = given(layer, "crs");
  if (crs.empty() && layer.placed_by != PlacedBy::none) {
    if (layer.crs.kind() != Crs::Kind::none) {
      crs = layer.crs.text();
    } else if (looks_like_degrees(layer.extent)) {
      crs = "EPSG:4326";
    }
  }
  if (crs.empty()) return {};
  const bool overrides = layer.diagnostics.count("crs-overridden") > 0;
  return ", " + member("crs", crs) + (overrides ? ", \"override_crs\": true" : "");
}

std::string settings_json(const LayerReport& layer) {
  std::string json;
  for (const GivenSetting& setting : layer.settings) {
    const bool said = setting.key == "layer" || setting.key == "x" || setting.key == "y" || setting.key == "position" ||
                      setting.key == "geometry" || setting.key == "crs";
    if (!said) json += ", " + member(setting.key, setting.value);
  }
  return json;
}

}  // namespace

std::string study_fragment(const FileReport& report, const LayerReport& layer) {
  std::filesystem::path path(report.path);
  if (path.filename().empty() || path.filename() == "." || path.filename() == "..") path = folder_of(path);
  std::string json = member("file", path.filename().string());
  std::string inner;  // the layer within the file, where that must be said
  if (report.several_files) {
    inner = given(layer, "layer");
  } else if (report.layers.size() > 1 || names_database(report.path) || !given(layer, "layer").empty()) {
    inner = layer.name;
  }
  if (!inner.empty()) json += ", " + member("layer", inner);
  // The files of a folder may call their coordinates differently: the study finds those of each.
  if (!report.several_files) json += coordinates_json(layer);
  json += crs_json(layer) + settings_json(layer);
  std::string columns;
  for (const RoleGuess& guess : layer.roles)
    if (guess.column != guess.role) columns += (columns.empty() ? "" : ", ") + member(guess.role, guess.column);
  if (!columns.empty()) json += fmt::format(", \"columns\": {{{}}}", columns);
  const bool of_the_file = inner.empty() || report.several_files;
  return fmt::format("{}: {{{}}}", json_text(layer_key(of_the_file ? path.stem().string() : layer.name)), json);
}

std::string study_fragment(const FileReport& report, const Raster& raster) {
  const std::filesystem::path path(report.path);
  std::string json = member("file", path.filename().string());
  if (raster.crs.kind() == Crs::Kind::none) json += R"(, "crs": "EPSG:...")";
  return fmt::format("{}: {{{}, \"opacity\": 1}}", json_text(layer_key(path.stem().string())), json);
}

}  // namespace yaan
