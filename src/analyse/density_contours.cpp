#include "yaan/analyse/density_contours.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <utility>

#include "analyse/outline_rings.hpp"

namespace yaan {

namespace {

constexpr std::uint32_t kMargin = 3;  // cells about the grid: two on which the surface goes on, one where it ends
constexpr double kFromCentre = 1e-4;  // of a cell

/// The cell centres with a margin; every value is finite.
struct Field {
  std::uint32_t columns = 0;
  std::uint32_t rows = 0;
  double west = 0;
  double south = 0;
  double step = 0;
  std::vector<double> values;
};

/// Gives every void next to known values their mean. Called twice it goes on for two cells.
void grow(Field& field) {
  const std::vector<double> before = field.values;
  const auto columns = static_cast<std::int64_t>(field.columns);
  const auto rows = static_cast<std::int64_t>(field.rows);
  for (std::int64_t r = 0; r < rows; ++r)
    for (std::int64_t c = 0; c < columns; ++c) {
      if (!std::isnan(before[static_cast<std::size_t>(r * columns + c)])) continue;
      double sum = 0;
      int known = 0;
      for (std::int64_t nr = std::max<std::int64_t>(0, r - 1); nr <= std::min(rows - 1, r + 1); ++nr)
        for (std::int64_t nc = std::max<std::int64_t>(0, c - 1); nc <= std::min(columns - 1, c + 1); ++nc) {
          const double value = before[static_cast<std::size_t>(nr * columns + nc)];
          if (std::isnan(value)) continue;
          sum += value;
          ++known;
        }
      if (known > 0) field.values[static_cast<std::size_t>(r * columns + c)] = sum / known;
    }
}

Field field_of(const Grid& density) {
  Field field;
  field.columns = density.columns + 2 * kMargin;
  field.rows = density.rows + 2 * kMargin;
  field.step = density.cell;
  field.west = density.centre_x(0) - kMargin * density.cell;
  field.south = density.centre_y(0) - kMargin * density.cell;
  field.values.assign(std::size_t{field.columns} * field.rows, std::numeric_limits<double>::quiet_NaN());
  double peak = 0;
  for (std::uint32_t r = 0; r < density.rows; ++r)
    for (std::uint32_t c = 0; c < density.columns; ++c) {
      const double value = density.at(c, r);
      field.values[std::size_t{r + kMargin} * field.columns + c + kMargin] = value;
      if (value > peak) peak = value;
    }
  grow(field);
  grow(field);
  for (double& value : field.values)
    if (std::isnan(value)) value = peak > 0 ? -peak : -1;
  return field;
}

enum Side : std::uint8_t { south, east, north, west };
struct Turn {
  Side from;
  Side to;
};

/// The boundary pieces of a square by which corners are inside (1 SW, 2 SE, 4 NE, 8 NW), the inside on the left.
struct Pieces {
  int count;
  std::array<Turn, 2> turn;
};
constexpr Turn kNoTurn{south, south};
constexpr std::array<Pieces, 16> kPieces = {{{0, {kNoTurn, kNoTurn}},
                                             {1, {Turn{south, west}, kNoTurn}},
                                             {1, {Turn{east, south}, kNoTurn}},
                                             {1, {Turn{east, west}, kNoTurn}},
                                             {1, {Turn{north, east}, kNoTurn}},
                                             {2, {Turn{south, west}, Turn{north, east}}},
                                             {1, {Turn{north, south}, kNoTurn}},
                                             {1, {Turn{north, west}, kNoTurn}},
                                             {1, {Turn{west, north}, kNoTurn}},
                                             {1, {Turn{south, north}, kNoTurn}},
                                             {2, {Turn{east, south}, Turn{west, north}}},
                                             {1, {Turn{east, north}, kNoTurn}},
                                             {1, {Turn{west, east}, kNoTurn}},
                                             {1, {Turn{south, east}, kNoTurn}},
                                             {1, {Turn{west, south}, kNoTurn}},
                                             {0, {kNoTurn, kNoTurn}}}};
constexpr Pieces kJoinedRising = {2, {Turn{south, east}, Turn{north, west}}};   // SW and NE
constexpr Pieces kJoinedFalling = {2, {Turn{west, south}, Turn{east, north}}};  // SE and NW

/// Marching squares at one level.
class Contour {
 public:
  Contour(const Field& field, double level) : m_field(field), m_level(level), m_regions(field.values.size()) {}

