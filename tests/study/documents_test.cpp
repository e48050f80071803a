// Generated documents are current, and the study reference knows every key.
#include "yaan/study/documents.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "yaan/study/registry.hpp"
#include "yaan/study/study.hpp"

namespace yaan {
namespace {

std::string project_file(const std::string& name) {
  const char* source = std::getenv("YAAN_SOURCE");
  std::ifstream stream(std::string(source == nullptr ? "." : source) + "/" + name, std::ios::binary);
  EXPECT_TRUE(stream.good()) << name << " is missing; tools/docs makes the generated documents";
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

TEST(Documents, SchemaIsCurrent) {
  EXPECT_EQ(project_file("docs/study.schema.json"), study_schema())
      << "run tools/docs, or: yaan methods --schema > docs/study.schema.json";
}

TEST(Documents, PageOfMethodsIsCurrent) {
  EXPECT_EQ(project_file("docs/methods.md"), methods_markdown())
      << "run tools/docs, or: yaan methods --markdown > docs/methods.md";
}

void collect_keys(const nlohmann::json& schema, std::set<std::string>& keys) {
  if (schema.is_object()) {
    if (schema.contains("properties") && schema["properties"].is_object())
      for (const auto& [key, value] : schema["properties"].items()) keys.insert(key);
    for (const auto& [key, value] : schema.items()) collect_keys(value, keys);
  }
  if (schema.is_array())
    for (const auto& value : schema) collect_keys(value, keys);
}

TEST(Documents, StudyReferenceNamesEveryKey) {
  const std::string page = project_file("docs/study.md");
  std::set<std::string> keys;
  nlohmann::json schema = nlohmann::json::parse(study_schema());
  // Roles and parameters of methods are described in docs/methods.md, which is generated.
  for (const Method* method : methods()) schema["$defs"].erase("step_" + method->name);
  collect_keys(schema, keys);
  EXPECT_GT(keys.size(), 25U);
  for (const std::string& key : keys) EXPECT_NE(page.find("`" + key + "`"), std::string::npos) << key;
}

TEST(Documents, StudiesInTheReferenceAreValid) {
  const std::string page = project_file("docs/study.md");
  const std::string fence = "```json\n";
  int studies = 0;
  for (std::size_t at = page.find(fence); at != std::string::npos; at = page.find(fence, at + 1)) {
    const std::size_t begin = at + fence.size();
    const std::string block = page.substr(begin, page.find("```", begin) - begin);
    if (block.find("yaan_study") == std::string::npos) continue;
    EXPECT_NO_THROW(Study::parse(block, "docs/study.md")) << block;
    ++studies;
  }
  EXPECT_GE(studies, 1);
}

TEST(Documents, JsonOfMethodsHasEveryParameter) {
  const auto list = nlohmann::json::parse(methods_json());
  ASSERT_EQ(list.size(), methods().size());
  for (std::size_t m = 0; m < list.size(); ++m) {
    EXPECT_EQ(list[m]["name"], methods()[m]->name);
    ASSERT_EQ(list[m]["parameters"].size(), methods()[m]->parameters.size());
    for (std::size_t p = 0; p < methods()[m]->parameters.size(); ++p)
      EXPECT_EQ(list[m]["parameters"][p]["option"], option_of(methods()[m]->parameters[p].name));
  }
}

}  // namespace
}  // namespace yaan
