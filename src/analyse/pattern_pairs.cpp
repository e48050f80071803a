#include "analyse/pattern_pairs.hpp"

#include <numeric>

#include "analyse/pair_loops.hpp"

namespace yaan {

namespace {

constexpr double kRoom = 1 + 1e-12;  // no pair at the reach is lost by rounding

}  // namespace

CellPoints::CellPoints(std::span<const double> px, std::span<const double> py, const Box& bounds, double reach)
    : x(px.size()), y(px.size()) {
  const double most = 2 * std::sqrt(static_cast<double>(px.size()) + 64);  // along an axis: cells follow the points
  const double area = bounds.width() * bounds.height();
  const double side = std::max({reach / 2, std::sqrt(area) / most, std::max(bounds.width(), bounds.height()) / 4096});
  const auto intervals = [&](double low, double high) {
    return Intervals(low, high, static_cast<std::uint32_t>((high - low) / side) + 1);
  };
  columns = intervals(bounds.min_x, bounds.max_x);
  rows = intervals(bounds.min_y, bounds.max_y);
  begin.assign(std::size_t{columns.count} * rows.count + 1, 0);
  std::vector<std::uint32_t> of(px.size());
  for (std::size_t i = 0; i < px.size(); ++i) {
    of[i] = rows.at(py[i]) * columns.count + columns.at(px[i]);
    ++begin[of[i] + 1];
  }
  std::partial_sum(begin.begin(), begin.end(), begin.begin());
  std::vector<std::uint32_t> next(begin.begin(), begin.end() - 1);
  struct Place {
    double x, y;
    bool operator<(const Place& other) const { return x != other.x ? x < other.x : y < other.y; }
  };
  std::vector<Place> places(px.size());
  cell.resize(px.size());
  for (std::size_t i = 0; i < px.size(); ++i) {
    const std::uint32_t at = next[of[i]]++;
    places[at] = {px[i], py[i]};
    cell[at] = of[i];
  }
  for (std::size_t c = 0; c + 1 < begin.size(); ++c)
    if (begin[c + 1] - begin[c] > 1) std::sort(places.begin() + begin[c], places.begin() + begin[c + 1]);
  for (std::size_t i = 0; i < places.size(); ++i) {
    x[i] = places[i].x;
    y[i] = places[i].y;
  }
}

Box CellPoints::box_of(std::uint32_t of) const {
  // The points themselves, because a cell's own bounds are known up to rounding only.
  Box box;
  for (std::uint32_t i = begin[of]; i < begin[of + 1]; ++i) box.include(x[i], y[i]);
  return box;
}

PairWeights::PairWeights(const PatternWindow& on, EdgeCorrection edge_correction, double longest,
                         const Progress& progress)
    : window(on), correction(edge_correction), reach(longest * kRoom) {
  if (correction == EdgeCorrection::translation)
    covariance = std::make_unique<const SetCovariance>(window, reach * kRoom, progress);
}

void PairCollector::add_run(std::uint32_t begin, std::uint32_t end, double x, double y) {
  m_count += pair_loops().near(m_to.x.data() + begin, m_to.y.data() + begin, end - begin, x, y,
                               m_weights.reach * m_weights.reach, m_dx.data() + m_count, m_dy.data() + m_count,
                               m_distance.data() + m_count);
}

void PairCollector::collect(std::size_t point) {
  const double x = m_from.x[point], y = m_from.y[point], reach = m_weights.reach;
  const std::uint32_t first = m_to.columns.at(x - reach), last = m_to.columns.at(x + reach);
  const std::uint32_t bottom = m_to.rows.at(y - reach), top = m_to.rows.at(y + reach);
  std::size_t most = PairLoops::kSlack;
  for (std::uint32_t row = bottom; row <= top; ++row) {
    const std::uint32_t cells = row * m_to.columns.count;
    most += m_to.begin[cells + last + 1] - m_to.begin[cells + first];
  }
  if (m_dx.size() < most)
    for (auto* array : {&m_dx, &m_dy, &m_distance, &m_weight}) array->resize(2 * most);
  m_count = 0;
  for (std::uint32_t row = bottom; row <= top; ++row) {
    const std::uint32_t cells = row * m_to.columns.count;
    const std::uint32_t begin = m_to.begin[cells + first], end = m_to.begin[cells + last + 1];
    const auto own = static_cast<std::uint32_t>(point);
    if (m_same && own >= begin && own < end) {
      add_run(begin, own, x, y);
      add_run(own + 1, end, x, y);
    } else {
      add_run(begin, end, x, y);
    }
  }
}

void PairCollector::weigh() {
  if (m_weights.correction == EdgeCorrection::translation) {
    const double area = m_weights.window.area();
    for (std::size_t i = 0; i < m_count; ++i) {
      const double shared = (*m_weights.covariance)(m_dx[i], m_dy[i]);
      m_weight[i] = shared * kMostEdgeWeight > area ? area / shared : kMostEdgeWeight;
    }
    return;
  }
  std::fill_n(m_weight.begin(), m_count, 1.0);
  if (m_weights.correction != EdgeCorrection::isotropic) return;
  const double border = m_view.distance();
  if (border > m_weights.reach) return;
  for (std::size_t i = 0; i < m_count; ++i)
    if (m_distance[i] > border) m_weight[i] = std::min(1 / m_view.share_inside(m_distance[i]), kMostEdgeWeight);
}

NearPairs PairCollector::of(std::size_t point) {
  collect(point);
  const bool by_border =
      m_weights.correction == EdgeCorrection::isotropic || m_weights.correction == EdgeCorrection::border;
  const bool needed = m_weights.correction == EdgeCorrection::border || m_count > 0;
  if (by_border && needed) {
    if (m_from.cell[point] != m_cell) {
      m_cell = m_from.cell[point];
      m_view.enter(m_from.box_of(m_cell));
    }
    m_view.look_from(m_from.x[point], m_from.y[point]);
  }
  weigh();
  return {std::span(m_distance.data(), m_count), std::span(m_weight.data(), m_count),
          by_border ? m_view.distance() : m_weights.reach};
}

}  // namespace yaan
