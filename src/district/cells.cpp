#include "district/cells.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "analyse/index/spaces.hpp"
#include "yaan/core/geodesy.hpp"
#include "yaan/core/overlay.hpp"
#include "yaan/core/voronoi.hpp"

namespace yaan {

namespace {

// Reaches at which a site cannot matter: two, and a hair for the rounding of planes and chords.
constexpr double kFar = 2.01;

void keep_distinct(std::vector<std::uint32_t>& numbers) {
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
}

template <class Space>
std::vector<std::vector<std::uint32_t>> gather(const typename Space::Grid& grid, const Sites& sites,
                                               std::size_t districts, const Progress& progress) {
  // Cells first, each of which may be asked for by many sites of a district.
  std::vector<std::vector<std::uint32_t>> cells(districts);
  if (grid.cells > 0) {
    typename Space::Neighbours neighbours(grid, 0);
    std::array<Run, Space::Neighbours::kMaxRuns> runs;
    std::vector<std::uint32_t> here;
    for (std::uint32_t cell = 0; cell < grid.cells; ++cell) {
      if (cell % 256 == 0) progress.throw_if_cancelled();
      const unsigned count = neighbours.runs(cell, runs.data());
      here.clear();
      const Run own = grid.points_of(cell);
      for (std::uint32_t i = own.begin; i < own.end; ++i)
        if (const std::uint32_t d = sites.district[grid.point[i]]; d != Sites::kNone) here.push_back(d);
      keep_distinct(here);
      for (const std::uint32_t d : here)
        for (unsigned r = 0; r < count; ++r)
          for (std::uint32_t other = runs[r].begin; other < runs[r].end; ++other) cells[d].push_back(other);
    }
  }
  std::vector<std::vector<std::uint32_t>> about(districts);
  for (std::size_t d = 0; d < districts; ++d) {
    progress.throw_if_cancelled();
    keep_distinct(cells[d]);
    for (const std::uint32_t cell : cells[d]) {
      const Run run = grid.points_of(cell);
      for (std::uint32_t i = run.begin; i < run.end; ++i) about[d].push_back(grid.point[i]);
    }
    std::sort(about[d].begin(), about[d].end());
    cells[d] = {};
  }
  return about;
}

}  // namespace

std::vector<std::vector<std::uint32_t>> sites_about(const Sites& sites, std::size_t districts, double reach,
                                                    const Progress& progress) {
  const Positions& at = sites.positions;
  const double radius = kFar * reach;
  if (at.geographic)
    return gather<Globe>(globe_grid(at.x, at.y, chord_of(Metres{radius}), progress), sites, districts, progress);
  return gather<Plane>(plane_grid(at.x, at.y, radius, progress), sites, districts, progress);
}

Geometry merged_cells(const Sites& sites, std::span<const std::uint32_t> about, std::uint32_t district,
                      const Ground& ground, double reach) {
  std::vector<TangentPlane::Place> places;
  Box own;
  for (const std::uint32_t site : about) {
    places.push_back(ground.to_plane(sites.positions.x[site], sites.positions.y[site]));
    if (sites.district[site] == district) own.include(places.back().x, places.back().y);
  }
  const double far = kFar * reach;
  std::vector<double> x;
  std::vector<double> y;
  std::vector<std::uint8_t> mine;
  std::vector<double> own_x;
  std::vector<double> own_y;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto& [px, py] = places[i];
    // Neither what lies too far off to matter nor what is on the far side of the earth (NaN).
    if (!(px >= own.min_x - far && px <= own.max_x + far && py >= own.min_y - far && py <= own.max_y + far)) continue;
    x.push_back(px);
    y.push_back(py);
    mine.push_back(sites.district[about[i]] == district ? 1 : 0);
    if (mine.back() == 0) continue;
    own_x.push_back(px);
    own_y.push_back(py);
  }
  return intersection(voronoi_region(x, y, mine, reach), buffered_union(own_x, own_y, reach));
}

}  // namespace yaan
