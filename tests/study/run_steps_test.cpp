// The steps of a study: columns that one replaces, prefixes, the place of one that fails, the seed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "study/small_run.hpp"
#include "yaan/core/error.hpp"

namespace yaan {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// The small study with other steps, and the sites as its only output.
RunResult run_steps(const SmallStudy& small, const std::string& steps) {
  small.write("study.json", R"({"yaan_study":1,"layers":{"provinces":{"file":"provinces.geojson"},
      "sites":{"file":"sites.csv","x":"lon","y":"lat","crs":"EPSG:4326"}},
      "analyses":[)" + steps + R"(],"outputs":[{"layer":"sites","file":"sites.csv"}]})");
  return run(small, small.folder() / "out", 1, true);
}

TEST(RunStudy, DoubtsAStepThatReplacesTheColumnsOfAnother) {
  const SmallStudy small;
  const std::string first = R"({"method":"dbscan","points":"sites","radius":"200m","min_points":3})";
  const std::string other = R"({"method":"dbscan","points":"sites","radius":"300m","min_points":3})";
  EXPECT_EQ(run_steps(small, first).diagnostics.count("columns-replaced"), 0);
  EXPECT_EQ(run_steps(small, first + "," + first).diagnostics.count("columns-replaced"), 0) << "the same step again";
  const RunResult result = run_steps(small, first + "," + other);
  ASSERT_EQ(result.diagnostics.count("columns-replaced"), 1);
  for (const Diagnostic& entry : result.diagnostics.entries()) {
    if (entry.code != "columns-replaced") continue;
    EXPECT_THAT(entry.message, HasSubstr("analyses[1] (dbscan) replaces the columns cluster"));
    EXPECT_THAT(entry.message, HasSubstr("of analyses[0] (dbscan): to keep both, give it a prefix"));
  }
  const std::string condensed = R"({"method":"hdbscan","points":"sites","min_points":3})";
  EXPECT_EQ(run_steps(small, first + "," + condensed).diagnostics.count("columns-replaced"), 1) << "other methods too";
}

TEST(RunStudy, APrefixKeepsTheColumnsOfBothSteps) {
  const SmallStudy small;
  const auto step = [](const std::string& radius, const std::string& prefix) {
    return R"({"method":"dbscan","points":"sites","min_points":3,"radius":")" + radius + R"(","prefix":")" + prefix +
           R"("})";
  };
  const RunResult result = run_steps(small, step("200m", "near_") + "," + step("50km", "far_"));
  EXPECT_EQ(result.diagnostics.count("columns-replaced"), 0);
  const std::string table = bytes_of(small.folder() / "out/sites.csv");
  const std::string head = table.substr(0, table.find('\n'));
  EXPECT_THAT(head, HasSubstr("near_cluster"));
  EXPECT_THAT(head, HasSubstr("far_cluster"));
  EXPECT_THAT(head, Not(HasSubstr(",cluster")));
  const auto record = nlohmann::json::parse(bytes_of(small.folder() / "out/sites.csv.yaan.json")).at("yaan");
  EXPECT_EQ(record.at("steps").at(0).at("parameters").at("prefix"), "near_");
  // The same prefix twice replaces as no prefix does.
  EXPECT_EQ(run_steps(small, step("200m", "near_") + "," + step("50km", "near_")).diagnostics.count("columns-replaced"),
            1);
}

TEST(RunStudy, DoubtsAStepThatReplacesColumnsOfTheFile) {
  const SmallStudy small;
  small.write("sites.csv", "id,lon,lat,cluster\na,100.001,18.001,mine\nb,100.002,18.002,yours\n");
  const std::string step = R"({"method":"dbscan","points":"sites","radius":"200m","min_points":3)";
  const RunResult result = run_steps(small, step + "}");
  ASSERT_EQ(result.diagnostics.count("columns-replaced"), 1);
  const auto& entries = result.diagnostics.entries();
  const auto at = std::find_if(entries.begin(), entries.end(),
                               [](const Diagnostic& entry) { return entry.code == "columns-replaced"; });
  EXPECT_THAT(at->message, HasSubstr("replaces the columns cluster of the file"));
  EXPECT_EQ(run_steps(small, step + R"(,"prefix":"yaan_"})").diagnostics.count("columns-replaced"), 0);
  EXPECT_THAT(bytes_of(small.folder() / "out/sites.csv"), HasSubstr("mine"));
}

