#include "district/composition.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace yaan {

std::vector<std::pair<std::string, std::int64_t>> counts_by(const Column& column, std::span<const std::uint32_t> rows) {
  std::map<std::string, std::int64_t> found;
  for (const std::uint32_t row : rows)
    if (std::string text = column.display(row); !text.empty()) ++found[std::move(text)];
  std::vector<std::pair<std::string, std::int64_t>> counts(found.begin(), found.end());
  std::stable_sort(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  return counts;
}

double shannon_diversity(std::span<const std::pair<std::string, std::int64_t>> counts) {
  double total = 0;
  for (const auto& [kind, count] : counts) total += static_cast<double>(count);
  if (total == 0) return std::numeric_limits<double>::quiet_NaN();
  double sum = 0;
  for (const auto& [kind, count] : counts) {
    const double share = static_cast<double>(count) / total;
    sum -= share * std::log(share);
  }
  return sum + 0.0;  // -0 for one kind reads badly
}

}  // namespace yaan
