#include "yaan/core/publication.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <optional>

#include "yaan/core/error.hpp"

namespace yaan {

Publication parse_publication(std::string_view text) {
  if (text.empty() || text == "open") return Publication::open;
  if (text == "coarsened") return Publication::coarsened;
  if (text == "hidden") return Publication::hidden;
  throw InputError(fmt::format("publication level \"{}\" is not known", text), "use open, coarsened or hidden");
}

std::vector<Publication> publication_levels(const Layer& layer) {
  std::vector<Publication> levels(layer.size(), Publication::open);
  if (layer.roles.publication.empty()) return levels;
  const Column& column = layer.column(layer.roles.publication);
  for (std::size_t row = 0; row < levels.size(); ++row) {
    try {
      levels[row] = parse_publication(column.display(row));
    } catch (const InputError& error) {
      throw InputError(fmt::format("layer {}, feature {}: {}", layer.name, layer.feature_id(row), error.what()),
                       error.advice());
    }
  }
  return levels;
}

Geometry shown_points(const Layer& points, NotOpen rule, std::int64_t& left_out) {
  const std::vector<Publication> levels = publication_levels(points);
  Geometry places = points.geometry;
  std::optional<Transformer> to_degrees, back;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    if (levels[i] == Publication::open) continue;
    double& x = places.x[i];
    double& y = places.y[i];
    const bool has_cells = points.crs.kind() == Crs::Kind::geographic || points.crs.kind() == Crs::Kind::projected;
    if (levels[i] == Publication::hidden || rule == NotOpen::leave_out || !has_cells) {
      x = y = std::numeric_limits<double>::quiet_NaN();
      ++left_out;
      continue;
    }
    if (!std::isfinite(x) || !std::isfinite(y)) continue;
    if (!to_degrees) {
      to_degrees.emplace(points.crs, Crs::wgs84());
      back.emplace(Crs::wgs84(), points.crs);
    }
    to_degrees->apply({&x, 1}, {&y, 1});
    coarsen(x, y);
    back->apply({&x, 1}, {&y, 1});
  }
  return places;
}

void coarsen(double& lon, double& lat) {
  const auto centre = [](double value) {
    // Rounded, so that the same cell gives the same bits whichever position it is asked from.
    return std::round((std::floor(value / kCoarseGridDegrees) + 0.5) * kCoarseGridDegrees * 1e6) / 1e6;
  };
  lon = centre(lon);
  lat = centre(lat);
}

}  // namespace yaan
