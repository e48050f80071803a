#include "app/viewer/fonts.hpp"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "yaan/render/text_bitmap.hpp"

namespace yaan::viewer {

namespace {

constexpr unsigned kFirstPrivate = 0xE000;

// Code points that stand for themselves: Latin with accents, Thai, punctuation, signs of bounds, the replacement sign.
constexpr std::array<unsigned, 15> kPlain = {0x0020, 0x007E, 0x00A0, 0x024F, 0x0E01, 0x0E3A, 0x0E3F, 0x0E5B,
                                             0x2010, 0x2044, 0x2260, 0x2265, 0xFFFD, 0xFFFD, 0};

std::string utf8_of(unsigned code) {
  std::string text;
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0U | (code >> 6U));
    text += static_cast<char>(0x80U | (code & 0x3FU));
  } else {
    text += static_cast<char>(0xE0U | (code >> 12U));
    text += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
    text += static_cast<char>(0x80U | (code & 0x3FU));
  }
  return text;
}

// Every consonant with at most one vowel and one tone mark, in the order in which they are typed, and the usual
// combinations with maitaikhu, thanthakhat and sara am.
std::vector<std::string> thai_clusters() {
  static constexpr std::array<unsigned, 7> kVowels = {0x0E31, 0x0E34, 0x0E35, 0x0E36, 0x0E37, 0x0E38, 0x0E39};
  static constexpr std::array<unsigned, 4> kTones = {0x0E48, 0x0E49, 0x0E4A, 0x0E4B};
  static constexpr unsigned kSaraAm = 0x0E33;
  static constexpr unsigned kMaitaikhu = 0x0E47;
  static constexpr unsigned kThanthakhat = 0x0E4C;
  static constexpr unsigned kNikhahit = 0x0E4D;
  std::vector<std::string> clusters;
  for (unsigned base = 0x0E01; base <= 0x0E2E; ++base) {
    const std::string letter = utf8_of(base);
    for (const unsigned tone : kTones) clusters.push_back(letter + utf8_of(tone));
    for (const unsigned vowel : kVowels) {
      clusters.push_back(letter + utf8_of(vowel));
      for (const unsigned tone : kTones) clusters.push_back(letter + utf8_of(vowel) + utf8_of(tone));
    }
    clusters.push_back(letter + utf8_of(kMaitaikhu));
    for (const unsigned tone : {0x0E48U, 0x0E49U}) clusters.push_back(letter + utf8_of(kMaitaikhu) + utf8_of(tone));
    clusters.push_back(letter + utf8_of(kThanthakhat));
    for (const unsigned vowel : {0x0E34U, 0x0E38U}) clusters.push_back(letter + utf8_of(vowel) + utf8_of(kThanthakhat));
    clusters.push_back(letter + utf8_of(kNikhahit));
    clusters.push_back(letter + utf8_of(kSaraAm));
    for (const unsigned tone : kTones) clusters.push_back(letter + utf8_of(tone) + utf8_of(kSaraAm));
  }
  return clusters;
}

// A glyph of ours that waits for its place in the atlas.
struct Pending {
  int rectangle = 0;
  render::TextBitmap ink;
};

struct Face {
  ImFont* font = nullptr;
  double em = 0;
  text::Weight weight = text::Weight::regular;
  float ascent = 0;  // of the line, whole pixels
  float descent = 0;
  std::vector<Pending> pending;
};

void add_glyph(Face& face, const text::Engine& engine, unsigned code, const std::string& utf8) {
  Pending glyph;
  glyph.ink = render::text_bitmap(engine, utf8, face.em, face.weight);
  const auto advance = static_cast<float>(std::round(glyph.ink.advance));
  // A rectangle of its own even without ink: ImGui refuses empty ones.
  glyph.rectangle = ImGui::GetIO().Fonts->AddCustomRectFontGlyph(
      face.font, static_cast<ImWchar>(code), std::max(glyph.ink.width, 1), std::max(glyph.ink.height, 1), advance,
      {static_cast<float>(glyph.ink.left), face.ascent - static_cast<float>(glyph.ink.top)});
  face.pending.push_back(std::move(glyph));
}

