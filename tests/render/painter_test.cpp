// The painter's pictures, read back from an off-screen context.
#include "yaan/render/map_painter.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>

#include "render/gl/framebuffer.hpp"
#include "yaan/core/error.hpp"
#include "yaan/render/offscreen.hpp"

namespace yaan::render {
namespace {

constexpr Colour kSea{200, 220, 240, 255};
constexpr Colour kLand{250, 240, 220, 255};
constexpr Colour kInk{10, 20, 30, 255};

// What the painter's texture holds.
Picture read_back(const MapPainter& painter, int width, int height) {
  gl::FramebufferName framebuffer = gl::FramebufferName::make();
  glBindFramebuffer(GL_READ_FRAMEBUFFER, framebuffer.name());
  glFramebufferTexture2D(GL_READ_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, painter.texture(), 0);
  Picture picture{width, height, std::vector<std::uint8_t>(static_cast<std::size_t>(4 * width * height))};
  for (int y = 0; y < height; ++y)
    glReadPixels(0, height - 1 - y, width, 1, GL_RGBA, GL_UNSIGNED_BYTE, picture.pixels.data() + 4 * y * width);
  return picture;
}

bool is(const Picture& picture, int x, int y, Colour colour) {
  const std::uint8_t* pixel = picture.at(x, y);
  return std::abs(pixel[0] - colour.r) <= 2 && std::abs(pixel[1] - colour.g) <= 2 && std::abs(pixel[2] - colour.b) <= 2;
}

Camera camera_of(int width, int height) {
  Camera camera;
  camera.units_per_pixel = 10;
  camera.width = width;
  camera.height = height;
  return camera;
}

// A square of 1,000 units a side about the centre: 100 pixels at 10 units a pixel.
Geometry square() {
  Geometry polygons = Geometry::empty(GeometryKind::polygon);
  polygons.add_ring(std::vector<double>{-500, 500, 500, -500, -500}, std::vector<double>{-500, -500, 500, 500, -500});
  polygons.end_part();
  polygons.end_feature();
  return polygons;
}

class Painter : public ::testing::Test {
 protected:
  void SetUp() override {
    try {
      m_context = std::make_unique<OffscreenContext>();
    } catch (const OutputError& error) {
      GTEST_SKIP() << "no OpenGL off-screen here: " << error.what();
    }
    m_painter = std::make_unique<MapPainter>(m_engine, PlanePoint{0, 0});
    m_painter->set_ground(kSea);
  }
  void TearDown() override { m_painter.reset(); }  // while its context lives

