#include "yaan/export/publish.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "export/publication_rules.hpp"
#include "export/withheld_columns.hpp"
#include "export/withheld_vertices.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/publication.hpp"

namespace yaan {

namespace {

bool on_earth(const Layer& layer) {
  return layer.crs.kind() == Crs::Kind::geographic || layer.crs.kind() == Crs::Kind::projected;
}

/// Rows that may stay: those that are not hidden, and no points of a layer without publication levels (centres, say)
/// that stand on a protected position.
std::vector<std::uint32_t> rows_to_show(const Layer& layer, const std::vector<Publication>& levels,
                                        const PublicationPolicy& policy, std::size_t& hidden, std::size_t& betraying) {
  const bool derived_points = layer.geometry.kind == GeometryKind::point && layer.roles.publication.empty();
  std::vector<std::uint32_t> rows;
  rows.reserve(layer.size());
  for (std::size_t row = 0; row < layer.size(); ++row) {
    if (levels[row] == Publication::hidden)
      ++hidden;
    else if (derived_points && policy.betrayed_by(layer.geometry.x[row], layer.geometry.y[row]))
      ++betraying;
    else
      rows.push_back(static_cast<std::uint32_t>(row));
  }
  return rows;
}

/// Lines and polygons cannot be moved to a grid: they are shown without a shape.
Geometry without_shapes(const Geometry& geometry, const std::vector<std::uint32_t>& rows) {
  std::vector<bool> emptied(geometry.size());
  for (const std::uint32_t row : rows) emptied[row] = true;
  Geometry result = Geometry::empty(geometry.kind);
  for (std::size_t f = 0; f < geometry.size(); ++f) {
    for (std::uint64_t part = geometry.feature_parts[f]; !emptied[f] && part < geometry.feature_parts[f + 1]; ++part) {
      if (geometry.kind == GeometryKind::line) {
        result.add_ring(geometry.ring_x(part), geometry.ring_y(part));
        continue;
      }
      for (std::uint64_t ring = geometry.part_rings[part]; ring < geometry.part_rings[part + 1]; ++ring)
        result.add_ring(geometry.ring_x(ring), geometry.ring_y(ring));
      result.end_part();
    }
    result.end_feature();
  }
  return result;
}

/// Moves the coarsened points of a layer in WGS 84 and says from where, by row.
std::map<std::uint32_t, CoarsenedRow> coarsen_rows(Layer& shown, const Layer& own_plane,
                                                   const std::vector<std::uint32_t>& rows) {
  std::map<std::uint32_t, CoarsenedRow> moved;
  if (shown.geometry.kind != GeometryKind::point) {
    for (const std::uint32_t row : rows) moved[row];
    if (!rows.empty() && shown.geometry.kind != GeometryKind::none)
      shown.geometry = without_shapes(shown.geometry, rows);
    return moved;
  }
  std::vector<Position> exact;
  exact.reserve(rows.size());
  for (const std::uint32_t row : rows) exact.push_back({shown.geometry.x[row], shown.geometry.y[row]});
  const std::vector<std::vector<Position>> planes = plane_forms(exact);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::uint32_t row = rows[i];
    double& lon = shown.geometry.x[row];
    double& lat = shown.geometry.y[row];
    CoarsenedRow& from = moved[row];
    from.has_position = std::isfinite(lon) && std::isfinite(lat);
    if (!from.has_position) continue;
    from.exact = exact[i];
    from.plane = planes[i];
    if (!own_plane.crs.is_geographic()) from.plane.push_back({own_plane.geometry.x[row], own_plane.geometry.y[row]});
    coarsen(lon, lat);
    from.coarse = {lon, lat};
  }
  return moved;
}

void report(Diagnostics& diagnostics, Severity severity, std::string_view code, const Layer& layer,
            std::string_view message, std::size_t count) {
  if (count != 0) diagnostics.add(severity, code, layer.name, message, static_cast<std::int64_t>(count));
}

}  // namespace

PublishedLayer publish(const Layer& layer, const PublicationPolicy& given, Diagnostics& diagnostics) {
  const std::vector<Publication> levels = publication_levels(layer);
  const bool has_protected =
      std::any_of(levels.begin(), levels.end(), [](Publication level) { return level != Publication::open; });
  // A policy that was made without this layer must not let its sites through.
  const bool unknown = has_protected && !given.rules().layers.contains(layer.name);
  const PublicationPolicy policy = unknown ? PublicationPolicy(layer) : given;

  PublishedLayer result;
  std::size_t betraying = 0;
  const bool to_reproject = on_earth(layer) && !layer.crs.is_wgs84();
  if (policy.empty()) {
    result.m_layer = to_reproject ? reprojected(layer, Crs::wgs84()) : layer;
    result.m_rows.resize(layer.size());
    for (std::size_t row = 0; row < layer.size(); ++row) result.m_rows[row] = static_cast<std::uint32_t>(row);
    return result;
  }

  result.m_rows = rows_to_show(layer, levels, policy, result.m_hidden, betraying);
  const Layer chosen = layer.select(result.m_rows);
  Layer shown = to_reproject ? reprojected(chosen, Crs::wgs84()) : chosen;
  std::vector<std::uint32_t> coarsened;
  for (std::size_t row = 0; row < result.m_rows.size(); ++row)
    if (levels[result.m_rows[row]] == Publication::coarsened) coarsened.push_back(static_cast<std::uint32_t>(row));
  result.m_coarsened = coarsened.size();
  const auto moved = coarsen_rows(shown, chosen, coarsened);
  const std::size_t vertices = withhold_vertices(shown.geometry, policy);
  Withheld withheld = withhold_columns(shown, policy, moved);
  if (unknown && !given.empty()) {
    const Withheld more = withhold_columns(shown, given, {});
    withheld.texts += more.texts;
    withheld.positions += more.positions;
  }
  for (Source& source : shown.sources) {
    for (std::string* text : {&source.title.en, &source.title.th, &source.attribution, &source.licence})
      *text = policy.publishable(*text);
  }

  report(diagnostics, Severity::skipped, "hidden-removed", layer, "hidden sites are left out of the output",
         result.m_hidden);
  report(diagnostics, Severity::note, "coarsened-moved", layer, "sites are shown at the centre of a coarse grid cell",
         result.m_coarsened);
  report(diagnostics, Severity::doubt, "text-withheld", layer, "texts that name a hidden site are withheld",
         withheld.texts);
  report(diagnostics, Severity::doubt, "position-withheld", layer, "positions of protected sites are withheld",
         withheld.positions + betraying);
  report(diagnostics, Severity::doubt, "vertex-withheld", layer, "vertices at protected sites are withheld", vertices);
  result.m_layer = std::move(shown);
  return result;
}

}  // namespace yaan
