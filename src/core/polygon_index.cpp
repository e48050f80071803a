#include "yaan/core/polygon_index.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "core/box_tree.hpp"
#include "core/geos.hpp"
#include "core/snapped_overlay.hpp"

namespace yaan {

namespace {

Geometry shifted(const Geometry& shapes, std::size_t feature, double dx) {
  Geometry one = shapes.select({static_cast<std::uint32_t>(feature)});
  if (dx != 0)
    for (double& x : one.x) x += dx;
  return one;
}

Geos::Shape collected(const Geos& geos, std::vector<Geos::Shape> shapes) {
  std::vector<GEOSGeometry*> parts;
  parts.reserve(shapes.size());
  for (Geos::Shape& shape : shapes) parts.push_back(shape.release());
  return geos.own(GEOSGeom_createCollection_r(geos.get(), GEOS_GEOMETRYCOLLECTION, parts.data(),
                                              static_cast<unsigned>(parts.size())));
}

void append_feature(const Geometry& from, std::size_t feature, Geometry& to) {
  for (std::size_t part = from.feature_parts[feature]; part < from.feature_parts[feature + 1]; ++part) {
    for (std::size_t r = from.part_rings[part]; r < from.part_rings[part + 1]; ++r)
      to.add_ring(from.ring_x(r), from.ring_y(r));
    to.end_part();
  }
  to.end_feature();
}

}  // namespace

struct PolygonIndex::State {
  struct DestroyPrepared {
    GEOSContextHandle_t handle;
    void operator()(const GEOSPreparedGeometry* geometry) const { GEOSPreparedGeom_destroy_r(handle, geometry); }
  };
  using Prepared = std::unique_ptr<const GEOSPreparedGeometry, DestroyPrepared>;

  Geos geos;
  Box bounds;
  std::vector<Geos::Shape> parts;  // single polygons without common ground
  std::vector<Prepared> prepared;
  std::unique_ptr<BoxTree> tree;
};

PolygonIndex::PolygonIndex(const Geometry& polygons) : m_state(std::make_unique<State>()) {
  if (polygons.kind != GeometryKind::polygon) throw std::invalid_argument("an index of polygons takes polygons");
  State& state = *m_state;
  const Geos& geos = state.geos;
  state.bounds = polygons.bounds();
  std::vector<Geos::Shape> features;
  for (std::size_t f = 0; f < polygons.size(); ++f) features.push_back(geos.feature(polygons, f));
  const Geometry ground = one_feature(geos, snapped_union(geos, collected(geos, std::move(features)).get()).get());

  const std::size_t count = ground.part_rings.size() - 1;
  state.tree = std::make_unique<BoxTree>(geos, count);
  for (std::size_t part = 0; part < count; ++part) {
    Geometry one = Geometry::empty(GeometryKind::polygon);
    for (std::size_t r = ground.part_rings[part]; r < ground.part_rings[part + 1]; ++r)
      one.add_ring(ground.ring_x(r), ground.ring_y(r));
    one.end_part();
    one.end_feature();
    state.tree->insert(one.bounds(), static_cast<std::uint32_t>(part));
    state.parts.push_back(geos.feature(one, 0));
    state.prepared.emplace_back(GEOSPrepare_r(geos.get(), state.parts.back().get()),
                                State::DestroyPrepared{geos.get()});
  }
}

PolygonIndex::~PolygonIndex() = default;
PolygonIndex::PolygonIndex(PolygonIndex&&) noexcept = default;
PolygonIndex& PolygonIndex::operator=(PolygonIndex&&) noexcept = default;

const Box& PolygonIndex::bounds() const { return m_state->bounds; }

bool PolygonIndex::covers(double x, double y) const {
  GEOSContextHandle_t geos = m_state->geos.get();
  const Geos::Shape point = m_state->geos.own(GEOSGeom_createPointFromXY_r(geos, x, y));
  const std::vector<std::uint32_t> near = m_state->tree->meeting({x, y, x, y});
  return std::any_of(near.begin(), near.end(), [&](std::uint32_t part) {
    return GEOSPreparedIntersects_r(geos, m_state->prepared[part].get(), point.get()) == 1;
  });
}

Geometry PolygonIndex::clipped(const Geometry& shapes, std::size_t feature, double dx, bool& unchanged) const {
  const Geos& geos = m_state->geos;
  Geometry one = shifted(shapes, feature, dx);
  Geometry out = Geometry::empty(GeometryKind::polygon);
  unchanged = one.x.empty();
  if (!one.x.empty()) {
    const Geos::Shape shape = geos.feature(one, 0);
    // The parts have no common ground, so what each of them shares with the shape can simply stand side by side.
    for (const std::uint32_t part : m_state->tree->meeting(one.bounds())) {
      const GEOSPreparedGeometry* prepared = m_state->prepared[part].get();
      if (GEOSPreparedIntersects_r(geos.get(), prepared, shape.get()) != 1) continue;
      if (GEOSPreparedCovers_r(geos.get(), prepared, shape.get()) == 1) {
        unchanged = true;
        return one;
      }
      geos.append_polygons(snapped_intersection(geos, m_state->parts[part].get(), shape.get()).get(), out);
    }
  }
  out.end_feature();
  orient_rings(out);
  return out;
}

std::vector<std::pair<std::uint32_t, std::uint32_t>> meeting_boxes(const Geometry& shapes) {
  const Geos geos;
  BoxTree tree(geos, shapes.size());
  for (std::size_t f = 0; f < shapes.size(); ++f)
    if (const Box box = shapes.bounds(f); !box.empty()) tree.insert(box, static_cast<std::uint32_t>(f));
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  for (std::size_t f = 0; f < shapes.size(); ++f) {
    const Box box = shapes.bounds(f);
    if (box.empty()) continue;
    for (const std::uint32_t other : tree.meeting(box))
      if (other > f) pairs.emplace_back(static_cast<std::uint32_t>(f), other);
  }
  return pairs;
}

Geometry without_earlier(const Geometry& shapes, std::vector<std::uint8_t>& changed, const Progress& progress) {
  const Geos geos;
  changed.assign(shapes.size(), 0);
  std::vector<std::vector<std::uint32_t>> earlier(shapes.size());
  for (const auto& [a, b] : meeting_boxes(shapes)) earlier[b].push_back(a);
  Geometry out = Geometry::empty(GeometryKind::polygon);
  for (std::size_t f = 0; f < shapes.size(); ++f) {
    progress.throw_if_cancelled();
    std::vector<Geos::Shape> takers;
    const Geos::Shape shape = geos.feature(shapes, f);
    for (const std::uint32_t other : earlier[f])
      if (Geos::Shape taker = geos.feature(shapes, other); GEOSIntersects_r(geos.get(), shape.get(), taker.get()) == 1)
        takers.push_back(std::move(taker));
    if (takers.empty()) {
      append_feature(shapes, f, out);
      continue;
    }
    const Geos::Shape taken = snapped_union(geos, collected(geos, std::move(takers)).get());
    // Shapes that only touch take nothing.
    if (!(geos.area(snapped_intersection(geos, shape.get(), taken.get()).get()) > 0)) {
      append_feature(shapes, f, out);
      continue;
    }
    changed[f] = 1;
    geos.append_polygons(snapped_difference(geos, shape.get(), taken.get()).get(), out);
    out.end_feature();
  }
  orient_rings(out);
  return out;
}

}  // namespace yaan
