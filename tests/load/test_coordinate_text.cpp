// Coordinates as they are published, and what must not be read as one.
#include <gtest/gtest.h>

#include <fstream>

#include "load/coordinate_text.hpp"
#include "load/test_files.hpp"

namespace yaan::test {
namespace {

void expect_one(const char* text, double value, int form, Axis axis = Axis::unknown) {
  const auto read = parse_coordinate(text);
  ASSERT_TRUE(read) << text;
  EXPECT_NEAR(read->value, value, 1e-9) << text;
  EXPECT_EQ(read->form, form) << text;
  EXPECT_EQ(read->axis, axis) << text;
}

TEST(CoordinateText, OneCoordinate) {
  expect_one("13.7501", 13.7501, kPlainNumber);
  expect_one(" -0.5 ", -0.5, kPlainNumber);
  expect_one("−0.5", -0.5, kPlainNumber);
  expect_one("14,3559", 14.3559, kDecimalComma);
  expect_one("๑๔.๒๓๒๗", 14.2327, kThaiDigits);
  expect_one("๑๔,๒๓๒๗", 14.2327, kThaiDigits | kDecimalComma);
  expect_one("13°44′47.76″N", 13 + 44 / 60.0 + 47.76 / 3600, kDegreesMinutes | kHemisphere, Axis::latitude);
  expect_one("13?44?47.76?N", 13 + 44 / 60.0 + 47.76 / 3600, kDegreesMinutes | kHemisphere | kLostSymbols,
             Axis::latitude);
  expect_one("13°44'47,76\"N", 13 + 44 / 60.0 + 47.76 / 3600, kDegreesMinutes | kHemisphere | kDecimalComma,
             Axis::latitude);
  expect_one("100:29:35.16", 100 + 29 / 60.0 + 35.16 / 3600, kDegreesMinutes);
  expect_one("100 29 35.16 E", 100 + 29 / 60.0 + 35.16 / 3600, kDegreesMinutes | kHemisphere, Axis::longitude);
  expect_one("W 0° 7.5'", -0.125, kDegreesMinutes | kHemisphere, Axis::longitude);
  expect_one("13 องศา 44 ลิปดา 47 ฟิลิปดา เหนือ", 13 + 44 / 60.0 + 47 / 3600.0, kDegreesMinutes | kHemisphere,
             Axis::latitude);
  expect_one("100.5°E", 100.5, kHemisphere, Axis::longitude);
  expect_one("1,523,456.78", 1523456.78, kPlainNumber);
  expect_one("1,523,456", 1523456, kPlainNumber);
}

TEST(CoordinateText, LettersOfSeconds) {
  expect_one("13d45min30s", 13.758333333333333, kDegreesMinutes);
  expect_one("13d45min30s N", 13.758333333333333, kDegreesMinutes | kHemisphere, Axis::latitude);
  expect_one("13d45min S", -13.75, kDegreesMinutes | kHemisphere, Axis::latitude);
  for (const char* text : {"14 องศา 20 ลิปดา 52 ฟิลิปดา", "14 องศา 20 ลิปดา 52 พิลิปดา", "14 องศา 20 ลิปดา 52 วิลิปดา"})
    expect_one(text, 14.347777777777777, kDegreesMinutes);
}

TEST(CoordinateText, ADashBetweenTwoMayDivideThemOrNot) {
  for (const char* text : {"13.7563-100.5018", "13.7563 - 100.5018", "13.7563- 100.5018", "13.7563–100.5018",
                           "13.7563°-100.5018°", "13°45′ - 100°30′"}) {
    const auto read = parse_position(text);
    EXPECT_FALSE(read) << text << " read as " << (read ? read->second.value : 0);
  }
  EXPECT_EQ(parse_position("13.75 -100.5")->second.value, -100.5);
  EXPECT_EQ(parse_position("13.75, -100.5")->second.value, -100.5);
  EXPECT_EQ(parse_position("13.75,-100.5")->second.value, -100.5);
  EXPECT_EQ(parse_position("13.75° -100.5°")->second.value, -100.5);
}

TEST(CoordinateText, NoGuess) {
  for (const char* text :
       {"", "-", "N", "abc", "13°60′00″N", "13°44′60″N", "13.5°30′", "-13°N", "13°N S", "13′44°", "1 2 3 4", "13..5",
        "13°44′47″X", "1,52,3.5", "13 44", "๑๓ก", "181 10 10", "13.7501 100.4913"}) {
    const auto read = parse_coordinate(text);
    if (std::string_view(text) == "13 44") {
      EXPECT_TRUE(read) << "degrees and minutes may be split by a space";
      continue;
    }
    EXPECT_FALSE(read) << text << " read as " << (read ? read->value : 0);
  }
}

void expect_two(const char* text, double first, double second) {
  const auto read = parse_position(text);
  ASSERT_TRUE(read) << text;
  EXPECT_NEAR(read->first.value, first, 1e-4) << text;
  EXPECT_NEAR(read->second.value, second, 1e-4) << text;
}

TEST(CoordinateText, TwoInOneText) {
  expect_two("17.018174 99.704116", 17.018174, 99.704116);
  expect_two("17.018174, 99.704116", 17.018174, 99.704116);
  expect_two("17.018174,99.704116", 17.018174, 99.704116);
  expect_two("(17.018174;99.704116)", 17.018174, 99.704116);
  expect_two("17,018174 99,704116", 17.018174, 99.704116);
  expect_two("17,018174; 99,704116", 17.018174, 99.704116);
  expect_two("17,018174,99,704116", 17.018174, 99.704116);
  expect_two("-33.5 -70.25", -33.5, -70.25);
  expect_two("N19.01658 E98.76222", 19.01658, 98.76222);
  expect_two("99°47′23″E 17°0′26″N", 99.78972, 17.00722);
  expect_two("๑๗.๐ ๙๙.๕", 17, 99.5);
  expect_two("17 0 26 99 47 23", 17.00722, 99.78972);
  for (const char* text : {"", "17.5", "17.5 N 18.5 N", "a b", "17.5,", "1 2 3"})
    EXPECT_FALSE(parse_position(text)) << text;
}

TEST(CoordinateText, RealTextsOfThePublishedList) {
  const auto file = shared("data/dirty/dms_strings_real.txt");
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no reference data: " << file;
  std::ifstream in(file);
  int seen = 0;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    ++seen;
    const std::size_t bar = line.find('|');
    const std::size_t next = line.find('|', bar + 1);
    const std::string text = line.substr(bar + 1, next - bar - 1);
    const auto read = parse_position(text);
    ASSERT_TRUE(read) << text;
    const std::string known = line.substr(next + 1);
    if (known.empty()) continue;
    const double latitude = std::stod(known);
    const double longitude = std::stod(known.substr(known.find(' ')));
    EXPECT_NEAR(read->first.value, latitude, 6e-4) << text;
    EXPECT_NEAR(read->second.value, longitude, 5e-3) << text;  // one page states decimals of another place nearby
  }
  EXPECT_EQ(seen, 11);
}

}  // namespace
}  // namespace yaan::test
