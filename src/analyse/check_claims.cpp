#include "yaan/analyse/check_claims.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>
#include <set>
#include <unordered_map>

#include "analyse/area_names.hpp"
#include "analyse/index/area_grid.hpp"
#include "yaan/analyse/assign_areas.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/geodesy.hpp"
#include "yaan/core/names.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

namespace {

constexpr double kDatumReach = 600;  // metres: farther than any shift between Thailand's datums moves a point
constexpr std::int64_t kFewestForDatum = 3;
constexpr double kSimilarName = 0.6;
constexpr int kChangedDecimals = 2;

struct Place {
  double x = 0;
  double y = 0;
  auto operator<=>(const Place&) const = default;
};

// Metres to the border of an area, from outside of it.
double distance_to(const Geometry& areas, std::size_t area, Place from, const Crs& crs) {
  const bool degrees = crs.is_geographic();
  const double along = degrees ? std::cos(from.y * std::numbers::pi / 180) : 1;  // of a degree of longitude
  double least = std::numeric_limits<double>::infinity();
  Place nearest;
  for (std::uint64_t part = areas.feature_parts[area]; part < areas.feature_parts[area + 1]; ++part)
    for (std::uint64_t ring = areas.part_rings[part]; ring < areas.part_rings[part + 1]; ++ring)
      for (std::uint64_t v = areas.ring_vertices[ring]; v + 1 < areas.ring_vertices[ring + 1]; ++v) {
        const double ax = (areas.x[v] - from.x) * along;
        const double ay = areas.y[v] - from.y;
        const double bx = (areas.x[v + 1] - areas.x[v]) * along;
        const double by = areas.y[v + 1] - areas.y[v];
        const double length = bx * bx + by * by;
        const double t = length > 0 ? std::clamp(-(ax * bx + ay * by) / length, 0.0, 1.0) : 0;
        const double dx = ax + t * bx;
        const double dy = ay + t * by;
        if (dx * dx + dy * dy >= least) continue;
        least = dx * dx + dy * dy;
        nearest = {from.x + dx / along, from.y + dy};
      }
  if (degrees) return geodesic_distance(from.x, from.y, nearest.x, nearest.y).value;
  return std::sqrt(least) * crs.metres_per_unit();
}

// The coordinate with one digit of its whole part or its first decimals changed, or two neighbours exchanged.
std::set<double> misread(double value) {
  const std::string text = fmt::format("{:.6f}", value);
  const std::size_t point = text.find('.');
  std::set<double> others;
  const auto add = [&](const std::string& changed) {
    if (const auto number = parse_double(changed); number && *number != value) others.insert(*number);
  };
  for (std::size_t i = 0; i < point + 1 + kChangedDecimals; ++i) {
    if (text[i] == '-' || text[i] == '.') continue;
    std::string changed = text;
    for (char digit = '0'; digit <= '9'; ++digit) {
      changed[i] = digit;
      add(changed);
    }
    changed = text;
    const std::size_t next = text[i + 1] == '.' ? i + 2 : i + 1;
    std::swap(changed[i], changed[next]);
    add(changed);
  }
  return others;
}

class Checker {
 public:
  Checker(const Layer& points, const Layer& areas, const CheckClaimsOptions& options)
      : m_points(points),
        m_areas(areas),
        m_names(areas, {}, options.normalise),
        m_grid(areas.geometry, points.size()),
        m_border(options.border.on(points.crs, "border").value),
        m_coast(options.coast.on(points.crs, "coast").value) {}

  Claim check(std::size_t row, const std::string& name, std::int32_t found, double found_distance) {
    Claim claim;
    claim.found = found;
    claim.distance = std::numeric_limits<double>::quiet_NaN();
    if (means_nothing(tidy_text(name))) return claim;
    const NameMatch match = match_of(name);
    if (match.found == NameFound::empty) return claim;
    if (match.found > NameFound::variant) {
      claim.state = ClaimState::unknown_name;
      claim.suggested = match.found == NameFound::suggested ? match.area : -1;
      return claim;
    }
    claim.claimed = match.area;
    const Place place{m_points.geometry.x[row], m_points.geometry.y[row]};
    if (lies_in_claimed(claim, place)) {
      claim.distance = 0;
      claim.state = ClaimState::agrees;
      return claim;
    }
    claim.distance = distance_to(m_areas.geometry, static_cast<std::size_t>(claim.claimed), place, m_points.crs);
    const bool in_none = found < 0 || found_distance > 0;
    const Place exchanged{place.y, place.x};
    if (lies_in_claimed(claim, exchanged)) {
      propose_move(claim, ClaimState::swapped_axes, exchanged);
    } else if (in_none && claim.distance <= m_coast) {
      claim.state = ClaimState::coast;
      claim.repair = "keep";
    } else if (claim.distance <= m_border) {
      claim.state = ClaimState::border;
      claim.repair = "keep";
    } else if (found >= 0 && is_called_alike(name, found)) {
      claim.state = ClaimState::similar_name;
      claim.repair = "rename";
    } else {
      look_for_digits(claim, place);
    }
    return claim;
  }

