#pragma once
// Units as types. A number never travels without its unit across a public interface.

#include <compare>
#include <string>
#include <string_view>

namespace yaan {

struct Metres {
  double value = 0;
  auto operator<=>(const Metres&) const = default;
};

struct Degrees {
  double value = 0;
  auto operator<=>(const Degrees&) const = default;
};

class Crs;

/// A length as a user wrote it: with a unit it is in metres; bare, it is in the unit of the layer's plane.
struct Length {
  double value = 0;
  bool has_unit = true;  ///< true: `value` is in metres
  bool operator==(const Length&) const = default;

  constexpr Length() = default;
  constexpr Length(Metres metres)
      : value(metres.value) {}  // NOLINT(google-explicit-constructor): a length in metres is a length
  static constexpr Length bare(double value) {
    Length length;
    length.value = value;
    length.has_unit = false;
    return length;
  }
  /// In metres on the ground. Throws UsageError for a bare number on a geographic layer, because nobody means degrees.
  /// `name` is the parameter's, for the message.
  [[nodiscard]] Metres in_metres(std::string_view name) const;  ///< throws UsageError for a bare number other than 0
  [[nodiscard]] Metres on(const Crs& crs, std::string_view name) const;
};

/// Reads `500m`, `2km`, `2 km`, `1.5km` or a bare number such as `500`. Units: m, km.
/// Throws UsageError on anything else and on a value that is not finite; `name` is the parameter's, for the message.
Length parse_length(std::string_view text, std::string_view name);

/// `500m`, `2km`, `1.5km`: the shortest text that parse_length reads back to the same value; a bare length has no unit.
std::string to_string(const Length& length);

}  // namespace yaan
