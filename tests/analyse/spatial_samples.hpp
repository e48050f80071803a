#pragma once
// Reference maps and answers of spdep, and small lattices.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "yaan/analyse/spatial_weights.hpp"
#include "yaan/load/read.hpp"

namespace yaan {

inline std::filesystem::path shared_file(const std::string& name) {
  const char* shared = std::getenv("YAAN_SHARED");
  return std::filesystem::path(shared == nullptr ? "../shared" : shared) / name;
}

inline nlohmann::json golden(const std::string& name) {
  std::ifstream in(shared_file("golden/" + name));
  return nlohmann::json::parse(in);
}

/// A map of the reference data, in a plane tied to no place.
inline Layer reference_map(const std::string& name) {
  ReadOptions options;
  options.crs = "local";
  Progress progress;
  return read_layer(shared_file("data/spatialstats/" + name), options, progress).layer;
}

inline std::vector<double> numbers(const Layer& layer, const std::string& column) {
  std::vector<double> values;
  const Column& found = layer.column(column);
  for (std::size_t row = 0; row < layer.size(); ++row) values.push_back(found.number(row).value());
  return values;
}

/// Lists of neighbours as R writes them, counted from 1.
inline SpatialWeights weights_from(const nlohmann::json& lists) {
  std::vector<Link> links;
  for (std::uint32_t i = 0; i < lists.size(); ++i) {
    const auto row = lists[i].is_array() ? lists[i] : nlohmann::json::array({lists[i]});
    for (const auto& to : row)
      if (to.get<int>() > 0) links.push_back({i, static_cast<std::uint32_t>(to.get<int>() - 1), 1});
  }
  return weights_of(lists.size(), links);
}

inline SpatialWeights weights_by(const Layer& layer, const WeightsOptions& options) {
  Diagnostics diagnostics;
  Progress progress;
  return make_weights(layer.geometry, places_of(layer.geometry, layer.crs), layer.crs, options, layer.name, diagnostics,
                      progress);
}

/// A lattice of squares with rook neighbours, weights 1.
inline SpatialWeights rook_lattice(std::uint32_t columns, std::uint32_t rows) {
  std::vector<Link> links;
  for (std::uint32_t r = 0; r < rows; ++r)
    for (std::uint32_t c = 0; c < columns; ++c) {
      const std::uint32_t here = r * columns + c;
      if (c + 1 < columns) links.insert(links.end(), {{here, here + 1, 1}, {here + 1, here, 1}});
      if (r + 1 < rows) links.insert(links.end(), {{here, here + columns, 1}, {here + columns, here, 1}});
    }
  return weights_of(std::size_t{columns} * rows, links);
}

}  // namespace yaan
