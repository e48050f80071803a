#include <fmt/format.h>

#include <algorithm>

#include "yaan/analyse/area_change.hpp"
#include "yaan/analyse/area_statistics.hpp"
#include "yaan/analyse/assign_areas.hpp"
#include "yaan/analyse/bivariate_moran.hpp"
#include "yaan/analyse/check_areas.hpp"
#include "yaan/analyse/check_claims.hpp"
#include "yaan/analyse/colocation_quotient.hpp"
#include "yaan/analyse/cross_k.hpp"
#include "yaan/analyse/dbscan.hpp"
#include "yaan/analyse/density_change.hpp"
#include "yaan/analyse/find_duplicates.hpp"
#include "yaan/analyse/geary.hpp"
#include "yaan/analyse/general_g.hpp"
#include "yaan/analyse/grid.hpp"
#include "yaan/analyse/hdbscan.hpp"
#include "yaan/analyse/join_counts.hpp"
#include "yaan/analyse/kernel_density.hpp"
#include "yaan/analyse/local_colocation_quotient.hpp"
#include "yaan/analyse/local_g.hpp"
#include "yaan/analyse/local_geary.hpp"
#include "yaan/analyse/local_join_count.hpp"
#include "yaan/analyse/local_moran.hpp"
#include "yaan/analyse/location_quotient.hpp"
#include "yaan/analyse/match_areas.hpp"
#include "yaan/analyse/moran.hpp"
#include "yaan/analyse/nearest.hpp"
#include "yaan/analyse/nearest_neighbour_index.hpp"
#include "yaan/analyse/optics.hpp"
#include "yaan/analyse/pair_correlation.hpp"
#include "yaan/analyse/quadrat_test.hpp"
#include "yaan/analyse/radius_choice.hpp"
#include "yaan/analyse/rates.hpp"
#include "yaan/analyse/repair_axes.hpp"
#include "yaan/analyse/ripley_k.hpp"
#include "yaan/analyse/scan_statistic.hpp"
#include "yaan/analyse/site_points.hpp"
#include "yaan/analyse/spatial_weights.hpp"
#include "yaan/core/error.hpp"
#include "yaan/district/constrain.hpp"
#include "yaan/district/district_significance.hpp"
#include "yaan/district/districts.hpp"
#include "yaan/district/stability.hpp"
#include "yaan/study/registry.hpp"

namespace yaan {

const std::vector<MethodGroup>& method_groups() {
  // The one list of all methods. A new method is one more line here.
  static const std::vector<MethodGroup> groups = {
      {{"Prepare and check", "เตรียมและตรวจสอบข้อมูล"},
       {
           &check_areas_method(),
           &site_points_method(),
           &repair_axes_method(),
           &match_areas_method(),
           &find_duplicates_method(),
           &check_claims_method(),
           &assign_areas_method(),
       }},
      {{"Areas", "พื้นที่"},
       {
           &grid_method(),
           &area_statistics_method(),
           &location_quotient_method(),
           &rates_method(),
           &area_change_method(),
       }},
      {{"Clusters and districts", "กลุ่มและย่าน"},
       {
           &dbscan_method(),
           &hdbscan_method(),
           &optics_method(),
           &k_distances_method(),
           &radius_curves_method(),
           &constrain_districts_method(),
           &districts_method(),
           &stability_method(),
           &district_significance_method(),
       }},
      {{"Density and distance", "ความหนาแน่นและระยะ"},
       {
           &density_method(),
           &density_change_method(),
           &nearest_method(),
       }},
      {{"Autocorrelation", "สหสัมพันธ์เชิงพื้นที่"},
       {
           &spatial_weights_method(),
           &moran_method(),
           &geary_method(),
           &general_g_method(),
           &join_counts_method(),
           &bivariate_moran_method(),
           &local_moran_method(),
           &local_g_method(),
           &local_geary_method(),
           &local_join_count_method(),
           &local_bivariate_moran_method(),
       }},
      {{"Patterns and kinds", "รูปแบบและประเภท"},
       {
           &colocation_quotient_method(),
           &local_colocation_quotient_method(),
           &nearest_neighbour_index_method(),
           &quadrat_test_method(),
           &ripley_k_method(),
           &pair_correlation_method(),
           &cross_k_method(),
           &scan_statistic_method(),
       }},
  };
  return groups;
}

const std::vector<const Method*>& methods() {
  static const std::vector<const Method*> all = [] {
    std::vector<const Method*> list;
    for (const MethodGroup& group : method_groups())
      list.insert(list.end(), group.methods.begin(), group.methods.end());
    return list;
  }();
  return all;
}

const Method* find_method(std::string_view name) {
  const auto at = std::find_if(methods().begin(), methods().end(), [&](const Method* m) { return m->name == name; });
  return at == methods().end() ? nullptr : *at;
}

const Method& method_named(std::string_view name) {
  if (const Method* found = find_method(name)) return *found;
  std::vector<std::string> names;
  for (const Method* method : methods()) names.push_back(method->name);
  const std::string near = nearest_word(name, names);
  throw UsageError(
      fmt::format("there is no method \"{}\"", name),
      near.empty() ? fmt::format("the methods are {}", fmt::join(names, ", ")) : fmt::format("did you mean {}?", near));
}

bool takes_bare_length(const Method& method, const Parameter& parameter) {
  if (parameter.kind != ParameterKind::length) return false;
  std::any options = method.default_options();
  try {
    parameter.set(options, Length::bare(1));
    return true;
  } catch (const UsageError&) {
    return false;
  }
}

std::string option_of(std::string_view parameter) {
  std::string option = "--";
  for (const char c : parameter) option += c == '_' ? '-' : c;
  return option;
}

std::string_view version() { return YAAN_VERSION; }

}  // namespace yaan