Face add_face(const text::Engine& engine, const std::vector<std::string>& clusters, double em, text::Weight weight) {
  Face face;
  face.em = em;
  face.weight = weight;
  const text::Run line = engine.shape("", em, weight);
  face.ascent = static_cast<float>(std::round(line.ascent));
  face.descent = static_cast<float>(std::round(line.descent));
  // ImGui wants a font to hang our glyphs on: its built-in one, reduced to the space.
  static constexpr std::array<ImWchar, 3> kSpaceAlone = {0x20, 0x20, 0};
  ImFontConfig config;
  config.SizePixels = face.ascent + face.descent;
  face.font = ImGui::GetIO().Fonts->AddFontDefault(&config);
  ImGui::GetIO().Fonts->ConfigData.back().GlyphRanges = kSpaceAlone.data();
  for (std::size_t range = 0; kPlain[range] != 0; range += 2)
    for (unsigned code = kPlain[range]; code <= kPlain[range + 1]; ++code) add_glyph(face, engine, code, utf8_of(code));
  for (unsigned i = 0; i < clusters.size(); ++i) add_glyph(face, engine, kFirstPrivate + i, clusters[i]);
  return face;
}

void fill_atlas(const Face& face) {
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  unsigned char* pixels = nullptr;
  int width = 0;
  int height = 0;
  atlas.GetTexDataAsAlpha8(&pixels, &width, &height);
  for (const Pending& glyph : face.pending) {
    const ImFontAtlasCustomRect& place = *atlas.GetCustomRectByIndex(glyph.rectangle);
    for (int y = 0; y < glyph.ink.height; ++y)
      std::copy_n(glyph.ink.cover.begin() + y * glyph.ink.width, glyph.ink.width,
                  pixels + (place.Y + y) * width + place.X);
  }
  face.font->EllipsisChar = 0x2026;
  face.font->Ascent = face.ascent;
  face.font->Descent = -face.descent;
}

}  // namespace

Fonts::Fonts(const text::Engine& engine, float scale) : m_engine(engine) {
  const std::vector<std::string> clusters = thai_clusters();
  for (unsigned i = 0; i < clusters.size(); ++i) m_clusters[clusters[i]] = utf8_of(kFirstPrivate + i);

  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  atlas.Flags |= ImFontAtlasFlags_NoPowerOfTwoHeight;
  atlas.TexDesiredWidth = scale > 1.5F ? 4096 : 2048;
  struct Wanted {
    ImFont** font;
    double em;
    text::Weight weight;
  };
  using enum text::Weight;
  std::vector<Face> faces;
  for (const Wanted& wanted :
       {Wanted{&body, 16, regular}, Wanted{&strong, 17, bold}, Wanted{&small, 14, regular}, Wanted{&title, 25, bold}}) {
    const double em = std::round(wanted.em * static_cast<double>(scale) * 2) / 2;
    faces.push_back(add_face(engine, clusters, em, wanted.weight));
    *wanted.font = faces.back().font;
  }
  m_body_em = faces.front().em;
  atlas.Build();
  for (const Face& face : faces) fill_atlas(face);
}

std::string Fonts::to_imgui(std::string_view utf8) const {
  std::string shown;
  shown.reserve(utf8.size());
  for (const std::string& cluster : text::clusters(utf8)) {
    const auto known = m_clusters.find(cluster);
    shown.append(known == m_clusters.end() ? cluster : known->second);
  }
  return shown;
}

std::vector<std::string> Fonts::lines(std::string_view utf8, double width) const {
  // ImGui sets letters on whole pixels, which makes a line a little wider than the engine's.
  std::vector<std::string> lines = m_engine.wrap(utf8, m_body_em, text::Weight::regular, width * 0.96);
  for (std::string& line : lines) line = to_imgui(line);
  return lines;
}

}  // namespace yaan::viewer
