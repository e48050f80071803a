#include "analyse/scan_draws.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "yaan/core/random.hpp"

namespace yaan {

std::int64_t total_cases(const ScanPlaces& places) {
  return std::accumulate(places.cases.begin(), places.cases.end(), std::int64_t{0});
}

ScanDraws::ScanDraws(const ScanPlaces& places, const ScanSearch& search)
    : m_cases(total_cases(places)), m_seed(static_cast<std::uint64_t>(search.seed)) {
  if (search.model == ScanModel::poisson) {
    m_up_to.resize(places.population.size());
    std::partial_sum(places.population.begin(), places.population.end(), m_up_to.begin());
    return;
  }
  for (std::uint32_t place = 0; place < places.population.size(); ++place)
    m_people.insert(m_people.end(), static_cast<std::size_t>(places.population[place]), place);
}

void ScanDraws::draw(std::uint32_t simulation, std::size_t lane, std::int32_t* cases) const {
  RandomStream random(m_seed, 0, simulation);
  if (m_people.empty()) {
    for (std::int64_t c = 0; c < m_cases; ++c) {
      const double at = random.fraction() * m_up_to.back();
      const auto place =
          static_cast<std::size_t>(std::upper_bound(m_up_to.begin(), m_up_to.end(), at) - m_up_to.begin());
      ++cases[kScanLanes * std::min(place, m_up_to.size() - 1) + lane];
    }
    return;
  }
  std::vector<std::uint32_t> left = m_people;
  for (std::size_t c = 0; c < static_cast<std::size_t>(m_cases); ++c) {
    std::swap(left[c], left[c + random.below(static_cast<std::uint32_t>(left.size() - c))]);
    ++cases[kScanLanes * left[c] + lane];
  }
}

}  // namespace yaan
