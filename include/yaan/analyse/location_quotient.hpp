#pragma once
// Location quotients: of which kinds has an area more than its share?

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "yaan/core/method.hpp"
#include "yaan/core/units.hpp"

namespace yaan {

/// Observed by expected numbers of one kind in every area, shrunk towards 1.
struct ShrunkQuotients {
  std::vector<double> quotient;  ///< (n + 1 / a) / (E + 1 / a): the posterior mean; 1 everywhere for a = 0
  double variance = 0;           ///< a: of the true quotients between areas, 0 where chance explains all
};

/// n_i is Poisson with mean q_i E_i, and the q_i are gamma with mean 1 and variance a (Clayton and Kaldor 1987). a is
/// the moment estimate of Marshall (1991): sum E (n/E - 1)^2 / sum E - m / sum E, at least 0, over the m areas with
/// E > 0; the observed and the expected numbers add up to the same. Areas with E = 0 are NaN. Lengths are equal.
/// O(areas).
ShrunkQuotients shrunk_quotients(std::span<const std::int64_t> observed, std::span<const double> expected);

struct LocationQuotientOptions {
  std::string category;          ///< column of the kinds; "" for the part category
  std::string kind;              ///< the kind that the columns of the areas are about; "": the one that stands out most
  double confidence = 0.95;      ///< of the intervals
  Length within = Metres{5000};  ///< as in area-statistics
};

/// The verb `location-quotient`: adds the quotient of one kind to the areas and makes the table `location_quotients` of
/// all kinds in all areas.
const Method& location_quotient_method();

}  // namespace yaan