/// What the run says of replaced columns, in order.
std::vector<std::string> replaced(const RunResult& result) {
  std::vector<std::string> messages;
  for (const Diagnostic& entry : result.diagnostics.entries())
    if (entry.code == "columns-replaced") messages.push_back(entry.message);
  return messages;
}

TEST(RunStudy, DoubtsColumnsOfTheFileBesideThoseOfAStep) {
  const SmallStudy small;
  small.write("sites.csv", "id,lon,lat,probability\na,100.001,18.001,0.5\nb,100.002,18.002,0.6\n");
  const std::string steps = R"({"method":"dbscan","points":"sites","radius":"200m","min_points":2},)"
                            R"({"method":"hdbscan","points":"sites","min_points":2,"min_cluster_size":2)";
  EXPECT_THAT(replaced(run_steps(small, steps + "}")),
              ElementsAre(HasSubstr("replaces the columns probability of the file: to keep both, give it a prefix"),
                          HasSubstr("replaces the columns cluster of analyses[0] (dbscan)")));
  small.write("sites.csv", "id,lon,lat,h_cluster\na,100.001,18.001,mine\nb,100.002,18.002,yours\n");
  EXPECT_THAT(replaced(run_steps(small, steps + R"(,"prefix":"h_"})")),
              ElementsAre(HasSubstr("h_cluster of the file: to keep both, give it another prefix")));
}

TEST(RunStudy, DoubtsColumnsOfTheFileThatAStepHandedOn) {
  const SmallStudy small;
  small.write("sites.csv", "id,lon,lat,cluster\na,100.001,18.001,mine\nb,100.002,18.002,yours\n");
  EXPECT_THAT(replaced(run_steps(small, R"({"method":"site-points","sites":"sites","output":"pts"},)"
                                        R"({"method":"dbscan","points":"pts","radius":"200m","min_points":2})")),
              ElementsAre(HasSubstr("analyses[1] (dbscan) replaces the columns cluster of the layer sites")));
}

TEST(RunStudy, NamesThePlaceOfAStepThatFails) {
  const SmallStudy small;
  const auto message = [&](const std::string& steps) -> std::string {
    try {
      run_steps(small, steps);
    } catch (const UsageError& error) {
      return error.what();
    }
    return "no error";
  };
  const std::string first = R"({"method":"dbscan","points":"sites","radius":"200m","min_points":3})";
  EXPECT_THAT(message(first + R"(,{"method":"local-moran","features":"sites","variable":"heritage"})"),
              HasSubstr("study.json: analyses[1] (local-moran): layer sites has no column \"heritage\""));
  EXPECT_THAT(message(R"({"method":"dbscan","points":"provinces","radius":"200m"})"),
              HasSubstr("study.json: analyses[0] (dbscan): layer provinces"));
}

TEST(RunStudy, RecordsTheSeedOfTheStepsThatDrew) {
  const SmallStudy small;
  const auto seed = [&](const std::string& steps) {
    run_steps(small, steps);
    return nlohmann::json::parse(bytes_of(small.folder() / "out/sites.csv.yaan.json")).at("yaan").at("seed").dump();
  };
  const auto joins = [](const std::string& more) {
    return R"({"method":"local-join-count","features":"sites","kind":"temple")" + more + "}";
  };
  EXPECT_EQ(seed(R"({"method":"dbscan","points":"sites","radius":"200m","min_points":3})"), "null");
  EXPECT_EQ(seed(joins(R"(,"seed":7)")), "7");
  EXPECT_EQ(seed(joins(R"(,"seed":7,"permutations":0)")), "null");
  EXPECT_EQ(seed(joins(R"(,"seed":7)") + "," + joins(R"(,"seed":8)")), "null") << "each step has its own";
}

}  // namespace
}  // namespace yaan
