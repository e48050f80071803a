// The published schema and the program's own validator say the same about thousands of studies that were valid once.
// The judge of the schema is python3-jsonschema; without it that half is skipped.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "study/schema.hpp"
#include "study/schema_check.hpp"
#include "yaan/core/error.hpp"
#include "yaan/study/documents.hpp"
#include "yaan/study/study.hpp"

namespace yaan {
namespace {

const char* const kStudies[] = {
    R"({"yaan_study":1,"note":"n","title":{"en":"E","th":"ท"},
        "layers":{"note":"l","p":{"file":"p.geojson","columns":{"code":"code","name_th":null},"override_crs":false},
                  "a":{"file":"a.csv","x":"lon","y":"lat","crs":"EPSG:4326","categories":{"c":{"en":"C"}},
                       "layer":"s","licence":"CC0","attribution":"A","title":{"th":"ก"},"table":false}},
        "checks":{"areas":"p","border":"1km","coast":5000,"note":"n"},
        "analyses":[{"method":"assign-areas","points":"a","areas":"p","within":"5km"},
                    {"method":"dbscan","points":"a","radius":"1.5 km","min_points":5,"note":"n"},
                    {"method":"districts","points":"a","outline":"buffer","max_edge":"2km","margin":"0m",
                     "buffer_radius":"1e2m","output":"d"}],
        "outputs":[{"layer":"d","file":"d.geojson","decimals":7},{"layer":"a","file":"sub/a.csv"},
                   {"table":"areas","areas":"p","points":"a","file":"t.csv"},
                   {"map":"country","file":"m.png","language":"th","width":800,"height":600,"title":{"en":"M"}},
                   {"map":"country","file":"n.svg","colour":{"layer":"p","column":"area_code","breaks":"natural",
                    "classes":5,"ramp":"cividis","note":"n"}},
                   {"map":"country","file":"o.pdf","colour":{"column":null,"bounds":[1,2.5,4]}},
                   {"map":"cities","file":"m-{city}.png","districts":"d","most":3}]})",
    R"({"yaan_study":1,"layers":{"points":{"file":"x.gpkg"}},
        "analyses":[{"method":"dbscan","points":"points","radius":250.5}],
        "outputs":[{"layer":"points","file":"o.csv"}]})",
    R"({"yaan_study":1,"layers":{}})",
};

const char* const kValues[] = {"null",
                               "true",
                               "false",
                               "0",
                               "-1",
                               "1",
                               "5.0",
                               "4.5",
                               "1e300",
                               "9007199254740993",
                               "400",
                               "12001",
                               "13",
                               "\"\"",
                               "\"500m\"",
                               "\"0m\"",
                               "\"0.0km\"",
                               "\"0e5m\"",
                               "\"1e-3 km\"",
                               "\"5 miles\"",
                               "\"500\"",
                               "\"-5m\"",
                               "\"a.csv\"",
                               "\"a.geojson\"",
                               "\"../a.csv\"",
                               "\"a/../b.csv\"",
                               "\"./a.csv\"",
                               "\"/a.png\"",
                               "\"a//b.png\"",
                               "\"{city}.png\"",
                               "\"a{city}/b.png\"",
                               "\".csv\"",
                               "\"..csv\"",
                               "\"th\"",
                               "\"dbscan\"",
                               "\"districts\"",
                               "\"cities\"",
                               "\"country\"",
                               "\"areas\"",
                               "\"p\"",
                               "\"d\"",
                               "\"1abc\"",
                               "\"concave\"",
                               "\"quantile\"",
                               "\"viridis\"",
                               "[2,1]",
                               "[1,2]",
                               "[]",
                               "{}",
                               "[1]",
                               "{\"en\":\"x\"}",
                               "{\"note\":\"x\"}",
                               "{\"layer\":\"a\",\"map\":\"country\",\"file\":\"q.csv\"}",
                               "{\"method\":\"dbscan\"}"};

class Mutator {
 public:
  explicit Mutator(unsigned seed) : m_random(seed) {}

  Json mutated() {
    Json document = Json::parse(kStudies[pick(std::size(kStudies))]);
    for (std::size_t changes = pick(4) == 0 ? 2 : 1; changes > 0; --changes) change(random_node(document));
    return document;
  }

 private:
  std::size_t pick(std::size_t n) { return m_random() % n; }  // the same draws with every standard library

