#pragma once
// A colour as screens know it.

#include <cstdint>

namespace yaan::style {

/// sRGB, alpha not premultiplied: 255 is opaque.
struct Colour {
  std::uint8_t r = 0;
  std::uint8_t g = 0;
  std::uint8_t b = 0;
  std::uint8_t a = 255;
  bool operator==(const Colour&) const = default;

  [[nodiscard]] constexpr Colour with_alpha(std::uint8_t alpha) const { return {r, g, b, alpha}; }
};

/// Contrast ratio of two opaque colours, 1 to 21 (WCAG 2.1, relative luminance).
double contrast(Colour one, Colour other);
/// White where it reads well on `ground` in large type (a contrast of 3), near black otherwise.
Colour ink_on(Colour ground);

}  // namespace yaan::style
