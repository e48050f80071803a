// The study file: what is refused, where, and with which advice; what is kept on saving.
#include "yaan/study/study.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "yaan/analyse/dbscan.hpp"
#include "yaan/core/error.hpp"

namespace yaan {
namespace {

using ::testing::HasSubstr;

const std::string kStudy = R"({
  "yaan_study": 1,
  "note": "a remark",
  "title": {"en": "Districts", "th": "ย่าน", "note": "both"},
  "layers": {
    "note": "layers of the study",
    "provinces": {"file": "provinces.geojson", "columns": {"code": "code", "note": "the ISO code"}},
    "assets": {"file": "assets.csv", "x": "lon", "y": "lat", "crs": "EPSG:4326",
               "columns": {"id": "id", "weight": null},
               "categories": {"temple": {"en": "Temple", "th": "วัด"}},
               "licence": "CC0-1.0", "note": "sites"}
  },
  "analyses": [
    {"method": "assign-areas", "points": "assets", "areas": "provinces", "within": "2.5 km", "note": "coast"},
    {"method": "dbscan", "points": "assets", "radius": "1km", "min_points": 4},
    {"method": "districts", "points": "assets", "outline": "convex", "output": "found"}
  ],
  "outputs": [
    {"layer": "found", "file": "found.geojson", "decimals": 6},
    {"table": "areas", "file": "areas.csv"},
    {"map": "country", "file": "map.png", "language": "th"},
    {"map": "cities", "file": "maps/{city}.png", "most": 3, "note": "slides"}
  ]
})";

