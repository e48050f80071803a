#include "yaan/render/map_painter.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "render/gl/framebuffer.hpp"
#include "render/gl/label_pass.hpp"
#include "render/gl/picture_pass.hpp"
#include "render/gl/point_pass.hpp"
#include "render/gl/polygon_pass.hpp"
#include "yaan/style/scale_bar.hpp"

namespace yaan::render {

namespace {

constexpr int kBaseSamples = 4;
constexpr double kScaleBarLongest = 140;  // design pixels
constexpr double kScaleBarMargin = 20;
constexpr std::size_t kMostObstacles = 2000;
constexpr float kScaleBarText = 12.5F;

void clear(Colour colour) {
  glClearColor(static_cast<float>(colour.r) / 255, static_cast<float>(colour.g) / 255,
               static_cast<float>(colour.b) / 255, 1);
  glClear(GL_COLOR_BUFFER_BIT);
}

// Whatever was drawn before us may have left other settings behind.
void set_drawing_state() {
  glDisable(GL_SCISSOR_TEST);
  glDisable(GL_DEPTH_TEST);
  glDisable(GL_CULL_FACE);
  glDisable(GL_STENCIL_TEST);
  glColorMask(GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
  glEnable(GL_BLEND);
  glBlendEquation(GL_FUNC_ADD);
  glBlendFuncSeparate(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
  glBindSampler(0, 0);
}

}  // namespace

struct MapPainter::State {
  State(const text::Engine& engine, PlanePoint scene_origin) : origin(scene_origin), label_pass(engine) {}

  PlanePoint origin;
  gl::PolygonPass polygon_pass;
  gl::PicturePass picture_pass;
  gl::PointPass point_pass;
  gl::LabelPass label_pass;
  std::vector<gl::PolygonBuffers> polygons;
  std::vector<std::optional<gl::PictureTexture>> backdrops;
  gl::PointBuffers points;
  gl::PolygonBuffers selected_outline;
  gl::PointBuffers selected_points;
  std::vector<MapLabel> labels;
  std::vector<PlanePoint> mark_places;  // what labels keep off
  double mark_radius = 0;
  Colour ground;
  double bar_metres_per_unit = 0;
  Language bar_language = Language::english;
  Colour bar_ink;
  Colour bar_halo;

  std::optional<gl::Framebuffer> base;     // ground and polygons
  std::optional<gl::Framebuffer> picture;  // all of it
  Camera camera;
  double pixel_ratio = 0;
  bool base_stale = true;
  bool picture_stale = true;

  void fit_framebuffers(const Camera& wanted, double ratio) {
    if (!base || base->width() != wanted.width || base->height() != wanted.height) {
      base.emplace(wanted.width, wanted.height, kBaseSamples);
      picture.emplace(wanted.width, wanted.height, 1);
      base_stale = true;
    }
    if (camera != wanted || pixel_ratio != ratio) base_stale = true;
    camera = wanted;
    pixel_ratio = ratio;
  }

  void paint_base(const gl::View& view) {
    base->bind();
    clear(ground);
    for (const gl::PolygonBuffers& layer : polygons) {
      if (!layer.ground()) continue;
      polygon_pass.draw_fills(layer, view);
      polygon_pass.draw_lines(layer, view, pixel_ratio);
    }
    paint_backdrops(view);
    for (const gl::PolygonBuffers& layer : polygons) {
      if (layer.ground()) continue;
      polygon_pass.draw_fills(layer, view);
      polygon_pass.draw_lines(layer, view, pixel_ratio);
    }
    base->resolve();
  }

  // Over the ground, and then the borders that they hide once more.
  void paint_backdrops(const gl::View& view) {
    const bool any = std::any_of(backdrops.begin(), backdrops.end(),
                                 [](const auto& backdrop) { return backdrop && backdrop->seen(); });
    if (!any) return;
    for (const auto& backdrop : backdrops)
      if (backdrop) picture_pass.draw(*backdrop, view);
    for (const gl::PolygonBuffers& layer : polygons)
      if (layer.ground()) polygon_pass.draw_casing(layer, view, pixel_ratio);
    for (const gl::PolygonBuffers& layer : polygons)
      if (layer.ground()) polygon_pass.draw_lines(layer, view, pixel_ratio);
  }

  void paint_labels() {
    const Box view = camera.view();
    std::vector<MapLabel> seen;  // only these are worth rasterising
    for (const MapLabel& label : labels) {
      const bool close = label.farthest <= 0 || camera.units_per_pixel * pixel_ratio <= label.farthest;
      if (close && label.place.x >= view.min_x && label.place.x <= view.max_x && label.place.y >= view.min_y &&
          label.place.y <= view.max_y)
        seen.push_back(label);
    }
    const std::vector<LabelSize> sizes = label_pass.measure(seen, pixel_ratio);
    label_pass.draw(seen, place_labels(seen, sizes, mark_places, mark_radius, camera, pixel_ratio), camera,
                    pixel_ratio);
  }

  // The bar with its two ends, over a wider one in the halo's colour; positions are turned back into the plane so that
  // the line pass can draw them.
  void paint_scale_bar(const gl::View& view) {
    if (bar_metres_per_unit <= 0) return;
    const style::ScaleBar bar =
        style::scale_bar(camera.units_per_pixel * bar_metres_per_unit, kScaleBarLongest * pixel_ratio, bar_language);
    const double left = kScaleBarMargin * pixel_ratio;
    const double bottom = camera.height - kScaleBarMargin * pixel_ratio;
    const double tick = 5 * pixel_ratio;
    PolygonMesh mesh;
    const auto add = [&](double x0, double y0, double x1, double y1) {
      for (const ScreenPoint& end : {ScreenPoint{x0, y0}, ScreenPoint{x1, y1}}) {
        const PlanePoint place = camera.to_plane(end);
        mesh.segments.push_back(static_cast<float>(place.x - origin.x));
        mesh.segments.push_back(static_cast<float>(place.y - origin.y));
      }
    };
    add(left, bottom - tick, left, bottom);
    add(left, bottom, left + bar.pixels, bottom);
    add(left + bar.pixels, bottom, left + bar.pixels, bottom - tick);
    mesh.feature_corners = {0, 0};
    mesh.feature_segments = {0, static_cast<std::uint32_t>(mesh.segments.size() / 4)};
    gl::PolygonBuffers buffers;
    for (const auto& [colour, width] : {std::pair{bar_halo, 5.0F}, std::pair{bar_ink, 2.0F}}) {
      buffers.upload(mesh, {{}, {colour}, width});
      polygon_pass.draw_lines(buffers, view, pixel_ratio);
    }
    MapLabel label;
    label.text = bar.label;
    label.size = kScaleBarText;
    label.ink = bar_ink;
    label.halo = bar_halo;
    const std::vector<MapLabel> one = {label};
    const LabelSize size = label_pass.measure(one, pixel_ratio).front();
    if (size.width <= 0) return;
    const double text_left = std::max(left + bar.pixels / 2 - size.width / 2, 2.0);
    label_pass.draw(one, {{0, std::round(text_left), std::round(bottom - tick - size.height)}}, camera, pixel_ratio);
  }
};

MapPainter::MapPainter(const text::Engine& engine, PlanePoint origin)
    : m_state(std::make_unique<State>(engine, origin)) {}
MapPainter::~MapPainter() = default;

void MapPainter::set_ground(Colour ground) {
  m_state->ground = ground;
  m_state->base_stale = true;
}

void MapPainter::set_polygons(std::size_t slot, const PolygonMesh& mesh, const PolygonPaint& paint) {
  while (m_state->polygons.size() <= slot) m_state->polygons.emplace_back();
  m_state->polygons[slot].upload(mesh, paint);
  m_state->base_stale = true;
}

void MapPainter::set_backdrop(std::size_t slot, const Picture& picture, const Box& box) {
  if (m_state->backdrops.size() <= slot) m_state->backdrops.resize(slot + 1);
  m_state->backdrops[slot].emplace(picture, box, m_state->origin);
  m_state->base_stale = true;
}

void MapPainter::set_backdrop_opacity(std::size_t slot, double opacity) {
  if (slot >= m_state->backdrops.size() || !m_state->backdrops[slot]) return;
  m_state->backdrops[slot]->set_opacity(static_cast<float>(opacity));
  m_state->base_stale = true;
}

void MapPainter::set_points(const std::vector<PointMark>& marks, const PointPaint& paint) {
  m_state->points.upload(marks, paint, m_state->origin);
  m_state->mark_places.clear();
  m_state->mark_radius = 0;
  for (const PointMark& mark : marks) {
    if (!mark.keep_clear) continue;
    m_state->mark_places.push_back(mark.place);
    m_state->mark_radius = std::max(m_state->mark_radius, static_cast<double>(mark.radius));
  }
  // With so many, labels could not keep off them anyway.
  if (m_state->mark_places.size() > kMostObstacles) m_state->mark_places.clear();
  m_state->picture_stale = true;
}

void MapPainter::set_selection(const PolygonMesh& outline, Colour line, float line_width,
                               const std::vector<PointMark>& marks, const PointPaint& paint) {
  m_state->selected_outline.upload(outline, {{}, {line}, line_width});
  m_state->selected_points.upload(marks, paint, m_state->origin);
  m_state->picture_stale = true;
}

void MapPainter::set_labels(std::vector<MapLabel> labels) {
  m_state->labels = std::move(labels);
  m_state->picture_stale = true;
}

void MapPainter::set_scale_bar(double metres_per_unit, Language language, Colour ink, Colour halo) {
  m_state->bar_metres_per_unit = metres_per_unit;
  m_state->bar_language = language;
  m_state->bar_ink = ink;
  m_state->bar_halo = halo;
  m_state->picture_stale = true;
}

void MapPainter::paint(const Camera& camera, double pixel_ratio) {
  State& state = *m_state;
  state.fit_framebuffers(camera, pixel_ratio);
  if (!state.base_stale && !state.picture_stale) return;
  const gl::View view(camera, state.origin);
  set_drawing_state();
  if (state.base_stale) state.paint_base(view);
  state.base->copy_to(*state.picture);
  state.picture->bind();
  state.polygon_pass.draw_lines(state.selected_outline, view, pixel_ratio);
  state.point_pass.draw(state.points, view, pixel_ratio);
  state.point_pass.draw(state.selected_points, view, pixel_ratio);
  state.paint_labels();
  state.paint_scale_bar(view);
  glBindVertexArray(0);
  state.base_stale = false;
  state.picture_stale = false;
}

std::uint32_t MapPainter::texture() const { return m_state->picture ? m_state->picture->texture() : 0; }

}  // namespace yaan::render
