#include "yaan/core/utf8.hpp"

#include <gtest/gtest.h>

namespace yaan::test {
namespace {

TEST(Utf8, EveryCodePointComesBack) {
  for (char32_t code = 0; code <= U'\U0010FFFF'; ++code) {
    std::string text;
    append_utf8(text, code);
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    ASSERT_EQ(utf8_sequence(text, 0), surrogate ? 0U : text.size()) << static_cast<unsigned>(code);
    const CodePoint read = code_point_at(text, 0);
    ASSERT_EQ(read.value, surrogate ? U'\uFFFD' : code);
    ASSERT_EQ(read.bytes, surrogate ? 1U : text.size());
  }
}

TEST(Utf8, WhatIsNoneIsSaidSo) {
  struct Case {
    std::string text;
    std::size_t bytes;  // that could have begun a character
  };
  for (const Case& c :
       {Case{"\xFF", 1}, Case{"\x80", 1}, Case{"\xC0\xAF", 1}, Case{"\xE0\xB8", 2}, Case{"\xE0\x80\x80", 1},
        Case{"\xED\xA0\x80", 1}, Case{"\xF0\x9F\x98z", 3}, Case{"\xF4\x90\x80\x80", 1}}) {
    EXPECT_EQ(utf8_sequence(c.text, 0), 0U) << c.text;
    EXPECT_EQ(code_point_at(c.text, 0).value, U'\uFFFD') << c.text;
    EXPECT_EQ(code_point_at(c.text, 0).bytes, c.bytes) << c.text;
  }
  EXPECT_EQ(utf8_sequence("a", 1), 0U) << "behind the end";
  EXPECT_EQ(replace_invalid_utf8("ก\xE0\xB8 b\xFF"), "ก\uFFFD\uFFFD b\uFFFD") << "one for each byte";
}

}  // namespace
}  // namespace yaan::test
