#pragma once
// Schemas of what a study writes.

#include "study/strict_json.hpp"

namespace yaan {

Json layer_output_schema();
Json table_output_schema();
Json checks_output_schema();
/// Of one map of everything, or of one for each city.
Json map_output_schema(bool cities);

}  // namespace yaan
