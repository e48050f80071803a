// The viewer without a window: opening, the worker, the widgets' stops, the fonts.
#include <gtest/gtest.h>
#include <imgui.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <set>
#include <thread>

#include "app/viewer/fonts.hpp"
#include "app/viewer/imgui_context.hpp"
#include "app/viewer/map_content.hpp"
#include "app/viewer/panels/panels.hpp"
#include "app/viewer/project.hpp"
#include "app/viewer/session.hpp"
#include "app/viewer_test_files.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/publication.hpp"

namespace yaan::viewer {
namespace {

Project open(const std::vector<std::filesystem::path>& files) {
  ViewerOptions options;
  options.files = files;
  Progress progress;
  return open_project(options, progress);
}

std::size_t district_count(const Session& session) { return session.layer("districts")->size(); }

TEST(OpenProject, AStudyKnowsItsParts) {
  const StudyFolder folder;
  const Project project = open({folder.study()});
  EXPECT_EQ(project.title.en, "Test study");
  EXPECT_EQ(project.points, "sites");
  EXPECT_EQ(project.areas, "areas");
  EXPECT_EQ(project.districts, "districts");
  EXPECT_EQ(project.steps.size(), 3U);
}

// Methods about districts that make a table draw no outlines.
TEST(OpenProject, TheDistrictsAreThoseOfTheStepThatDrawsThem) {
  const StudyFolder folder;
  std::ofstream(folder / "tested.json") << R"({"yaan_study":1,
      "layers":{"sites":{"file":"sites.csv","x":"longitude","y":"latitude","crs":"EPSG:4326"}},
      "analyses":[{"method":"dbscan","points":"sites","radius":"500m","min_points":3},
                  {"method":"districts","points":"sites","output":"outlines"},
                  {"method":"district-significance","points":"sites","radius":"500m","min_points":3,"simulations":19,
                   "output":"tested"}],
      "outputs":[]})";
  EXPECT_EQ(open({folder / "tested.json"}).districts, "outlines");
}

TEST(OpenProject, PointsGetTheDefaultSteps) {
  const StudyFolder folder;
  ViewerOptions options;
  options.files = {folder / "sites.csv", folder / "areas.geojson"};
  options.read.x_column = "longitude";
  options.read.y_column = "latitude";
  options.read.crs = "EPSG:4326";
  options.files.pop_back();
  Progress progress;
  const Project points = open_project(options, progress);
  EXPECT_EQ(points.points, "sites");
  EXPECT_EQ(points.layers.at("sites").roles.name_th, "name_th");
  ASSERT_EQ(points.steps.size(), 2U);
  const Project areas = open({folder / "areas.geojson"});
  EXPECT_TRUE(areas.steps.empty());
  EXPECT_EQ(areas.areas, "areas");
}

TEST(OpenProject, RefusesNothingAndTooMuch) {
  const StudyFolder folder;
  EXPECT_THROW(open({}), UsageError);
  EXPECT_THROW(open({folder.study(), folder / "areas.geojson"}), UsageError);
  EXPECT_THROW(open({folder / "absent.geojson"}), InputError);
}

TEST(Session, ALargerRadiusJoinsTheGroups) {
  const StudyFolder folder;
  Progress progress;
  std::atomic<int> woken = 0;
  Session session(
      open({folder.study()}), [&] { ++woken; }, progress);
  session.wait();
  ASSERT_EQ(session.outcome().error, "");
  EXPECT_EQ(district_count(session), 3U);
  ASSERT_EQ(session.adjustable(), (std::vector<std::size_t>{1, 2}));
  const Parameter& radius = *session.project().steps[1].method->find_parameter("radius");
  session.set(1, radius, Value(Length(Metres{5000})));
  session.wait();
  EXPECT_EQ(district_count(session), 1U);
  EXPECT_EQ(session.outcome().generation, 2U);
  EXPECT_GE(woken.load(), 1) << "the last call may still be on its way";
  EXPECT_FALSE(session.busy());
}

TEST(Session, TheNewestRequestWins) {
  const StudyFolder folder;
  Progress progress;
  Session session(open({folder.study()}), {}, progress);
  const Parameter& radius = *session.project().steps[1].method->find_parameter("radius");
  for (int metres = 400; metres <= 6000; metres += 100) session.set(1, radius, Value(Length(Metres{double(metres)})));
  session.wait();
  EXPECT_EQ(session.outcome().generation, 1U + 57U);
  EXPECT_EQ(district_count(session), 1U);
}

TEST(Session, AWrongValueIsRefusedAndChangesNothing) {
  const StudyFolder folder;
  Progress progress;
  Session session(open({folder.study()}), {}, progress);
  session.wait();
  const Parameter& radius = *session.project().steps[1].method->find_parameter("radius");
  EXPECT_THROW(session.set(1, radius, Value(Length(Metres{-1}))), UsageError);
  EXPECT_EQ(session.value(1, radius), Value(Length(Metres{500})));
  session.wait();
  EXPECT_EQ(district_count(session), 3U);
}

/// The study of local Moran, opened with its map in the colours of a column.
Project coloured_study(const StudyFolder& folder, const std::string& column) {
  ViewerOptions options;
  options.files = {folder.lisa_study()};
  options.colour = column;
  Progress progress;
  return open_project(options, progress);
}

// The window asks for the colours as soon as it opens, when the answer may be there and not yet taken.
TEST(MapContent, AColumnThatAStepIsStillToAddIsNoError) {
  const StudyFolder folder;
  Progress progress;
  std::atomic<bool> answered = false;
  Session session(
      coloured_study(folder, "local_moran_cluster"), [&] { answered = true; }, progress);
  while (!answered) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  const auto colours = [&] {
    return coloured_content(session, session.project().colours, Crs::wgs84(), std::nullopt).has_value();
  };
  EXPECT_TRUE(session.busy());
  EXPECT_FALSE(colours());
  session.wait();
  EXPECT_FALSE(session.busy());
  EXPECT_TRUE(colours());
}

