#include <fmt/format.h>

#include <algorithm>

#include "app/cli/verb.hpp"
#include "yaan/core/error.hpp"
#include "yaan/study/documents.hpp"
#include "yaan/study/registry.hpp"

namespace yaan::cli {

namespace {

std::string list_of_methods() {
  std::size_t widest = 0;
  for (const Method* method : methods()) widest = std::max(widest, method->name.size());
  std::string text;
  for (const MethodGroup& group : method_groups()) {
    text += fmt::format("{}{}\n", text.empty() ? "" : "\n", group.title.en);
    for (const Method* method : group.methods)
      text += fmt::format("  {:<{}} {}\n", method->name, widest, wrapped(method->summary, 80, widest + 3));
  }
  return text;
}

int run(const Arguments& arguments, Console& console) {
  if (arguments.has("json") + arguments.has("markdown") + arguments.has("schema") > 1)
    throw UsageError("--json, --markdown and --schema exclude one another", "give one of them");
  if (arguments.has("METHOD")) {
    if (arguments.has("json") || arguments.has("markdown") || arguments.has("schema"))
      throw UsageError("--json, --markdown and --schema are about all methods", "leave the name of the method away");
    console.print(method_page(method_named(arguments.text("METHOD"))));
    return 0;
  }
  console.print(arguments.has("json")       ? methods_json()
                : arguments.has("markdown") ? methods_markdown()
                : arguments.has("schema")   ? study_schema()
                                            : list_of_methods());
  return 0;
}

}  // namespace

Verb methods_verb() {
  Verb verb;
  verb.name = "methods";
  verb.summary = "list the methods of analysis, or describe one";
  verb.options = {{"json", "", "", "everything about them as one JSON array", {}, false},
                  {"markdown", "", "", "the same as a page: docs/methods.md", {}, false},
                  {"schema", "", "", "JSON Schema of the study file: docs/study.schema.json", {}, false}};
  verb.positionals = {{"METHOD", "the one to describe: parameters, columns, definitions", false, false, {}}};
  verb.examples = {"methods --json", "methods local-moran"};
  verb.run = run;
  return verb;
}

}  // namespace yaan::cli
