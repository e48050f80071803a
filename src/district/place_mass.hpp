#pragma once
// How much of a background of places lies on the ground of discs: what is expected there.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "analyse/index/cell_grid.hpp"
#include "yaan/core/crs.hpp"
#include "yaan/core/progress.hpp"

namespace yaan {

/// Places with a mass, and the discs about some of them. A place is on the ground of a disc where dbscan with the same
/// radius calls the two neighbours, to the last bit: so a member of a district is always on the district's ground.
class PlaceMass {
 public:
  /// Coordinates in the CRS, all of them usable; a mass of 0 is for places that are centres and nothing else. The
  /// radius is a ground length, as checked_ground_length gives it.
  PlaceMass(std::span<const double> x, std::span<const double> y, std::span<const double> mass, const Crs& crs,
            double radius, const Progress& progress);

  [[nodiscard]] double total() const { return m_total; }

  /// Kept for its memory, from one call to the next.
  struct Scratch {
    std::vector<std::uint8_t> marked;  // places
    std::vector<std::uint8_t> cell;    // how far it is known
    std::vector<std::uint32_t> left;   // places of a cell that are not marked
    std::vector<std::uint32_t> met;    // cells
  };
  /// Mass within the radius of at least one of the centres, which are places by their number. Their order does not
  /// matter. A look at each place in the cells about each centre, of which there are at most 21 in a plane; cells that
  /// hold a centre are counted at once.
  double near(std::span<const std::uint32_t> centres, Scratch& scratch) const;

 private:
  template <class Space>
  void take(typename Space::Grid grid, std::span<const double> mass);
  template <unsigned kDimensions>
  void mark_about(std::uint32_t centre, Scratch& scratch) const;

  double m_limit = 0;  // squared radius, or squared chord
  double m_total = 0;
  bool m_whole = true;  // sums of masses are exact, so that their order does not matter
  unsigned m_dimensions = 2;
  CellGrid m_grid;
  std::vector<std::uint32_t> m_sorted, m_cell;  // of each place: its number in the grid, and its cell
  std::vector<double> m_mass;                   // of each place of the grid
  std::vector<double> m_cell_mass;
  std::vector<std::uint32_t> m_run_begin;  // of each cell's runs
  std::vector<Run> m_runs;                 // of cells that can hold neighbours
};

}  // namespace yaan