  text::Engine m_engine;
  std::unique_ptr<OffscreenContext> m_context;
  std::unique_ptr<MapPainter> m_painter;
};

TEST_F(Painter, GroundFillAndBorderLieWhereTheCameraSays) {
  m_painter->set_polygons(0, polygon_mesh(square(), {0, 0}), {{kLand}, {kInk}, 3});
  m_painter->paint(camera_of(300, 200), 1);
  const Picture picture = read_back(*m_painter, 300, 200);
  EXPECT_TRUE(is(picture, 5, 5, kSea));
  EXPECT_TRUE(is(picture, 150, 100, kLand));
  EXPECT_TRUE(is(picture, 195, 100, kLand)) << "5 pixels inside";
  EXPECT_TRUE(is(picture, 205, 100, kSea)) << "5 pixels outside";
  EXPECT_TRUE(is(picture, 200, 100, kInk)) << "on the border";
  EXPECT_TRUE(is(picture, 150, 50, kInk)) << "on the border";
}

TEST_F(Painter, ThePixelRatioWidensLines) {
  m_painter->set_polygons(0, polygon_mesh(square(), {0, 0}), {{kLand}, {kInk}, 4});
  m_painter->paint(camera_of(300, 200), 2);
  EXPECT_TRUE(is(read_back(*m_painter, 300, 200), 203, 100, kInk));
  m_painter->paint(camera_of(300, 200), 1);
  EXPECT_TRUE(is(read_back(*m_painter, 300, 200), 203, 100, kSea));
}

TEST_F(Painter, SitesAreDiscsWithAnOutline) {
  m_painter->set_points({{{0, 0}, kInk, 6}, {{500, 500}, kLand, 6}}, {{255, 255, 255, 255}, 2});
  m_painter->paint(camera_of(300, 200), 1);
  const Picture picture = read_back(*m_painter, 300, 200);
  EXPECT_TRUE(is(picture, 150, 100, kInk));
  EXPECT_TRUE(is(picture, 200, 50, kLand));
  EXPECT_TRUE(is(picture, 155, 100, {255, 255, 255, 255})) << "the outline";
  EXPECT_TRUE(is(picture, 160, 100, kSea));
}

TEST_F(Painter, ChangedPolygonsAreDrawnAnew) {
  const PolygonMesh mesh = polygon_mesh(square(), {0, 0});
  m_painter->set_polygons(0, mesh, {{kLand}, {}, 0});
  m_painter->paint(camera_of(300, 200), 1);
  m_painter->set_polygons(0, mesh, {{kInk}, {}, 0});
  m_painter->paint(camera_of(300, 200), 1);
  EXPECT_TRUE(is(read_back(*m_painter, 300, 200), 150, 100, kInk));
  EXPECT_THROW(m_painter->set_polygons(0, mesh, {{kInk, kInk}, {}, 0}), std::invalid_argument);
}

TEST_F(Painter, LabelsShowInkAndHalo) {
  MapLabel label;
  label.text = "ปู่ Ban";
  label.size = 24;
  label.ink = kInk;
  label.halo = {255, 255, 255, 255};
  m_painter->set_labels({label});
  m_painter->paint(camera_of(300, 200), 1);
  const Picture picture = read_back(*m_painter, 300, 200);
  int ink = 0;
  int halo = 0;
  for (int y = 60; y < 140; ++y)
    for (int x = 80; x < 220; ++x) {
      ink += is(picture, x, y, kInk) ? 1 : 0;
      halo += picture.at(x, y)[0] > kSea.r + 20 ? 1 : 0;
    }
  EXPECT_GT(ink, 100);
  EXPECT_GT(halo, 200);
  EXPECT_TRUE(is(picture, 20, 20, kSea));
}

TEST_F(Painter, TheSameSceneGivesTheSameBytes) {
  m_painter->set_polygons(0, polygon_mesh(square(), {0, 0}), {{kLand}, {kInk}, 1});
  m_painter->set_scale_bar(1, Language::english, kInk, kLand);
  m_painter->paint(camera_of(300, 200), 1);
  const Picture first = read_back(*m_painter, 300, 200);
  m_painter->paint(camera_of(320, 200), 1);
  m_painter->paint(camera_of(300, 200), 1);
  EXPECT_EQ(first.pixels, read_back(*m_painter, 300, 200).pixels);
  EXPECT_EQ(encode_png(first), encode_png(first));
}

TEST_F(Painter, TheScaleBarSpeaksTheLanguage) {
  m_painter->set_polygons(0, polygon_mesh(square(), {0, 0}), {{kLand}, {kInk}, 1});
  m_painter->set_scale_bar(1, Language::english, kInk, kLand);
  m_painter->paint(camera_of(300, 200), 1);
  const Picture english = read_back(*m_painter, 300, 200);
  m_painter->set_scale_bar(1, Language::thai, kInk, kLand);
  m_painter->paint(camera_of(300, 200), 1);
  EXPECT_NE(english.pixels, read_back(*m_painter, 300, 200).pixels);
}

TEST(EncodePng, RefusesAPictureWithoutPixels) { EXPECT_THROW(encode_png(Picture{}), OutputError); }

}  // namespace
}  // namespace yaan::render