/// The valid study with the first occurrence of one text replaced.
std::string with(const std::string& from, const std::string& to) {
  std::string text = kStudy;
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

struct Refusal {
  std::string kind;
  std::string what;
  std::string advice;
};

Refusal refusal_of(const std::string& text) {
  try {
    Study::parse(text, "s.json");
  } catch (const UsageError& error) {
    return {"usage", error.what(), error.advice()};
  } catch (const InputError& error) {
    return {"input", error.what(), error.advice()};
  }
  return {"accepted", "", ""};
}

TEST(Study, ReadsEverythingThatItHolds) {
  const Study study = Study::parse(kStudy, "folder/s.json");
  EXPECT_EQ(study.folder(), "folder");
  EXPECT_EQ(study.title().th, "ย่าน");
  ASSERT_EQ(study.layers().size(), 2U);
  const StudyLayer& assets = study.layers()[1];
  EXPECT_EQ(assets.name, "assets");
  EXPECT_EQ(assets.read.crs, "EPSG:4326");
  EXPECT_EQ(assets.columns.at("weight"), "");
  EXPECT_EQ(assets.columns.at("id"), "id");
  ASSERT_EQ(assets.categories.size(), 1U);
  EXPECT_EQ(assets.categories[0].second.th, "วัด");
  ASSERT_EQ(study.steps().size(), 3U);
  const auto& clustering = std::any_cast<const DbscanOptions&>(study.steps()[1].options);
  EXPECT_EQ(clustering.radius, Length(Metres{1000}));
  EXPECT_EQ(clustering.min_points, 4);
  EXPECT_EQ(study.steps()[2].output, "found");
  ASSERT_EQ(study.outputs().size(), 4U);
  EXPECT_EQ(study.outputs()[1].areas, "provinces");
  EXPECT_EQ(study.outputs()[1].points, "assets");
  EXPECT_EQ(study.outputs()[2].districts, "found");
  EXPECT_EQ(study.outputs()[2].language, Language::thai);
  EXPECT_EQ(study.outputs()[3].most, 3);
}

TEST(Study, NamesPlaceAndNearestKeyOfAnUnknownOne) {
  const Refusal refusal = refusal_of(with("\"radius\"", "\"radis\""));
  EXPECT_EQ(refusal.kind, "usage");
  EXPECT_EQ(refusal.what, "s.json: analyses[1].radis: unknown key");
  EXPECT_EQ(refusal.advice, "did you mean radius?");
  EXPECT_EQ(refusal_of(with("\"licence\"", "\"license\"")).what, "s.json: layers.assets.license: unknown key");
  EXPECT_EQ(refusal_of(with("\"licence\"", "\"license\"")).advice, "did you mean licence?");
  EXPECT_EQ(refusal_of(with("\"outputs\"", "\"output\"")).advice, "did you mean outputs?");
  EXPECT_EQ(refusal_of(with("\"most\"", "\"moast\"")).what, "s.json: outputs[3].moast: unknown key");
  EXPECT_EQ(refusal_of(with("\"code\": \"code\"", "\"coed\": \"code\"")).advice, "did you mean code?");
}

TEST(Study, RefusesWithThePlace) {
  const std::vector<std::tuple<std::string, std::string, std::string>> cases = {
      {"\"dbscan\"", "\"dbscn\"", "analyses[1].method: \"dbscn\" is not one of"},
      {"\"1km\"", "\"1 mile\"", "analyses[1].radius: \"1 mile\" is not a length with its unit"},
      {"\"1km\"", "\"0km\"", "analyses[1].radius: \"0km\" is not a length"},
      {"\"1km\"", "-3", "analyses[1].radius: -3 must be more than 0"},
      {"\"1km\"", "0", "analyses[1].radius: 0 must be more than 0"},
      {"\"1km\"", "true", "analyses[1].radius: true is not a length"},
      {"\"min_points\": 4", "\"min_points\": 0", "analyses[1].min_points: 0 must be at least 1"},
      {"\"min_points\": 4", "\"min_points\": 4.5", "analyses[1].min_points: 4.5 is not of type integer"},
      {"\"convex\"", "\"covex\"", "analyses[2].outline: \"covex\" is not one of concave, buffer, convex"},
      {"\"points\": \"assets\", \"radius\"", "\"points\": \"asets\", \"radius\"",
       "analyses[1].points: there is no layer \"asets\""},
      {"\"areas\": \"provinces\", ", "", "analyses[0]: the key areas is missing"},
      {"\"y\": \"lat\", ", "", "layers.assets: x is given, but y is missing"},
      {"EPSG:4326", "EPSG:43260000", "layers.assets.crs: "},
      {"\"found.geojson\"", "\"found.gpkg\"", "outputs[0].file: \"found.gpkg\" is not a relative path that ends in"},
      {"\"found.geojson\"", "\"../found.geojson\"", "outputs[0].file: "},
      {"\"found.geojson\"", "\"/tmp/found.geojson\"", "outputs[0].file: "},
      {"\"found.geojson\"", "\"areas.csv\"", "outputs[1]: two outputs have the file name areas.csv"},
      {"\"layer\": \"found\"", "\"layer\": \"fond\"", "outputs[0].layer: there is no layer \"fond\""},
      {"\"output\": \"found\"", "\"output\": \"assets\"", "analyses[2]: the step makes a layer assets"},
      {"\"table\": \"areas\", ", "", "outputs[1]: not an output: it needs one of the keys layer, table and map"},
      {"\"map\": \"country\"", "\"map\": \"contry\"", "outputs[2].map: \"contry\" is not one of country, cities"},
      {"maps/{city}.png", "maps/city.png", "outputs[3].file: "},
      {"\"decimals\": 6", "\"decimals\": 13", "outputs[0].decimals: 13 must be at most 12"},
      {"\"provinces\": {", "\"pro vinces\": {", "layers.pro vinces: \"pro vinces\" is not a layer's name"},
      {"\"map.png\"", "\"map.gif\"",
       "outputs[2].file: \"map.gif\" is not a relative path that ends in .png, .svg or .pdf"},
      {"\"language\": \"th\"", "\"colour\": {\"breaks\": \"jenks\"}",
       "outputs[2].colour.breaks: \"jenks\" is not one of natural, quantile, equal"},
      {"\"language\": \"th\"", "\"colour\": {\"classes\": 10}", "outputs[2].colour.classes: 10 must be at most 9"},
      {"\"language\": \"th\"", "\"colour\": {\"bounds\": [1, 1]}",
       "outputs[2].colour.bounds: the bounds of classes must rise"},
      {"\"language\": \"th\"", "\"colour\": {\"bounds\": [1]}",
       "outputs[2].colour.bounds: the list needs at least 2 items and has 1"},
      {"\"language\": \"th\"", "\"colour\": {\"bounds\": [1, 2], \"classes\": 3}",
       "outputs[2].colour: bounds say the classes"},
      {"\"language\": \"th\"", "\"colour\": {\"layer\": \"fond\"}",
       "outputs[2].colour.layer: there is no layer \"fond\""},
      {"\"most\": 3", "\"extent\": \"100,13,101,14\"", "outputs[3].extent: unknown key"},
      {"\"language\": \"th\"", "\"extent\": \"100,13,101\"", "outputs[2].extent: the extent is \"100,13,101\""},
      {"\"language\": \"th\"", "\"extent\": \"101,13,100,14\"",
       "outputs[2].extent: the extent is \"101,13,100,14\", whose first corner"},
      {"\"language\": \"th\"", "\"extent\": \"13,100,14,101\"",
       "outputs[2].extent: the extent is \"13,100,14,101\", which is beyond 180 degrees"},
      {"\"language\": \"th\"", "\"extent\": \"100,13,100,14\"",
       "outputs[2].extent: the extent \"100,13,100,14\" is no part of the earth"},
      {"\"language\": \"th\"", "\"extent\": \"0,0,9,9,layer\"",
       "outputs[2].extent: the extent \"0,0,9,9,layer\" is no part of the earth"},
      {"\"min_points\": 4", "\"prefix\": \"ย่าน-\"", "analyses[1].prefix: \"ย่าน-\" is not a beginning of column"},
      {"\"min_points\": 4", "\"prefix\": \"\"", "analyses[1].prefix: \"\" is not a beginning of column names"},
      {"\"min_points\": 4", "\"prefix\": \"9 x\"", "analyses[1].prefix: \"9 x\" is not a beginning of column names"},
      {R"("method": "dbscan", "points": "assets", "radius": "1km", "min_points": 4)",
       R"("method": "moran", "features": "assets", "variable": "weight", "prefix": "x")",
       "analyses[1].prefix: unknown key"},
      {"\"en\": \"Districts\"", "\"en\": \"\"", "title.en: the text is empty"},
  };
  for (const auto& [from, to, expected] : cases) {
    const Refusal refusal = refusal_of(with(from, to));
    EXPECT_EQ(refusal.kind, "usage") << from << " -> " << to;
    EXPECT_THAT(refusal.what, HasSubstr("s.json: " + expected)) << from << " -> " << to;
  }
}

TEST(Study, APrefixHasLettersOfAnyScript) {
  for (const char* prefix : {"food_", "ย่าน_", "2569_", "é"}) {
    EXPECT_TRUE(begins_column_names(prefix)) << prefix;
    EXPECT_EQ(refusal_of(with("\"min_points\": 4", std::string("\"prefix\": \"") + prefix + "\"")).kind, "accepted");
  }
  for (const std::string& prefix : {std::string(), std::string("a b"), std::string("a,"), std::string(41, 'a')})
    EXPECT_FALSE(begins_column_names(prefix)) << prefix;
}

TEST(Study, RefusesAKeyThatStandsTwice) {
  const Refusal refusal = refusal_of(with("\"min_points\": 4", "\"min_points\": 4, \"radius\": \"2km\""));
  EXPECT_EQ(refusal.kind, "usage");
  EXPECT_EQ(refusal.what, "s.json: analyses[1].radius: the key stands twice in the same object");
  EXPECT_THAT(refusal_of(with("\"assets\": {", "\"provinces\": {")).what,
              HasSubstr("layers.provinces: the key stands twice"));
}

TEST(Study, SaysThatALaterVersionNeedsANewerProgram) {
  const Refusal refusal = refusal_of(with("\"yaan_study\": 1", "\"yaan_study\": 2, \"new_key\": true"));
  EXPECT_EQ(refusal.kind, "usage");
  EXPECT_THAT(refusal.what, HasSubstr("yaan_study is 2, a later format"));
  EXPECT_EQ(refusal.advice, "use a newer yaan");
  EXPECT_THAT(refusal_of(R"({"layers": {}})").what, HasSubstr("the key yaan_study is missing"));
  EXPECT_THAT(refusal_of("[1]").what, HasSubstr("is not a study"));
}

TEST(Study, TellsWhereTextIsNotJson) {
  for (const char* text :
       {"{\"yaan_study\": 1,}", "{\"yaan_study\": 1} x", "// c\n{}", "{\"a\": NaN}", "{'a': 1}", "{\"a\": \"\xff\"}"}) {
    const Refusal refusal = refusal_of(text);
    EXPECT_EQ(refusal.kind, "input") << text;
    EXPECT_THAT(refusal.what, HasSubstr("s.json is not JSON: line ")) << text;
  }
  EXPECT_EQ(refusal_of("").kind, "input");
  EXPECT_EQ(refusal_of(std::string(100000, '[')).kind, "input");
  EXPECT_THAT(refusal_of(std::string(100000, '[')).what, HasSubstr("nested deeper"));
}

TEST(Study, KeepsKeyOrderAndNotesWhenSaved) {
  const Study study = Study::parse(kStudy, "s.json");
  const std::string saved = study.formatted();
  std::vector<std::string> keys = {"yaan_study", "\"a remark\"", "title",     "layers",  "provinces",     "assets",
                                   "\"sites\"",  "analyses",     "\"coast\"", "outputs", "found.geojson", "areas.csv"};
  std::size_t at = 0;
  for (const std::string& key : keys) {
    const std::size_t next = saved.find(key, at);
    ASSERT_NE(next, std::string::npos) << key;
    at = next;
  }
  EXPECT_EQ(Study::parse(saved, "s.json").text(), study.text());
  EXPECT_EQ(Study::parse(saved, "s.json").formatted(), saved);
}

TEST(Study, ChangesOneParameterAndNothingElse) {
  const Study study = Study::parse(kStudy, "s.json");
  const Study changed = study.with_parameter(1, "radius", Length(Metres{750}));
  EXPECT_EQ(std::any_cast<const DbscanOptions&>(changed.steps()[1].options).radius, Length(Metres{750}));
  std::string expected = study.text();
  const std::string before = "\"radius\":\"1km\"";
  expected.replace(expected.find(before), before.size(), "\"radius\":\"750m\"");
  EXPECT_EQ(changed.text(), expected);
  EXPECT_THROW((void)study.with_parameter(1, "radius", Length(Metres{-1})), UsageError);
  EXPECT_THROW((void)study.with_parameter(1, "radis", Length(Metres{1})), UsageError);
}

TEST(Study, SavesWholeAndReplacesOnlyWhenAsked) {
  const std::filesystem::path file = std::filesystem::path(::testing::TempDir()) / "saved_study.json";
  std::filesystem::remove(file);
  const Study study = Study::parse(kStudy, "s.json");
  study.save(file, false);
  EXPECT_THROW(study.save(file, false), OutputError);
  study.with_parameter(1, "min_points", std::int64_t{9}).save(file, true);
  EXPECT_EQ(std::any_cast<const DbscanOptions&>(Study::read(file).steps()[1].options).min_points, 9);
  std::filesystem::remove(file);
}

TEST(OneStep, IsAStudyLikeAnyOther) {
  OneStep step;
  step.method = &dbscan_method();
  step.layers["points"].file = "sites.csv";
  step.layers["points"].read.x_column = "x";
  step.layers["points"].read.y_column = "y";
  step.parameters["radius"] = Length::bare(50);
  step.output = "out.geojson";
  const Study study = one_step_study(step);
  EXPECT_EQ(study.text(), R"({"yaan_study":1,"layers":{"points":{"file":"sites.csv","x":"x","y":"y"}},)"
                          R"("analyses":[{"method":"dbscan","points":"points","radius":50.0}],)"
                          R"("outputs":[{"layer":"points","file":"out.geojson"}]})");
  EXPECT_EQ(std::any_cast<const DbscanOptions&>(study.steps()[0].options).radius, Length::bare(50));
  EXPECT_EQ(study.steps()[0].place, "") << "a step on its own needs no place";
  step.prefix = "near_";
  EXPECT_THAT(one_step_study(step).text(), HasSubstr(R"("radius":50.0,"prefix":"near_")"));
  step.layers.clear();
  EXPECT_THROW(one_step_study(step), UsageError);
}

}  // namespace
}  // namespace yaan