TEST(MapContent, AStepThatFailsIsToldAndAColumnThatNobodyAddsIsRefused) {
  const StudyFolder folder;
  Progress progress;
  Project failing = coloured_study(folder, "local_moran_cluster");
  failing.layers.at("squares").columns.clear();
  Session failed(std::move(failing), {}, progress);
  failed.wait();
  EXPECT_NE(failed.outcome().error, "");
  EXPECT_FALSE(coloured_content(failed, failed.project().colours, Crs::wgs84(), std::nullopt).has_value());
  Session session(coloured_study(folder, "local_moran_clutser"), {}, progress);
  session.wait();
  EXPECT_THROW((void)coloured_content(session, session.project().colours, Crs::wgs84(), std::nullopt), UsageError);
}

// Columns that say how they colour, by layer; without their values they are no choice.
TEST(MapContent, OffersTheColumnsThatColour) {
  const StudyFolder folder;
  Progress progress;
  ViewerOptions options;
  options.files = {folder.lisa_study()};
  Session session(open_project(options, progress), {}, progress);
  session.wait();
  std::vector<std::string> offered;
  for (const ColourOption& option : colour_options(session)) offered.push_back(option.layer + "." + option.column);
  EXPECT_NE(std::find(offered.begin(), offered.end(), "squares.local_moran_cluster"), offered.end());
  EXPECT_NE(std::find(offered.begin(), offered.end(), "squares.local_moran_p_adjusted"), offered.end());
  EXPECT_EQ(std::find(offered.begin(), offered.end(), "squares.local_moran_variance"), offered.end());
}

TEST(MapContent, HiddenSitesHaveNoPlaceAndCoarsenedOnesTheirCell) {
  auto sites = std::make_shared<Layer>();
  sites->crs = Crs::wgs84();
  sites->geometry = Geometry::points({100.123, 100.123, 100.123}, {18.456, 18.456, 18.456});
  Column level("publication", ColumnType::text);
  for (const char* word : {"open", "coarsened", "hidden"}) level.push(word);
  sites->set(level);
  sites->roles.publication = "publication";
  const Crs plane = Crs::laea(Degrees{100}, Degrees{18});
  const SiteContent content = site_content(sites, plane, {});
  EXPECT_TRUE(std::isfinite(content.x[0]));
  EXPECT_TRUE(std::isnan(content.x[2]));
  double lon = content.x[1];
  double lat = content.y[1];
  Transformer(plane, Crs::wgs84()).apply({&lon, 1}, {&lat, 1});
  double cell_lon = 100.123;
  double cell_lat = 18.456;
  coarsen(cell_lon, cell_lat);
  EXPECT_NEAR(lon, cell_lon, 1e-7);
  EXPECT_NEAR(lat, cell_lat, 1e-7);
  EXPECT_NE(content.index.nearest({content.x[0], content.y[0]}, 1), 2U);
}

TEST(SliderStops, RoundNumbersWithBothEndsAndTheCurrentValue) {
  const std::vector<double> stops = slider_stops(50, 10000, 1100);
  EXPECT_EQ(stops.front(), 50);
  EXPECT_EQ(stops.back(), 10000);
  EXPECT_TRUE(std::is_sorted(stops.begin(), stops.end()));
  EXPECT_EQ(std::set<double>(stops.begin(), stops.end()).size(), stops.size());
  for (const double wanted : {60.0, 100.0, 120.0, 150.0, 500.0, 1000.0, 1100.0, 2500.0, 8000.0})
    EXPECT_NE(std::find(stops.begin(), stops.end(), wanted), stops.end()) << wanted;
  const std::vector<double> from_zero = slider_stops(0, 2000, 100);
  EXPECT_EQ(from_zero.front(), 0);
  EXPECT_GT(from_zero[1], 0);
  EXPECT_GT(from_zero.size(), 15U);
}

TEST(Fonts, EveryUsualThaiClusterIsOneGlyph) {
  const ImguiContext imgui(1, false);
  const text::Engine engine;
  const Fonts fonts(engine, 1);
  for (const char* cluster : {"ปู่", "ญู", "น้ำ", "กี้", "ฐุ", "ที่", "ก์", "เ", "สิ้", "ห์", "เก็"}) {
    const std::string shown = fonts.to_imgui(cluster);
    const std::u32string codes = text::decode(shown);
    EXPECT_LE(codes.size(), text::clusters(cluster).size()) << cluster;
    for (const char32_t code : codes)
      for (const ImFont* font : {fonts.body, fonts.strong, fonts.small, fonts.title})
        EXPECT_NE(font->FindGlyphNoFallback(static_cast<ImWchar>(code)), nullptr) << cluster;
  }
  EXPECT_EQ(fonts.to_imgui("Wat Phra 50% ##x"), "Wat Phra 50% ##x");
  EXPECT_EQ(text::decode(fonts.to_imgui("น้ำ")).size(), 1U);
  // The shaped cluster is as wide as the text engine says.
  const ImFontGlyph* glyph =
      fonts.body->FindGlyphNoFallback(static_cast<ImWchar>(text::decode(fonts.to_imgui("ปู่"))[0]));
  EXPECT_NEAR(static_cast<double>(glyph->AdvanceX), engine.measure("ปู่", 16), 0.51);
}

}  // namespace
}  // namespace yaan::viewer
