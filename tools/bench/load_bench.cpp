// Times reading a file of points, in one of these ways:
//   load_bench here|unhashed|isolated|features|stream FILE --repeats N --threads N
// here: by Yaan in this process; unhashed: the same without the hash of the file; isolated: as the programs read, in a
// process of its own; features: GDAL's feature loop into columns; stream: GDAL's Arrow stream, of which nothing is
// kept. CSV files have the columns lon and lat. Prints one JSON object: seconds of each run, features, bytes of the
// columns that Yaan keeps, peak MiB of the larger process.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gdal_priv.h>
#include <ogr_recordbatch.h>
#include <ogrsf_frmts.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <vector>

#include "load/read_here.hpp"
#include "load/reader/host.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/parallel.hpp"

namespace {

struct Found {
  std::size_t features = 0;
  std::size_t bytes = 0;
};

Found by_yaan(const std::filesystem::path& file, const std::string& way) {
  yaan::ReadOptions options;
  if (file.extension() == ".csv") {
    options.x_column = "lon";
    options.y_column = "lat";
    options.crs = "EPSG:4326";
  }
  yaan::Progress progress;
  const yaan::ReadResult result = way == "isolated"   ? yaan::read_layer(file, options, progress)
                                  : way == "unhashed" ? yaan::read_unhashed_here(file, options, progress)
                                                      : yaan::read_layer_here(file, options, progress);
  Found found{result.layer.size(), 16 * result.layer.geometry.x.size()};
  for (const yaan::Column& column : result.layer.columns) {
    found.bytes += column.size();
    if (column.type() == yaan::ColumnType::text) {
      found.bytes += column.texts().bytes().size() + 8 * column.size();
    } else {
      found.bytes += 8 * column.size();
    }
  }
  return found;
}

GDALDatasetUniquePtr opened(const std::filesystem::path& file) {
  const char* const typed[] = {"AUTODETECT_TYPE=YES", "X_POSSIBLE_NAMES=lon", "Y_POSSIBLE_NAMES=lat",
                               "KEEP_GEOM_COLUMNS=NO", nullptr};
  const bool csv = file.extension() == ".csv";
  return GDALDatasetUniquePtr(GDALDataset::Open(file.c_str(), GDAL_OF_VECTOR, nullptr, csv ? typed : nullptr, nullptr));
}

// What every program must do with the loop's features: take positions and values.
Found by_features(const std::filesystem::path& file) {
  const GDALDatasetUniquePtr dataset = opened(file);
  OGRLayer& layer = *dataset->GetLayer(0);
  const OGRFeatureDefn& definition = *layer.GetLayerDefn();
  std::vector<double> x;
  std::vector<double> y;
  std::vector<double> numbers;
  std::string texts;
  for (auto& feature : layer) {
    const OGRPoint* point = feature->GetGeometryRef()->toPoint();
    x.push_back(point->getX());
    y.push_back(point->getY());
    for (int i = 0; i < definition.GetFieldCount(); ++i) {
      if (definition.GetFieldDefn(i)->GetType() == OFTString) {
        texts += feature->GetFieldAsString(i);
      } else {
        numbers.push_back(feature->GetFieldAsDouble(i));
      }
    }
  }
  return {x.size(), 0};
}

Found by_stream(const std::filesystem::path& file) {
  const GDALDatasetUniquePtr dataset = opened(file);
  ArrowArrayStream stream;
  if (!dataset->GetLayer(0)->GetArrowStream(&stream)) return {};
  Found found;
  for (;;) {
    ArrowArray batch{};
    if (stream.get_next(&stream, &batch) != 0 || batch.release == nullptr) break;
    found.features += static_cast<std::size_t>(batch.length);
    batch.release(&batch);
  }
  stream.release(&stream);
  return found;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Times reading a file of points");
  std::string way;
  std::filesystem::path file;
  int repeats = 5;
  unsigned threads = 2;
  app.add_option("way", way)->required()->check(CLI::IsMember({"here", "unhashed", "isolated", "features", "stream"}));
  app.add_option("file", file)->required();
  app.add_option("--repeats", repeats);
  app.add_option("--threads", threads);
  CLI11_PARSE(app, argc, argv);
  GDALAllRegister();
  yaan::set_thread_count(threads);
  try {
    std::vector<double> seconds;
    std::vector<double> cpu;
    Found found;
    for (int i = 0; i < repeats; ++i) {
      const auto begin = std::chrono::steady_clock::now();
      const std::clock_t cpu_begin = std::clock();
      found = way == "features" ? by_features(file) : way == "stream" ? by_stream(file) : by_yaan(file, way);
      seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
      cpu.push_back(static_cast<double>(std::clock() - cpu_begin) / CLOCKS_PER_SEC);
    }
    yaan::end_waiting_host();
    rusage usage{};
    rusage of_reader{};
    ::getrusage(RUSAGE_SELF, &usage);
    ::getrusage(RUSAGE_CHILDREN, &of_reader);
    fmt::print(
        "{{\"seconds\": [{:.4f}], \"cpu_seconds\": [{:.4f}], \"features\": {}, \"bytes\": {}, \"peak_mib\": {}}}\n",
        fmt::join(seconds, ", "), fmt::join(cpu, ", "), found.features, found.bytes,
        std::max(usage.ru_maxrss, of_reader.ru_maxrss) / 1024);
  } catch (const yaan::Error& error) {
    fmt::print(stderr, "{}\n  {}\n", error.what(), error.advice());
    return 1;
  }
  return 0;
}
