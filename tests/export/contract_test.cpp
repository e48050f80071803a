// What the writers write obeys the JSON Schemas of docs/schema, and what they state is the contract of docs/outputs.md.

#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <regex>

#include "export/contract_layers.hpp"
#include "yaan/export/geojson.hpp"

namespace yaan {
namespace {

using namespace testing;  // NOLINT: the sample layers
using Json = nlohmann::json;

std::string type_of(const Json& value) {
  if (value.is_null()) return "null";
  if (value.is_boolean()) return "boolean";
  if (value.is_number_integer()) return "integer";
  if (value.is_number()) return "number";
  if (value.is_string()) return "string";
  return value.is_array() ? "array" : "object";
}

/// Breaches of the part of JSON Schema (draft 7) that the contract uses; another keyword is a breach itself.
class SchemaCheck {
 public:
  std::vector<std::string> breaches;

  void check(const Json& schema, const Json& value, const std::string& where) {
    for (const auto& [keyword, rule] : schema.items()) check_keyword(keyword, rule, schema, value, where);
  }

 private:
  void expect(bool good, const std::string& where, const std::string& what) {
    if (!good) breaches.push_back(where + ": " + what);
  }

  void check_keyword(const std::string& keyword, const Json& rule, const Json& schema, const Json& value,
                     const std::string& where) {
    if (keyword == "$schema" || keyword == "title" || keyword == "description") return;
    if (keyword == "type") {
      const Json types = rule.is_array() ? rule : Json::array({rule});
      const std::string type = type_of(value);
      bool fits = std::find(types.begin(), types.end(), type) != types.end();
      fits = fits || (type == "integer" && std::find(types.begin(), types.end(), "number") != types.end());
      expect(fits, where, "is " + type + ", not " + rule.dump());
    } else if (keyword == "const") {
      expect(value == rule, where, "is not " + rule.dump());
    } else if (keyword == "enum") {
      expect(std::find(rule.begin(), rule.end(), value) != rule.end(), where,
             value.dump() + " is not of " + rule.dump());
    } else if (keyword == "minimum" || keyword == "maximum") {
      if (value.is_number())
        expect(keyword == "minimum" ? value.get<double>() >= rule : value.get<double>() <= rule, where, keyword);
    } else if (keyword == "pattern") {
      if (value.is_string())
        expect(std::regex_search(value.get<std::string>(), std::regex(rule.get<std::string>())), where, "pattern");
    } else if (keyword == "minItems" || keyword == "maxItems") {
      if (value.is_array())
        expect(
            keyword == "minItems" ? value.size() >= rule.get<std::size_t>() : value.size() <= rule.get<std::size_t>(),
            where, keyword);
    } else if (keyword == "required") {
      for (const Json& name : rule)
        if (value.is_object()) expect(value.contains(name), where, "lacks " + name.dump());
    } else if (keyword == "items") {
      if (value.is_array())
        for (std::size_t i = 0; i < value.size(); ++i) check(rule, value[i], where + "/" + std::to_string(i));
    } else if (keyword == "properties") {
      if (!value.is_object()) return;
      for (const auto& [name, part] : rule.items())
        if (value.contains(name)) check(part, value[name], where + "/" + name);
    } else if (keyword == "additionalProperties") {
      for (const auto& [name, part] : value.items()) expect(schema["properties"].contains(name), where, "has " + name);
    } else {
      expect(false, where, "the schema uses " + keyword);
    }
  }
};

std::vector<std::string> breaches(const std::string& schema, const Json& value) {
  SchemaCheck check;
  check.check(Json::parse(bytes_of(std::filesystem::path(std::getenv("YAAN_SOURCE")) / "docs" / "schema" / schema)),
              value, "");
  return check.breaches;
}

Json written(const Layer& layer) {
  StringSink sink;
  Progress progress;
  Diagnostics diagnostics;
  stream_geojson(sink, published(layer), open_record(), {}, diagnostics, progress);
  return Json::parse(sink.text);
}

class Contract : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::getenv("YAAN_SOURCE") == nullptr) GTEST_SKIP() << "YAAN_SOURCE does not name the project";
  }
};

TEST_F(Contract, DistrictsObeyTheirSchema) {
  EXPECT_EQ(breaches("districts.schema.json", written(contract_districts())), std::vector<std::string>());
}

TEST_F(Contract, SitesObeyTheirSchema) {
  EXPECT_EQ(breaches("sites.schema.json", written(contract_sites())), std::vector<std::string>());
}

TEST_F(Contract, RunRecordsObeyTheirSchema) {
  EXPECT_EQ(breaches("run_record.schema.json", written(contract_sites())["yaan"]), std::vector<std::string>());
  RunRecord bare;
  bare.output.kind = "table";
  Json json = Json::parse(publish(bare, {}).json());
  EXPECT_EQ(breaches("run_record.schema.json", json), std::vector<std::string>{"/content_sha256: pattern"});
}

TEST_F(Contract, BreachesAreFound) {
  Json json = written(contract_districts());
  json["features"][0]["properties"].erase("rank");
  json["features"][0]["properties"]["count"] = "12";
  json["features"][1]["properties"]["area_km2"] = -1;
  json["features"][1]["properties"]["province_shares"] = {0.5, 1.5};
  json.erase("yaan");
  EXPECT_EQ(breaches("districts.schema.json", json).size(), 5U);
}

TEST_F(Contract, EveryFieldOfTheSchemasStandsInTheDocumentation) {
  const std::filesystem::path docs = std::filesystem::path(std::getenv("YAAN_SOURCE")) / "docs";
  const std::string text = bytes_of(docs / "outputs.md");
  for (const std::string layer : {"districts", "sites"}) {
    const Json schema = Json::parse(bytes_of(docs / "schema" / (layer + ".schema.json")));
    const auto section = text.find("### " + layer + ".geojson");
    ASSERT_NE(section, std::string::npos);
    const Json& fields = schema["properties"]["features"]["items"]["properties"]["properties"]["properties"];
    EXPECT_GE(fields.size(), 12U);
    for (const auto& [field, rule] : fields.items()) {
      const auto line = text.find("| `" + field + "` |", section);
      ASSERT_NE(line, std::string::npos) << field;
      EXPECT_NE(text.substr(line, text.find('\n', line) - line).find(rule["description"].get<std::string>()),
                std::string::npos)
          << field;
    }
  }
}

}  // namespace
}  // namespace yaan
