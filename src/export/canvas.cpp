#include "export/canvas.hpp"

#include <array>
#include <cmath>
#include <cstring>
#include <numbers>

#include "export/canvas_state.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/picture.hpp"

namespace yaan {

namespace {

std::string png_of(cairo_surface_t* surface) {
  cairo_surface_flush(surface);
  Picture picture;
  picture.width = cairo_image_surface_get_width(surface);
  picture.height = cairo_image_surface_get_height(surface);
  const int stride = cairo_image_surface_get_stride(surface);
  const unsigned char* rows = cairo_image_surface_get_data(surface);
  picture.pixels.resize(4 * static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height));
  std::uint8_t* to = picture.pixels.data();
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x, to += 4) {
      std::uint32_t pixel = 0;  // Cairo's RGB24: a word of this machine's byte order, the highest byte unused
      std::memcpy(&pixel, rows + static_cast<std::ptrdiff_t>(y) * stride + 4 * x, sizeof pixel);
      to[0] = static_cast<std::uint8_t>(pixel >> 16U);
      to[1] = static_cast<std::uint8_t>(pixel >> 8U);
      to[2] = static_cast<std::uint8_t>(pixel);
      to[3] = 255;
    }
  }
  return encode_png(picture);
}

}  // namespace

Canvas::Canvas(int width, int height, MapFormat format) : m_state(std::make_unique<State>()) {
  m_state->format = format;
  m_state->open(width, height);
  if (cairo_status(m_state->cairo) != CAIRO_STATUS_SUCCESS)
    throw OutputError("a picture of this size does not fit into memory", "ask for a smaller width and height");
  cairo_set_fill_rule(m_state->cairo, CAIRO_FILL_RULE_EVEN_ODD);
  cairo_set_line_join(m_state->cairo, CAIRO_LINE_JOIN_ROUND);
  cairo_font_options_t* options = cairo_font_options_create();
  cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  cairo_set_font_options(m_state->cairo, options);
  cairo_font_options_destroy(options);
}
Canvas::~Canvas() = default;

const text::Engine& Canvas::engine() const { return m_state->engine; }

void Canvas::fill_box(const Box& box, style::Colour colour, double corner) {
  m_state->box_path(box, corner);
  m_state->set(colour);
  cairo_fill(m_state->cairo);
}

void Canvas::stroke_box(const Box& box, style::Colour colour, double line_width, double corner) {
  m_state->box_path(box, corner);
  m_state->set(colour);
  cairo_set_line_width(m_state->cairo, line_width);
  cairo_stroke(m_state->cairo);
}

void Canvas::line(double x1, double y1, double x2, double y2, style::Colour colour, double line_width) {
  cairo_move_to(m_state->cairo, x1, y1);
  cairo_line_to(m_state->cairo, x2, y2);
  m_state->set(colour);
  cairo_set_line_width(m_state->cairo, line_width);
  cairo_stroke(m_state->cairo);
}

void Canvas::disc(double x, double y, double radius, style::Colour colour) {
  cairo_new_path(m_state->cairo);
  cairo_arc(m_state->cairo, x, y, radius, 0, 2 * std::numbers::pi);
  m_state->set(colour);
  cairo_fill(m_state->cairo);
}

void Canvas::polygon(const Geometry& polygons, std::size_t feature, style::Colour fill, style::Colour stroke,
                     double line_width) {
  cairo_t* cairo = m_state->cairo;
  m_state->outline(polygons, feature);
  if (fill.a != 0) {
    m_state->set(fill);
    cairo_fill_preserve(cairo);
  }
  if (stroke.a != 0) {
    m_state->set(stroke);
    cairo_set_line_width(cairo, line_width);
    cairo_stroke_preserve(cairo);
  }
  cairo_new_path(cairo);
}

void Canvas::hatch(const Geometry& polygons, std::size_t feature, style::Colour colour, double gap, double line_width) {
  const Box box = polygons.bounds(feature);
  if (box.empty()) return;
  cairo_t* cairo = m_state->cairo;
  cairo_save(cairo);
  m_state->outline(polygons, feature);
  cairo_clip(cairo);
  cairo_new_path(cairo);
  // The lines of neighbours meet, because they stand on the page and not on the feature.
  const double step = gap * std::numbers::sqrt2;
  for (double at = std::floor((box.min_x + box.min_y) / step) * step; at < box.max_x + box.max_y; at += step) {
    cairo_move_to(cairo, at - box.min_y, box.min_y);
    cairo_line_to(cairo, at - box.max_y, box.max_y);
  }
  m_state->set(colour);
  cairo_set_line_width(cairo, line_width);
  cairo_stroke(cairo);
  cairo_restore(cairo);
}

