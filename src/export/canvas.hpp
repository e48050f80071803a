#pragma once
// A page that Cairo paints on, in pixels from the top left, with our glyph runs for text.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "yaan/core/geometry.hpp"
#include "yaan/core/picture.hpp"
#include "yaan/export/byte_sink.hpp"
#include "yaan/export/map_format.hpp"
#include "yaan/style/palette.hpp"
#include "yaan/text/engine.hpp"

namespace yaan {

enum class Align { left, middle, right };

class Canvas {
 public:
  Canvas(int width, int height, MapFormat format);
  ~Canvas();
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;

  [[nodiscard]] const text::Engine& engine() const;

  void fill_box(const Box& box, style::Colour colour, double corner = 0);
  void stroke_box(const Box& box, style::Colour colour, double line_width, double corner = 0);
  void line(double x1, double y1, double x2, double y2, style::Colour colour, double line_width);
  void disc(double x, double y, double radius, style::Colour colour);
  /// A polygon feature in pixels; even-odd fill, both colours optional by alpha 0.
  void polygon(const Geometry& polygons, std::size_t feature, style::Colour fill, style::Colour stroke,
               double line_width);
  /// Slanting lines over a polygon feature, `gap` apart.
  void hatch(const Geometry& polygons, std::size_t feature, style::Colour colour, double gap, double line_width);
  void path(const std::vector<std::pair<double, double>>& corners, style::Colour fill);
  /// A mark centred at (x, y) that fits a circle of `radius`, with a thin outline.
  void mark(style::Mark shape, double x, double y, double radius, style::Colour fill, style::Colour outline,
            double line_width);

  /// A picture whose light is multiplied by alpha, pixel on pixel.
  void picture(const Picture& picture, int left, int top, double opacity);

  /// One line of text with its baseline at y. `halo` with alpha 0 draws none. Returns the width.
  double text(std::string_view utf8, double x, double y, double size, style::Colour colour,
              text::Weight weight = text::Weight::regular, Align align = Align::left, style::Colour halo = {0, 0, 0, 0},
              double halo_width = 0);

  void clip(const Box& box);
  void unclip();

  /// The page in its format, called `title` where that has a place for it. Ends the painting. Throws OutputError.
  void write(ByteSink& sink, std::string_view title);

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace yaan
