#pragma once
// What the schemas of a study's parts are made of.

#include <cstddef>
#include <string>

#include "study/strict_json.hpp"

namespace yaan {

Json text_schema(std::string description, std::size_t longest = 1000);
Json note_schema();
/// An object that knows the properties named and `note`, and nothing else.
Json object_schema(std::string description, Json properties, Json required = Json::array());
/// A text in English, in Thai or in both.
Json localized_schema(std::string description);
Json layer_name_reference(std::string description);

}  // namespace yaan
