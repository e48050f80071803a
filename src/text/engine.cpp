#include "yaan/text/engine.hpp"

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H
#include <fmt/format.h>
#include <hb-ot.h>
#include <hb.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "text/utf8.hpp"
#include "text/word_breaks.hpp"
#include "yaan/core/error.hpp"

namespace yaan::text {

namespace {

constexpr std::array<const char*, 4> kFontFiles = {"NotoSans-Regular.ttf", "NotoSans-Bold.ttf",
                                                   "NotoSansThai-Regular.ttf", "NotoSansThai-Bold.ttf"};
enum Script : std::uint16_t { latin = 0, thai = 2 };  // index of the regular face; the bold one follows it

std::string find_font(const std::string& file) {
  std::vector<std::filesystem::path> folders;
  if (const char* given = std::getenv("YAAN_FONTS")) folders.emplace_back(given);  // NOLINT(concurrency-mt-unsafe)
  for (const char* usual : {"/usr/share/fonts/truetype/noto", "/usr/share/fonts/noto", "/usr/local/share/fonts"})
    folders.emplace_back(usual);
  for (const auto& folder : folders)
    if (std::error_code ignored; std::filesystem::is_regular_file(folder / file, ignored))
      return (folder / file).string();
  throw InputError(fmt::format("the font {} is not installed", file),
                   "install Debian's package fonts-noto-core, or name the folder that holds it in YAAN_FONTS");
}

struct Face {
  std::string path;
  hb_font_t* hb = nullptr;
  FT_Face ft = nullptr;
  double units_per_em = 1000;
  double ascent = 0;  // in ems
  double descent = 0;
};

// A stretch of text in one script.
struct Item {
  Script script;
  std::size_t begin;
  std::size_t end;
};

bool is_control(char32_t c) { return c < 0x20 || c == 0x7F || (c >= 0x80 && c < 0xA0) || c == 0x2028 || c == 0x2029; }

// Letters choose their script; everything else stays with what stands before it.
std::vector<Item> itemised(std::u32string_view text) {
  std::vector<Item> items;
  const auto is_neutral = [](char32_t c) {
    return c <= 0x40 || (c >= 0x5B && c <= 0x60) || (c >= 0x7B && c <= 0xBF) || (c >= 0x2000 && c <= 0x206F) ||
           c == 0x25CC;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const Script wanted = is_thai(text[i]) ? thai : latin;
    // The Thai font has no digits of its own shape that a Latin text would want, but both have digits and spaces.
    const bool stays = is_neutral(text[i]) && !items.empty();
    if (!items.empty() && (stays || items.back().script == wanted)) {
      items.back().end = i + 1;
    } else {
      items.push_back({wanted, i, i + 1});
    }
  }
  return items;
}

}  // namespace

struct Engine::State {
  FT_Library library = nullptr;
  std::array<Face, 4> faces;
  hb_buffer_t* buffer = nullptr;
  WordBreaks words;
  double ascent = 0;
  double descent = 0;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    for (Face& face : faces) {
      if (face.hb != nullptr) hb_font_destroy(face.hb);
      if (face.ft != nullptr) FT_Done_Face(face.ft);
    }
    if (buffer != nullptr) hb_buffer_destroy(buffer);
    if (library != nullptr) FT_Done_FreeType(library);
  }

  void load() {
    if (FT_Init_FreeType(&library) != 0) throw InputError("FreeType does not start");
    buffer = hb_buffer_create();
    for (std::size_t i = 0; i < faces.size(); ++i) {
      Face& face = faces[i];
      face.path = find_font(kFontFiles[i]);
      if (FT_New_Face(library, face.path.c_str(), 0, &face.ft) != 0)
        throw InputError(fmt::format("the font {} cannot be read", face.path),
                         "reinstall Debian's package fonts-noto-core");
      hb_blob_t* blob = hb_blob_create_from_file(face.path.c_str());
      hb_face_t* hb_face = hb_face_create(blob, 0);
      face.hb = hb_font_create(hb_face);
      hb_ot_font_set_funcs(face.hb);
      hb_face_destroy(hb_face);
      hb_blob_destroy(blob);
      face.units_per_em = face.ft->units_per_EM;
      ascent = std::max(ascent, face.ft->ascender / face.units_per_em);
      descent = std::max(descent, -face.ft->descender / face.units_per_em);
    }
  }

