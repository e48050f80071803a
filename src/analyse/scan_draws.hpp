#pragma once
// Maps of a scan on which as many cases fall by chance.

#include <cstdint>
#include <vector>

#include "analyse/scan_loops.hpp"
#include "yaan/analyse/scan_statistic.hpp"

namespace yaan {

std::int64_t total_cases(const ScanPlaces& places);

/// For Poisson each case falls by the population of the places; for Bernoulli the cases are drawn among the population,
/// none twice. The same for a seed and a simulation, whoever asks.
class ScanDraws {
 public:
  ScanDraws(const ScanPlaces& places, const ScanSearch& search);
  /// Adds them to one lane: `cases` has kScanLanes numbers for each place.
  void draw(std::uint32_t simulation, std::size_t lane, std::int32_t* cases) const;

 private:
  [[nodiscard]] std::size_t place_of(double person) const;

  std::int64_t m_cases;
  std::uint64_t m_seed;
  ScanModel m_model;
  std::vector<double> m_up_to;  // population of the places up to each
};

}  // namespace yaan
