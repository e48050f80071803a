#pragma once
// The one text engine: Unicode text -> positioned glyphs, by HarfBuzz and FreeType; line breaks by libthai. Nobody else
// shapes, breaks or measures text. Fonts: Noto Sans and Noto Sans Thai (Debian's fonts-noto-core).

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace yaan::text {

enum class Weight { regular, bold };

/// One glyph of a run. Positions are in the unit of the run's size, from the run's origin on the baseline: x to the
/// right, y up.
struct Glyph {
  std::uint16_t face = 0;  ///< index into Engine's faces
  std::uint32_t id = 0;    ///< glyph index within the face; 0 is the missing glyph
  double x = 0;
  double y = 0;
  std::uint32_t cluster = 0;  ///< byte offset in the text of the first character that made this glyph
};

struct Run {
  std::vector<Glyph> glyphs;
  double width = 0;    ///< advance of the whole run
  double ascent = 0;   ///< above the baseline, of the tallest font of the project, so that lines of both scripts agree
  double descent = 0;  ///< below the baseline, positive
  double size = 0;     ///< em size that it was shaped at
};

/// Coverage of a glyph, one byte a pixel, rows from top to bottom.
struct Bitmap {
  int width = 0;
  int height = 0;
  int left = 0;  ///< pixels from the origin to the first column
  int top = 0;   ///< pixels from the baseline up to the first row
  std::vector<std::uint8_t> coverage;
};

/// Holds the fonts. Not thread-safe: one for each thread. Making one costs about 5 ms.
class Engine {
 public:
  /// Looks for the fonts in $YAAN_FONTS, then in /usr/share/fonts/truetype/noto and below the usual font folders.
  /// Throws InputError that names the Debian package when they are not there.
  Engine();
  ~Engine();
  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;

  /// Shapes one line. Thai text is set in Noto Sans Thai, the rest in Noto Sans; digits, spaces and punctuation stay
  /// with the text before them. Bytes that are not UTF-8 show as U+FFFD. Control characters, line breaks among them,
  /// are left out. An empty text gives an empty run with the usual ascent and descent.
  [[nodiscard]] Run shape(std::string_view utf8, double size, Weight weight = Weight::regular) const;
  /// Width alone.
  [[nodiscard]] double measure(std::string_view utf8, double size, Weight weight = Weight::regular) const;

  /// Lines no wider than `max_width` where that is possible: broken at spaces, between Thai words (libthai's
  /// dictionary) and at line breaks; a single word that is wider gets a line of its own, and is never cut inside a
  /// cluster.
  [[nodiscard]] std::vector<std::string> wrap(std::string_view utf8, double size, Weight weight,
                                              double max_width) const;
  /// The text, or its beginning with an ellipsis, so that it fits.
  [[nodiscard]] std::string fitted(std::string_view utf8, double size, Weight weight, double max_width) const;

  /// Name of a glyph in its font, such as "uni0E48.narrow".
  [[nodiscard]] std::string glyph_name(std::uint16_t face, std::uint32_t id) const;
  /// Antialiased coverage at `size` pixels an em; `shift_x` moves the glyph right by a part of a pixel (0 to 1).
  [[nodiscard]] Bitmap rasterise(std::uint16_t face, std::uint32_t id, double size, double shift_x = 0) const;
  /// File of a face, for a painter that loads fonts itself.
  [[nodiscard]] const std::string& face_path(std::uint16_t face) const;
  [[nodiscard]] std::uint16_t face_count() const;

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

/// The text cut into what a reader sees as one character: a base with its vowel signs and tone marks (for Thai:
/// consonant, above and below signs, tone, thanthakhat and a following sara am), one code point otherwise.
std::vector<std::string> clusters(std::string_view utf8);

/// Code points of a text; bytes that are not UTF-8 become U+FFFD, one for each maximal broken part.
std::u32string decode(std::string_view utf8);
std::string encode(std::u32string_view code_points);
[[nodiscard]] constexpr bool is_thai(char32_t c) { return c >= 0x0E00 && c <= 0x0E7F; }

}  // namespace yaan::text