  [[nodiscard]] bool lies_in_claimed(const Claim& claim, Place place) const {
    return m_grid.holds(static_cast<std::uint32_t>(claim.claimed), place.x, place.y);
  }
  static void propose_move(Claim& claim, ClaimState state, Place to) {
    claim.state = state;
    claim.repair = "move";
    claim.x = to.x;
    claim.y = to.y;
  }

 private:
  const NameMatch& match_of(const std::string& name) {
    auto at = m_known.find(name);
    if (at == m_known.end()) at = m_known.emplace(name, m_names.find(name, {}, kSimilarName)).first;
    return at->second;
  }

  [[nodiscard]] bool is_called_alike(const std::string& name, std::int32_t area) const {
    const auto row = static_cast<std::size_t>(area);
    const std::string key = name_key(name, NameKind::area);
    for (const Language language : {Language::thai, Language::english})
      if (name_similarity(key, name_key(m_areas.feature_name(row, language), NameKind::area)) >= kSimilarName)
        return true;
    return false;
  }

  void look_for_digits(Claim& claim, Place place) const {
    claim.state = ClaimState::far;
    if (!m_points.crs.is_geographic()) return;
    std::set<Place> fitting;
    for (const double x : misread(place.x))
      if (lies_in_claimed(claim, {x, place.y})) fitting.insert({x, place.y});
    for (const double y : misread(place.y))
      if (lies_in_claimed(claim, {place.x, y})) fitting.insert({place.x, y});
    if (fitting.empty()) return;
    claim.state = ClaimState::digit;
    if (fitting.size() == 1) propose_move(claim, ClaimState::digit, *fitting.begin());
  }

  const Layer& m_points;
  const Layer& m_areas;
  AreaNames m_names;
  std::unordered_map<std::string, NameMatch> m_known;  // few names stand in many rows
  AreaGrid m_grid;
  double m_border;
  double m_coast;
};

// An old datum moves all points alike. When most of those at the borders would lie where they claim to if they were
// positions on Indian 1975, that is the reason.
void find_old_datum(std::vector<Claim>& claims, const Layer& points, const Checker& checker) {
  if (!points.crs.is_geographic()) return;
  Transformer from_old(Crs::from_text("EPSG:4240"), points.crs);
  std::vector<std::pair<std::size_t, Place>> explained;
  std::int64_t near = 0;
  for (std::size_t row = 0; row < claims.size(); ++row) {
    const Claim& claim = claims[row];
    if (claim.claimed < 0 || claim.state == ClaimState::agrees || !(claim.distance <= kDatumReach)) continue;
    ++near;
    Place place{points.geometry.x[row], points.geometry.y[row]};
    from_old.apply({&place.x, 1}, {&place.y, 1});
    if (std::isfinite(place.x) && checker.lies_in_claimed(claim, place)) explained.emplace_back(row, place);
  }
  const auto count = static_cast<std::int64_t>(explained.size());
  if (count < kFewestForDatum || 2 * count <= near) return;
  for (const auto& [row, place] : explained) Checker::propose_move(claims[row], ClaimState::datum, place);
}

}  // namespace

std::string_view to_string(ClaimState state) {
  switch (state) {
    case ClaimState::agrees: return "agrees";
    case ClaimState::coast: return "coast";
    case ClaimState::border: return "border";
    case ClaimState::datum: return "datum";
    case ClaimState::swapped_axes: return "swapped-axes";
    case ClaimState::similar_name: return "similar-name";
    case ClaimState::digit: return "digit";
    case ClaimState::far: return "far";
    case ClaimState::unknown_name: return "unknown-name";
    case ClaimState::no_claim: return "no-claim";
  }
  return "";
}

std::vector<Claim> check_claims(const Layer& points, const Layer& areas, const CheckClaimsOptions& options,
                                Progress& progress) {
  const std::string& role = options.name.empty() ? points.roles.area : options.name;
  if (role.empty())
    throw UsageError(fmt::format("nobody says which column of layer {} names the area of a point", points.name),
                     "name it: the parameter name, or the part area of its columns");
  const Column& names = points.column(role);
  std::optional<Layer> moved;
  if (!areas.crs.same_as(points.crs)) moved = reprojected(areas, points.crs);
  const Layer& here = moved ? *moved : areas;
  const AreaAssignment found =
      assign_areas(points.geometry.x, points.geometry.y, here.geometry, points.crs, {options.coast}, progress);
  Checker checker(points, here, options);
  std::vector<Claim> claims;
  claims.reserve(points.size());
  for (std::size_t row = 0; row < points.size(); ++row) {
    if (row % 64 == 0) {
      progress.throw_if_cancelled();
      progress.report("checking claims", static_cast<double>(row) / static_cast<double>(points.size()));
    }
    claims.push_back(checker.check(row, names.display(row), found.area[row], found.distance[row]));
  }
  find_old_datum(claims, points, checker);
  return claims;
}

}  // namespace yaan
