#include <array>

#include "export/publication_rules.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/publication.hpp"

namespace yaan {

namespace {

constexpr std::string_view kWithheld = "[withheld]";

/// Whether positions of the layer can be told in degrees.
bool on_earth(const Layer& layer) {
  return layer.crs.kind() == Crs::Kind::geographic || layer.crs.kind() == Crs::Kind::projected;
}

std::string role_text(const Layer& layer, const std::string& role, std::size_t row) {
  const Column* column = role.empty() ? nullptr : layer.find(role);
  return column == nullptr ? std::string() : column->display(row);
}

std::vector<Position> points_of(const Layer& layer, const std::vector<std::uint32_t>& rows) {
  std::vector<Position> points;
  if (layer.geometry.kind == GeometryKind::point)
    for (const std::uint32_t row : rows) points.push_back({layer.geometry.x[row], layer.geometry.y[row]});
  return points;
}

/// The same points in WGS 84.
std::vector<Position> in_degrees(const Layer& layer, const std::vector<Position>& points) {
  if (!on_earth(layer) || points.empty()) return {};
  std::vector<double> x;
  std::vector<double> y;
  for (const Position& point : points) {
    x.push_back(point.x);
    y.push_back(point.y);
  }
  Transformer(layer.crs, Crs::wgs84()).apply(x, y);
  std::vector<Position> degrees;
  for (std::size_t i = 0; i < x.size(); ++i) degrees.push_back({x[i], y[i]});
  return degrees;
}

void add_protected(PublicationPolicy::Rules& rules, const Layer& layer, const std::vector<Publication>& levels) {
  std::vector<std::uint32_t> rows;
  for (std::size_t row = 0; row < levels.size(); ++row) {
    if (levels[row] == Publication::open) continue;
    rows.push_back(static_cast<std::uint32_t>(row));
    if (levels[row] == Publication::coarsened) {
      ++rules.coarsened;
      if (!on_earth(layer) && layer.geometry.kind != GeometryKind::none)
        throw InputError("layer " + layer.name + ": coarsened sites need a CRS that is tied to the earth",
                         "give it with --crs, or make the sites hidden");
      continue;
    }
    ++rules.hidden;
    rules.texts.add_id(layer.feature_id(row));
    rules.texts.add_name(role_text(layer, layer.roles.name_en, row));
    rules.texts.add_name(role_text(layer, layer.roles.name_th, row));
  }
  if (rows.empty()) return;
  rules.layers.insert(layer.name);
  const std::vector<Position> points = points_of(layer, rows);
  rules.positions.add(points, in_degrees(layer, points), layer.crs.is_geographic());
}

void add_exempt(PublicationPolicy::Rules& rules, const Layer& layer, const std::vector<Publication>& levels) {
  if (layer.geometry.kind != GeometryKind::point || layer.roles.publication.empty()) return;
  std::vector<std::uint32_t> open;
  for (std::size_t row = 0; row < levels.size(); ++row)
    if (levels[row] == Publication::open) open.push_back(static_cast<std::uint32_t>(row));
  const std::vector<Position> own = points_of(layer, open);
  const std::vector<Position> degrees = in_degrees(layer, own);
  for (const auto* positions : {&own, &degrees})
    for (const Position& position : *positions)
      if (rules.positions.may_be_x(position.x)) rules.positions.exempt(position);
}

}  // namespace

PublicationPolicy::PublicationPolicy() : m_rules(std::make_shared<const Rules>()) {}

PublicationPolicy::PublicationPolicy(const Layer& layer)
    : PublicationPolicy(std::span<const Layer* const>(std::array<const Layer*, 1>{&layer})) {}

PublicationPolicy::PublicationPolicy(std::span<const Layer* const> layers) {
  auto rules = std::make_shared<Rules>();
  std::vector<std::vector<Publication>> levels(layers.size());
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (layers[i] == nullptr) continue;
    levels[i] = publication_levels(*layers[i]);
    add_protected(*rules, *layers[i], levels[i]);
  }
  rules->positions.prepare();
  if (!rules->positions.empty())
    for (std::size_t i = 0; i < layers.size(); ++i)
      if (layers[i] != nullptr) add_exempt(*rules, *layers[i], levels[i]);
  rules->positions.prepare();
  m_rules = std::move(rules);
}

bool PublicationPolicy::empty() const { return hidden() == 0 && coarsened() == 0; }
std::size_t PublicationPolicy::hidden() const { return m_rules->hidden; }
std::size_t PublicationPolicy::coarsened() const { return m_rules->coarsened; }

bool betrayed_by(const PublicationPolicy::Rules& rules, std::span<const double> numbers) {
  if (rules.positions.empty()) return false;
  std::vector<WrittenNumber> written;
  for (const double number : numbers) written.push_back(as_written(number));
  return rules.positions.betrayed_by(written);
}

bool PublicationPolicy::betrayed_by(std::string_view text, bool id_place) const {
  if (m_rules->texts.betrayed_by(text, id_place)) return true;
  return !m_rules->positions.empty() && m_rules->positions.betrayed_by(coordinates_in(text));
}

bool PublicationPolicy::betrayed_by(double x, double y) const {
  return m_rules->positions.may_be_x(x) && m_rules->positions.betrayed_by(as_written(x), as_written(y));
}

std::string PublicationPolicy::publishable(std::string_view text, bool id_place) const {
  return std::string(betrayed_by(text, id_place) ? kWithheld : text);
}

Diagnostics PublicationPolicy::publishable(const Diagnostics& diagnostics) const {
  Diagnostics shown;
  for (const Diagnostic& entry : diagnostics.entries()) {
    const std::string where = publishable(entry.where);
    const std::string message = publishable(entry.message);
    shown.add(entry.severity, entry.code, where, message, entry.count);
    for (const std::string& feature : entry.features)
      if (!betrayed_by(feature, true)) shown.add(entry.severity, entry.code, where, message, 0, feature);
  }
  return shown;
}

}  // namespace yaan
