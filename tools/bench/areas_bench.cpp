// Point in polygon beside GEOS: areas_bench AREAS --points N --repeats N --threads N
// Seeded points in the box of the areas, every tenth of them a vertex of a border. Yaan's assign_areas (within 0)
// against GEOS prepared geometries found by an STRtree, each thread with a tree of its own. Prints one JSON object for
// each, and fails when an answer differs: the first area, in order, whose closed region holds the point.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <geos_c.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <random>
#include <thread>
#include <vector>

#include "yaan/analyse/assign_areas.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/parallel.hpp"
#include "yaan/load/read.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using Answers = std::vector<std::int32_t>;

double since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

struct Points {
  std::vector<double> x;
  std::vector<double> y;
};

Points make_points(const yaan::Geometry& areas, std::size_t count) {
  std::mt19937_64 random(20261124);
  const yaan::Box box = areas.bounds();
  std::uniform_real_distribution<double> in_x(box.min_x, box.max_x);
  std::uniform_real_distribution<double> in_y(box.min_y, box.max_y);
  Points points;
  for (std::size_t i = 0; i < count; ++i) {
    if (i % 10 == 0) {
      const std::size_t vertex = random() % areas.x.size();
      points.x.push_back(areas.x[vertex]);
      points.y.push_back(areas.y[vertex]);
    } else {
      points.x.push_back(in_x(random));
      points.y.push_back(in_y(random));
    }
  }
  return points;
}

GEOSGeometry* to_geos(GEOSContextHandle_t geos, const yaan::Geometry& g, std::size_t area) {
  std::vector<GEOSGeometry*> parts;
  for (auto part = g.feature_parts[area]; part < g.feature_parts[area + 1]; ++part) {
    std::vector<GEOSGeometry*> rings;
    for (auto ring = g.part_rings[part]; ring < g.part_rings[part + 1]; ++ring) {
      const auto begin = g.ring_vertices[ring];
      const auto count = g.ring_vertices[ring + 1] - begin;
      GEOSCoordSequence* line = GEOSCoordSeq_create_r(geos, static_cast<unsigned>(count), 2);
      for (unsigned v = 0; v < count; ++v) GEOSCoordSeq_setXY_r(geos, line, v, g.x[begin + v], g.y[begin + v]);
      rings.push_back(GEOSGeom_createLinearRing_r(geos, line));
    }
    parts.push_back(
        GEOSGeom_createPolygon_r(geos, rings[0], rings.data() + 1, static_cast<unsigned>(rings.size() - 1)));
  }
  return GEOSGeom_createCollection_r(geos, GEOS_MULTIPOLYGON, parts.data(), static_cast<unsigned>(parts.size()));
}

struct GeosQuery {
  GEOSContextHandle_t geos;
  const std::vector<const GEOSPreparedGeometry*>* prepared;
  const GEOSGeometry* point;
  std::int32_t best;
};

void visit(void* item, void* data) {
  auto& query = *static_cast<GeosQuery*>(data);
  const auto area = static_cast<std::int32_t>(reinterpret_cast<std::intptr_t>(item));
  if (query.best >= 0 && area > query.best) return;
  if (GEOSPreparedIntersects_r(query.geos, (*query.prepared)[static_cast<std::size_t>(area)], query.point) == 1)
    query.best = area;
}