  Json& random_node(Json& root) {
    Json* node = &root;
    while (node->is_structured() && !node->empty() && pick(5) != 0) {
      auto at = node->begin();
      std::advance(at, static_cast<std::ptrdiff_t>(pick(node->size())));
      node = &*at;
    }
    return *node;
  }
  Json random_value() { return Json::parse(kValues[pick(std::size(kValues))]); }

  void change(Json& node) {
    if (!node.is_structured() || node.empty() || pick(6) == 0) {
      node = random_value();
      return;
    }
    auto at = node.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(pick(node.size())));
    if (node.is_array()) {
      if (pick(2) == 0)
        node.erase(at);
      else
        node.push_back(pick(2) == 0 ? Json(*at) : random_value());
      return;
    }
    const std::string key = at.key();
    static const char* const keys[] = {"note",  "layer",      "map",    "table",  "title",    "en",   "x",      "y",
                                       "crs",   "min_points", "output", "most",   "decimals", "nte",  "radis",  "code",
                                       "areas", "checks",     "coast",  "colour", "bounds",   "ramp", "classes"};
    switch (pick(4)) {
      case 0: node.erase(key); break;
      case 1: node[key] = random_value(); break;
      case 2: node[keys[pick(std::size(keys))]] = random_value(); break;
      default: {  // a slip of the pen in the key
        const Json value = *at;
        std::string slipped = key;
        slipped[pick(slipped.size())] = static_cast<char>('a' + pick(26));
        node.erase(key);
        node[slipped] = value;
      }
    }
  }

  std::mt19937 m_random;
};

constexpr int kDocuments = 6000;

/// What Study::parse may refuse although the schema accepts it: docs/study.md states these rules.
bool beyond_the_schema(const std::string& message) {
  for (const char* words :
       {"there is no layer", "two outputs have the file name", "makes a layer", "needs areas and points",
        "maps of cities need districts", ".crs: ", "bounds of classes must rise", "bounds say the classes"})
    if (message.find(words) != std::string::npos) return true;
  return false;
}

TEST(SchemaAgreement, WhatTheSchemaRefusesIsRefusedAndTheRestOnlyForStatedReasons) {
  Mutator mutator(20);
  int accepted = 0;
  for (int i = 0; i < kDocuments; ++i) {
    const Json document = mutator.mutated();
    const bool fits = !first_breach(study_schema_json(), document);
    std::string refusal;
    try {
      Study::parse(document.dump(), "s.json");
      ++accepted;
    } catch (const UsageError& error) {
      refusal = error.what();
    }
    if (!fits) {
      EXPECT_FALSE(refusal.empty()) << document;
    } else if (!refusal.empty()) {
      EXPECT_TRUE(beyond_the_schema(refusal)) << refusal << "\n" << document;
    }
  }
  EXPECT_GT(accepted, kDocuments / 50);  // both sides are exercised
  EXPECT_LT(accepted, kDocuments / 2);
}

TEST(SchemaAgreement, AnIndependentValidatorAgrees) {
  const std::filesystem::path folder = std::filesystem::path(::testing::TempDir()) / "yaan_schema_agreement";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "schema.json") << study_schema();
  std::ofstream lines(folder / "documents.jsonl");
  Mutator mutator(20);
  for (int i = 0; i < kDocuments; ++i) {
    const Json document = mutator.mutated();
    const auto breach = first_breach(study_schema_json(), document);
    lines << Json{{"fits", !breach},
                  {"breach", breach ? breach->place + ": " + breach->what : ""},
                  {"document", document}}
                 .dump()
          << "\n";
  }
  lines.close();
  const std::string call = "python3 " + std::string(std::getenv("YAAN_SOURCE")) + "/tests/study/schema_agreement.py " +
                           (folder / "schema.json").string() + " " + (folder / "documents.jsonl").string();
  const int status = std::system(call.c_str());
  ASSERT_TRUE(WIFEXITED(status));
  std::filesystem::remove_all(folder);
  if (WEXITSTATUS(status) == 77) GTEST_SKIP() << "python3-jsonschema is not installed";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(SchemaCheck, RefusesAKeywordThatItDoesNotCheck) {
  EXPECT_THROW(first_breach(Json::parse(R"({"multipleOf": 2})"), Json(3)), std::logic_error);
}

}  // namespace
}  // namespace yaan