  // Shapes one item with one face; appends to the run. Characters that the face lacks come as glyph 0.
  void shape_item(std::u32string_view text, const Item& item, std::uint16_t face_index,
                  const std::vector<std::uint32_t>& byte_offsets, double size, Run& run) {
    const Face& face = faces[face_index];
    hb_buffer_clear_contents(buffer);
    hb_buffer_set_direction(buffer, HB_DIRECTION_LTR);
    hb_buffer_set_script(buffer, item.script == thai ? HB_SCRIPT_THAI : HB_SCRIPT_LATIN);
    hb_buffer_set_language(buffer, hb_language_from_string(item.script == thai ? "th" : "en", 2));
    hb_buffer_set_cluster_level(buffer, HB_BUFFER_CLUSTER_LEVEL_MONOTONE_CHARACTERS);
    hb_buffer_add_utf32(buffer, reinterpret_cast<const std::uint32_t*>(text.data()), static_cast<int>(text.size()),
                        static_cast<unsigned>(item.begin), static_cast<int>(item.end - item.begin));
    hb_shape(face.hb, buffer, nullptr, 0);
    unsigned count = 0;
    const hb_glyph_info_t* infos = hb_buffer_get_glyph_infos(buffer, &count);
    const hb_glyph_position_t* positions = hb_buffer_get_glyph_positions(buffer, &count);
    const double scale = size / face.units_per_em;
    for (unsigned g = 0; g < count; ++g) {
      run.glyphs.push_back({face_index, infos[g].codepoint, run.width + positions[g].x_offset * scale,
                            positions[g].y_offset * scale, byte_offsets[infos[g].cluster]});
      run.width += positions[g].x_advance * scale;
    }
  }

  [[nodiscard]] bool has_all(const Face& face, std::u32string_view text) const {
    return std::all_of(text.begin(), text.end(), [&](char32_t c) { return FT_Get_Char_Index(face.ft, c) != 0; });
  }
};

Engine::Engine() : m_state(std::make_unique<State>()) { m_state->load(); }
Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;

Run Engine::shape(std::string_view utf8, double size, Weight weight) const {
  Run run;
  run.size = size;
  run.ascent = m_state->ascent * size;
  run.descent = m_state->descent * size;
  std::u32string text;
  std::vector<std::uint32_t> byte_offsets;
  const std::vector<DecodedAt> decoded = decode_with_offsets(utf8);
  for (const auto& [c, offset] : decoded)
    if (!is_control(c)) {
      text.push_back(c);
      byte_offsets.push_back(offset);
    }
  for (const Item& item : itemised(text)) {
    const auto bold = static_cast<std::uint16_t>(weight == Weight::bold ? 1 : 0);
    auto face = static_cast<std::uint16_t>(item.script + bold);
    const auto other = static_cast<std::uint16_t>((item.script == thai ? latin : thai) + bold);
    const std::u32string_view stretch = std::u32string_view(text).substr(item.begin, item.end - item.begin);
    if (m_state->has_all(m_state->faces[face], stretch)) {
      m_state->shape_item(text, item, face, byte_offsets, size, run);
      continue;
    }
    // Punctuation and digits inside the stretch that only the other font has: set those alone in the other one.
    for (std::size_t i = item.begin; i < item.end;) {
      const bool own = FT_Get_Char_Index(m_state->faces[face].ft, text[i]) != 0;
      const bool theirs = !own && FT_Get_Char_Index(m_state->faces[other].ft, text[i]) != 0;
      std::size_t end = i + 1;
      while (end < item.end && (FT_Get_Char_Index(m_state->faces[face].ft, text[end]) == 0 &&
                                FT_Get_Char_Index(m_state->faces[other].ft, text[end]) != 0) == theirs)
        ++end;
      m_state->shape_item(text, {item.script, i, end}, theirs ? other : face, byte_offsets, size, run);
      i = end;
    }
  }
  return run;
}

