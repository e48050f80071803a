// A study from files to files: what is written, that it is all or nothing, and the same every time.
#include "yaan/study/run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>

#include "study/small_run.hpp"
#include "yaan/core/error.hpp"
#include "yaan/study/replay.hpp"

namespace yaan {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Area of the WGS 84 ellipsoid between two parallels and two meridians (Snyder 1987, equation 3-12), in km2.
double zone_km2(double width_degrees, double south, double north) {
  const double a = 6378137.0;
  const double e2 = 0.00669437999014;
  const double e = std::sqrt(e2);
  const auto q = [&](double latitude) {
    const double s = std::sin(latitude * std::numbers::pi / 180);
    return (1 - e2) * (s / (1 - e2 * s * s) - std::log((1 - e * s) / (1 + e * s)) / (2 * e));
  };
  return a * a / 2 * (q(north) - q(south)) * width_degrees * std::numbers::pi / 180 / 1e6;
}

TEST(RunStudy, CountsByArea) {
  const SmallStudy small;
  const RunResult result = run(small, small.folder() / "out");
  std::istringstream table(bytes_of(small.folder() / "out/areas.csv"));
  std::vector<std::string> lines;
  for (std::string line; std::getline(table, line);) lines.push_back(line);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0],
            "\xEF\xBB\xBF"
            "code,name_en,name_th,sites,districts,sites_in_districts,no_category,craft,temple,area_km2,"
            "sites_per_1000km2\r");
  const auto cells = [](const std::string& line) {
    std::vector<std::string> parts;
    std::istringstream stream(line.substr(0, line.size() - 1));
    for (std::string part; std::getline(stream, part, ',');) parts.push_back(part);
    return parts;
  };
  const auto west = cells(lines[1]);
  const auto east = cells(lines[2]);
  const double west_km2 = zone_km2(0.01, 18, 18.01);
  const double east_km2 = zone_km2(0.4, 18, 18.01);
  EXPECT_NEAR(std::stod(west[9]), west_km2, west_km2 * 1e-6);
  EXPECT_NEAR(std::stod(east[9]), east_km2, east_km2 * 1e-3);  // edges are geodesics, not parallels
  EXPECT_NEAR(std::stod(west[10]), 6 / west_km2 * 1000, 1e-2);
  EXPECT_THAT((std::vector<std::string>{west[0], west[2], west[3], west[4], west[5], west[6], west[7], west[8]}),
              ElementsAre("W", "ตะวันตก", "6", "1", "6", "0", "1", "5"));
  EXPECT_THAT((std::vector<std::string>{east[0], east[3], east[4], east[5], east[6], east[7], east[8]}),
              ElementsAre("E", "6", "1", "5", "3", "2", "1"));
  EXPECT_EQ(result.diagnostics.count("outside-every-area-row"), 1);
}

TEST(RunStudy, ReportsStepsOutputsAndDiagnostics) {
  const SmallStudy small;
  const RunResult result = run(small, small.folder() / "out");
  ASSERT_EQ(result.steps.size(), 3U);
  EXPECT_EQ(result.steps[1].first, "dbscan");
  std::vector<std::string> files;
  for (const WrittenOutput& output : result.outputs) files.push_back(output.path.filename().string());
  EXPECT_THAT(files, ElementsAre("districts.geojson", "sites.csv", "areas.csv", "map-west.png", "map-east.png"));
  EXPECT_EQ(result.outputs[0].features, 2U);
  EXPECT_EQ(result.outputs[1].features, 12U);  // thirteen sites, one of them hidden
  EXPECT_EQ(result.diagnostics.count("hidden-removed"), 1);
  EXPECT_EQ(result.diagnostics.count("outside-every-area"), 1);
  EXPECT_GT(result.peak_bytes, 1000000U);
  for (const WrittenOutput& output : result.outputs)
    EXPECT_EQ(std::filesystem::exists(sidecar_path(output.path)), output.path.extension() != ".geojson");
}

TEST(RunStudy, KeepsAHiddenSiteOutOfEverything) {
  const SmallStudy small;
  const RunResult result = run(small, small.folder() / "out");
  const auto files = files_below(small.folder() / "out");
  EXPECT_EQ(files.size(), 9U);
  for (const auto& [name, bytes] : files)
    for (const char* secret : {"secret-kiln", "99.9975", "18.00437"})
      EXPECT_EQ(bytes.find(secret), std::string::npos) << name;
  for (const Diagnostic& entry : result.diagnostics.entries())
    for (const std::string& feature : entry.features) EXPECT_THAT(feature, ::testing::Not(HasSubstr("secret")));
}

