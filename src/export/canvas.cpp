#include "export/canvas.hpp"

#include <cairo-ft.h>
#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <cairo.h>

#include <array>
#include <cmath>
#include <cstring>
#include <numbers>
#include <set>

#include "export/svg_texts.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/picture.hpp"

namespace yaan {

namespace {

// The fonts as Cairo wants them. Cairo keeps glyphs in caches of its own until the program ends, so these live as long.
class Fonts {
 public:
  static const Fonts& of(const text::Engine& engine) {
    static const Fonts fonts(engine);
    return fonts;
  }
  [[nodiscard]] cairo_font_face_t* face(std::uint16_t index) const { return m_fonts[index]; }

 private:
  explicit Fonts(const text::Engine& engine) {
    if (FT_Init_FreeType(&m_library) != 0) throw InputError("FreeType does not start");
    for (std::uint16_t i = 0; i < engine.face_count(); ++i) {
      FT_Face face = nullptr;
      if (FT_New_Face(m_library, engine.face_path(i).c_str(), 0, &face) != 0)
        throw InputError("the font " + engine.face_path(i) + " cannot be read",
                         "reinstall Debian's package fonts-noto-core");
      m_fonts.push_back(cairo_ft_font_face_create_for_ft_face(face, FT_LOAD_NO_HINTING));
    }
  }
  FT_Library m_library = nullptr;
  std::vector<cairo_font_face_t*> m_fonts;
};

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

constexpr double kPoint = 0.75;  // of a pixel at 96 to the inch

}  // namespace

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

  // A glyph run with the letters that its glyphs stand for, so that a PDF can be searched. A base goes with its signs:
  // readers put letters in order by their places, and a sign may stand before its base.
  void show(const text::Run& run, std::string_view utf8, std::size_t begin, std::size_t end,
            const std::vector<cairo_glyph_t>& glyphs) const {
    const auto byte_of = [&](std::size_t glyph) -> std::size_t {
      return glyph == run.glyphs.size() ? utf8.size() : run.glyphs[glyph].cluster;
    };
    std::set<std::size_t> starts;  // of what a reader sees as one character
    std::size_t offset = 0;
    for (const std::string& character : text::clusters(utf8)) {
      starts.insert(offset);
      offset += character.size();
    }
    std::vector<cairo_text_cluster_t> clusters;
    for (std::size_t i = begin; i < end;) {
      std::size_t next = i + 1;
      while (next < end && (run.glyphs[next].cluster == run.glyphs[i].cluster ||
                            !starts.contains(run.glyphs[next].cluster)))
        ++next;
      clusters.push_back({static_cast<int>(byte_of(next) - byte_of(i)), static_cast<int>(next - i)});
      i = next;
    }
    const std::size_t first = byte_of(begin);
    cairo_show_text_glyphs(cairo, utf8.data() + first, static_cast<int>(byte_of(end) - first), glyphs.data(),
                           static_cast<int>(glyphs.size()), clusters.data(), static_cast<int>(clusters.size()),
                           static_cast<cairo_text_cluster_flags_t>(0));
  }

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

void Canvas::hatch(const Geometry& polygons, std::size_t feature, style::Colour colour, double gap,
                   double line_width) {
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

double Canvas::text(std::string_view raw, double x, double y, double size, style::Colour colour, text::Weight weight,
                    Align align, style::Colour halo, double halo_width) {
  cairo_t* cairo = m_state->cairo;
  const std::string utf8 = text::encode(text::decode(raw));  // Cairo refuses a page for one broken letter
  const text::Run run = m_state->engine.shape(utf8, size, weight);
  const double left = x - (align == Align::left ? 0 : align == Align::middle ? run.width / 2 : run.width);
  cairo_set_font_size(cairo, size);
  // Glyphs of one face in a row go together.
  if (m_state->format == MapFormat::svg) m_state->texts.add(utf8, left, y, size, run.width);
  const auto each_stretch = [&](auto&& paint) {
    for (std::size_t begin = 0; begin < run.glyphs.size();) {
      std::vector<cairo_glyph_t> glyphs;
      std::size_t end = begin;
      for (; end < run.glyphs.size() && run.glyphs[end].face == run.glyphs[begin].face; ++end)
        glyphs.push_back({run.glyphs[end].id, left + run.glyphs[end].x, y - run.glyphs[end].y});
      cairo_set_font_face(cairo, Fonts::of(m_state->engine).face(run.glyphs[begin].face));
      paint(begin, end, glyphs);
      begin = end;
    }
  };
  if (halo.a != 0) {
    cairo_new_path(cairo);
    each_stretch([&](std::size_t, std::size_t, const std::vector<cairo_glyph_t>& glyphs) {
      cairo_glyph_path(cairo, glyphs.data(), static_cast<int>(glyphs.size()));
    });
    m_state->set(halo);
    cairo_set_line_width(cairo, 2 * halo_width);
    cairo_stroke(cairo);
  }
  m_state->set(colour);
  each_stretch([&](std::size_t begin, std::size_t end, const std::vector<cairo_glyph_t>& glyphs) {
    if (m_state->format == MapFormat::pdf) {
      m_state->show(run, utf8, begin, end, glyphs);
    } else {
      cairo_show_glyphs(cairo, glyphs.data(), static_cast<int>(glyphs.size()));
    }
  });
  return run.width;
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
