#include "district/share_ground.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "district/ground.hpp"
#include "yaan/core/overlay.hpp"
#include "yaan/core/parallel.hpp"
#include "yaan/core/polygon_index.hpp"
#include "yaan/core/voronoi.hpp"

namespace yaan {

namespace {

constexpr std::size_t kBlock = 4;  // pairs of outlines

// The longitude where the plane is best cut open: the end of the widest gap.
double seam(std::vector<double> lon) {
  if (lon.empty()) return -180;
  for (double& value : lon) value = turned_to(value, 0);
  std::sort(lon.begin(), lon.end());
  double widest = lon.front() + 360 - lon.back();
  double end = lon.front();
  for (std::size_t i = 1; i < lon.size(); ++i)
    if (lon[i] - lon[i - 1] > widest) {
      widest = lon[i] - lon[i - 1];
      end = lon[i];
    }
  return end - widest / 2;
}

struct Turned {
  std::vector<double> x;
  double turns = 0;  // degrees gained after one round: 0, or a whole turn about a pole
};

Turned continuous(std::span<const double> lon, double start) {
  Turned turned;
  double last = start;
  for (const double value : lon) turned.x.push_back(last = turned_to(value, last));
  turned.turns = lon.empty() ? 0 : turned.x.back() - turned.x.front();
  return turned;
}

}  // namespace

SharedGround::SharedGround(Geometry outlines, bool geographic)
    : m_geographic(geographic), m_given(std::move(outlines)), m_fate(m_given.size()) {
  m_centre.assign(m_given.size(), 0);
  if (!geographic) {
    m_flat = m_given;
    return;
  }
  std::vector<double> starts;
  for (std::size_t f = 0; f < m_given.size(); ++f)
    if (m_given.feature_parts[f] < m_given.feature_parts[f + 1])
      starts.push_back(m_given.ring_x(m_given.part_rings[m_given.feature_parts[f]])[0]);
  const double cut = seam(std::move(starts));
  m_flat = Geometry::empty(GeometryKind::polygon);
  for (std::size_t f = 0; f < m_given.size(); ++f) {
    Geometry flat = Geometry::empty(GeometryKind::polygon);
    bool first = true;
    for (std::size_t part = m_given.feature_parts[f]; part < m_given.feature_parts[f + 1]; ++part) {
      for (std::size_t r = m_given.part_rings[part]; r < m_given.part_rings[part + 1]; ++r) {
        if (first) m_centre[f] = turned_to(m_given.ring_x(r)[0], cut + 180);
        first = false;
        const Turned turned = continuous(m_given.ring_x(r), m_centre[f]);
        if (turned.turns != 0) m_fate[f].about_pole = true;
        flat.add_ring(turned.x, m_given.ring_y(r));
      }
      flat.end_part();
    }
    flat.end_feature();
    if (m_fate[f].about_pole) {
      m_flat.end_feature();
    } else {
      append_feature(flat, 0, m_flat);
    }
  }
}

bool SharedGround::lost(std::size_t outline, double x, double y) const {
  if (m_geographic) x = turned_to(x, m_centre[outline]);
  // Members at the corners of their hull lie on either side of it by rounding.
  const double hair = m_geographic ? 1e-9 : 1e-6;
  const auto beyond = [&](const Geometry& shapes) {
    return locate(shapes, outline, x, y) == Inside::outside && distance_to_edges(shapes, outline, x, y) > hair;
  };
  return beyond(m_flat) && !beyond(m_before);
}

void SharedGround::clip(const Geometry& boundary, const Progress& progress) {
  const PolygonIndex index(make_valid(boundary).geometry);
  Geometry flat = Geometry::empty(GeometryKind::polygon);
  for (std::size_t f = 0; f < m_flat.size(); ++f) {
    progress.throw_if_cancelled();
    const Box box = m_flat.bounds(f);
    Geometry kept = Geometry::empty(GeometryKind::polygon);
    bool unchanged = box.empty();
    // The boundary may be written on another turn of the globe, or on both sides of the antimeridian.
    for (const double turn : {-360.0, 0.0, 360.0}) {
      if (unchanged || (turn != 0 && !m_geographic)) continue;
      if (box.min_x + turn > index.bounds().max_x || box.max_x + turn < index.bounds().min_x) continue;
      Geometry some = index.clipped(m_flat, f, turn, unchanged);
      for (double& x : some.x) x -= turn;
      append_feature(some, 0, kept);
    }
    if (unchanged) {
      append_feature(m_flat, f, flat);
      continue;
    }
    kept = united(kept);
    (kept.x.empty() ? m_fate[f].outside : m_fate[f].cut) = true;
    append_feature(kept.x.empty() ? m_flat : kept, kept.x.empty() ? f : 0, flat);
  }
  m_before = std::exchange(m_flat, std::move(flat));
}

void SharedGround::yield_to_earlier(const Progress& progress) {
  std::vector<std::uint8_t> changed;
  m_before = std::exchange(m_flat, without_earlier(m_flat, changed, progress));
  for (std::size_t f = 0; f < changed.size(); ++f)
    if (changed[f] != 0) (m_flat.bounds(f).empty() ? m_fate[f].given_away : m_fate[f].yielded) = true;
}

Geometry SharedGround::nearer_to_second(const Geometry& common, std::size_t first, const Positions& first_places,
                                        const Positions& second_places) const {
  Positions both{m_geographic, first_places.x, first_places.y};
  both.x.insert(both.x.end(), second_places.x.begin(), second_places.x.end());
  both.y.insert(both.y.end(), second_places.y.begin(), second_places.y.end());
  const Ground ground(both);
  Box box;
  for (std::size_t i = 0; i < common.x.size(); ++i) {
    const auto place = ground.to_plane(common.x[i], common.y[i]);
    box.include(place.x, place.y);
  }
  // A place can be nearest only where it is no farther away than the farthest that the best of all can be.
  std::vector<TangentPlane::Place> places(both.x.size());
  std::vector<double> least(both.x.size());
  double limit = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < places.size(); ++i) {
    places[i] = ground.to_plane(both.x[i], both.y[i]);
    const auto& [x, y] = places[i];
    least[i] = std::hypot(std::max({box.min_x - x, x - box.max_x, 0.0}), std::max({box.min_y - y, y - box.max_y, 0.0}));
    limit = std::min(limit, std::hypot(std::max(x - box.min_x, box.max_x - x), std::max(y - box.min_y, box.max_y - y)));
  }
  std::vector<double> x;
  std::vector<double> y;
  std::vector<std::uint8_t> second;
  Box kept;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (!(least[i] <= limit * (1 + 1e-9))) continue;
    x.push_back(places[i].x);
    y.push_back(places[i].y);
    second.push_back(i < first_places.x.size() ? 0 : 1);
    kept.include(places[i].x, places[i].y);
  }
  // Beyond the corners of the common ground, so that edges which bend on the way to degrees stay outside it.
  const double around =
      std::max({kept.min_x - box.min_x, box.max_x - kept.max_x, kept.min_y - box.min_y, box.max_y - kept.max_y, 0.0}) +
      0.1 * (box.width() + box.height());
  Geometry region = ground.from_plane(voronoi_region(x, y, second, around));
  if (m_geographic)
    for (double& lon : region.x) lon = turned_to(lon, m_centre[first]);
  return intersection(common, make_valid(region).geometry);
}