// A range of points with a tree of its own; `built` counts down when it is ready.
void geos_range(const yaan::Geometry& areas, const Points& points, std::size_t begin, std::size_t end, Answers& answers,
                std::atomic<unsigned>& unready) {
  GEOSContextHandle_t geos = GEOS_init_r();
  std::vector<GEOSGeometry*> shapes;
  std::vector<const GEOSPreparedGeometry*> prepared;
  GEOSSTRtree* tree = GEOSSTRtree_create_r(geos, 10);
  for (std::size_t area = 0; area < areas.size(); ++area) {
    shapes.push_back(to_geos(geos, areas, area));
    prepared.push_back(GEOSPrepare_r(geos, shapes.back()));
    GEOSSTRtree_insert_r(geos, tree, shapes.back(), reinterpret_cast<void*>(static_cast<std::intptr_t>(area)));
  }
  const auto ask = [&](std::size_t i) {
    GEOSGeometry* point = GEOSGeom_createPointFromXY_r(geos, points.x[i], points.y[i]);
    GeosQuery query{geos, &prepared, point, -1};
    GEOSSTRtree_query_r(geos, tree, point, visit, &query);
    answers[i] = query.best;
    GEOSGeom_destroy_r(geos, point);
  };
  if (begin < end) ask(begin);  // builds the tree
  --unready;
  while (unready > 0) std::this_thread::yield();
  for (std::size_t i = begin; i < end; ++i) ask(i);
  GEOSSTRtree_destroy_r(geos, tree);
  for (const GEOSPreparedGeometry* each : prepared) GEOSPreparedGeom_destroy_r(geos, each);
  for (GEOSGeometry* each : shapes) GEOSGeom_destroy_r(geos, each);
  GEOS_finish_r(geos);
}

// Seconds of the queries alone, without the building of the trees.
double by_geos(const yaan::Geometry& areas, const Points& points, unsigned threads, Answers& answers) {
  answers.assign(points.x.size(), -1);
  std::atomic<unsigned> unready{threads};
  std::vector<std::thread> workers;
  for (unsigned t = 0; t < threads; ++t)
    workers.emplace_back([&, t] {
      geos_range(areas, points, points.x.size() * t / threads, points.x.size() * (t + 1) / threads, answers, unready);
    });
  while (unready > 0) std::this_thread::yield();
  const auto begin = Clock::now();
  for (std::thread& worker : workers) worker.join();
  return since(begin);
}

int run(const std::filesystem::path& file, std::size_t count, int repeats, unsigned threads) {
  yaan::set_thread_count(threads);
  yaan::Progress progress;
  const yaan::Layer areas = yaan::read_layer(file, {}, progress).layer;
  const Points points = make_points(areas.geometry, count);
  const yaan::Crs plane = yaan::Crs::from_text("local");  // no search for the nearest of those outside
  std::vector<double> yaan_seconds;
  std::vector<double> geos_seconds;
  Answers geos;
  yaan::AreaAssignment found;
  for (int i = 0; i < repeats; ++i) {
    const auto begin = Clock::now();
    found = yaan::assign_areas(points.x, points.y, areas.geometry, plane, {yaan::Length(yaan::Metres{0})}, progress);
    yaan_seconds.push_back(since(begin));
    geos_seconds.push_back(by_geos(areas.geometry, points, threads, geos));
  }
  std::size_t different = 0;
  for (std::size_t i = 0; i < count; ++i) different += found.area[i] != geos[i] ? 1U : 0U;
  fmt::print("{{\"program\": \"yaan, index and queries\", \"seconds\": [{:.4f}]}}\n", fmt::join(yaan_seconds, ", "));
  fmt::print("{{\"program\": \"geos, queries only\", \"seconds\": [{:.4f}]}}\n", fmt::join(geos_seconds, ", "));
  fmt::print("{{\"areas\": {}, \"points\": {}, \"inside\": {}, \"different\": {}}}\n", areas.size(), count,
             found.inside, different);
  return different == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Point in polygon beside GEOS");
  std::filesystem::path file;
  std::size_t points = 1'000'000;
  int repeats = 5;
  unsigned threads = 2;
  app.add_option("areas", file)->required();
  app.add_option("--points", points);
  app.add_option("--repeats", repeats);
  app.add_option("--threads", threads);
  CLI11_PARSE(app, argc, argv);
  try {
    return run(file, points, repeats, threads);
  } catch (const yaan::Error& error) {
    fmt::print(stderr, "{}\n  {}\n", error.what(), error.advice());
    return 1;
  }
}
