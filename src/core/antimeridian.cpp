#include "yaan/core/antimeridian.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace yaan {

namespace {

// At a pole all longitudes are one place, so an edge there has no length.
bool at_pole(double lat) { return std::abs(lat) >= 90 - 1e-9; }

bool goes_the_long_way(const Path& path, std::size_t from, std::size_t to) {
  const double dx = std::abs(path.x[to] - path.x[from]);
  return dx > 180 && dx != 360 && !(at_pole(path.y[from]) && at_pole(path.y[to]));
}

/// Longitudes made continuous along the path. `net` is what a closed ring has gained after one round: 0, or +-360 about
/// a pole.
Path unwrapped(const Path& path, bool closed, double& net) {
  Path result = path;
  double offset = 0;
  const auto turn = [&](std::size_t from, std::size_t to) {
    if (goes_the_long_way(path, from, to)) offset -= 360 * std::round((path.x[to] - path.x[from]) / 360);
  };
  for (std::size_t i = 1; i < path.size(); ++i) {
    turn(i - 1, i);
    result.x[i] += offset;
  }
  if (closed && path.size() > 1) turn(path.size() - 1, 0);
  net = offset;
  return result;
}

void shift(Path& path, double by) {
  for (double& x : path.x) x += by;
}

double smallest_x(const Path& path) { return *std::min_element(path.x.begin(), path.x.end()); }
double largest_x(const Path& path) { return *std::max_element(path.x.begin(), path.x.end()); }

/// Brings the path's smallest longitude into -180 <= x < 180.
void shift_into_world(Path& path) { shift(path, -360 * std::floor((smallest_x(path) + 180) / 360)); }

/// Latitude where the edge between vertices i and j meets the meridian; the same from either side.
double crossing(const Path& path, std::size_t i, std::size_t j, double meridian) {
  if (path.x[i] > path.x[j]) std::swap(i, j);
  const double share = (meridian - path.x[i]) / (path.x[j] - path.x[i]);
  return path.y[i] + share * (path.y[j] - path.y[i]);
}

/// A ring that gains `net` degrees in one round, begun where it crosses the antimeridian and closed over the pole.
Path closed_over_pole(const Path& ring, double net) {
  const std::size_t n = ring.size();
  const double pole = std::accumulate(ring.y.begin(), ring.y.end(), 0.0) < 0 ? -90 : 90;
  const auto band = [](double x) { return std::floor((x + 180) / 360); };
  Path result;
  for (std::size_t i = 0; i < n; ++i) {
    Path edge;
    edge.push(ring.x[i], ring.y[i]);
    edge.push(i + 1 < n ? ring.x[i + 1] : ring.x[0] + net, ring.y[(i + 1) % n]);
    if (band(edge.x[0]) == band(edge.x[1])) continue;
    const double meridian = 360 * std::max(band(edge.x[0]), band(edge.x[1])) - 180;
    const double y = crossing(edge, 0, 1, meridian);
    result.push(meridian, y);
    for (std::size_t k = 1; k <= n; ++k) {
      const std::size_t at = i + k;
      result.push(ring.x[at % n] + (at >= n ? net : 0), ring.y[at % n]);
    }
    result.push(meridian + net, y);
    result.push(meridian + net, pole);
    result.push(meridian, pole);
    return result;
  }
  return ring;
}

void reverse(Path& path) {
  std::reverse(path.x.begin(), path.x.end());
  std::reverse(path.y.begin(), path.y.end());
}

/// Adds a vertex unless it repeats the last one.
void push_new(Path& path, double x, double y) {
  if (path.size() == 0 || path.x.back() != x || path.y.back() != y) path.push(x, y);
}

bool on_side(double x, double meridian, bool left) { return left ? x <= meridian : x > meridian; }

/// The parts of a ring on one side of a meridian, each from the vertex where it enters to where it leaves. A ring
/// wholly on that side goes to `whole`.
void collect_chains(const Path& ring, double meridian, bool left, std::vector<Path>& chains, RingSet& whole) {
  const std::size_t n = ring.size();
  std::size_t start = n;
  bool any_inside = false;
  for (std::size_t i = 0; i < n; ++i) {
    const bool inside = on_side(ring.x[i], meridian, left);
    any_inside |= inside;
    if (!inside && on_side(ring.x[(i + 1) % n], meridian, left)) start = i;
  }
  if (!any_inside) return;
  if (start == n) {
    whole.push_back(ring);
    return;
  }
  Path chain;
  for (std::size_t k = 0; k < n; ++k) {
    const std::size_t i = (start + k) % n;
    const std::size_t j = (i + 1) % n;
    const bool from_inside = on_side(ring.x[i], meridian, left);
    const bool to_inside = on_side(ring.x[j], meridian, left);
    if (from_inside != to_inside) push_new(chain, meridian, crossing(ring, i, j, meridian));
    if (to_inside) push_new(chain, ring.x[j], ring.y[j]);
    if (from_inside && !to_inside) {
      chains.push_back(std::move(chain));
      chain = Path();
    }
  }
}

/// Joins chains along the meridian. The inside lies left of every chain, so the border of the left half goes up from
/// where a chain leaves to the next one that enters, and that of the right half goes down: the k-th leave joins the
/// k-th entry.
RingSet joined(const std::vector<Path>& chains, bool left) {
  std::vector<std::size_t> entries(chains.size());
  std::iota(entries.begin(), entries.end(), std::size_t{0});
  std::vector<std::size_t> leaves = entries;
  const double sign = left ? 1 : -1;
  std::stable_sort(entries.begin(), entries.end(), [&](std::size_t a, std::size_t b) {
    return sign * chains[a].y.front() < sign * chains[b].y.front();
  });
  std::stable_sort(leaves.begin(), leaves.end(),
                   [&](std::size_t a, std::size_t b) { return sign * chains[a].y.back() < sign * chains[b].y.back(); });
  std::vector<std::size_t> next(chains.size());
  for (std::size_t k = 0; k < chains.size(); ++k) next[leaves[k]] = entries[k];

  RingSet rings;
  std::vector<bool> used(chains.size());
  for (std::size_t first = 0; first < chains.size(); ++first) {
    Path ring;
    for (std::size_t at = first; !used[at]; at = next[at]) {
      used[at] = true;
      for (std::size_t i = 0; i < chains[at].size(); ++i) push_new(ring, chains[at].x[i], chains[at].y[i]);
    }
    while (ring.size() > 1 && ring.x.front() == ring.x.back() && ring.y.front() == ring.y.back()) {
      ring.x.pop_back();
      ring.y.pop_back();
    }
    if (ring.size() >= 3 && doubled_area(ring) != 0) rings.push_back(std::move(ring));
  }
  return rings;
}

bool contains(const Path& ring, double px, double py) {
  bool inside = false;
  for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++)
    if ((ring.y[i] > py) != (ring.y[j] > py) &&
        px < (ring.x[j] - ring.x[i]) * (py - ring.y[i]) / (ring.y[j] - ring.y[i]) + ring.x[i])
      inside = !inside;
  return inside;
}

