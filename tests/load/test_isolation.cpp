// The process in which files are read: what it may do, and what happens when it goes wrong.
#include <gmock/gmock.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <sstream>
#include <thread>

#include "load/read_here.hpp"
#include "load/reader/call_reader.hpp"
#include "load/test_files.hpp"
#include "load/watched_source.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"
#include "yaan/load/read_settings.hpp"

namespace yaan::test {
namespace {

using ::testing::HasSubstr;
using Clock = std::chrono::steady_clock;

std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> children;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const auto pid = parse_int(entry.path().filename().string());
    if (!pid) continue;
    std::ifstream stat(entry.path() / "stat");
    std::string text{std::istreambuf_iterator<char>(stat), {}};
    const std::size_t name_end = text.rfind(')');
    if (name_end == std::string::npos) continue;  // gone meanwhile
    std::istringstream rest(text.substr(name_end + 1));
    char state = 0;
    pid_t its_parent = 0;
    if (rest >> state >> its_parent && its_parent == parent) children.push_back(static_cast<pid_t>(*pid));
  }
  return children;
}

// The process that waits for calls stays, the readers that it started do not.
bool no_reader_is_left() {
  const auto until = Clock::now() + std::chrono::seconds(2);
  while (true) {
    std::size_t readers = 0;
    for (const pid_t host : children_of(::getpid())) readers += children_of(host).size();
    if (readers == 0) return true;
    if (Clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

class Isolation : public FileTest {
 protected:
  // The message of the InputError that a misbehaving reader leads to.
  static std::string misdeed(const std::string& deed, Progress& progress, int silent_seconds = 60) {
    ReaderRequest request;
    request.path = deed;
    request.options.max_silent_seconds = silent_seconds;
    std::string message = "no error";
    try {
      call_reader(YAAN_FAKE_READER, request, progress);
    } catch (const InputError& error) {
      EXPECT_FALSE(error.advice().empty());
      message = error.what();
    }
    EXPECT_TRUE(no_reader_is_left()) << "a process is left behind";
    return message;
  }
  static std::string misdeed(const std::string& deed) {
    Progress progress;
    return misdeed(deed, progress);
  }
};

TEST_F(Isolation, ReaderThatFailsIsOneInputError) {
  EXPECT_THAT(misdeed("segfault"), HasSubstr("crashed (signal 11)"));
  EXPECT_THAT(misdeed("killed"), HasSubstr("was killed"));
  EXPECT_THAT(misdeed("cpu"), HasSubstr("processor time"));
  EXPECT_THAT(misdeed("exits"), HasSubstr("ended without an answer"));
  EXPECT_THAT(misdeed("half a message"), HasSubstr("ended without an answer"));
  EXPECT_THAT(misdeed("nothing"), HasSubstr("cannot be used: the answer ends early"));
  EXPECT_THAT(misdeed("garbage"), HasSubstr("cannot be used"));
  EXPECT_THAT(misdeed("truncated"), HasSubstr("cannot be used: the answer ends early"));
  EXPECT_THAT(misdeed("more than an answer"), HasSubstr("cannot be used: bytes follow the answer"));
  EXPECT_THAT(misdeed("segfault in the answer"), HasSubstr("crashed (signal 11)"));
}

TEST_F(Isolation, ReaderThatHangsIsStopped) {
  for (const char* deed : {"hang", "hang with the pipe closed", "hang in the answer"}) {
    Progress progress;
    const auto begin = Clock::now();
    EXPECT_THAT(misdeed(deed, progress, 1), HasSubstr("no progress for 1 s"));
    EXPECT_LT(Clock::now() - begin, std::chrono::seconds(3));
  }
}

TEST_F(Isolation, CancelEndsTheReader) {
  for (const char* deed : {"hang", "hang in the answer"}) {
    Progress progress;
    Clock::time_point wished;
    std::thread user([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
      wished = Clock::now();
      progress.cancel();
    });
    EXPECT_THROW(misdeed(deed, progress), Cancelled);
    const auto ended = Clock::now();
    user.join();
    EXPECT_LT(ended - wished, std::chrono::milliseconds(150));  // 50 ms, and room for a busy machine
  }
}

TEST_F(Isolation, CallsGoOnWhenTheWaitingProcessIsGone) {
  use_reader({});
  EXPECT_THAT(isolation_level(), HasSubstr("seccomp"));
  const std::vector<pid_t> hosts = children_of(::getpid());
  ASSERT_EQ(hosts.size(), 1U);
  EXPECT_THAT(isolation_level(), HasSubstr("seccomp"));
  EXPECT_EQ(children_of(::getpid()), hosts) << "one process waits for all calls";
  ::kill(hosts.front(), SIGKILL);
  EXPECT_THAT(isolation_level(), HasSubstr("seccomp"));
}

TEST_F(Isolation, ManyCallsAtOnce) {
  std::vector<std::string> names;
  for (int i = 0; i < 12; ++i)
    names.push_back(write(std::to_string(i) + ".csv", "lon,lat,n\n100,13," + std::to_string(i) + "\n").string());
  std::vector<std::thread> users;
  std::vector<std::int64_t> found(names.size(), -1);
  for (std::size_t i = 0; i < names.size(); ++i)
    users.emplace_back([&, i] {
      Progress progress;
      ReadOptions options;
      options.crs = "EPSG:4326";
      found[i] = read_layer(names[i], options, progress).layer.column("n").integers().front();
    });
  for (std::thread& user : users) user.join();
  for (std::size_t i = 0; i < names.size(); ++i) EXPECT_EQ(found[i], static_cast<std::int64_t>(i));
}

TEST_F(Isolation, MissingReaderIsAnInputError) {
  Progress progress;
  EXPECT_THROW(call_reader(path("nothing"), {}, progress), InputError);
  use_reader(path("nothing"));
  EXPECT_THROW(isolation_level(), InputError);
  use_reader({});
  EXPECT_THAT(isolation_level(), HasSubstr("rlimits + no_new_privs + seccomp"));
}

TEST_F(Isolation, AnswerIsTheSameAsInThisProcess) {
  const struct {
    const char* file;
    const char* driver;
    const char* wkt;
    int type;
  } cases[] = {{"a.gpkg", "GPKG", "POINT (100.5 13.7)", 1},
               {"b.gpkg", "GPKG", "LINESTRING (100 13, 101 14, 102 13)", 2},
               {"c.geojson", "GeoJSON", "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0),(1 1, 1 2, 2 2, 1 1))", 0}};
  for (const auto& each : cases) {
    FileSpec spec;
    spec.driver = each.driver;
    spec.geometry_type = each.type;
    write_by_gdal(path(each.file), spec, {{each.wkt, "วัด", 1, 0.1}, {each.wkt, "", 2, 0, true}});
    Progress progress;
    const ReadResult here = read_layer_here(path(each.file), {}, progress);
    const ReadResult there = read_layer(path(each.file), {}, progress);
    EXPECT_EQ(first_difference(everything(here.layer), everything(there.layer)), "") << each.file;
    EXPECT_EQ(here.layer.crs.wkt(), there.layer.crs.wkt());
    EXPECT_EQ(here.layer.name, there.layer.name);
    ASSERT_EQ(there.layer.sources.size(), 1U);
    EXPECT_EQ(here.layer.sources[0].sha256, there.layer.sources[0].sha256);
    EXPECT_EQ(here.diagnostics.entries().size(), there.diagnostics.entries().size());
    FileReport report = inspect_file_here(path(each.file), {}, progress);
    report.sha256 = sha256_of_source(path(each.file));
    EXPECT_EQ(to_text(report), to_text(inspect_file(path(each.file), {}, progress)));
  }
}

TEST_F(Isolation, AChangeOfAnyPartIsSeen) {
  FileSpec spec;
  spec.driver = "ESRI Shapefile";
  spec.geometry_type = 1;
  write_by_gdal(path("p.shp"), spec, {{"POINT (100.5 13.7)", "a", 1, 0.1}});
  EXPECT_EQ(WatchedSource(path("p.shp")).settle(), sha256_of_source(path("p.shp")));
  for (const char* part : {"p.dbf", "p.cpg", "p.prj"}) {
    WatchedSource watched(path("p.shp"));
    write(part, "other bytes");
    EXPECT_THROW(watched.settle(), InputError) << part;
  }
  WatchedSource watched(path("p.shp"));
  std::filesystem::remove(path("p.cpg"));
  EXPECT_THROW(watched.settle(), InputError);
}

Column lists() {
  Column column("lists", ColumnType::text_list);
  column.push(StringList{"ก", "", "b"});
  column.push_null();
  column.push(StringList{});
  return column;
}

// A layer with every kind of column and a polygon in two parts.
ReadResult full_result() {
  ReadResult result;
  Layer& layer = result.layer;
  layer.name = "all";
  layer.crs = Crs::wgs84();
  layer.geometry = Geometry::empty(GeometryKind::polygon);
  const std::vector<double> x = {0, 4, 4, 0};
  const std::vector<double> y = {0, 0, 4, 0};
  for (int feature = 0; feature < 3; ++feature) {
    for (int part = 0; part < feature; ++part) {
      layer.geometry.add_ring(x, y);
      layer.geometry.end_part();
    }
    layer.geometry.end_feature();
  }
  layer.columns.push_back(Column::of("integers", std::vector<std::int64_t>{1, -2, 3}));
  layer.columns.push_back(Column::of("reals", std::vector<double>{0.5, std::nan(""), 1e300}));
  Column texts("texts", ColumnType::text);
  texts.push("ปู่");
  texts.push_null();
  texts.push("");
  texts.unit = "m";
  texts.title = {"Text", "ข้อความ"};
  layer.columns.push_back(texts);
  Column dates("dates", ColumnType::date);
  dates.push(Date{0});
  dates.push_null();
  dates.push(Date{20780});
  layer.columns.push_back(dates);
  layer.columns.push_back(lists());
  Column reals("real lists", ColumnType::real_list);
  Column integers("integer lists", ColumnType::integer_list);
  for (int row = 0; row < 3; ++row) {
    reals.push(DoubleList(static_cast<std::size_t>(row), 0.25));
    integers.push(IntList(static_cast<std::size_t>(2 - row), row));
  }
  layer.columns.push_back(reals);
  layer.columns.push_back(integers);
  layer.sources.push_back({"a.geojson", "", "00", {"", "ชื่อ"}, "CC0-1.0", "somebody"});
  result.diagnostics.add(Severity::repaired, "code", "where", "message", 3, "#1");
  return result;
}

std::string packed(ReaderAnswer answer) {
  Packer packer;
  pack_answer(packer, answer);
  return packer.bytes();
}

ReaderAnswer unpacked(const std::string& bytes) {
  MemorySource source(bytes);
  return unpack_answer(source, Progress());
}

TEST(ReaderWire, LayerTravelsWhole) {
  const ReadResult sent = full_result();
  const auto got = std::get<ReadResult>(unpacked(packed(sent)));
  EXPECT_EQ(first_difference(everything(sent.layer), everything(got.layer)), "");
  EXPECT_EQ(got.layer.columns[2].unit, "m");
  EXPECT_EQ(got.layer.columns[2].title, sent.layer.columns[2].title);
  EXPECT_EQ(got.layer.sources[0].title.th, "ชื่อ");
  EXPECT_EQ(got.diagnostics.count("code"), 3);
}

TEST(ReaderWire, RequestTravelsWhole) {
  ReaderRequest sent;
  sent.task = ReaderTask::inspect;
  sent.path = "not \xff utf-8";
  sent.options.crs = "EPSG:4326";
  sent.options.table = true;
  sent.options.max_nesting = 7;
  sent.options.column_stream = false;
  sent.threads = 3;
  const ReaderRequest got = unpack_request(pack_request(sent));
  EXPECT_EQ(got.task, sent.task);
  EXPECT_EQ(got.path, sent.path);
  EXPECT_EQ(got.options.crs, sent.options.crs);
  EXPECT_EQ(got.options.table, sent.options.table);
  EXPECT_EQ(got.options.max_nesting, sent.options.max_nesting);
  EXPECT_EQ(got.options.column_stream, sent.options.column_stream);
  EXPECT_EQ(got.threads, sent.threads);
}

TEST(ReaderWire, EverySettingOfTheUserTravels) {
  const std::map<std::string_view, std::string> values = {{"encoding", "TIS-620"},   {"datum_shift", "EPSG:1537"},
                                                          {"header_row", "3"},       {"swapped_axes", "none"},
                                                          {"parts", "split"},        {"keys", "as-is"},
                                                          {"extent", "97,5,106,21"}, {"tags", "shop: shop=*"}};
  ReaderRequest sent;
  for (const ReadSetting& setting : read_settings()) {
    const auto value = values.find(setting.key);
    setting.set(sent.options, value != values.end() ? value->second : "of " + std::string(setting.key));
  }
  sent.options.id_column = "sign";
  sent.options.year_column = "built";
  const ReaderRequest got = unpack_request(pack_request(sent));
  for (const ReadSetting& setting : read_settings()) {
    EXPECT_FALSE(setting.get(sent.options).empty()) << setting.key;
    EXPECT_EQ(setting.get(got.options), setting.get(sent.options)) << setting.key;
  }
  EXPECT_EQ(got.options.id_column, "sign");
  EXPECT_EQ(got.options.year_column, "built");
}

// Whatever is accepted must be safe to walk through.
TEST(ReaderWire, DamagedAnswersAreRefusedOrSafe) {
  const std::string whole = packed(full_result());
  std::mt19937 random(20261123);
  std::size_t refused = 0;
  constexpr std::size_t kRounds = 3'000;
  for (std::size_t round = 0; round < kRounds; ++round) {
    std::string damaged = whole;
    const std::size_t changes = 1 + random() % 3;
    for (std::size_t i = 0; i < changes; ++i) {
      const std::size_t at = 8 + random() % (damaged.size() - 8);
      damaged[at] = static_cast<char>(random() % 2 == 0 ? random() : damaged[at] ^ (1 << random() % 8));
    }
    if (random() % 8 == 0) damaged.resize(random() % damaged.size());
    try {
      const ReaderAnswer answer = unpacked(damaged);
      if (const auto* result = std::get_if<ReadResult>(&answer)) {
        const Layer& layer = result->layer;
        if (!layer.columns.empty()) {
          EXPECT_FALSE(everything(layer).empty());
        }
        if (layer.geometry.kind == GeometryKind::none) continue;  // then size is no more than a number
        for (std::size_t f = 0; f < layer.size(); ++f) static_cast<void>(layer.geometry.bounds(f));
      }
    } catch (const CorruptAnswer&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, kRounds / 4);
}

}  // namespace
}  // namespace yaan::test
