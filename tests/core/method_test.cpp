#include "yaan/core/method.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "yaan/core/error.hpp"

namespace yaan {
namespace {

enum class Shape { round, square };
struct Options {
  Length radius = Metres{500};
  std::int64_t count = 5;
  double share = 0.5;
  bool on = true;
  Shape shape = Shape::square;
  std::string title = "t";
};

TEST(Parameter, ReadsItsDefaultFromTheStruct) {
  EXPECT_EQ(parameter(&Options::radius, "radius", ParameterKind::length, "").default_value, Value(Length(Metres{500})));
  EXPECT_EQ(parameter(&Options::count, "count", ParameterKind::integer, "").default_value, Value(std::int64_t{5}));
  EXPECT_EQ(parameter(&Options::on, "on", ParameterKind::flag, "").default_value, Value(true));
  EXPECT_EQ(parameter(&Options::shape, "shape", ParameterKind::choice, "", {"round", "square"}).default_value,
            Value(std::string("square")));
}

TEST(Parameter, SetsWhatItGets) {
  std::any options = Options{};
  const auto shape = parameter(&Options::shape, "shape", ParameterKind::choice, "", {"round", "square"});
  shape.set(options, parse_value(shape, "round"));
  EXPECT_EQ(std::any_cast<Options&>(options).shape, Shape::round);
  const auto share = parameter(&Options::share, "share", ParameterKind::real, "");
  share.set(options, Value(std::int64_t{2}));
  EXPECT_EQ(share.get(options), Value(2.0));
}

TEST(Parameter, ChecksRangeKindAndChoice) {
  auto radius = parameter(&Options::radius, "radius", ParameterKind::length, "");
  radius.minimum = 0;
  radius.minimum_excluded = true;
  for (const char* text : {"0m", "-5m", "nan", "x", ""}) EXPECT_THROW(parse_value(radius, text), UsageError) << text;
  EXPECT_THROW(check(radius, Value(Length(Metres{std::nan("")}))), UsageError);
  EXPECT_THROW(check(radius, Value(Length(Metres{std::numeric_limits<double>::infinity()}))), UsageError);
  try {
    parse_value(radius, "0m");
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_STREQ(error.what(), "radius is 0m, but must be more than 0 m");
  }
  const auto shape = parameter(&Options::shape, "shape", ParameterKind::choice, "", {"round", "square"});
  try {
    parse_value(shape, "sqare");
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_EQ(error.advice(), "did you mean square?");
  }
  EXPECT_THROW(check(shape, Value(true)), UsageError);
}

TEST(NameNulls, NamesThoseThatMayBeNullAndSayNothing) {
  OutputField plain{"n", ColumnType::real, "", "", {}, ColourBy::sequence, false};
  OutputField silent = plain, marked = plain, named = plain;
  silent.nullable = marked.nullable = named.nullable = true;
  marked.classes = {{"", {"no neighbours", "ไม่มีเพื่อนบ้าน"}, Tone::undefined}};
  named.null_title = {"of its own", "ของตัวเอง"};
  std::vector<OutputField> fields = {plain, silent, marked, named};
  name_nulls(fields, {"outside", "ข้างนอก"});
  EXPECT_TRUE(fields[0].null_title.empty());
  EXPECT_EQ(make_column(fields[1]).null_title, (Localized{"outside", "ข้างนอก"}));
  EXPECT_TRUE(fields[2].null_title.empty());
  EXPECT_EQ(fields[3].null_title.en, "of its own");
}

}  // namespace
}  // namespace yaan
