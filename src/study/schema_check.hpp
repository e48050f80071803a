#pragma once
// Checks a document against a JSON Schema (draft 2020-12), as far as the study's own schema goes.

#include <optional>
#include <string>

#include "study/strict_json.hpp"

namespace yaan {

struct Breach {
  std::string place;   ///< "analyses[1].radis"; "" for the document itself
  std::string what;    ///< "unknown key"
  std::string advice;  ///< "did you mean radius?"
};

/// The first breach in document order of the checks, or nothing. Understands type, const, enum, required, properties,
/// additionalProperties, propertyNames, minProperties, dependentRequired, items, minItems, pattern, minLength,
/// maxLength, minimum, exclusiveMinimum, maximum, allOf, anyOf, if/then and $ref into $defs; throws
/// std::logic_error on another keyword, so that the schema cannot promise what is not checked. As in the standard, 5.0
/// is an integer.
std::optional<Breach> first_breach(const Json& schema, const Json& document);

}  // namespace yaan
