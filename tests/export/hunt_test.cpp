// Hunts what may not be told in every output of every writer.

#include <gtest/gtest.h>

#include "export/sample_layers.hpp"
#include "yaan/core/numbers.hpp"
#include "yaan/export/attribution.hpp"
#include "yaan/export/csv.hpp"
#include "yaan/export/geojson.hpp"

namespace yaan {
namespace {

using namespace testing;  // NOLINT: the sample layers

/// Every text in which a hidden site or an exact position could show.
std::vector<std::string> quarry() {
  std::vector<std::string> words{kHiddenId, kHiddenNameEn, kHiddenNameTh, "site-0042", "Quiet Spirit"};
  for (const double value : {kHiddenLon, kHiddenLat, kCoarsenedLon, kCoarsenedLat})
    for (int decimals = 3; decimals <= 7; ++decimals) {
      words.push_back(fixed_trimmed(value, decimals));
      std::string cut = fixed_trimmed(value, 7);
      words.push_back(cut.substr(0, cut.find('.') + 1 + std::size_t(decimals)));
    }
  std::vector<double> x{kHiddenLon, kCoarsenedLon};
  std::vector<double> y{kHiddenLat, kCoarsenedLat};
  Transformer(Crs::wgs84(), Crs::from_text("EPSG:32647")).apply(x, y);
  for (const double value : {x[0], y[0], x[1], y[1]}) words.push_back(std::to_string(std::int64_t(value)));
  return words;
}

std::vector<std::string> found_in(const std::string& output) {
  std::vector<std::string> found;
  for (const std::string& word : quarry())
    if (output.find(word) != std::string::npos) found.push_back(word);
  return found;
}

/// A districts layer that gives away everything that it can.
Layer telling_districts() {
  Layer layer = layer_of("districts", polygons_of({{{98.97, 18.77, 99.01, 18.77, kHiddenLon, kHiddenLat, 98.96, 18.81,
                                                     kCoarsenedLon, kCoarsenedLat, 98.97, 18.77}},
                                                   {{98, 18, 99, 18, 99, 19, 98, 18}}}));
  layer.set(text_column("district_id", {"D1", "D2"}));
  layer.set(text_column("name_en", {std::string(kHiddenNameEn) + " District", "Old Town"}));
  layer.set(text_column("name_th", {std::string("ย่าน") + kHiddenNameTh, "เมืองเก่า"}));
  layer.set(text_column("centre_id", {kHiddenId, "site-0041"}));
  layer.set(real_column("centre_lon", {kHiddenLon, kCoarsenedLon}));
  layer.set(real_column("centre_lat", {kHiddenLat, kCoarsenedLat}));
  layer.set(real_column("lat_5", {18.79643, 18.78825}));
  layer.set(real_column("lon_5", {98.98736, 98.99315}));
  layer.set(text_column("wkt", {"POINT(98.9873612 18.7964273)", "(18.7883 98.9932)"}));
  Column members("member_ids", ColumnType::text_list);
  members.push(StringList{"site-0041", kHiddenId});
  members.push(StringList{"site-0043"});
  layer.set(members);
  layer.roles.id = "district_id";
  Source source;
  source.path = "x.csv";
  source.attribution = std::string("Photographs of ") + kHiddenNameEn;
  layer.sources = {source};
  return layer;
}

RunRecord telling_record() {
  RunRecord record = sample_record();
  record.study =
      std::string(R"({"yaan_study":1,"note":"not )") + kHiddenNameTh +
      R"(","start":{"lon":98.9873612,"lat":18.7964273},"view":[98.9873612,18.7964273,9],"extent":[98.9931547,18.7882519],")" +
      kHiddenId + R"(":true})";
  record.inputs[0].attribution = std::string("by the keeper of ") + kHiddenNameEn;
  record.steps[0].summary = {{"centre", std::string(kHiddenNameEn)}, {"lon", kHiddenLon}, {"lat", kHiddenLat}};
  record.diagnostics.add(Severity::doubt, "far", "assets", "sites far from their area", 1, kHiddenId);
  record.diagnostics.add(Severity::doubt, "far", "assets", std::string(kHiddenNameTh) + " is far", 1, kHiddenId);
  return record;
}

class Hunt : public ::testing::Test {
 protected:
  Layer assets = telling_sites();
  Layer districts = telling_districts();
  PublicationPolicy policy{std::span<const Layer* const>(std::array<const Layer*, 2>{&assets, &districts})};
  Progress progress;
  Diagnostics diagnostics;

  static Layer telling_sites() {
    Layer layer = sites();
    std::vector<double> x = layer.geometry.x;
    std::vector<double> y = layer.geometry.y;
    Transformer(Crs::wgs84(), Crs::from_text("EPSG:32647")).apply(x, y);
    layer.set(real_column("easting", x));
    layer.set(real_column("northing", y));
    layer.set(text_column("note", {std::string("behind ") + kHiddenNameEn, "the place", "18.7964273,98.9873612",
                                   "18.78825 98.99315", "nothing"}));
    return layer;
  }
};

TEST_F(Hunt, TheQuarryIsThereBeforeTheFilter) {
  // The hunt must be able to find: the same layers with nothing protected show everything.
  Layer open = assets;
  open.set(text_column("publication", {"open", "open", "open", "open", "open"}));
  StringSink sink;
  stream_csv(sink, published(open), {}, progress);
  stream_geojson(sink, published(districts), publish(telling_record(), PublicationPolicy()), {}, diagnostics, progress);
  EXPECT_GT(found_in(sink.text).size(), 20U);
}

TEST_F(Hunt, GeoJson) {
  for (const Layer* layer : {&assets, &districts}) {
    for (const int decimals : {3, 7, 12}) {
      StringSink sink;
      const PublishedLayer shown = publish(*layer, policy, diagnostics);
      stream_geojson(sink, shown, publish(telling_record(), policy), {decimals}, diagnostics, progress);
      EXPECT_EQ(found_in(sink.text), std::vector<std::string>()) << sink.text;
      EXPECT_NE(sink.text.find("\"Feature\""), std::string::npos);
    }
  }
}

TEST_F(Hunt, Csv) {
  for (const Layer* layer : {&assets, &districts}) {
    StringSink sink;
    stream_csv(sink, publish(*layer, policy, diagnostics), {}, progress);
    EXPECT_EQ(found_in(sink.text), std::vector<std::string>()) << sink.text;
  }
}

TEST_F(Hunt, Sidecar) {
  const TemporaryFolder folder;
  WholeSet set;
  WholeFile& table = set.add(folder / "sites.csv");
  write_csv(table, publish(assets, policy, diagnostics), {}, progress);
  write_sidecar(set.add(sidecar_path(folder / "sites.csv")), table, publish(telling_record(), policy));
  set.commit();
  EXPECT_EQ(found_in(bytes_of(folder / "sites.csv.yaan.json")), std::vector<std::string>());
  EXPECT_EQ(read_run_record(folder / "sites.csv").diagnostics.count("far"), 2);
}

TEST_F(Hunt, DiagnosticsAndAttributions) {
  const PublishedLayer shown = publish(districts, policy, diagnostics);
  std::string text;
  const Diagnostics told = policy.publishable(diagnostics);
  for (const Diagnostic& entry : told.entries()) {
    text += entry.where + entry.message;
    for (const std::string& feature : entry.features) text += feature;
  }
  for (const std::string& line : attribution_lines(shown.layer().sources)) text += line;
  EXPECT_EQ(found_in(text), std::vector<std::string>());
}

}  // namespace
}  // namespace yaan
