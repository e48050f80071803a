#include "yaan/core/numbers.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>

#include "yaan/core/error.hpp"
#include "yaan/core/sha256.hpp"
#include "yaan/core/units.hpp"

namespace yaan {
namespace {

TEST(Numbers, ShortestReadsBackTheSame) {
  EXPECT_EQ(shortest(0.1), "0.1");
  EXPECT_EQ(shortest(100.0), "100");
  EXPECT_TRUE(rc::check("shortest round trip", [](double value) {
    RC_PRE(std::isfinite(value));
    RC_ASSERT(parse_double(shortest(value)) == value);
  }));
}

TEST(Numbers, FixedTrimsZerosAndNegativeZero) {
  EXPECT_EQ(fixed_trimmed(100.5, 7), "100.5");
  EXPECT_EQ(fixed_trimmed(100.0, 7), "100");
  EXPECT_EQ(fixed_trimmed(-0.00000001, 7), "0");
  EXPECT_EQ(fixed_trimmed(99.12345678, 7), "99.1234568");
  EXPECT_EQ(fixed_trimmed(1e300, 2).size(), 301U);
}

TEST(Numbers, ParseRefusesWhatIsNotWhollyANumber) {
  EXPECT_EQ(parse_double(" 12.5 "), 12.5);
  EXPECT_EQ(parse_double("+3"), 3);
  for (const char* text : {"", " ", "12,5", "12.5x", "nan", "inf", "1e999", "0x10", "+-3"})
    EXPECT_FALSE(parse_double(text)) << text;
  EXPECT_FALSE(parse_int("9223372036854775808"));
  EXPECT_EQ(with_thousands(-1234567), "-1,234,567");
  EXPECT_EQ(with_thousands(999), "999");
}

TEST(Units, LengthReadsItsUnit) {
  EXPECT_EQ(parse_length("500m", "radius"), Length(Metres{500}));
  EXPECT_EQ(parse_length("1.5 km", "radius"), Length(Metres{1500}));
  EXPECT_EQ(parse_length("8.5", "radius"), Length::bare(8.5));
  for (const char* text : {"", "m", "km", "5 miles", "nanm", "1e999km", "--5m"})
    EXPECT_THROW(parse_length(text, "radius"), UsageError) << text;
}

TEST(Units, LengthTextReadsBackTheSame) {
  EXPECT_EQ(to_string(Length(Metres{2000})), "2km");
  EXPECT_TRUE(rc::check("length round trip", [](double value, bool has_unit) {
    RC_PRE(std::isfinite(value));
    const Length length = has_unit ? Length(Metres{value}) : Length::bare(value);
    RC_ASSERT(parse_length(to_string(length), "radius") == length);
  }));
}

TEST(Sha256, MatchesFips180Examples) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

}  // namespace
}  // namespace yaan
