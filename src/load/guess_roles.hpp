#pragma once
// Which column plays which part, by its header in Thai or English and by what it holds.

#include <string_view>
#include <vector>

#include "load/raw_layer.hpp"
#include "yaan/load/inspect.hpp"

namespace yaan {

/// The best column for each part, in the order of kColumnRoles, where one scores at least 0.4; each column plays one
/// part at most, the parts of the highest scores choosing first. The score is that of the header (1 for a name that
/// means the part and nothing else, less for one that is only part of the header or that may mean something else),
/// times that of the values (1 where they are as they should be: distinct ids, Thai or Latin names, few kinds, years).
/// The guess is unclear when another column scores within 0.1 of the best.
std::vector<RoleGuess> guess_roles(const RawLayer& raw);

/// Whether the column tells rows apart or names something, so that its values are no quantities: the id and the key
/// columns of the options, and headers that say so in Thai or English (id, site_code, รหัสวัด, ชื่อ, province).
bool holds_codes(std::string_view column, const ReadOptions& options);

}  // namespace yaan
