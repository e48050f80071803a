// Times one job of yaan's clustering on raw points; only the computation is timed. Prints one JSON object.
//   dbscan     labels of one radius
//   tree       the minimum spanning tree of mutual reachability (of distances with --min-points 1)
//   hierarchy  the cluster hierarchy, ready to be cut
//   cut        labels and counts of one radius from the hierarchy
//   optics     the ordering
//   hdbscan    points to labels, strengths and scores

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <fstream>

#include "analyse/spanning_tree.hpp"
#include "bench_points.hpp"
#include "yaan/analyse/hdbscan.hpp"
#include "yaan/analyse/optics.hpp"
#include "yaan/core/parallel.hpp"

namespace {

struct Call {
  std::string job, file, labels;
  double radius = 500;
  std::int64_t min_points = 10;
  bool geographic = false;
  unsigned threads = 0;
  int repeats = 5;
};

struct Answer {
  std::string counts;                // JSON members
  std::vector<std::int32_t> labels;  // for a peer to be compared with
};

std::string counts_of(const yaan::DbscanLabels& labels) {
  return "\"clusters\": " + std::to_string(labels.clusters) + ", \"noise\": " + std::to_string(labels.noise);
}

Answer run(const Call& call, const std::vector<double>& x, const std::vector<double>& y, yaan::bench::Times& times) {
  const yaan::Crs crs = call.geographic ? yaan::Crs::wgs84() : yaan::Crs::local();
  yaan::Progress progress;
  Answer answer;
  if (call.job == "dbscan") {
    yaan::DbscanOptions options;
    options.radius = yaan::Metres{call.radius};
    options.min_points = call.min_points;
    for (int repeat = 0; repeat < call.repeats; ++repeat) {
      times.start();
      yaan::DbscanLabels labels = yaan::dbscan(x, y, crs, options, progress);
      times.stop();
      answer = {counts_of(labels), std::move(labels.cluster)};
    }
  } else if (call.job == "tree") {
    for (int repeat = 0; repeat < call.repeats; ++repeat) {
      times.start();
      const yaan::PointTree tree = yaan::point_tree(x, y, call.geographic, progress);
      const auto rank = static_cast<std::uint32_t>(call.min_points - 1);
      const auto lists = yaan::nearest_lists(tree, std::max(rank, 6U), rank, progress);
      const auto edges = yaan::spanning_tree(tree, lists, progress);
      times.stop();
      double weight = 0;
      for (const yaan::TreeEdge& edge : edges) weight += std::sqrt(edge.squared);
      char text[64];
      std::snprintf(text, sizeof text, "\"weight\": %.4f", weight);
      answer.counts = text;
    }
  } else if (call.job == "hierarchy" || call.job == "cut") {
    for (int repeat = 0; repeat < (call.job == "cut" ? 1 : call.repeats); ++repeat) {
      if (call.job == "hierarchy") times.start();
      const yaan::ClusterHierarchy hierarchy(x, y, crs, call.min_points, progress);
      if (call.job == "hierarchy") {
        times.stop();
        continue;
      }
      for (int cut_number = 0; cut_number < call.repeats; ++cut_number) {
        times.start();
        yaan::ClusterCut cut = hierarchy.cut(yaan::Metres{call.radius});
        times.stop();
        answer = {counts_of(cut.labels), std::move(cut.labels.cluster)};
      }
    }
  } else if (call.job == "optics") {
    yaan::OpticsOptions options;
    options.radius = yaan::Metres{call.radius};
    options.min_points = call.min_points;
    for (int repeat = 0; repeat < call.repeats; ++repeat) {
      times.start();
      const yaan::OpticsOrdering ordering = yaan::optics_ordering(x, y, crs, options, progress);
      times.stop();
      double sum = 0;
      for (const double reach : ordering.reachability) sum += std::isfinite(reach) ? reach : 0;
      char text[64];
      std::snprintf(text, sizeof text, "\"reachability\": %.4f", sum);
      answer.counts = text;
    }
  } else {
    yaan::HdbscanOptions options;
    options.min_points = options.min_cluster_size = call.min_points;
    for (int repeat = 0; repeat < call.repeats; ++repeat) {
      times.start();
      yaan::HdbscanLabels labels = yaan::hdbscan(x, y, crs, options, progress);
      times.stop();
      answer = {"\"clusters\": " + std::to_string(labels.clusters) + ", \"noise\": " + std::to_string(labels.noise),
                std::move(labels.cluster)};
    }
  }
  return answer;
}

}  // namespace

int main(int argc, char** argv) {
  Call call;
  CLI::App app("Times one job of yaan's clustering on raw points.");
  app.add_option("job", call.job)
      ->required()
      ->check(CLI::IsMember({"dbscan", "tree", "hierarchy", "cut", "optics", "hdbscan"}));
  app.add_option("file", call.file, "little-endian x, y pairs of doubles")->required();
  app.add_option("--radius", call.radius, "metres");
  app.add_option("--min-points", call.min_points);
  app.add_flag("--geographic", call.geographic, "take the points to degrees first");
  app.add_option("--threads", call.threads);
  app.add_option("--repeats", call.repeats);
  app.add_option("--labels", call.labels, "file for the labels, as int32");
  CLI11_PARSE(app, argc, argv);
  auto [x, y] = yaan::bench::read_points(call.file);
  if (call.geographic) yaan::bench::to_degrees(x, y);
  yaan::set_thread_count(call.threads);
  yaan::bench::Times times;
  const Answer answer = run(call, x, y, times);
  if (!call.labels.empty())
    std::ofstream(call.labels, std::ios::binary)
        .write(reinterpret_cast<const char*>(answer.labels.data()),
               static_cast<std::streamsize>(answer.labels.size() * sizeof(std::int32_t)));
  std::printf("{\"points\": %zu, %s%s\"threads\": %u, %s}\n", x.size(), answer.counts.c_str(),
              answer.counts.empty() ? "" : ", ", yaan::thread_count(), times.json().c_str());
  return 0;
}
