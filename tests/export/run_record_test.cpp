#include "yaan/export/run_record.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "export/sample_layers.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/sha256.hpp"
#include "yaan/export/attribution.hpp"
#include "yaan/export/csv.hpp"
#include "yaan/export/geojson.hpp"

namespace yaan {
namespace {

using namespace testing;  // NOLINT: the sample layers
using State = VerifiedInput::State;
using ::testing::HasSubstr;

class Recorded : public ::testing::Test {
 protected:
  void SetUp() override {
    write_bytes(folder / "creative_assets.csv", "id\n1\n");
    record = sample_record();
    record.study_sha256 = sha256_hex(record.study);
    record.inputs[0].sha256 = sha256_of_file(folder / "creative_assets.csv");
    record.inputs[0].path = "creative_assets.csv";
    WholeSet set;
    write_geojson(set.add(geojson), published(sites()), publish(record, {}), {}, diagnostics, progress);
    WholeFile& table = set.add(csv);
    write_csv(table, published(sites()), {}, progress);
    write_sidecar(set.add(sidecar_path(csv)), table, publish(record, {}));
    set.commit();
  }

  TemporaryFolder folder;
  std::filesystem::path geojson = folder / "sites.geojson";
  std::filesystem::path csv = folder / "sites.csv";
  RunRecord record;
  Progress progress;
  Diagnostics diagnostics;
};

TEST_F(Recorded, ReadsBackWhatWasWritten) {
  for (const std::filesystem::path& file : {geojson, csv, sidecar_path(csv)}) {
    const RunRecord read = read_run_record(file);
    EXPECT_EQ(read.version, record.version);
    EXPECT_EQ(read.study, record.study);
    EXPECT_EQ(read.study_sha256, record.study_sha256);
    EXPECT_EQ(read.inputs, record.inputs);
    EXPECT_EQ(read.output, record.output);
    EXPECT_FALSE(read.seed);
    ASSERT_EQ(read.steps.size(), 1U);
    EXPECT_EQ(read.steps[0].method, "dbscan");
    ASSERT_EQ(read.steps[0].parameters.size(), 3U);
    EXPECT_EQ(std::get<std::string>(read.steps[0].parameters[1].second), "1km");
    EXPECT_EQ(std::get<std::int64_t>(read.steps[0].parameters[2].second), 5);
    EXPECT_EQ(std::get<double>(read.steps[0].summary[1].second), 0.25);
    EXPECT_EQ(read.diagnostics.count("border"), 1);
    EXPECT_EQ(read.diagnostics.entries()[0].features, std::vector<std::string>{"site-0043"});
    EXPECT_EQ(read.content_sha256.size(), 64U);
  }
  EXPECT_EQ(read_run_record(csv).content_sha256, sha256_of_file(csv));
}

TEST_F(Recorded, SeedIsKept) {
  record.seed = 18446744073709551615ULL;
  EXPECT_EQ(parse_run_record(publish(record, {}).json(), "x").seed, record.seed);
}

TEST_F(Recorded, VerifiesUnchangedFiles) {
  for (const std::filesystem::path& file : {geojson, csv, sidecar_path(csv)}) {
    const VerifyReport report = verify_output(file);
    EXPECT_TRUE(report.content_same) << file;
    EXPECT_TRUE(report.study_same);
    ASSERT_EQ(report.inputs.size(), 1U);
    EXPECT_EQ(report.inputs[0].state, State::same);  // found beside the output
    EXPECT_TRUE(report.good());
  }
}

TEST_F(Recorded, NoticesAnyChangedByte) {
  const std::string text = bytes_of(geojson);
  const std::string hash = read_run_record(geojson).content_sha256;
  for (const std::size_t at :
       {text.find("98.981"), text.find("temple"), text.find("\"licence\":\"") + 12, text.find(hash) + 5}) {
    std::string changed = text;
    changed[at] = changed[at] == '7' ? '8' : '7';
    write_bytes(folder / "changed.geojson", changed);
    const VerifyReport report = verify_output(folder / "changed.geojson");
    EXPECT_FALSE(report.content_same) << at;
    EXPECT_FALSE(report.good());
  }
  write_bytes(csv, bytes_of(csv) + "x");
  EXPECT_FALSE(verify_output(csv).content_same);
}

TEST_F(Recorded, InputsChangedMissingAndMoved) {
  write_bytes(folder / "creative_assets.csv", "id\n2\n");
  EXPECT_EQ(verify_output(geojson).inputs[0].state, State::changed);
  std::filesystem::create_directory(folder / "moved");
  EXPECT_EQ(verify_output(geojson, folder / "moved").inputs[0].state, State::missing);
  write_bytes(folder.path() / "moved" / "creative_assets.csv", "id\n1\n");
  const VerifyReport report = verify_output(geojson, folder / "moved");
  EXPECT_EQ(report.inputs[0].state, State::same);
  EXPECT_TRUE(report.good());
  EXPECT_EQ(verify_output(geojson, folder / "moved", [](const auto&) { return std::string("other"); }).inputs[0].state,
            State::changed);
}

TEST_F(Recorded, FilesWithoutARecordAndDamagedRecords) {
  write_bytes(folder / "plain.geojson", R"({"type":"FeatureCollection","features":[]})");
  EXPECT_THROW(read_run_record(folder / "plain.geojson"), InputError);
  EXPECT_THROW(read_run_record(folder / "missing.geojson"), InputError);
  EXPECT_THROW(read_run_record(folder.path()), InputError);
  write_bytes(folder / "broken.geojson", R"({"yaan":{"record":1}})");
  EXPECT_THROW(read_run_record(folder / "broken.geojson"), InputError);
  write_bytes(folder / "later.geojson", R"({"yaan":{"record":99}})");
  EXPECT_THROW(read_run_record(folder / "later.geojson"), InputError);
  write_bytes(folder / "deep.geojson",
              R"({"yaan":{"record":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}}");
  EXPECT_THROW(read_run_record(folder / "deep.geojson"), InputError);
}

TEST(RunRecord, StudyMustBeJson) {
  RunRecord record = sample_record();
  record.study = "{not json";
  EXPECT_THROW(publish(record, {}), std::invalid_argument);
  record.study.clear();
  EXPECT_TRUE(parse_run_record(publish(record, {}).json(), "x").study.empty());
}

TEST(Attribution, OneLineForEachSource) {
  Source a;
  a.title = {"Provinces", "จังหวัด"};
  a.attribution = "Natural Earth";
  a.licence = "public domain";
  Source b;
  b.path = "data/sites.csv";
  const std::vector<Source> sources{a, b, a};
  EXPECT_EQ(attribution_lines(sources),
            (std::vector<std::string>{"Provinces: Natural Earth (public domain)", "sites.csv"}));
  EXPECT_EQ(attribution_lines(sources, Language::thai)[0], "จังหวัด: Natural Earth (public domain)");
}

}  // namespace
}  // namespace yaan
