// The quick reader of GeoJSON points against GDAL: the same layer, or none.
#include <gmock/gmock.h>

#include <random>

#include "load/point_geojson.hpp"
#include "load/read_here.hpp"
#include "load/test_files.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan::test {
namespace {

class PointGeoJson : public FileTest {
 protected:
  [[nodiscard]] bool is_plain(const std::string& text) const {
    Progress progress;
    return read_point_geojson(write("plain.geojson", text), "plain.geojson", {}, progress).has_value();
  }

  // All that reading gives, or the error.
  [[nodiscard]] static std::string outcome(const std::filesystem::path& file, bool quick) {
    ReadOptions options;
    options.column_stream = quick;
    Progress progress;
    try {
      const ReadResult result = read_layer_here(file, options, progress);
      std::string all = everything(result.layer) + result.layer.name + result.layer.crs.wkt();
      for (const Diagnostic& entry : result.diagnostics.entries())
        if (entry.code != "reader-warning")  // which GDAL gives once in a process
          all += "\n" + entry.code + " " + entry.message + " " + std::to_string(entry.count);
      return all;
    } catch (const Error& error) {
      return std::string("error: ") + error.what() + error.advice();
    }
  }

  void expect_same(const std::string& text) const {
    const auto file = write("both.geojson", text);
    EXPECT_EQ(first_difference(outcome(file, true), outcome(file, false)), "") << text.substr(0, 500);
  }
};

std::string feature(const std::string& properties,
                    const std::string& geometry = R"({"type":"Point","coordinates":[100.5,13.7]})") {
  return R"({"type":"Feature","properties":)" + properties + R"(,"geometry":)" + geometry + "}";
}

std::string collection(const std::vector<std::string>& features, const std::string& members = {}) {
  std::string text = R"({"type":"FeatureCollection",)" + members + R"("features":[)";
  for (std::size_t i = 0; i < features.size(); ++i) text += (i == 0 ? "" : ",\n") + features[i];
  return text + "]}";
}

TEST_F(PointGeoJson, PlainOnes) {
  const std::vector<std::string> plain = {
      collection({feature(R"({"name":"วัด","n":1,"share":0.5,"open":true,"none":null})")}),
      collection({feature(R"({"n":1})"), feature(R"({"n":2.5})"), feature(R"({"n":null})"), feature("{}")}),
      collection({feature(R"({"a":null,"b":"x"})"), feature(R"({"a":"y"})"), feature("null"), feature(R"({"b":""})")}),
      collection({feature(R"({"n":-9223372036854775807})"), feature(R"({"n":9223372036854775806})")}),
      collection({feature(R"({"big":1e300,"small":-0.0,"e":1E2})")}),
      collection({feature(R"({"t":"\u0e27\u0e31\u0e14 \"so\" \\ \n"})")}),
      collection({feature(R"({"t":"2020-01-01"})"), feature(R"({"t":"not a date"})")}),
      collection({feature(R"({"n":1})", "null"), feature(R"({"n":2})")}),
      collection({feature(R"({"n":1})", R"({"coordinates":[1e2,5],"type":"Point"})")}),
      collection({feature(R"({"n":1})", R"({"type":"Point","coordinates":[13.7,100.5]})"), feature(R"({"n":2})")}),
      collection({feature(R"({"n":1})", R"({"type":"Point","coordinates":[200,95]})"), feature(R"({"n":2})")}),
      collection({feature(R"({"id":7,"fid":8,"ID":"x"})")}),
      collection({feature(R"({"a b":1,"{\"type\":\"Feature\"":2})")}, R"("name":"sites",)"),
      collection({feature(R"({"n":1})")},
                 R"("crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},)"),
      "\n  { \"features\" : [ " + feature(R"({"a":1})") + " ] }"};
  for (std::size_t i = 0; i + 1 < plain.size(); ++i) {
    const bool escaped_key = plain[i].find(R"(\"type)") != std::string::npos;
    EXPECT_EQ(is_plain(plain[i]), !escaped_key) << plain[i];
    expect_same(plain[i]);
  }
  EXPECT_FALSE(is_plain(plain.back()));  // of no type
}

TEST_F(PointGeoJson, EverythingElseIsLeftToGdal) {
  const std::vector<std::string> unusual = {
      collection({feature(R"({"t":"2020-01-01"})"), feature(R"({"t":"2021-02-03"})")}),
      collection({feature(R"({"t":"10:20"})")}),
      collection({feature(R"({"a":1,"b":2})"), feature(R"({"b":2,"a":1})")}),
      collection({feature(R"({"a":1})"), feature(R"({"a":1,"b":2})")}),
      collection({feature(R"({"a":1,"a":2})")}),
      collection({feature(R"({"a":"x"})"), feature(R"({"a":1})")}),
      collection({feature(R"({"a":true})"), feature(R"({"a":1})")}),
      collection({feature(R"({"a":[1,2]})")}),
      collection({feature(R"({"a":{"b":1}})")}),
      collection({feature(R"({"a":9223372036854775808})")}),
      collection({feature(R"({"a":-9223372036854775808})")}),
      collection({feature(R"({"a":"x\u0000y"})")}),
      collection({feature(R"({"a":1})", R"({"type":"Point","coordinates":[100,13,5]})")}),
      collection({feature(R"({"a":1})", R"({"type":"Point","coordinates":[100]})")}),
      collection({feature(R"({"a":1})", R"({"type":"Point","coordinates":["100",13]})")}),
      collection({feature(R"({"a":1})", R"({"type":"MultiPoint","coordinates":[[100,13]]})")}),
      collection({feature(R"({"a":1})", R"({"type":"LineString","coordinates":[[100,13],[101,13]]})")}),
      collection({R"({"type":"Feature","id":5,"properties":{},"geometry":null})"}),
      collection({R"({"type":"Feature","geometry":{"type":"Point","coordinates":[100,13]}})"}),
      collection({feature(R"({"a":1})")}, R"("bbox":[1,2,3,4],)"),
      collection({feature(R"({"a":1})")},
                 R"("crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::32647"}},)"),
      collection({}),
      collection({feature(R"({"a":1})")}) + "x",
      collection({feature(R"({"a":1e999})")}),
      collection({feature("{\"a\":\"\xff\"}")}),
      R"({"type":"FeatureCollection","features":[)" + feature(R"({"a":1})") + R"(],"extra":[{"a":[1]}]})",
      R"({"type":"FeatureCollection","x":{"features":[]},"features":[)" + feature(R"({"a":1})") + "]}",
      feature(R"({"a":1})"),
      "[]"};
  for (const std::string& text : unusual) {
    EXPECT_FALSE(is_plain(text)) << text;
    expect_same(text);
  }
}

// Several blocks, on one line and on many, with what looks like a feature inside of texts and of values.
TEST_F(PointGeoJson, LargeFiles) {
  std::mt19937 random(20261124);
  for (const std::string separator : {",", ",\n", " ,\r\n\t"}) {
    std::string text = R"({"type":"FeatureCollection","name":"large","features":[)";
    for (std::size_t i = 0; text.size() < (std::size_t{20} << 20); ++i) {
      std::string properties = R"({"id":)" + std::to_string(i) + R"(,"name":"วัด )" + std::to_string(random() % 1000) +
                               R"(, {\"type\":\"Feature\"}")";
      if (random() % 3 == 0) properties += R"(,"share":)" + std::to_string(random() % 1000) + (i > 50'000 ? ".5" : "");
      if (random() % 3 != 0)
        properties +=
            R"(,"note":)" + std::string(random() % 5 == 0 ? "null" : "\"" + std::string(random() % 200, 'x') + "\"");
      if (i == 0) properties = R"({"id":0,"name":"first","share":null,"note":null)";
      const std::string place = random() % 50 == 0
                                    ? "null"
                                    : R"({"type":"Point","coordinates":[)" +
                                          std::to_string(97 + static_cast<double>(random() % 8'000'000) / 1e6) + "," +
                                          std::to_string(6 + static_cast<double>(random() % 14'000'000) / 1e6) + "]}";
      text += (i == 0 ? "" : separator) + feature(properties + "}", place);
    }
    text += "\n]\n}\n";
    ASSERT_TRUE(is_plain(text));
    expect_same(text);
    set_thread_count(1);
    const std::string alone = outcome(path("both.geojson"), true);
    set_thread_count(0);
    EXPECT_EQ(first_difference(alone, outcome(path("both.geojson"), true)), "");
    // An error far behind is seen, and said by GDAL.
    std::string broken = text;
    broken[broken.size() * 3 / 4] = '{';
    EXPECT_FALSE(is_plain(broken) && broken != text);
    broken = text;
    broken.resize(broken.size() * 3 / 4);
    EXPECT_FALSE(is_plain(broken));
  }
}

}  // namespace
}  // namespace yaan::test
