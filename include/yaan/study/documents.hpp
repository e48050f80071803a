#pragma once
// What is generated from the registry for people, editors and other programs.

#include <string>

#include "yaan/core/method.hpp"

namespace yaan {

/// JSON Schema (draft 2020-12) of the study file; the validator of Study::parse reads this very document. Ends with a
/// newline. Published as docs/study.schema.json.
std::string study_schema();

/// The part of docs/methods.md about one method.
std::string method_page(const Method& method);
/// Every method as docs/methods.md shows it, in Markdown.
std::string methods_markdown();

/// Every method as one JSON array, for other programs.
std::string methods_json();

}  // namespace yaan
