#include "yaan/core/stable_ids.hpp"

#include <fmt/format.h>

#include <map>
#include <unordered_map>

#include "yaan/core/names.hpp"
#include "yaan/core/sha256.hpp"

namespace yaan {

namespace {

std::size_t first_vertex(const Geometry& geometry, std::size_t row) {
  switch (geometry.kind) {
    case GeometryKind::point: return row;
    case GeometryKind::line: return geometry.ring_vertices[geometry.feature_parts[row]];
    case GeometryKind::polygon: return geometry.ring_vertices[geometry.part_rings[geometry.feature_parts[row]]];
    case GeometryKind::none: break;
  }
  return geometry.x.size();
}

std::string hash_of(const Layer& layer, std::size_t row) {
  std::string what;
  for (const std::string& role : {layer.roles.name_th, layer.roles.name_en})
    if (const Column* column = role.empty() ? nullptr : layer.find(role))
      what += name_key(column->display(row), NameKind::site) + '\n';
  const std::size_t vertex = first_vertex(layer.geometry, row);
  if (vertex < layer.geometry.x.size())
    what += fmt::format("{:.6f} {:.6f}", layer.geometry.x[vertex], layer.geometry.y[vertex]);
  return "h" + sha256_hex(what).substr(0, 12);
}

}  // namespace

std::vector<std::string> stable_ids(const Layer& layer, const std::vector<bool>& late) {
  const Column* given = layer.roles.id.empty() ? nullptr : layer.find(layer.roles.id);
  std::vector<std::string> ids(layer.size());
  std::unordered_map<std::string, int> seen;
  const auto name = [&](std::size_t row) {
    ids[row] = given == nullptr || given->is_null(row) ? hash_of(layer, row) : given->display(row);
    const int times = ++seen[ids[row]];
    if (times > 1) ids[row] += fmt::format(" ({})", times);
  };
  for (std::size_t row = 0; row < ids.size(); ++row)
    if (late.empty() || !late[row]) name(row);
  for (std::size_t row = 0; row < late.size(); ++row)
    if (late[row]) name(row);
  return ids;
}

}  // namespace yaan