void SharedGround::share_by_nearest(const std::vector<const Positions*>& places, const Progress& progress) {
  const auto pairs = meeting_boxes(m_flat);
  struct Shares {
    Geometry of_first, of_second;
  };
  std::vector<Shares> shares(pairs.size());
  parallel_blocks(pairs.size(), kBlock, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t p = begin; p < end; ++p) {
      progress.throw_if_cancelled();
      const auto [a, b] = pairs[p];
      const Geometry common = intersection(m_flat.select({a}), m_flat.select({b}));
      if (common.x.empty()) continue;
      shares[p].of_second = nearer_to_second(common, a, *places[a], *places[b]);
      shares[p].of_first = difference(common, shares[p].of_second);
    }
  });
  std::vector<Geometry> lost(m_flat.size(), Geometry::empty(GeometryKind::polygon));
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    if (!shares[p].of_second.x.empty()) append_feature(shares[p].of_second, 0, lost[pairs[p].first]);
    if (!shares[p].of_first.x.empty()) append_feature(shares[p].of_first, 0, lost[pairs[p].second]);
  }
  Geometry flat = Geometry::empty(GeometryKind::polygon);
  for (std::uint32_t f = 0; f < m_flat.size(); ++f) {
    progress.throw_if_cancelled();
    if (lost[f].x.empty()) {
      append_feature(m_flat, f, flat);
      continue;
    }
    append_feature(difference(m_flat.select({f}), lost[f]), 0, flat);
    (flat.bounds(f).empty() ? m_fate[f].given_away : m_fate[f].yielded) = true;
  }
  m_before = std::exchange(m_flat, std::move(flat));
}

Geometry SharedGround::take() {
  Geometry out = Geometry::empty(GeometryKind::polygon);
  if (m_geographic)
    for (double& x : m_flat.x) x = turned_to(x, 0);
  for (std::size_t f = 0; f < m_flat.size(); ++f) {
    const Fate& fate = m_fate[f];
    append_feature(fate.cut || fate.yielded || fate.given_away ? m_flat : m_given, f, out);
  }
  return out;
}

}  // namespace yaan
