#pragma once
// Layers with the columns of the output contract, docs/outputs.md.

#include "export/sample_layers.hpp"

namespace yaan::testing {

template <class Value>
Column column_of(const std::string& name, ColumnType type, const std::vector<Value>& values) {
  Column column(name, type);
  for (const Value& value : values) column.push(value);
  return column;
}

/// Two districts: a full one and one of hidden sites alone, which has no outline, centre and name.
inline Layer contract_districts() {
  Layer layer =
      layer_of("districts", polygons_of({{{98.97, 18.78, 99.0, 18.78, 99.0, 18.8, 98.97, 18.8, 98.97, 18.78}}, {}}));
  layer.set(text_column("district_id", {"D1", "D2"}));
  layer.set(Column::of("rank", std::vector<std::int64_t>{1, 2}));
  layer.set(Column::of("cluster", std::vector<std::int64_t>{2, 1}));
  layer.set(text_column("name_en", {"Wat Chedi Luang", ""}));
  layer.set(text_column("name_th", {"วัดเจดีย์หลวง", ""}));
  layer.set(Column::of("count", std::vector<std::int64_t>{12, 5}));
  layer.set(real_column("weight", {12, 5}));
  layer.set(text_column("centre_id", {"site-0041", ""}));
  const double nan = std::nan("");
  layer.set(real_column("centre_lon", {98.981, nan}));
  layer.set(real_column("centre_lat", {18.791, nan}));
  layer.set(text_column("outline_method", {"concave hull, edges up to 1km, margin 100m", ""}));
  layer.set(real_column("area_km2", {6.99, nan}));
  layer.set(real_column("density_per_km2", {1.717, nan}));
  layer.set(column_of<StringList>("province_codes", ColumnType::text_list, {{"TH-50", "TH-51"}, {}}));
  layer.set(column_of<DoubleList>("province_shares", ColumnType::real_list, {{0.75, 0.25}, {}}));
  layer.set(text_column("province_en", {"Chiang Mai", ""}));
  layer.set(text_column("province_th", {"เชียงใหม่", ""}));
  layer.set(real_column("mean_nn_distance_m", {210.5, nan}));
  layer.set(column_of<StringList>("categories", ColumnType::text_list, {{"temple", "craft"}, {"market"}}));
  layer.set(column_of<IntList>("category_counts", ColumnType::integer_list, {{9, 3}, {5}}));
  layer.set(real_column("shannon_diversity", {0.5623, 0}));
  layer.set(text_column("dominant_category", {"temple", "market"}));
  layer.set(real_column("p", {0.02, nan}));
  layer.set(real_column("false_discovery_rate", {0.004, nan}));
  layer.roles.id = "district_id";
  layer.sources = sites().sources;
  return layer;
}

/// The sample sites as a run hands them on: with their area, cluster and district.
inline Layer contract_sites() {
  Layer layer = sites();
  layer.set(text_column("area_code", {"TH-50", "TH-50", "TH-50", "TH-50", ""}));
  layer.set(text_column("area_name_en", {"Chiang Mai", "Chiang Mai", "Chiang Mai", "Chiang Mai", ""}));
  layer.set(text_column("area_name_th", {"เชียงใหม่", "เชียงใหม่", "เชียงใหม่", "เชียงใหม่", ""}));
  layer.set(real_column("area_distance_m", {0, 0, 0, 120.5, std::nan("")}));
  Column cluster("cluster", ColumnType::integer);
  for (int i = 0; i < 4; ++i) cluster.push(std::int64_t{1});
  cluster.push_null();
  layer.set(cluster);
  layer.set(Column::of("core", std::vector<std::int64_t>{1, 1, 1, 0, 0}));
  layer.set(text_column("district_id", {"D1", "D1", "D1", "D1", ""}));
  Column rank = cluster.select({0, 1, 2, 3, 4});
  rank.name = "district_rank";
  layer.set(rank);
  return layer;
}

}  // namespace yaan::testing