TEST(RunStudy, GivesTheSameBytesWhateverTheThreadsAndTheFolder) {
  const SmallStudy small;
  run(small, small.folder() / "one", 1);
  const auto expected = files_below(small.folder() / "one");
  for (const unsigned threads : {2U, 8U}) {
    run(small, small.folder() / "more/deep", threads, true);
    EXPECT_EQ(files_below(small.folder() / "more/deep"), expected) << threads;
  }
  const SmallStudy elsewhere;
  run(elsewhere, elsewhere.folder() / "one", 2);
  EXPECT_EQ(files_below(elsewhere.folder() / "one"), expected);
}

TEST(RunStudy, WritesNothingWhenOneOutputCannotBeWritten) {
  const SmallStudy small;
  std::filesystem::create_directories(small.folder() / "out");
  small.write("out/areas.csv", "mine");
  EXPECT_THROW(run(small, small.folder() / "out"), OutputError);
  EXPECT_EQ(files_below(small.folder() / "out"), (std::map<std::string, std::string>{{"areas.csv", "mine"}}));
  EXPECT_FALSE(std::filesystem::exists(small.folder() / "out/tables"));
  // A map of a city is not known by name before the districts are.
  small.write("out/areas.csv", "");
  std::filesystem::remove(small.folder() / "out/areas.csv");
  small.write("out/map-east.png", "mine");
  EXPECT_THROW(run(small, small.folder() / "out"), OutputError);
  EXPECT_EQ(files_below(small.folder() / "out").size(), 1U);
}

TEST(RunStudy, RefusesAnOutputThatIsAnInput) {
  const SmallStudy small;
  std::string text = SmallStudy::text();
  text.replace(text.find("areas.csv"), 9, "sites.csv");
  text.replace(text.find("tables/sites.csv"), 16, "tables/moved.csv");
  small.write("study.json", text);
  const std::string before = bytes_of(small.folder() / "sites.csv");
  EXPECT_THROW(run(small, small.folder(), 1, true), OutputError);
  EXPECT_EQ(bytes_of(small.folder() / "sites.csv"), before);
}

/// Stops at the n-th time that anybody asks.
class StopAt : public Progress {
 public:
  explicit StopAt(int polls) : m_left(polls) {}
  [[nodiscard]] bool cancelled() const override { return m_left.fetch_sub(1) <= 0; }

 private:
  mutable std::atomic<int> m_left;
};

TEST(RunStudy, LeavesNothingWhereverItIsStopped) {
  const SmallStudy small;
  const Study study = Study::read(small.file());
  RunOptions options;
  options.out_dir = small.folder() / "out/deep";
  options.threads = 1;
  int stops = 0;
  for (int polls = 0;; ++polls) {
    StopAt progress(polls);
    try {
      run_study(study, options, progress);
      break;
    } catch (const Cancelled&) {
      ++stops;
      ASSERT_FALSE(std::filesystem::exists(small.folder() / "out")) << "stopped at poll " << polls;
    }
  }
  EXPECT_GT(stops, 8);
  EXPECT_EQ(files_below(small.folder() / "out").size(), 9U);
}

std::string refusal_of(const SmallStudy& small, const std::string& text) {
  small.write("study.json", text);
  try {
    run(small, small.folder() / "out");
  } catch (const Error& error) {
    EXPECT_FALSE(std::filesystem::exists(small.folder() / "out"));
    return std::string(error.what()) + "|" + error.advice();
  }
  return "accepted";
}

TEST(RunStudy, SaysWhichColumnIsUnknown) {
  const SmallStudy small;
  std::string text = SmallStudy::text();
  const std::string layer = R"("sites":{"file":"sites.csv",)";
  text.replace(text.find(layer), layer.size(), layer + R"("columns":{"name_en":"nam_en"},)");
  EXPECT_THAT(refusal_of(small, text),
              HasSubstr("layers.sites.columns.name_en: layer sites has no column \"nam_en\"|did you mean name_en?"));
}

