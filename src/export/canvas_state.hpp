#pragma once
// What a canvas is inside: Cairo's surface and context, and how paths are laid.

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <cairo.h>

#include <cmath>
#include <numbers>
#include <string>
#include <string_view>
#include <vector>

#include "export/canvas.hpp"
#include "export/svg_texts.hpp"

namespace yaan {

inline constexpr double kPoint = 0.75;  // of a pixel at 96 to the inch

struct Canvas::State {
  MapFormat format = MapFormat::png;
  std::string bytes;  // of SVG and PDF, which Cairo writes as it goes
  SvgTexts texts;     // of SVG
  text::Engine engine;
  cairo_surface_t* surface = nullptr;
  cairo_t* cairo = nullptr;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (cairo != nullptr) cairo_destroy(cairo);
    if (surface != nullptr) cairo_surface_destroy(surface);
  }

  static cairo_status_t take(void* state, const unsigned char* data, unsigned length) {
    static_cast<State*>(state)->bytes.append(reinterpret_cast<const char*>(data), length);
    return CAIRO_STATUS_SUCCESS;
  }

  void open(int width, int height) {
    switch (format) {
      case MapFormat::png: surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height); break;
      case MapFormat::svg:
        surface = cairo_svg_surface_create_for_stream(take, this, width, height);
        cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PX);
        break;
      case MapFormat::pdf:
        surface = cairo_pdf_surface_create_for_stream(take, this, width * kPoint, height * kPoint);
        // The clock has no say in an output.
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, nullptr);
        break;
    }
    cairo = cairo_create(surface);
    if (format == MapFormat::pdf) cairo_scale(cairo, kPoint, kPoint);
  }

  // A glyph run with the letters that its glyphs stand for, so that a PDF can be searched.
  void show(const text::Run& run, std::string_view utf8, std::size_t begin, std::size_t end,
            const std::vector<cairo_glyph_t>& glyphs) const;

  void set(style::Colour colour) const {
    cairo_set_source_rgba(cairo, colour.r / 255.0, colour.g / 255.0, colour.b / 255.0, colour.a / 255.0);
  }

  void outline(const Geometry& polygons, std::size_t feature) const {
    cairo_new_path(cairo);
    const std::size_t first = polygons.part_rings[polygons.feature_parts[feature]];
    const std::size_t last = polygons.part_rings[polygons.feature_parts[feature + 1]];
    for (std::size_t ring = first; ring < last; ++ring) {
      const auto x = polygons.ring_x(ring);
      const auto y = polygons.ring_y(ring);
      for (std::size_t i = 0; i + 1 < x.size(); ++i) {
        if (i == 0) {
          cairo_move_to(cairo, x[i], y[i]);
        } else {
          cairo_line_to(cairo, x[i], y[i]);
        }
      }
      cairo_close_path(cairo);
    }
  }

  void box_path(const Box& box, double corner) const {
    if (corner <= 0) {
      cairo_rectangle(cairo, box.min_x, box.min_y, box.width(), box.height());
      return;
    }
    constexpr double kQuarter = std::numbers::pi / 2;
    cairo_new_sub_path(cairo);
    cairo_arc(cairo, box.max_x - corner, box.min_y + corner, corner, -kQuarter, 0);
    cairo_arc(cairo, box.max_x - corner, box.max_y - corner, corner, 0, kQuarter);
    cairo_arc(cairo, box.min_x + corner, box.max_y - corner, corner, kQuarter, 2 * kQuarter);
    cairo_arc(cairo, box.min_x + corner, box.min_y + corner, corner, 2 * kQuarter, 3 * kQuarter);
    cairo_close_path(cairo);
  }

  void star_path(double x, double y, int corners, double outer, double inner, double turn) const {
    const int points = inner > 0 ? 2 * corners : corners;
    for (int i = 0; i < points; ++i) {
      const double radius = inner > 0 && i % 2 == 1 ? inner : outer;
      const double angle = turn - std::numbers::pi / 2 + 2 * std::numbers::pi * i / points;
      cairo_line_to(cairo, x + radius * std::cos(angle), y + radius * std::sin(angle));
    }
    cairo_close_path(cairo);
  }
};

}  // namespace yaan
