#include "analyse/index/nearest_edge.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "yaan/core/geodesy.hpp"

namespace yaan {

namespace {

constexpr double kSemiMajor = 6378137.0;  // WGS 84
constexpr double kFlattening = 1 / 298.257223563;
constexpr double kSquaredEccentricity = kFlattening * (2 - kFlattening);
constexpr double kRadian = std::numbers::pi / 180;

/// Lengths of one unit of x and of y near a place.
struct Scale {
  double x;
  double y;
};

Scale degrees_at(double lat) {
  const double sine = std::sin(lat * kRadian);
  const double w = 1 - kSquaredEccentricity * sine * sine;
  const double normal = kSemiMajor / std::sqrt(w);
  return {normal * std::max(std::cos(lat * kRadian), 1e-9) * kRadian,
          normal * (1 - kSquaredEccentricity) / w * kRadian};
}

struct Edge {
  double ax, ay, bx, by;
};

/// With its ends in one order, so that the two areas beside a border compute the same distance to it.
Edge ordered_edge(const Geometry& areas, std::uint64_t v) {
  const Edge edge{areas.x[v], areas.y[v], areas.x[v + 1], areas.y[v + 1]};
  if (edge.ax < edge.bx || (edge.ax == edge.bx && edge.ay <= edge.by)) return edge;
  return {edge.bx, edge.by, edge.ax, edge.ay};
}

/// How far along the edge, 0 to 1, its nearest place to (x, y) lies.
double nearest_share(const Edge& edge, double x, double y, Scale scale) {
  const double dx = (edge.bx - edge.ax) * scale.x, dy = (edge.by - edge.ay) * scale.y;
  const double length = dx * dx + dy * dy;
  if (!(length > 0)) return 0;
  return std::clamp(((x - edge.ax) * scale.x * dx + (y - edge.ay) * scale.y * dy) / length, 0.0, 1.0);
}

double distance_at(const Edge& edge, double share, double x, double y, Scale scale) {
  return std::hypot((edge.ax + share * (edge.bx - edge.ax) - x) * scale.x,
                    (edge.ay + share * (edge.by - edge.ay) - y) * scale.y);
}

double plane_distance(const Edge& edge, double x, double y, Scale scale) {
  return distance_at(edge, nearest_share(edge, x, y, scale), x, y, scale);
}

/// From the flat view's place, Gauss-Newton steps along the edge in space, where it is a gentle curve; each step takes
/// off all but a share of the error, distance times curvature, 0.2 at 100 km and 85 degrees. Then the geodesic.
double ground_distance(const Edge& edge, double x, double y) {
  constexpr int kSteps = 8;
  double share = nearest_share(edge, x, y, degrees_at(y));
  const auto from = earth_centred(x, y);
  const double dx = edge.bx - edge.ax, dy = edge.by - edge.ay;
  for (int step = 0; step < kSteps; ++step) {
    const double lon = edge.ax + share * dx, lat = edge.ay + share * dy;
    const auto at = earth_centred(lon, lat);
    const Scale scale = degrees_at(lat);
    const double east = dx * scale.x, north = dy * scale.y;  // the edge's direction here
    const double sin_lon = std::sin(lon * kRadian), cos_lon = std::cos(lon * kRadian);
    const double sin_lat = std::sin(lat * kRadian), cos_lat = std::cos(lat * kRadian);
    const double along = (from[0] - at[0]) * (-sin_lon * east - sin_lat * cos_lon * north) +
                         (from[1] - at[1]) * (cos_lon * east - sin_lat * sin_lon * north) +
                         (from[2] - at[2]) * cos_lat * north;
    const double squared = east * east + north * north;
    if (!(squared > 0)) break;
    share = std::clamp(share + along / squared, 0.0, 1.0);
  }
  return geodesic_distance(x, y, edge.ax + share * dx, edge.ay + share * dy).value;
}

/// One copy of the point, and how far from it an edge may be to matter.
class Search {
 public:
  Search(const Crs& crs, double x, double y) : m_geographic(crs.is_geographic()), m_x(x), m_y(y) {
    m_here = m_geographic ? degrees_at(y) : Scale{crs.metres_per_unit(), crs.metres_per_unit()};
  }

  /// Improves `best`, whose metres are the distance to beat.
  void run(const AreaGrid& grid, const Geometry& areas, NearestArea& best) {
    reach(best.metres);
    for (std::uint32_t area = 0; area < grid.size(); ++area) {
      const Box& box = grid.bounds(area);
      if (!(m_x + m_reach_x >= box.min_x && m_x - m_reach_x <= box.max_x && m_y + m_reach_y >= box.min_y &&
            m_y - m_reach_y <= box.max_y))
        continue;
      grid.visit_edges(area, m_y - m_reach_y, m_y + m_reach_y, [&](std::uint64_t v) {
        try_edge(static_cast<std::int32_t>(area), ordered_edge(areas, v), best);
      });
    }
  }

 private:
  static constexpr double kRoom = 1.02;  // a flat view errs by less within 100 km

  void reach(double metres) {
    m_reach_y = metres * kRoom / m_here.y;
    // Towards the pole a degree of longitude shrinks: the scale of the far end never overstates a distance.
    m_least_x = m_geographic ? degrees_at(std::min(89.9, std::abs(m_y) + m_reach_y)).x : m_here.x;
    m_reach_x = metres * kRoom / m_least_x;
  }

  void try_edge(std::int32_t area, const Edge& edge, NearestArea& best) {
    if (edge.ax > m_x + m_reach_x || edge.bx < m_x - m_reach_x) return;
    if (m_geographic && plane_distance(edge, m_x, m_y, {m_least_x, m_here.y}) > best.metres * kRoom) return;
    const double metres = m_geographic ? ground_distance(edge, m_x, m_y) : plane_distance(edge, m_x, m_y, m_here);
    const bool first = best.area == AreaGrid::kNone && metres == best.metres;
    const bool earlier = metres == best.metres && area < best.area;
    if (!(metres < best.metres) && !first && !earlier) return;
    best = {area, metres};
    reach(metres);
  }

  bool m_geographic;
  double m_x, m_y;
  Scale m_here{};
  double m_least_x = 0, m_reach_x = 0, m_reach_y = 0;
};

}  // namespace

NearestArea nearest_area(const AreaGrid& grid, const Geometry& areas, const Crs& crs, double x, double y,
                         double metres) {
  NearestArea best{AreaGrid::kNone, metres};
  Search(crs, x, y).run(grid, areas, best);
  if (crs.is_geographic())
    for (const double turn : {-360.0, 360.0}) Search(crs, x + turn, y).run(grid, areas, best);
  return best;
}

}  // namespace yaan
