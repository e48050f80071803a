#include "load/era_choice.hpp"

#include <algorithm>

namespace yaan {

EraChoice choose_era(std::string_view header, const std::vector<int>& years) {
  const Era stated = era_of_header(header);
  if (stated != Era::unknown) return {stated, "the header says so"};
  const auto late = std::count_if(years.begin(), years.end(), [](int year) { return year > kLatestCommonYear; });
  if (late == 0) return {Era::common, ""};
  if (late == static_cast<std::ptrdiff_t>(years.size())) return {Era::buddhist, "every value says so"};
  return {};
}

}  // namespace yaan
