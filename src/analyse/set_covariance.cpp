#include "analyse/set_covariance.hpp"

#include <algorithm>
#include <cmath>

#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

constexpr std::size_t kLines = 2048;

/// Where horizontal lines at low, low + step, ... cross the border, sorted along each line.
struct Crossings {
  std::vector<std::uint32_t> begin;
  std::vector<double> x;
};

void cross(const PatternWindow& window, double low, double step, Crossings& out) {
  const auto lines_of = [&](const BorderEdge& edge, auto&& visit) {
    // A line crosses the edges whose lower end is at or below it and whose upper end is above: a vertex counts once.
    const auto [bottom, top] = std::minmax(edge.ay, edge.by);
    const double first = std::ceil((bottom - low) / step);
    for (auto k = static_cast<std::size_t>(std::clamp<double>(first - 1, 0, kLines)); k < kLines; ++k) {
      const double y = low + static_cast<double>(k) * step;
      if (y >= top) break;
      if (y >= bottom) visit(k, y);
    }
  };
  out.begin.assign(kLines + 1, 0);
  for (const BorderEdge& edge : window.edges()) lines_of(edge, [&](std::size_t k, double) { ++out.begin[k + 1]; });
  for (std::size_t k = 0; k < kLines; ++k) out.begin[k + 1] += out.begin[k];
  out.x.resize(out.begin.back());
  std::vector<std::uint32_t> next(out.begin.begin(), out.begin.end() - 1);
  const double middle = (window.bounds().min_x + window.bounds().max_x) / 2;  // smaller numbers, smaller rounding
  for (const BorderEdge& edge : window.edges())
    lines_of(edge, [&](std::size_t k, double y) {
      const double share = (y - edge.ay) / (edge.by - edge.ay);
      out.x[next[k]++] = edge.ax - middle + share * (edge.bx - edge.ax);
    });
  for (std::size_t k = 0; k < kLines; ++k) std::sort(out.x.begin() + out.begin[k], out.x.begin() + out.begin[k + 1]);
}

/// The length that two sets of intervals share, as a function of the shift of the first: a sum of -s t |shift - z| / 2
/// over pairs of ends, with signs s and t (+1 begins, -1 ends) and z their difference. So it is known everywhere from
/// its value and slope at the least shift and the places where the slope changes.
class SharedLength {
 public:
  SharedLength(double reach, std::size_t nodes)
      : m_reach(reach), m_step(2 * reach / static_cast<double>(nodes - 1)), m_jump(nodes + 1), m_bend(nodes + 1) {}

  void add(std::span<const double> shifted, std::span<const double> fixed) {
    m_signs.assign(fixed.size() + 1, 0);
    m_moments.assign(fixed.size() + 1, 0);
    for (std::size_t j = 0; j < fixed.size(); ++j) {
      const double sign = j % 2 == 0 ? 1 : -1;
      m_signs[j + 1] = m_signs[j] + sign;
      m_moments[j + 1] = m_moments[j] + sign * fixed[j];
    }
    for (std::size_t i = 0; i < shifted.size(); ++i) add_end(shifted[i], i % 2 == 0 ? 1 : -1, fixed);
  }

  /// Values at the nodes from -reach to reach, times `scale`.
  void values(double scale, double* out, std::size_t nodes) const {
    double value = m_value, slope = m_slope;
    for (std::size_t n = 0; n < nodes; ++n) {
      if (n > 0) value += slope * m_step + m_jump[n];
      slope += m_bend[n];
      out[n] = std::max(0.0, value * scale);
    }
  }

 private:
  void add_end(double a, double sign, std::span<const double> fixed) {
    const auto lo = static_cast<std::size_t>(std::lower_bound(fixed.begin(), fixed.end(), a - m_reach) - fixed.begin());
    const auto hi = static_cast<std::size_t>(std::upper_bound(fixed.begin(), fixed.end(), a + m_reach) - fixed.begin());
    const double signs_above = m_signs.back() - m_signs[lo], moments_above = m_moments.back() - m_moments[lo];
    const double at = a - m_reach;
    m_value -= sign / 2 * (at * m_signs[lo] - m_moments[lo] + moments_above - at * signs_above);
    m_slope += sign / 2 * (signs_above - m_signs[lo]);
    for (std::size_t j = lo; j < hi; ++j) {
      const double bend = j % 2 == 0 ? -sign : sign;
      const double place = (fixed[j] - a + m_reach) / m_step;
      const auto node = std::min(static_cast<std::size_t>(std::max(place, 0.0)) + 1, m_bend.size() - 1);
      m_jump[node] += bend * (static_cast<double>(node) - place) * m_step;
      m_bend[node] += bend;
    }
  }

  double m_reach, m_step;
  double m_value = 0, m_slope = 0;  // at the least shift
  std::vector<double> m_jump, m_bend;
  std::vector<double> m_signs, m_moments;  // sums over the ends of the fixed set
};

}  // namespace

SetCovariance::SetCovariance(const PatternWindow& window, double reach, const Progress& progress)
    : m_rectangle(window.rectangle()),
      m_width(window.bounds().width()),
      m_height(window.bounds().height()),
      m_reach(reach) {
  if (m_rectangle) return;
  m_table.assign(kLevels * kRows * kColumns, 0);
  parallel_blocks(kLevels * kRows, 1, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t i = begin; i < end; ++i) fill_row(window, i / kRows, i % kRows);
  });
}

void SetCovariance::fill_row(const PatternWindow& window, std::size_t level, std::size_t row) {
  const double reach = std::ldexp(m_reach, -static_cast<int>(level));
  const double up = reach * static_cast<double>(row) / kHalf;
  const double height = m_height - up;
  if (!(height > 0)) return;
  const double step = height / kLines;
  const double low = window.bounds().min_y + up + step / 2;
  Crossings fixed, shifted;
  cross(window, low, step, fixed);
  cross(window, low - up, step, shifted);
  SharedLength shared(reach, kColumns);
  for (std::size_t k = 0; k < kLines; ++k)
    shared.add({shifted.x.data() + shifted.begin[k], shifted.begin[k + 1] - shifted.begin[k]},
               {fixed.x.data() + fixed.begin[k], fixed.begin[k + 1] - fixed.begin[k]});
  shared.values(step, &m_table[(level * kRows + row) * kColumns], kColumns);
}

double SetCovariance::operator()(double dx, double dy) const {
  if (m_rectangle) return std::max(0.0, m_width - std::abs(dx)) * std::max(0.0, m_height - std::abs(dy));
  if (dy < 0) {  // the overlap is the same for the opposite shift
    dx = -dx;
    dy = -dy;
  }
  const double far = std::max(std::abs(dx), dy);
  double reach = m_reach;
  std::size_t level = 0;
  while (level + 1 < kLevels && far <= reach / 2) {
    reach /= 2;
    ++level;
  }
  const double scale = kHalf / reach;
  const double column = std::clamp((dx + reach) * scale, 0.0, static_cast<double>(kColumns - 1));
  const double row = std::clamp(dy * scale, 0.0, static_cast<double>(kRows - 1));
  const std::size_t c = std::min(static_cast<std::size_t>(column), kColumns - 2);
  const std::size_t r = std::min(static_cast<std::size_t>(row), kRows - 2);
  const double along = column - static_cast<double>(c), above = row - static_cast<double>(r);
  const double* at = &m_table[(level * kRows + r) * kColumns + c];
  const double lower = at[0] + along * (at[1] - at[0]);
  const double upper = at[kColumns] + along * (at[kColumns + 1] - at[kColumns]);
  return lower + above * (upper - lower);
}

}  // namespace yaan
