#pragma once
// The windows of a scan: about each place, its nearest places in the order of their distances.

#include <array>
#include <cstdint>
#include <vector>

#include "analyse/index/radix_sort.hpp"
#include "analyse/scan_loops.hpp"
#include "yaan/analyse/scan_statistic.hpp"

namespace yaan {

/// Windows about one place. Kept and filled anew.
struct CentreWindows {
  std::vector<std::uint32_t> place;  ///< nearest first, ScanList::kEnds where a window ends
  std::vector<std::uint16_t> bin;
  std::vector<double> population;  ///< within, up to each place
  std::vector<double> distance;    ///< of each place, in metres on the ground or units of a plane
  double next = 0;                 ///< distance of the first place that is in no window; infinite without one

  [[nodiscard]] ScanList list() const { return {place.data(), bin.data(), place.size()}; }
};

/// Working memory of ScanWindows::about, of one caller at a time.
struct WindowScratch {
  Scratch<KeyedPoint> near;
  Scratch<KeyedPoint> spare;
};

/// Shares of the population in steps of a 32nd of an octave, from the smallest share of a place to the largest of a
/// window.
class ShareBins {
 public:
  ShareBins(double least, double most);
  [[nodiscard]] std::size_t size() const { return m_count; }
  [[nodiscard]] std::uint16_t of(double share) const;
  [[nodiscard]] double low(std::size_t bin) const;   ///< every share of the bin is at least this
  [[nodiscard]] double high(std::size_t bin) const;  ///< and below this

 private:
  std::uint64_t m_first = 0;
  std::size_t m_count = 0;
};

class ScanWindows {
 public:
  /// Throws UsageError for a radius that the CRS does not take.
  ScanWindows(const ScanPlaces& places, const Crs& crs, const ScanSearch& search);

  [[nodiscard]] std::size_t size() const { return m_places.x.size(); }
  [[nodiscard]] double population() const { return m_population; }
  [[nodiscard]] const ShareBins& bins() const { return m_bins; }
  /// Those about a place. Several threads may ask at once, each with its own scratch.
  void about(std::uint32_t centre, CentreWindows& windows, WindowScratch& scratch, const Progress& progress) const;

 private:
  [[nodiscard]] double squared(std::uint32_t a, std::uint32_t b) const;
  [[nodiscard]] double ground(double squared) const;

  const ScanPlaces& m_places;
  bool m_geographic;
  std::array<std::vector<double>, 3> m_at;  ///< earth-centred, or in the plane
  double m_population = 0;
  double m_most = 0;            ///< population of a window
  double m_squared_radius = 0;  ///< infinite without a bound
  ShareBins m_bins;
};

}  // namespace yaan