/// Outer rings with the holes that lie in them.
std::vector<RingSet> assembled(RingSet rings) {
  std::vector<RingSet> polygons;
  for (Path& ring : rings)
    if (doubled_area(ring) > 0) polygons.push_back({ring});
  for (Path& ring : rings) {
    if (doubled_area(ring) > 0 || polygons.empty()) continue;
    // A hole may touch its outer ring: most of its vertices decide.
    std::size_t best = 0;
    std::size_t most = 0;
    for (std::size_t p = 0; p < polygons.size(); ++p) {
      std::size_t inside = 0;
      for (std::size_t i = 0; i < ring.size(); ++i)
        if (contains(polygons[p].front(), ring.x[i], ring.y[i])) ++inside;
      if (inside > most) {
        most = inside;
        best = p;
      }
    }
    polygons[best].push_back(std::move(ring));
  }
  return polygons;
}

std::vector<RingSet> side_of(const RingSet& polygon, double meridian, bool left) {
  std::vector<Path> chains;
  RingSet rings;
  for (const Path& ring : polygon) collect_chains(ring, meridian, left, chains, rings);
  for (Path& ring : joined(chains, left)) rings.push_back(std::move(ring));
  return assembled(std::move(rings));
}

/// Rings with continuous longitudes, outer counter-clockwise from -180 <= x, holes clockwise within it.
RingSet prepared(const RingSet& polygon) {
  RingSet rings;
  for (const Path& ring : polygon) {
    if (ring.size() < 3) continue;
    double net = 0;
    Path path = unwrapped(ring, true, net);
    if (net != 0) path = closed_over_pole(path, net);
    shift_into_world(path);
    const bool outer = rings.empty();
    if ((doubled_area(path) < 0) == outer) reverse(path);
    if (!outer) {
      const double middle = (smallest_x(path) + largest_x(path)) / 2;
      const double wanted = (smallest_x(rings.front()) + largest_x(rings.front())) / 2;
      shift(path, 360 * std::round((wanted - middle) / 360));
      // Halves of a turn away from the middle either side may be right.
      for (const double by : {360.0, -360.0})
        if (smallest_x(path) + by >= smallest_x(rings.front()) && largest_x(path) + by <= largest_x(rings.front()) &&
            (smallest_x(path) < smallest_x(rings.front()) || largest_x(path) > largest_x(rings.front())))
          shift(path, by);
    }
    rings.push_back(std::move(path));
  }
  return rings;
}

}  // namespace

