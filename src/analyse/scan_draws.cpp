#include "analyse/scan_draws.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include "yaan/core/random.hpp"

namespace yaan {

std::int64_t total_cases(const ScanPlaces& places) {
  return std::accumulate(places.cases.begin(), places.cases.end(), std::int64_t{0});
}

ScanDraws::ScanDraws(const ScanPlaces& places, const ScanSearch& search)
    : m_cases(total_cases(places)),
      m_seed(static_cast<std::uint64_t>(search.seed)),
      m_model(search.model),
      m_up_to(places.population.size()) {
  std::partial_sum(places.population.begin(), places.population.end(), m_up_to.begin());
}

std::size_t ScanDraws::place_of(double person) const {
  const auto place =
      static_cast<std::size_t>(std::upper_bound(m_up_to.begin(), m_up_to.end(), person) - m_up_to.begin());
  return std::min(place, m_up_to.size() - 1);
}

void ScanDraws::draw(std::uint32_t simulation, std::size_t lane, std::int32_t* cases) const {
  RandomStream random(m_seed, 0, simulation);
  if (m_model == ScanModel::poisson) {
    for (std::int64_t c = 0; c < m_cases; ++c)
      ++cases[kScanLanes * place_of(random.fraction() * m_up_to.back()) + lane];
    return;
  }
  // So many of the population, none twice: Floyd's algorithm (Bentley, J. and Floyd, B. (1987): A sample of brilliance.
  // Communications of the ACM 30, 754-757).
  const auto people = static_cast<std::uint32_t>(m_up_to.back());
  std::vector<bool> taken(people, false);
  for (std::uint32_t last = people - static_cast<std::uint32_t>(m_cases); last < people; ++last) {
    const std::uint32_t drawn = random.below(last + 1);
    const std::uint32_t person = taken[drawn] ? last : drawn;
    taken[person] = true;
    ++cases[kScanLanes * place_of(person) + lane];
  }
}

}  // namespace yaan