TEST(RunStudy, RefusesToContradictTheCrsOfAFileUnlessTold) {
  const SmallStudy small;
  std::string text = SmallStudy::text();
  const std::string layer = R"({"file":"provinces.geojson")";
  std::string contradicting = text;
  contradicting.replace(text.find(layer), layer.size(), layer + R"(,"crs":"EPSG:32647")");
  EXPECT_THAT(refusal_of(small, contradicting), HasSubstr("override_crs"));
  std::string agreeing = text;
  agreeing.replace(text.find(layer), layer.size(), layer + R"(,"crs":"EPSG:4326")");
  small.write("study.json", agreeing);
  EXPECT_NO_THROW(run(small, small.folder() / "agreeing"));
  std::string overriding = text;
  overriding.replace(text.find(layer), layer.size(), layer + R"(,"crs":"EPSG:4240","override_crs":true)");
  small.write("study.json", overriding);
  EXPECT_EQ(run(small, small.folder() / "overriding").diagnostics.count("crs-overridden"), 1);
}

TEST(RunStudy, ALayerWithoutACrsIsOfferedThoseThatFit) {
  const SmallStudy study;
  study.write("plane.csv", "name,x,y\na,605000,1990600\nb,606000,1990700\n");
  const auto run = [&](const std::string& more) {
    study.write("study.json", R"({"yaan_study":1,"layers":{"plane":{"file":"plane.csv","x":"x","y":"y")" + more +
                                  R"(},"provinces":{"file":"provinces.geojson"}},"analyses":[],
                                  "outputs":[{"layer":"plane","file":"out.geojson"}]})");
    Progress progress;
    RunOptions options;
    options.overwrite = true;
    return run_study(Study::read(study.file()), options, progress);
  };
  try {
    run("");
    FAIL() << "a layer without a CRS was read";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("plane.csv does not say in which coordinate reference system"));
    EXPECT_THAT(error.advice(), HasSubstr("EPSG:32647"));
    EXPECT_THAT(error.advice(), HasSubstr("EPSG:24047"));
    EXPECT_THAT(error.advice(), ::testing::Not(HasSubstr("EPSG:4326")));
  }
  EXPECT_EQ(run(R"(,"assume_crs":"EPSG:32647")").diagnostics.count("assumed-crs"), 1);
  try {
    run(R"(,"assume_crs":"EPSG:32648")");
    FAIL() << "the wrong zone was assumed";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("EPSG:32648 does not put it where the study is"));
  }
}

TEST(RunStudy, NeedsAreasAssignedForTheTable) {
  const SmallStudy small;
  std::string text = SmallStudy::text();
  const std::string step = R"({"method":"assign-areas","points":"sites","areas":"provinces"},)";
  text.erase(text.find(step), step.size());
  const std::string table = R"({"table":"areas",)";
  text.replace(text.find(table), table.size(), table + R"("areas":"provinces",)");
  EXPECT_THAT(refusal_of(small, text), HasSubstr("add a step with the method assign-areas"));
}

TEST(Replay, GivesTheSameAnswerForEveryOutput) {
  const SmallStudy small;
  std::string text = SmallStudy::text();  // without the hidden site nothing is withheld from the records
  small.write("study.json", text);
  const RunResult result = run(small, small.folder() / "out");
  Progress progress;
  for (const WrittenOutput& output : result.outputs) {
    const ReplayReport report = replay_output(output.path, small.folder(), 2, progress);
    EXPECT_TRUE(report.same) << output.path;
    EXPECT_EQ(report.content_sha256, report.replayed_sha256);
    EXPECT_TRUE(report.same_version);
    EXPECT_EQ(report.inputs.size(), 2U);
  }
}

TEST(Replay, TellsWhenTheAnswerIsAnother) {
  const SmallStudy small;
  run(small, small.folder() / "out");
  Progress progress;
  const std::filesystem::path table = small.folder() / "out/areas.csv";
  std::string edited = bytes_of(table);
  edited.replace(edited.find(",6,"), 3, ",7,");
  small.write("out/areas.csv", edited);
  EXPECT_FALSE(replay_output(table, small.folder(), 1, progress).same);

  std::string moved = bytes_of(small.folder() / "sites.csv");
  moved.replace(moved.find("100.15"), 6, "100.304");
  small.write("sites.csv", moved);
  const ReplayReport report = replay_output(small.folder() / "out/districts.geojson", small.folder(), 1, progress);
  EXPECT_FALSE(report.same);
  EXPECT_EQ(report.inputs[1].state, VerifiedInput::State::changed);

  std::filesystem::remove(small.folder() / "sites.csv");
  EXPECT_THROW(replay_output(small.folder() / "out/districts.geojson", small.folder(), 1, progress), InputError);
  EXPECT_THROW(replay_output(small.folder() / "provinces.geojson", small.folder(), 1, progress), InputError);
}

}  // namespace
}  // namespace yaan
