// Clusters from the shape of the reachability plot.

#include <algorithm>
#include <limits>
#include <utility>

#include "yaan/analyse/optics.hpp"

namespace yaan {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The reachability plot with an infinite wall behind it.
class Plot {
 public:
  Plot(std::span<const double> reachability, double xi) : m_reach(reachability), m_keep(1 - xi) {}
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(m_reach.size()); }
  [[nodiscard]] double at(std::uint32_t place) const { return place < m_reach.size() ? m_reach[place] : kInfinity; }
  [[nodiscard]] double keep() const { return m_keep; }
  /// A rise or fall by xi at least. Between two infinite values there is neither.
  [[nodiscard]] bool steep_up(std::uint32_t p) const { return at(p) <= at(p + 1) * m_keep && at(p) != kInfinity; }
  [[nodiscard]] bool steep_down(std::uint32_t p) const { return at(p) * m_keep >= at(p + 1) && at(p + 1) != kInfinity; }

 private:
  std::span<const double> m_reach;
  double m_keep;
};

struct SteepArea {
  std::uint32_t begin, end;
  double most_between;  // the largest reachability between its end and now
};

/// The last steep point of the area that begins at `begin`: it never turns, and has no more than min_points points in a
/// row that are not steep.
template <class Steep, class Turns>
std::uint32_t area_end(const Plot& plot, std::uint32_t begin, std::int64_t min_points, const Steep& steep,
                       const Turns& turns) {
  std::uint32_t end = begin;
  std::int64_t flat = 0;
  for (std::uint32_t p = begin; p < plot.size(); ++p) {
    if (steep(p)) {
      end = p;
      flat = 0;
    } else if (turns(p) || ++flat > min_points) {
      break;
    }
  }
  return end;
}

class XiSearch {
 public:
  XiSearch(const Plot& plot, std::span<const std::uint32_t> predecessor, std::int64_t min_points,
           std::int64_t min_cluster_size)
      : m_plot(plot), m_predecessor(predecessor), m_min_points(min_points), m_min_size(min_cluster_size) {}

  std::vector<XiCluster> run() {
    std::uint32_t place = 0;
    double most = 0;  // since the last steep area
    while (place < m_plot.size()) {
      most = std::max(most, m_plot.at(place));
      if (m_plot.steep_down(place)) {
        close_open_areas(most);
        const std::uint32_t end = area_end(
            m_plot, place, m_min_points, [&](std::uint32_t p) { return m_plot.steep_down(p); },
            [&](std::uint32_t p) { return m_plot.at(p) < m_plot.at(p + 1); });
        m_open.push_back({place, end, 0});
        place = end + 1;
        most = m_plot.at(place);
      } else if (m_plot.steep_up(place)) {
        close_open_areas(most);
        const std::uint32_t end = area_end(
            m_plot, place, m_min_points, [&](std::uint32_t p) { return m_plot.steep_up(p); },
            [&](std::uint32_t p) { return m_plot.at(p) > m_plot.at(p + 1); });
        match(place, end);
        place = end + 1;
        most = m_plot.at(place);
      } else {
        ++place;
      }
    }
    return std::move(m_found);
  }

 private:
  /// An area whose start lies too little above what has come since can begin no cluster any more.
  void close_open_areas(double most) {
    std::erase_if(m_open, [&](const SteepArea& area) {
      return most == kInfinity || most > m_plot.at(area.begin) * m_plot.keep();
    });
    for (SteepArea& area : m_open) area.most_between = std::max(area.most_between, most);
  }

  /// The clusters that end in the steep upward area.
  void match(std::uint32_t up_begin, std::uint32_t up_end) {
    std::vector<XiCluster> clusters;
    for (const SteepArea& down : m_open) {
      const double wall = m_plot.at(up_end + 1);
      if (wall * m_plot.keep() < down.most_between) continue;
      std::uint32_t begin = down.begin, end = up_end;
      const double start = m_plot.at(down.begin);
      if (start * m_plot.keep() >= wall) {
        while (m_plot.at(begin + 1) > wall && begin < down.end) ++begin;
      } else if (wall * m_plot.keep() >= start) {
        while (m_plot.at(end - 1) > start && end > up_begin) --end;
      }
      if (!correct(begin, end)) continue;
      if (std::int64_t{end} - begin + 1 < m_min_size || begin > down.end || end < up_begin) continue;
      clusters.push_back({begin, end});
    }
    // Those that opened last lie innermost.
    m_found.insert(m_found.end(), clusters.rbegin(), clusters.rend());
  }

  /// Takes points off the end until the last one was reached from within, or the plot falls towards it.
  bool correct(std::uint32_t begin, std::uint32_t& end) const {
    for (; begin < end; --end) {
      if (m_plot.at(begin) > m_plot.at(end)) return true;
      const std::uint32_t from = m_predecessor[end];
      if (from != OpticsOrdering::kNone && from >= begin && from < end) return true;
    }
    return false;
  }

  const Plot& m_plot;
  std::span<const std::uint32_t> m_predecessor;
  std::int64_t m_min_points;
  std::int64_t m_min_size;
  std::vector<SteepArea> m_open;  // downward
  std::vector<XiCluster> m_found;
};

}  // namespace

std::vector<XiCluster> xi_clusters(std::span<const double> reachability, std::span<const std::uint32_t> predecessor,
                                   double xi, std::int64_t min_points, std::int64_t min_cluster_size) {
  const Plot plot(reachability, xi);
  return XiSearch(plot, predecessor, min_points, min_cluster_size).run();
}

}  // namespace yaan