  Geometry polygons(const Progress& progress) {
    for (std::uint32_t r = 0; r + 1 < m_field.rows; ++r) {
      progress.throw_if_cancelled();
      for (std::uint32_t c = 0; c + 1 < m_field.columns; ++c) square(r * m_field.columns + c);
    }
    std::sort(m_steps.begin(), m_steps.end());
    return polygons_of(rings(), true);
  }

 private:
  /// From one crossed edge to the next. An edge is its western or southern node twice, plus 1 where it runs north.
  using Step = std::pair<std::uint64_t, std::uint64_t>;

  [[nodiscard]] bool inside(std::uint32_t node) const { return m_field.values[node] >= m_level; }

  void square(std::uint32_t sw) {
    const std::uint32_t se = sw + 1;
    const std::uint32_t nw = sw + m_field.columns;
    const std::uint32_t ne = nw + 1;
    const unsigned which = static_cast<unsigned>(inside(sw)) | static_cast<unsigned>(inside(se)) << 1 |
                           static_cast<unsigned>(inside(ne)) << 2 | static_cast<unsigned>(inside(nw)) << 3;
    if (which == 0) return;
    if ((which & 3) == 3) m_regions.join(sw, se);
    if ((which & 9) == 9) m_regions.join(sw, nw);
    if (which == 15) return;
    Pieces pieces = kPieces[which];
    if (pieces.count == 2) {
      const auto& value = m_field.values;
      if ((value[sw] + value[ne]) / 4 + (value[se] + value[nw]) / 4 >= m_level) {
        pieces = which == 5 ? kJoinedRising : kJoinedFalling;
        m_regions.join(which == 5 ? sw : se, which == 5 ? ne : nw);
      }
    }
    const std::array<std::uint64_t, 4> edge = {std::uint64_t{sw} * 2, std::uint64_t{se} * 2 + 1, std::uint64_t{nw} * 2,
                                               std::uint64_t{sw} * 2 + 1};
    for (int i = 0; i < pieces.count; ++i)
      m_steps.emplace_back(edge[pieces.turn[static_cast<std::size_t>(i)].from],
                           edge[pieces.turn[static_cast<std::size_t>(i)].to]);
  }

  [[nodiscard]] std::pair<std::uint32_t, std::uint32_t> ends(std::uint64_t edge) const {  // inside, outside
    const auto a = static_cast<std::uint32_t>(edge / 2);
    const std::uint32_t b = edge % 2 == 1 ? a + m_field.columns : a + 1;
    return inside(a) ? std::pair{a, b} : std::pair{b, a};
  }

  void add_crossing(RegionRing& ring, std::uint64_t edge) const {
    const auto [in, out] = ends(edge);
    const double high = m_field.values[in];
    const double share = (high - m_level) / (high - m_field.values[out]);
    const double t = kFromCentre + (1 - 2 * kFromCentre) * share;
    const auto place = [&](std::uint32_t node, bool north) {
      return static_cast<double>(north ? node / m_field.columns : node % m_field.columns);
    };
    ring.x.push_back(m_field.west + (place(in, false) + t * (place(out, false) - place(in, false))) * m_field.step);
    ring.y.push_back(m_field.south + (place(in, true) + t * (place(out, true) - place(in, true))) * m_field.step);
  }

  std::vector<RegionRing> rings() {
    std::vector<RegionRing> all;
    std::vector<std::uint8_t> done(m_steps.size(), 0);
    for (std::size_t start = 0; start < m_steps.size(); ++start) {
      if (done[start] != 0) continue;
      RegionRing ring{m_regions.find(ends(m_steps[start].first).first), {}, {}};
      for (std::size_t at = start; done[at] == 0;) {
        done[at] = 1;
        add_crossing(ring, m_steps[at].first);
        at = static_cast<std::size_t>(std::lower_bound(m_steps.begin(), m_steps.end(), Step{m_steps[at].second, 0}) -
                                      m_steps.begin());
      }
      ring.x.push_back(ring.x.front());
      ring.y.push_back(ring.y.front());
      all.push_back(std::move(ring));
    }
    return all;
  }

  const Field& m_field;
  double m_level;
  LatticeRegions m_regions;
  std::vector<Step> m_steps;
};

}  // namespace

Geometry area_above(const Grid& density, double level, const Progress& progress) {
  if (!(level > 0)) throw std::invalid_argument("area_above: the level must be more than 0");
  progress.throw_if_cancelled();
  if (density.size() == 0) {
    Geometry none = Geometry::empty(GeometryKind::polygon);
    none.end_feature();
    return none;
  }
  const Field field = field_of(density);
  return Contour(field, level).polygons(progress);
}

}  // namespace yaan
