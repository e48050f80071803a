#pragma once
// Values of core as JSON: the one form that run records, reports and the schema share.

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "yaan/core/diagnostics.hpp"
#include "yaan/core/method.hpp"

namespace yaan {

/// A length as its text ("1km"), everything else as itself.
nlohmann::ordered_json to_json(const Value& value);
/// One object, in order.
nlohmann::ordered_json to_json(const std::vector<std::pair<std::string, Value>>& values);
/// A list of objects with severity, code, where, message, count and features.
nlohmann::ordered_json to_json(const Diagnostics& diagnostics);

}  // namespace yaan
