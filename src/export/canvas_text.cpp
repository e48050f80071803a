// Texts of a canvas: our glyph runs, painted by Cairo.

#include <cairo-ft.h>

#include <set>

#include "export/canvas_state.hpp"
#include "yaan/core/error.hpp"

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

}  // namespace

// A base goes with its signs: readers put letters in order by their places, and a sign may stand before its base.
void Canvas::State::show(const text::Run& run, std::string_view utf8, std::size_t begin, std::size_t end,
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
    while (next < end &&
           (run.glyphs[next].cluster == run.glyphs[i].cluster || !starts.contains(run.glyphs[next].cluster)))
      ++next;
    clusters.push_back({static_cast<int>(byte_of(next) - byte_of(i)), static_cast<int>(next - i)});
    i = next;
  }
  const std::size_t first = byte_of(begin);
  cairo_show_text_glyphs(cairo, utf8.data() + first, static_cast<int>(byte_of(end) - first), glyphs.data(),
                         static_cast<int>(glyphs.size()), clusters.data(), static_cast<int>(clusters.size()),
                         static_cast<cairo_text_cluster_flags_t>(0));
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

}  // namespace yaan
