// Finds the districts of a site list with the installed library: read, cluster, describe, print.
//
//   find_districts creative_assets.csv
#include <cstdio>
#include <string>

#include "yaan/analyse/dbscan.hpp"
#include "yaan/core/error.hpp"
#include "yaan/district/districts.hpp"
#include "yaan/load/read.hpp"

namespace {

int run(const char* path) {
  yaan::Progress progress;
  yaan::ReadOptions reading;
  reading.x_column = "longitude";
  reading.y_column = "latitude";
  reading.crs = "EPSG:4326";
  yaan::Layer sites = yaan::read_layer(path, reading, progress).layer;
  sites.roles.id = "id";
  sites.roles.name_en = "name_en";
  sites.roles.category = "category";

  yaan::DbscanOptions clustering;
  clustering.radius = yaan::Metres{1000};
  clustering.min_points = 5;
  const yaan::MethodResult clusters = yaan::dbscan_method().run({{{"points", &sites}}}, clustering, progress);
  for (const yaan::Column& column : clusters.columns) sites.set(column);

  const yaan::MethodResult found = yaan::find_districts(sites, yaan::DistrictOptions{}, progress);
  const yaan::Layer& districts = found.layers.front();
  for (std::size_t d = 0; d < districts.size(); ++d)
    std::printf("%s: %s, %s sites\n", districts.column("district_id").display(d).c_str(),
                districts.column("name_en").display(d).c_str(), districts.column("count").display(d).c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: find_districts SITES.csv\n");
    return 2;
  }
  try {
    return run(argv[1]);
  } catch (const yaan::Error& error) {
    std::fprintf(stderr, "find_districts: %s\n%s\n", error.what(), error.advice().c_str());
    return 1;
  }
}
