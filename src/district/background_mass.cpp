#include "district/background_mass.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "yaan/core/error.hpp"

namespace yaan {

void BackgroundMass::lay_out(double least_y, double most_y, double stripe) {
  if (!((most_y - least_y) / stripe < kMostStripes))
    throw UsageError("the background is more than a million times as wide as the radius",
                     "take a larger radius, or a background for the place that is looked at");
  m_origin = least_y;
  m_height = stripe;
  m_stripes = static_cast<std::uint32_t>((most_y - least_y) / stripe) + 1;
}

BackgroundMass::BackgroundMass(Geometry polygons, std::span<const double> density, double stripe) {
  const Box box = polygons.bounds();
  if (box.empty()) return;
  orient_rings(polygons);
  lay_out(box.min_y, box.max_y, stripe);
  std::vector<Step> steps;
  // Outer rings run counter-clockwise: ground begins, from west to east, where an edge runs down.
  const auto cross = [&](double ax, double ay, double bx, double by, double per_area) {
    const double low = std::min(ay, by), high = std::max(ay, by);
    const double first = std::ceil((low - m_origin) / m_height - 0.5);
    for (double k = std::max(0.0, first); k < m_stripes; ++k) {
      const double y = m_origin + (k + 0.5) * m_height;
      if (y < low) continue;
      if (y >= high) break;
      const double x = ax + (y - ay) / (by - ay) * (bx - ax);
      steps.push_back({static_cast<std::uint32_t>(k), x, (by < ay ? 1 : -1) * per_area * m_height});
    }
  };
  for (std::size_t feature = 0; feature < density.size(); ++feature) {
    if (!(density[feature] > 0)) continue;
    for (std::size_t part = polygons.feature_parts[feature]; part < polygons.feature_parts[feature + 1]; ++part)
      for (std::size_t ring = polygons.part_rings[part]; ring < polygons.part_rings[part + 1]; ++ring) {
        const auto x = polygons.ring_x(ring), y = polygons.ring_y(ring);
        for (std::size_t v = 0; v + 1 < x.size(); ++v)
          if (y[v] != y[v + 1]) cross(x[v], y[v], x[v + 1], y[v + 1], density[feature]);
      }
  }
  add_up(std::move(steps));
}

void BackgroundMass::add_up(std::vector<Step> steps) {
  std::sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) {
    return std::tie(a.stripe, a.x, a.slope) < std::tie(b.stripe, b.x, b.slope);
  });
  m_begin.assign(m_stripes + 1, 0);
  for (const Step& step : steps) ++m_begin[step.stripe + 1];
  for (std::uint32_t k = 0; k < m_stripes; ++k) m_begin[k + 1] += m_begin[k];
  double mass = 0, slope = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const bool opens = i == 0 || steps[i].stripe != steps[i - 1].stripe;
    if (opens) {
      m_total += mass;
      mass = slope = 0;
    } else {
      mass += slope * (steps[i].x - steps[i - 1].x);
    }
    slope += steps[i].slope;
    m_x.push_back(steps[i].x);
    m_mass.push_back(mass);
    // Behind the last border there is nothing; rounding must not leave a trace of slope.
    m_slope.push_back(i + 1 == steps.size() || steps[i + 1].stripe != steps[i].stripe ? 0 : slope);
  }
  m_total += mass;
}

double BackgroundMass::up_to(std::uint32_t stripe, double x) const {
  const auto begin = m_x.begin() + m_begin[stripe], end = m_x.begin() + m_begin[stripe + 1];
  const auto after = std::upper_bound(begin, end, x);
  if (after == begin) return 0;
  const auto step = static_cast<std::size_t>(after - m_x.begin()) - 1;
  return m_mass[step] + m_slope[step] * (x - m_x[step]);
}

double BackgroundMass::near(std::span<const double> x, std::span<const double> y, double reach,
                            Scratch& scratch) const {
  auto& pieces = scratch.pieces;
  pieces.clear();
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double first = std::max(0.0, std::floor((y[i] - reach - m_origin) / m_height));
    const double last = std::min<double>(m_stripes, std::floor((y[i] + reach - m_origin) / m_height) + 1);
    for (double k = first; k < last; ++k) {
      const double off = m_origin + (k + 0.5) * m_height - y[i];
      const double squared = reach * reach - off * off;
      if (!(squared > 0)) continue;
      const double half = std::sqrt(squared);
      pieces.push_back({static_cast<std::uint32_t>(k), x[i] - half, x[i] + half});
    }
  }
  std::sort(pieces.begin(), pieces.end(), [](const Scratch::Piece& a, const Scratch::Piece& b) {
    return std::tie(a.stripe, a.from, a.to) < std::tie(b.stripe, b.from, b.to);
  });
  double mass = 0;
  for (std::size_t i = 0; i < pieces.size();) {
    const Scratch::Piece& open = pieces[i];
    double to = open.to;
    std::size_t next = i + 1;
    for (; next < pieces.size() && pieces[next].stripe == open.stripe && pieces[next].from <= to; ++next)
      to = std::max(to, pieces[next].to);
    mass += up_to(open.stripe, to) - up_to(open.stripe, open.from);
    i = next;
  }
  return mass;
}

}  // namespace yaan