void Canvas::path(const std::vector<std::pair<double, double>>& corners, style::Colour fill) {
  cairo_new_path(m_state->cairo);
  for (const auto& [x, y] : corners) cairo_line_to(m_state->cairo, x, y);
  cairo_close_path(m_state->cairo);
  m_state->set(fill);
  cairo_fill(m_state->cairo);
}

void Canvas::mark(style::Mark shape, double x, double y, double radius, style::Colour fill, style::Colour outline,
                  double line_width) {
  cairo_t* cairo = m_state->cairo;
  cairo_new_path(cairo);
  const double r = radius;
  switch (shape) {
    case style::Mark::circle: cairo_arc(cairo, x, y, 0.86 * r, 0, 2 * std::numbers::pi); break;
    case style::Mark::triangle: m_state->star_path(x, y + 0.12 * r, 3, 1.1 * r, 0, 0); break;
    case style::Mark::square: cairo_rectangle(cairo, x - 0.76 * r, y - 0.76 * r, 1.52 * r, 1.52 * r); break;
    case style::Mark::diamond: m_state->star_path(x, y, 4, 1.08 * r, 0, 0); break;
    case style::Mark::star: m_state->star_path(x, y, 5, 1.18 * r, 0.52 * r, 0); break;
    case style::Mark::cross: {
      const double a = 0.34 * r;
      for (const auto& [dx, dy] : std::array<std::pair<double, double>, 12>{{{-a, -r},
                                                                             {a, -r},
                                                                             {a, -a},
                                                                             {r, -a},
                                                                             {r, a},
                                                                             {a, a},
                                                                             {a, r},
                                                                             {-a, r},
                                                                             {-a, a},
                                                                             {-r, a},
                                                                             {-r, -a},
                                                                             {-a, -a}}})
        cairo_line_to(cairo, x + dx, y + dy);
      cairo_close_path(cairo);
      break;
    }
    case style::Mark::hexagon: m_state->star_path(x, y, 6, r, 0, std::numbers::pi / 6); break;
  }
  m_state->set(outline);
  cairo_set_line_width(cairo, 2 * line_width);
  cairo_stroke_preserve(cairo);
  m_state->set(fill);
  cairo_fill(cairo);
}

void Canvas::picture(const Picture& picture, int left, int top, double opacity) {
  if (picture.pixels.empty()) return;
  const std::size_t count = picture.pixels.size() / 4;
  std::vector<std::uint32_t> words(count);  // Cairo's ARGB32: a word of this machine's byte order
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t* p = picture.pixels.data() + 4 * i;
    words[i] = std::uint32_t{p[3]} << 24U | std::uint32_t{p[0]} << 16U | std::uint32_t{p[1]} << 8U | p[2];
  }
  cairo_surface_t* surface =
      cairo_image_surface_create_for_data(reinterpret_cast<unsigned char*>(words.data()), CAIRO_FORMAT_ARGB32,
                                          picture.width, picture.height, 4 * picture.width);
  cairo_set_source_surface(m_state->cairo, surface, left, top);
  cairo_pattern_set_filter(cairo_get_source(m_state->cairo), CAIRO_FILTER_NEAREST);
  cairo_paint_with_alpha(m_state->cairo, opacity);
  const bool painted =
      cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS && cairo_status(m_state->cairo) == CAIRO_STATUS_SUCCESS;
  cairo_set_source_rgba(m_state->cairo, 0, 0, 0, 1);  // the pattern must not outlive the pixels
  cairo_surface_destroy(surface);
  if (!painted) throw OutputError("a backdrop could not be painted", "ask for a smaller width and height");
}

void Canvas::clip(const Box& box) {
  cairo_save(m_state->cairo);
  cairo_rectangle(m_state->cairo, box.min_x, box.min_y, box.width(), box.height());
  cairo_clip(m_state->cairo);
}

void Canvas::unclip() { cairo_restore(m_state->cairo); }

void Canvas::write(ByteSink& sink, std::string_view title) {
  if (m_state->format == MapFormat::png) {
    sink.write(png_of(m_state->surface));
    return;
  }
  if (m_state->format == MapFormat::pdf)
    cairo_pdf_surface_set_metadata(m_state->surface, CAIRO_PDF_METADATA_TITLE, std::string(title).c_str());
  cairo_surface_finish(m_state->surface);
  if (cairo_status(m_state->cairo) != CAIRO_STATUS_SUCCESS ||
      cairo_surface_status(m_state->surface) != CAIRO_STATUS_SUCCESS)
    throw OutputError("the map could not be written", "ask for a smaller width and height");
  sink.write(m_state->format == MapFormat::svg ? m_state->texts.placed_in(m_state->bytes, title) : m_state->bytes);
}

}  // namespace yaan