double Engine::measure(std::string_view utf8, double size, Weight weight) const {
  return shape(utf8, size, weight).width;
}

std::vector<std::string> Engine::wrap(std::string_view utf8, double size, Weight weight, double max_width) const {
  std::vector<std::string> lines;
  std::string line;
  const auto trimmed = [](std::string text) {
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
  };
  for (const Piece& piece : m_state->words.pieces(utf8)) {
    const std::string candidate = line + piece.text;
    if (!line.empty() && measure(trimmed(candidate), size, weight) > max_width) {
      lines.push_back(trimmed(line));
      line = piece.text;
      line.erase(0, line.find_first_not_of(' '));
    } else {
      line = candidate;
    }
    if (piece.line_ends) {
      lines.push_back(trimmed(line));
      line.clear();
    }
  }
  if (!line.empty() || lines.empty()) lines.push_back(trimmed(line));
  return lines;
}

std::string Engine::fitted(std::string_view utf8, double size, Weight weight, double max_width) const {
  if (measure(utf8, size, weight) <= max_width) return std::string(utf8);
  const auto parts = clusters(utf8);
  std::size_t keep = parts.size();
  std::string text;
  do {
    keep = keep == 0 ? 0 : keep - 1;
    text.clear();
    for (std::size_t i = 0; i < keep; ++i) text += parts[i];
    text.erase(text.find_last_not_of(' ') + 1);
    text += "…";
  } while (keep > 0 && measure(text, size, weight) > max_width);
  return text;
}

std::string Engine::glyph_name(std::uint16_t face, std::uint32_t id) const {
  std::array<char, 64> name{};
  hb_font_get_glyph_name(m_state->faces.at(face).hb, id, name.data(), name.size());
  return name.data();
}

Bitmap Engine::rasterise(std::uint16_t face, std::uint32_t id, double size, double shift_x) const {
  FT_Face ft = m_state->faces.at(face).ft;
  FT_Set_Char_Size(ft, 0, static_cast<FT_F26Dot6>(std::lround(size * 64)), 72, 72);
  Bitmap bitmap;
  if (FT_Load_Glyph(ft, id, FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP) != 0) return bitmap;
  FT_Outline_Translate(&ft->glyph->outline, std::lround(shift_x * 64), 0);
  if (FT_Render_Glyph(ft->glyph, FT_RENDER_MODE_NORMAL) != 0) return bitmap;
  const FT_Bitmap& source = ft->glyph->bitmap;
  bitmap.width = static_cast<int>(source.width);
  bitmap.height = static_cast<int>(source.rows);
  bitmap.left = ft->glyph->bitmap_left;
  bitmap.top = ft->glyph->bitmap_top;
  bitmap.coverage.resize(static_cast<std::size_t>(bitmap.width) * static_cast<std::size_t>(bitmap.height));
  for (unsigned row = 0; row < source.rows; ++row) {
    const unsigned char* pixels = source.buffer + static_cast<std::ptrdiff_t>(row) * source.pitch;
    std::copy(pixels, pixels + source.width, bitmap.coverage.begin() + static_cast<std::ptrdiff_t>(row) * bitmap.width);
  }
  return bitmap;
}

const std::string& Engine::face_path(std::uint16_t face) const { return m_state->faces.at(face).path; }
std::uint16_t Engine::face_count() const { return static_cast<std::uint16_t>(m_state->faces.size()); }

}  // namespace yaan::text
