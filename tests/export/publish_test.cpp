#include "yaan/export/publish.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "export/sample_layers.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"
#include "yaan/core/publication.hpp"

namespace yaan {
namespace {

using namespace testing;  // NOLINT: the sample layers

Layer with_text(const std::vector<std::string>& values, const std::string& column = "story") {
  Layer layer = layer_of("stories", Geometry{});
  layer.geometry.rows = values.size();
  layer.set(text_column(column, values));
  return layer;
}

std::size_t nulls_after(const Layer& layer, const PublicationPolicy& policy, std::string_view column) {
  Diagnostics diagnostics;
  return publish(layer, policy, diagnostics).layer().column(column).null_count();
}

TEST(Publish, OpenLayersAreUntouched) {
  Layer layer = sites();
  layer.roles.publication.clear();
  Diagnostics diagnostics;
  const PublishedLayer shown = publish(layer, PublicationPolicy(layer), diagnostics);
  EXPECT_EQ(shown.size(), 5U);
  EXPECT_EQ(shown.layer().geometry.x, layer.geometry.x);
  EXPECT_EQ(shown.rows(), (std::vector<std::uint32_t>{0, 1, 2, 3, 4}));
  EXPECT_TRUE(diagnostics.empty());
}

TEST(Publish, HiddenRowsGoAndCoarsenedRowsMove) {
  const Layer layer = sites();
  const PublicationPolicy policy(layer);
  EXPECT_EQ(policy.hidden(), 1U);
  EXPECT_EQ(policy.coarsened(), 1U);
  Diagnostics diagnostics;
  const PublishedLayer shown = publish(layer, policy, diagnostics);
  EXPECT_EQ(shown.rows(), (std::vector<std::uint32_t>{0, 2, 3, 4}));
  EXPECT_EQ(shown.hidden(), 1U);
  EXPECT_EQ(shown.coarsened(), 1U);
  EXPECT_EQ(diagnostics.count("hidden-removed"), 1);
  EXPECT_EQ(diagnostics.count("coarsened-moved"), 1);
  double lon = kCoarsenedLon;
  double lat = kCoarsenedLat;
  coarsen(lon, lat);
  EXPECT_EQ(shown.layer().geometry.x[2], lon);
  EXPECT_EQ(shown.layer().geometry.y[2], lat);
  EXPECT_EQ(shown.layer().column("longitude").reals()[2], lon);
  EXPECT_EQ(shown.layer().column("latitude").reals()[2], lat);
  EXPECT_EQ(shown.layer().column("id").display(2), "site-0044");  // a coarsened site keeps its id and names
  EXPECT_EQ(shown.layer().column("longitude").reals()[0], 98.981);
}

TEST(Publish, UnknownLevelIsAnErrorThatNamesTheFeature) {
  Layer layer = sites();
  layer.set(text_column("publication", {"open", "secret", "", "", ""}));
  try {
    PublicationPolicy policy(layer);
    FAIL() << "accepted";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("site-0042"));
  }
}

TEST(Publish, RoundedAndPlanarCopiesOfACoarsenedPositionFollow) {
  Layer layer = sites();
  std::vector<double> x{kCoarsenedLon};
  std::vector<double> y{kCoarsenedLat};
  Transformer(Crs::wgs84(), Crs::from_text("EPSG:32647")).apply(x, y);
  layer.set(real_column("lon4", {1, 2, 3, 98.9932, 5}));
  layer.set(real_column("easting", {1, 2, 3, x[0], 5}));
  layer.set(Column::of("northing", std::vector<std::int64_t>{1, 2, 3, std::int64_t(y[0]), 5}));
  layer.set(text_column("address", {"a", "b", "c", "at 18.7883 N", "e"}));
  const PublishedLayer shown = published(layer);
  EXPECT_EQ(shown.layer().column("lon4").reals()[2], shown.layer().geometry.x[2]);
  EXPECT_TRUE(shown.layer().column("easting").is_null(2));
  EXPECT_TRUE(shown.layer().column("northing").is_null(2));
  EXPECT_TRUE(shown.layer().column("address").is_null(2));
  EXPECT_EQ(shown.layer().column("easting").null_count(), 1U);
  EXPECT_EQ(shown.layer().column("address").null_count(), 1U);
}

TEST(Publish, ProjectedLayersComeOutInWgs84) {
  Layer layer = reprojected(sites(), Crs::from_text("EPSG:32647"));
  layer.set(real_column("x", layer.geometry.x));
  layer.set(real_column("y", layer.geometry.y));
  const PublishedLayer shown = published(layer);
  EXPECT_TRUE(shown.layer().crs.is_wgs84());
  EXPECT_NEAR(shown.layer().geometry.x[0], 98.981, 1e-9);
  EXPECT_TRUE(shown.layer().column("x").is_null(2));
  EXPECT_TRUE(shown.layer().column("y").is_null(2));
  EXPECT_EQ(shown.layer().column("x").null_count(), 1U);
}

TEST(Publish, TextsOfOtherLayersThatNameAHiddenSiteBecomeNull) {
  const PublicationPolicy policy(sites());
  const std::vector<std::string> betraying{kHiddenId,
                                           "see SITE-0042, please",
                                           std::string("ที่") + kHiddenNameTh + "เก่า",
                                           "the shrine of the quiet spirit.",
                                           "18.7964273, 98.9873612",
                                           "POINT (98.9873612 18.7964273)",
                                           "18.79643,98.98736",
                                           "lat=18.796 lon=98.987"};
  const std::vector<std::string> harmless{"site-00421", "xsite-0042",       "Shrine of the Quiet Spirits",
                                          "site-0041",  "18.7964273 alone", "98.5 18.8",
                                          "ศาลเจ้าพ่อ"};
  for (const std::string& text : betraying) EXPECT_TRUE(policy.betrayed_by(text)) << text;
  for (const std::string& text : harmless) EXPECT_FALSE(policy.betrayed_by(text)) << text;
  EXPECT_EQ(nulls_after(with_text(betraying), policy, "story"), betraying.size());
  EXPECT_EQ(nulls_after(with_text(harmless), policy, "story"), 0U);
  Diagnostics diagnostics;
  publish(with_text(betraying), policy, diagnostics);
  EXPECT_EQ(diagnostics.count("text-withheld"), std::int64_t(betraying.size()));
}

TEST(Publish, CoarsenedSitesKeepTheirNamesInTexts) {
  EXPECT_EQ(nulls_after(with_text({"Kad Luang market", "site-0044"}), PublicationPolicy(sites()), "story"), 0U);
  EXPECT_EQ(nulls_after(with_text({"98.9931547 18.7882519"}), PublicationPolicy(sites()), "story"), 1U);
}

TEST(Publish, ShortIdsCountOnlyInPlacesForIds) {
  Layer layer = sites();
  layer.set(text_column("id", {"1", "50", "3", "4", "5"}));
  const PublicationPolicy policy(layer);
  EXPECT_EQ(nulls_after(with_text({"50"}, "tis1099"), policy, "tis1099"), 0U);
  EXPECT_EQ(nulls_after(with_text({"50", "150"}, "centre_id"), policy, "centre_id"), 1U);
  Layer numbers = with_text({"a", "b"});
  numbers.set(Column::of("centre_id", std::vector<std::int64_t>{50, 51}));
  EXPECT_EQ(nulls_after(numbers, policy, "centre_id"), 1U);
}

TEST(Publish, ListsThatNameAHiddenSiteBecomeNull) {
  Layer layer = with_text({"a", "b", "c"});
  Column members("member_ids", ColumnType::text_list);
  members.push(StringList{"site-0041", "site-0042"});
  members.push(StringList{"site-0041"});
  members.push(StringList{"98.9873612", "18.7964273"});
  layer.set(members);
  Column centre("centre", ColumnType::real_list);
  centre.push(DoubleList{kHiddenLon, kHiddenLat});
  centre.push(DoubleList{kHiddenLat, 5, kHiddenLon});
  centre.push(DoubleList{kHiddenLon, 5});
  layer.set(centre);
  Diagnostics diagnostics;
  const PublishedLayer shown = publish(layer, PublicationPolicy(sites()), diagnostics);
  EXPECT_TRUE(shown.layer().column("member_ids").is_null(0));
  EXPECT_FALSE(shown.layer().column("member_ids").is_null(1));
  EXPECT_TRUE(shown.layer().column("member_ids").is_null(2));
  EXPECT_TRUE(shown.layer().column("centre").is_null(0));
  EXPECT_TRUE(shown.layer().column("centre").is_null(1));
  EXPECT_FALSE(shown.layer().column("centre").is_null(2));
}

TEST(Publish, PairsOfNumbersThatTellAPositionBecomeNull) {
  Layer districts = with_text({"a", "b", "c"});
  districts.name = "districts";
  districts.set(real_column("centre_lon", {kHiddenLon, 98.981, 98.9873612}));
  districts.set(real_column("centre_lat", {kHiddenLat, 18.791, 18.5}));
  Diagnostics diagnostics;
  const PublishedLayer shown = publish(districts, PublicationPolicy(sites()), diagnostics);
  EXPECT_TRUE(shown.layer().column("centre_lon").is_null(0));
  EXPECT_TRUE(shown.layer().column("centre_lat").is_null(0));
  EXPECT_EQ(shown.layer().column("centre_lon").null_count(), 1U);
  EXPECT_EQ(diagnostics.count("position-withheld"), 1);
}

TEST(Publish, PositionsThatAnOpenSiteHoldsAsWellStay) {
  Layer layer = sites();
  layer.geometry.x[0] = kHiddenLon;
  layer.geometry.y[0] = kHiddenLat;
  layer.set(real_column("longitude", layer.geometry.x));
  layer.set(real_column("latitude", layer.geometry.y));
  const PublishedLayer shown = published(layer);
  EXPECT_EQ(shown.size(), 4U);
  EXPECT_EQ(shown.layer().column("longitude").reals()[0], kHiddenLon);
}

TEST(Publish, DerivedPointsOnAProtectedPositionAreRemoved) {
  Layer centres =
      layer_of("centres", Geometry::points({98.981, kHiddenLon, kCoarsenedLon}, {18.791, kHiddenLat, kCoarsenedLat}));
  Diagnostics diagnostics;
  const PublishedLayer shown = publish(centres, PublicationPolicy(sites()), diagnostics);
  EXPECT_EQ(shown.rows(), std::vector<std::uint32_t>{0});
  EXPECT_EQ(diagnostics.count("position-withheld"), 2);
}

TEST(Publish, VerticesAtProtectedPositionsLeaveTheOutline) {
  Layer districts =
      layer_of("districts", polygons_of({{{98.97, 18.78, 99.01, 18.78, kHiddenLon, kHiddenLat, 98.97, 18.78}},
                                         {{kCoarsenedLon, kCoarsenedLat, 99.02, 18.79, 99.02, 18.82, 98.98, 18.82,
                                           kCoarsenedLon, kCoarsenedLat}},
                                         {{98, 18, 99, 18, 99, 19, 98, 18}}}));
  Diagnostics diagnostics;
  const PublishedLayer shown = publish(districts, PublicationPolicy(sites()), diagnostics);
  const Geometry& geometry = shown.layer().geometry;
  ASSERT_EQ(geometry.size(), 3U);
  EXPECT_EQ(diagnostics.count("vertex-withheld"), 2);
  EXPECT_TRUE(geometry.bounds(0).empty());  // two vertices are no polygon
  EXPECT_EQ(geometry.feature_parts[2] - geometry.feature_parts[1], 1U);
  const auto ring = geometry.ring_x(geometry.part_rings[geometry.feature_parts[1]]);
  EXPECT_EQ(ring.size(), 4U);
  EXPECT_EQ(ring.front(), ring.back());
  EXPECT_EQ(std::count(geometry.x.begin(), geometry.x.end(), kHiddenLon), 0);
  EXPECT_EQ(std::count(geometry.x.begin(), geometry.x.end(), kCoarsenedLon), 0);
  const auto untouched = geometry.ring_x(geometry.part_rings[geometry.feature_parts[2]]);
  EXPECT_EQ(std::vector<double>(untouched.begin(), untouched.end()), (std::vector<double>{98, 99, 99, 98}));
}

TEST(Publish, OneNumberAloneIsNoPosition) {
  // Here the easting equals the northing, so a single number is near both.
  std::vector<double> x{500000};
  std::vector<double> y{500000};
  Transformer(Crs::from_text("EPSG:32647"), Crs::wgs84()).apply(x, y);
  Layer layer = layer_of("assets", Geometry::points(x, y));
  layer.set(text_column("publication", {"coarsened"}));
  layer.set(text_column("visitors", {"500000 a year"}));
  layer.set(text_column("grid", {"47N 500000 500000"}));
  layer.roles.publication = "publication";
  const PublishedLayer shown = published(layer);
  EXPECT_FALSE(shown.layer().column("visitors").is_null(0));
  EXPECT_TRUE(shown.layer().column("grid").is_null(0));
}

TEST(Publish, CoarsenedPolygonsLoseTheirShape) {
  Layer layer =
      layer_of("groves", polygons_of({{{98, 18, 99, 18, 99, 19, 98, 18}}, {{97, 18, 98, 18, 98, 19, 97, 18}}}));
  layer.set(text_column("publication", {"coarsened", "open"}));
  layer.roles.publication = "publication";
  const PublishedLayer shown = published(layer);
  EXPECT_TRUE(shown.layer().geometry.bounds(0).empty());
  EXPECT_FALSE(shown.layer().geometry.bounds(1).empty());
}

TEST(Publish, APolicyMadeWithoutTheLayerStillProtectsIt) {
  Layer layer = sites();
  layer.set(text_column("note", {"", "", std::string("near ") + kHiddenNameEn, "", ""}));
  Diagnostics diagnostics;
  const PublishedLayer shown = publish(layer, PublicationPolicy(), diagnostics);
  EXPECT_EQ(shown.size(), 4U);
  EXPECT_EQ(shown.layer().column("note").null_count(), 4U);
}

TEST(Publish, LocalPlanes) {
  Layer layer = sites();
  layer.crs = Crs::local();
  EXPECT_THROW(PublicationPolicy{layer}, InputError);  // a coarse cell of degrees has no place there
  layer.set(text_column("publication", {"", "hidden", "", "", ""}));
  EXPECT_EQ(published(layer).size(), 4U);
  EXPECT_TRUE(PublicationPolicy(layer).betrayed_by(kHiddenLon, kHiddenLat));
}

TEST(PublicationPolicy, DiagnosticsLoseHiddenIdsButKeepCounts) {
  Diagnostics diagnostics;
  diagnostics.add(Severity::skipped, "outside", "assets", "sites outside every area", 1, kHiddenId);
  diagnostics.add(Severity::skipped, "outside", "assets", "sites outside every area", 1, "site-0041");
  diagnostics.add(Severity::doubt, "twin", "assets", std::string(kHiddenNameTh) + " is there twice", 1, "#2");
  const Diagnostics shown = PublicationPolicy(sites()).publishable(diagnostics);
  ASSERT_EQ(shown.entries().size(), 2U);
  EXPECT_EQ(shown.entries()[0].count, 2);
  EXPECT_EQ(shown.entries()[0].features, std::vector<std::string>{"site-0041"});
  EXPECT_EQ(shown.entries()[1].message, "[withheld]");
}

TEST(PublicationPolicy, ManyNamesOfOneBeginning) {
  // A brute-force search is the oracle.
  std::vector<std::string> names;
  for (int i = 100; i < 400; ++i) names.push_back("วัดป่า" + std::to_string(i) + "บ้าน");
  Layer layer = layer_of("temples", Geometry{});
  layer.geometry.rows = names.size();
  layer.set(text_column("name_th", names));
  layer.set(text_column("publication", std::vector<std::string>(names.size(), "hidden")));
  layer.roles.name_th = "name_th";
  layer.roles.publication = "publication";
  const PublicationPolicy policy(layer);
  for (int i = 0; i < 500; ++i) {
    const std::string text = "ไปที่วัดป่า" + std::to_string(i) + "บ้านวันนี้";
    const bool expected = std::any_of(names.begin(), names.end(),
                                      [&](const std::string& name) { return text.find(name) != std::string::npos; });
    EXPECT_EQ(policy.betrayed_by(text), expected) << text;
  }
}

}  // namespace
}  // namespace yaan
