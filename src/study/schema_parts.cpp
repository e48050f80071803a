#include "study/schema_parts.hpp"

#include <utility>

namespace yaan {

Json text_schema(std::string description, std::size_t longest) {
  return {{"description", std::move(description)}, {"type", "string"}, {"minLength", 1}, {"maxLength", longest}};
}

Json note_schema() {
  return {{"description", "A remark for readers; the program does not read it."}, {"type", "string"}};
}

Json object_schema(std::string description, Json properties, Json required) {
  Json schema = {{"description", std::move(description)}, {"type", "object"}};
  if (!required.empty()) schema["required"] = std::move(required);
  properties["note"] = note_schema();
  schema["properties"] = std::move(properties);
  schema["additionalProperties"] = false;
  return schema;
}

Json localized_schema(std::string description) {
  Json schema =
      object_schema(std::move(description), {{"en", text_schema("In English.")}, {"th", text_schema("In Thai.")}});
  schema["minProperties"] = 1;
  return schema;
}

Json layer_name_reference(std::string description) {
  Json schema = {{"description", std::move(description)}};
  schema["$ref"] = "#/$defs/layer_name";
  return schema;
}

}  // namespace yaan
