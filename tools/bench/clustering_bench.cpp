// Times one job of yaan's clustering on raw points; only the computation is timed. Prints one JSON object.
//   dbscan     labels of one radius
//   tree       the minimum spanning tree of mutual reachability (of distances with --min-points 1)
//   hierarchy  the cluster hierarchy, ready to be cut
//   cut        labels and counts of one radius from the hierarchy
//   optics     the ordering
//   hdbscan    points to labels, strengths and scores
// With --cancel N the job is cancelled at N moments spread over its time, and the seconds are those from the wish to
// stop until it has stopped.

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <functional>
#include <memory>
#include <thread>

#include "analyse/spanning_tree.hpp"
#include "bench_points.hpp"
#include "yaan/analyse/hdbscan.hpp"
#include "yaan/analyse/optics.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/parallel.hpp"

namespace {

using yaan::bench::StageClock;
using yaan::bench::Times;

struct Call {
  std::string job, file, labels;
  double radius = 500;
  std::int64_t min_points = 10;
  bool geographic = false;
  unsigned threads = 0;
  int repeats = 5;
  int cancel = 0;
};

struct Answer {
  std::function<std::string()> members;  // of the JSON object
  std::vector<std::int32_t> labels;      // for a peer to be compared with
};

using Job = std::function<Answer(yaan::Progress&)>;

Answer counted(std::int64_t clusters, std::int64_t noise, std::vector<std::int32_t> labels) {
  return {[=] { return "\"clusters\": " + std::to_string(clusters) + ", \"noise\": " + std::to_string(noise); },
          std::move(labels)};
}

template <class Values, class Length>
Answer summed(const char* name, Values values, Length length) {
  return {[=, values = std::move(values)] {
            double sum = 0;
            for (const auto& value : values) sum += length(value);
            char text[64];
            std::snprintf(text, sizeof text, "\"%s\": %.4f", name, sum);
            return std::string(text);
          },
          {}};
}

Job job_of(const Call& call, const std::vector<double>& x, const std::vector<double>& y) {
  const yaan::Crs crs = call.geographic ? yaan::Crs::wgs84() : yaan::Crs::local();
  const yaan::Length radius = yaan::Metres{call.radius};
  if (call.job == "dbscan")
    return [&, crs, radius](yaan::Progress& progress) {
      yaan::DbscanOptions options;
      options.radius = radius;
      options.min_points = call.min_points;
      yaan::DbscanLabels labels = yaan::dbscan(x, y, crs, options, progress);
      return counted(labels.clusters, labels.noise, std::move(labels.cluster));
    };
  if (call.job == "tree")
    return [&](yaan::Progress& progress) {
      const yaan::PointTree tree = yaan::point_tree(x, y, call.geographic, progress);
      const auto rank = static_cast<std::uint32_t>(call.min_points - 1);
      const auto lists = yaan::nearest_lists(tree, std::max(rank, 6U), rank, progress);
      return summed("weight", yaan::spanning_tree(tree, lists, progress),
                    [](const yaan::TreeEdge& edge) { return std::sqrt(edge.squared); });
    };
  if (call.job == "hierarchy")
    return [&, crs](yaan::Progress& progress) {
      const yaan::ClusterHierarchy hierarchy(x, y, crs, call.min_points, progress);
      return Answer{[] { return std::string(); }, {}};
    };
  if (call.job == "cut") {
    yaan::Progress silent;
    const auto hierarchy = std::make_shared<const yaan::ClusterHierarchy>(x, y, crs, call.min_points, silent);
    return [=](yaan::Progress&) {
      yaan::ClusterCut cut = hierarchy->cut(radius);
      return counted(cut.labels.clusters, cut.labels.noise, std::move(cut.labels.cluster));
    };
  }
  if (call.job == "optics")
    return [&, crs, radius](yaan::Progress& progress) {
      yaan::OpticsOptions options;
      options.radius = radius;
      options.min_points = call.min_points;
      return summed("reachability", yaan::optics_ordering(x, y, crs, options, progress).reachability,
                    [](double reach) { return std::isfinite(reach) ? reach : 0; });
    };
  return [&, crs](yaan::Progress& progress) {
    yaan::HdbscanOptions options;
    options.min_points = options.min_cluster_size = call.min_points;
    yaan::HdbscanLabels labels = yaan::hdbscan(x, y, crs, options, progress);
    return counted(labels.clusters, labels.noise, std::move(labels.cluster));
  };
}

std::string run(const Call& call, const Job& job) {
  Times times;
  StageClock stages;
  Answer answer;
  for (int repeat = 0; repeat < call.repeats; ++repeat) {
    answer = {};
    times.start();
    stages.start();
    answer = job(stages);
    stages.stop();
    times.stop();
  }
  if (!call.labels.empty())
    std::ofstream(call.labels, std::ios::binary)
        .write(reinterpret_cast<const char*>(answer.labels.data()),
               static_cast<std::streamsize>(answer.labels.size() * sizeof(std::int32_t)));
  const std::string members = answer.members();
  return members + (members.empty() ? "" : ", ") + times.json() + ", \"stages\": " + stages.json();
}

std::string run_cancelled(const Call& call, const Job& job) {
  Times whole;
  yaan::Progress undisturbed;
  whole.start();
  job(undisturbed);
  whole.stop();
  Times times;
  for (int moment = 0; moment < call.cancel; ++moment) {
    yaan::Progress progress;
    std::thread impatient([&] {
      std::this_thread::sleep_for(
          std::chrono::duration<double>(whole.seconds().front() * (moment + 0.5) / call.cancel));
      times.start();
      progress.cancel();
    });
    bool stopped = false;
    try {
      job(progress);
    } catch (const yaan::Cancelled&) {
      stopped = true;
    }
    if (stopped) times.stop();  // else it was faster than the first time
    impatient.join();
  }
  return times.json();
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
  app.add_option("--cancel", call.cancel, "cancel the job at so many moments instead");
  CLI11_PARSE(app, argc, argv);
  auto [x, y] = yaan::bench::read_points(call.file);
  if (call.geographic) yaan::bench::to_degrees(x, y);
  yaan::set_thread_count(call.threads);
  const Job job = job_of(call, x, y);
  const std::string members = call.cancel > 0 ? run_cancelled(call, job) : run(call, job);
  std::printf("{\"points\": %zu, \"threads\": %u, %s}\n", x.size(), yaan::thread_count(), members.c_str());
  return 0;
}
