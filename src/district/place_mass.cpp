#include "district/place_mass.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "analyse/index/spaces.hpp"
#include "yaan/core/geodesy.hpp"

namespace yaan {

namespace {

constexpr std::uint8_t kNotMet = 0, kMet = 1, kHoldsCentre = 2;  // what is known of a cell

/// Marks the places of a run near q by the sums of PointKernels. Returns how many were not marked before.
template <unsigned kDimensions>
std::uint32_t mark_near(const std::array<Scratch<double>, 3>& coordinate, const double* q, Run run, double limit,
                        std::uint8_t* marked) {
  std::uint32_t added = 0;
  for (std::uint32_t i = run.begin; i < run.end; ++i) {
    double sum = 0;
    for (unsigned axis = 0; axis < kDimensions; ++axis) {
      const double difference = coordinate[axis][i] - q[axis];
      sum += difference * difference;
    }
    const unsigned near = sum <= limit ? 1 : 0;
    added += near & (marked[i] ^ 1U);
    marked[i] = static_cast<std::uint8_t>(marked[i] | near);
  }
  return added;
}

}  // namespace

PlaceMass::PlaceMass(std::span<const double> x, std::span<const double> y, std::span<const double> mass, const Crs& crs,
                     double radius, const Progress& progress) {
  if (crs.is_geographic()) {
    const double chord = chord_of(Metres{radius});
    m_limit = chord * chord;
    m_dimensions = 3;
    take<Globe>(globe_grid(x, y, chord, progress), mass);
  } else {
    m_limit = radius * radius;
    take<Plane>(plane_grid(x, y, radius, progress), mass);
  }
}

template <class Space>
void PlaceMass::take(typename Space::Grid grid, std::span<const double> mass) {
  m_sorted.resize(mass.size());
  m_cell.resize(mass.size());
  m_mass.resize(mass.size());
  m_cell_mass.assign(grid.cells, 0);
  m_run_begin.assign(1, 0);
  if (grid.cells > 0) {
    typename Space::Neighbours neighbours(grid, 0);
    Run runs[Space::Neighbours::kMaxRuns];
    for (std::uint32_t cell = 0; cell < grid.cells; ++cell) {
      m_runs.insert(m_runs.end(), runs, runs + neighbours.runs(cell, runs));
      m_run_begin.push_back(static_cast<std::uint32_t>(m_runs.size()));
      const Run own = grid.points_of(cell);
      for (std::uint32_t i = own.begin; i < own.end; ++i) {
        const std::uint32_t place = grid.point[i];
        m_sorted[place] = i;
        m_cell[place] = cell;
        m_mass[i] = mass[place];
        m_cell_mass[cell] += mass[place];
        m_whole = m_whole && std::floor(mass[place]) == mass[place];
      }
      m_total += m_cell_mass[cell];
    }
  }
  constexpr double kMostExact = 0x1p53;
  m_whole = m_whole && m_total < kMostExact;
  m_grid = std::move(static_cast<CellGrid&>(grid));
}

template <unsigned kDimensions>
void PlaceMass::mark_about(std::uint32_t centre, Scratch& scratch) const {
  double q[kDimensions];
  for (unsigned axis = 0; axis < kDimensions; ++axis) q[axis] = m_grid.coordinate[axis][m_sorted[centre]];
  for (std::uint32_t r = m_run_begin[m_cell[centre]]; r < m_run_begin[m_cell[centre] + 1]; ++r)
    for (std::uint32_t cell = m_runs[r].begin; cell < m_runs[r].end; ++cell) {
      if (scratch.cell[cell] == kHoldsCentre) continue;
      const Run places = m_grid.points_of(cell);
      if (scratch.cell[cell] == kNotMet) {
        scratch.cell[cell] = kMet;
        scratch.left[cell] = places.size();
        scratch.met.push_back(cell);
      }
      if (scratch.left[cell] != 0)
        scratch.left[cell] -= mark_near<kDimensions>(m_grid.coordinate, q, places, m_limit, scratch.marked.data());
    }
}

double PlaceMass::near(std::span<const std::uint32_t> centres, Scratch& scratch) const {
  scratch.marked.resize(m_mass.size());
  scratch.cell.resize(m_cell_mass.size());
  scratch.left.resize(m_cell_mass.size());
  scratch.met.clear();
  // All places of a cell are neighbours.
  for (const std::uint32_t centre : centres) {
    std::uint8_t& known = scratch.cell[m_cell[centre]];
    if (known == kHoldsCentre) continue;
    known = kHoldsCentre;
    scratch.left[m_cell[centre]] = 0;
    scratch.met.push_back(m_cell[centre]);
  }
  for (const std::uint32_t centre : centres)
    m_dimensions == 3 ? mark_about<3>(centre, scratch) : mark_about<2>(centre, scratch);
  if (!m_whole) std::sort(scratch.met.begin(), scratch.met.end());
  double mass = 0;
  for (const std::uint32_t cell : scratch.met) {
    const Run places = m_grid.points_of(cell);
    if (scratch.left[cell] == 0) {
      mass += m_cell_mass[cell];
    } else if (scratch.left[cell] < places.size()) {
      for (std::uint32_t i = places.begin; i < places.end; ++i) mass += scratch.marked[i] != 0 ? m_mass[i] : 0;
    }
    std::fill(scratch.marked.begin() + places.begin, scratch.marked.begin() + places.end, std::uint8_t{0});
    scratch.cell[cell] = kNotMet;
  }
  return mass;
}

}  // namespace yaan
