#pragma once
// Coordinates as people write them: 14°20′52″N, N19.01658 E98.76222, 13,7501, ๑๔.๒๓๒๗, 17.018174 99.704116.

#include <cstdint>
#include <optional>
#include <string_view>

namespace yaan {

// How a coordinate was written; bits, because a text may be several of them.
inline constexpr std::uint8_t kPlainNumber = 0;
inline constexpr std::uint8_t kDecimalComma = 1;
inline constexpr std::uint8_t kThaiDigits = 2;
inline constexpr std::uint8_t kDegreesMinutes = 4;  ///< degrees with minutes, with or without seconds
inline constexpr std::uint8_t kHemisphere = 8;      ///< N, S, E, W or their Thai words
inline constexpr std::uint8_t kLostSymbols = 16;    ///< question marks where degree, minute and second signs were

/// What an angle says of itself.
enum class Axis { unknown, longitude, latitude };

struct CoordinateText {
  double value = 0;
  Axis axis = Axis::unknown;  ///< by its hemisphere
  std::uint8_t form = kPlainNumber;
};

struct PositionText {
  CoordinateText first;
  CoordinateText second;
};

/// One coordinate. Degrees may be followed by minutes and seconds, split by signs (° ' " and their curly, prime and
/// Thai kin), colons, spaces or the question marks that an encoding without these signs left behind; a hemisphere may
/// stand before or behind. A comma is a decimal comma unless there is a point as well (1,523,456.78). Minutes and
/// seconds are below 60, only the last part has decimals, and a minus sign goes with no hemisphere: nothing otherwise,
/// because a guess would move the place.
std::optional<CoordinateText> parse_coordinate(std::string_view text);

/// Two coordinates in one text, in the order written: split at a hemisphere, a semicolon, a slash, a comma that is not
/// a decimal comma, the second degree sign, or in the middle of 2, 4 or 6 numbers. "13,7501,100,4913" is read with
/// decimal commas. Nothing when either half cannot be read, when both halves say that they are the same axis, or when a
/// dash before the second may be its sign or a dash between the two (13.75-100.5).
std::optional<PositionText> parse_position(std::string_view text);

}  // namespace yaan
