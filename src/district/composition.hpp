#pragma once
// What a district is made of.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "yaan/core/column.hpp"

namespace yaan {

/// Distinct texts of a column among some rows with their counts, the most frequent first, then in byte order; nulls and
/// empty texts are left out.
std::vector<std::pair<std::string, std::int64_t>> counts_by(const Column& column, std::span<const std::uint32_t> rows);

/// Shannon's diversity H' = -sum p ln p, in nats (Shannon 1948); 0 for one kind, NaN for none.
double shannon_diversity(std::span<const std::pair<std::string, std::int64_t>> counts);

}  // namespace yaan