double wrapped_longitude(double lon) {
  return lon >= -180 && lon <= 180 ? lon : lon - 360 * std::floor((lon + 180) / 360);
}

bool needs_cutting(const Path& path, bool closed) {
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path.x[i] < -180 || path.x[i] > 180) return true;
    if (i > 0 && goes_the_long_way(path, i - 1, i)) return true;
  }
  return closed && path.size() > 1 && goes_the_long_way(path, path.size() - 1, 0);
}

double doubled_area(const Path& ring) {
  double sum = 0;
  for (std::size_t i = 1; i + 1 < ring.size(); ++i)
    sum +=
        (ring.x[i] - ring.x[0]) * (ring.y[i + 1] - ring.y[0]) - (ring.x[i + 1] - ring.x[0]) * (ring.y[i] - ring.y[0]);
  return sum;
}

std::vector<Path> cut_line(const Path& line) {
  if (line.size() < 2) return {};
  double net = 0;
  Path path = unwrapped(line, false, net);
  shift_into_world(path);
  std::vector<Path> parts(1);
  const auto band = [](double x) { return std::floor((x + 180) / 360); };
  double current = band(path.x[0]);
  // A line that starts on the antimeridian and goes west belongs to the western band.
  if (path.x[0] == 360 * current - 180 && path.x[1] < path.x[0]) current -= 1;
  push_new(parts.back(), path.x[0] - 360 * current, path.y[0]);
  for (std::size_t i = 1; i < path.size(); ++i) {
    while (path.x[i] > 360 * current + 180 || path.x[i] < 360 * current - 180) {
      const double step = path.x[i] > 360 * current + 180 ? 1 : -1;
      const double y = crossing(path, i - 1, i, 360 * current + 180 * step);
      push_new(parts.back(), 180 * step, y);
      parts.emplace_back();
      push_new(parts.back(), -180 * step, y);
      current += step;
    }
    push_new(parts.back(), path.x[i] - 360 * current, path.y[i]);
  }
  std::erase_if(parts, [](const Path& part) { return part.size() < 2; });
  return parts;
}

std::vector<RingSet> cut_polygon(const RingSet& polygon) {
  RingSet rings = prepared(polygon);
  if (rings.empty() || doubled_area(rings.front()) == 0) return {};
  std::vector<RingSet> pieces;
  std::vector<RingSet> rest{std::move(rings)};
  for (double by = 0; !rest.empty(); by += 360) {
    std::vector<RingSet> further;
    for (const RingSet& part : rest) {
      std::vector<RingSet> here{part};
      if (largest_x(part.front()) > 180 + by) {
        here = side_of(part, 180 + by, true);
        for (RingSet& beyond : side_of(part, 180 + by, false)) further.push_back(std::move(beyond));
      }
      for (RingSet& piece : here) {
        for (Path& ring : piece) shift(ring, -by);
        pieces.push_back(std::move(piece));
      }
    }
    rest = std::move(further);
  }
  return pieces;
}

}  // namespace yaan
