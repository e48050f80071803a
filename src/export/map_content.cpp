#include "export/map_content.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

namespace {

std::int64_t rank_of(const Column* ranks, std::size_t row) {
  return ranks == nullptr || ranks->is_null(row) || ranks->type() != ColumnType::integer ? 0 : ranks->integers()[row];
}

std::vector<MapRegion> regions_of(const PrintMap& map) {
  std::vector<MapRegion> regions;
  if (map.regions == nullptr) return regions;
  const Layer& layer = map.regions->layer();
  const Column* ranks = layer.find(map.rank_column);
  const Column* counts = layer.find(map.count_column);
  const Column* details = layer.find(map.detail_columns.in(map.language));
  for (std::uint32_t f = 0; f < layer.size(); ++f) {
    MapRegion region;
    region.feature = f;
    region.rank = rank_of(ranks, f);
    region.name = layer.feature_name(f, map.language);
    if (details != nullptr) region.detail = details->display(f);
    if (counts != nullptr) region.count = fmt::format("{} {}", counts->display(f), map.count_word.in(map.language));
    regions.push_back(std::move(region));
  }
  std::stable_sort(regions.begin(), regions.end(),
                   [](const MapRegion& a, const MapRegion& b) { return a.rank < b.rank; });
  return regions;
}

std::vector<MapCategory> categories_of(const PrintMap& map, const Column* column) {
  std::vector<MapCategory> categories;
  if (column == nullptr) return categories;
  std::set<std::string> present;
  for (std::size_t row = 0; row < column->size(); ++row)
    if (std::string value = column->display(row); !value.empty()) present.insert(std::move(value));
  for (const auto& [value, title] : map.category_titles)
    if (present.erase(value) != 0) categories.push_back({value, title.in(map.language)});
  for (const std::string& value : present) {
    std::string title = value;
    std::replace(title.begin(), title.end(), '_', ' ');
    categories.push_back({value, std::move(title)});
  }
  return categories;
}

}  // namespace

MapContent content_of(const PrintMap& map) {
  for (const PublishedLayer* layer : {map.areas, map.coloured.layer, map.regions, map.sites})
    if (layer != nullptr && !layer->layer().crs.is_wgs84())
      throw InputError(fmt::format("layer {} lies on no place on earth, so there is no map of it", layer->layer().name),
                       "give its CRS with --crs");
  MapContent content;
  content.regions = regions_of(map);
  if (map.sites == nullptr) return content;
  const Layer& sites = map.sites->layer();
  const Column* kinds = sites.roles.category.empty() ? nullptr : sites.find(sites.roles.category);
  content.categories = categories_of(map, kinds);
  const Column* ranks = map.site_rank_column.empty() ? nullptr : sites.find(map.site_rank_column);
  for (std::uint32_t f = 0; f < sites.size(); ++f) {
    MapSite site{f, rank_of(ranks, f), 0};
    if (kinds != nullptr) {
      const std::string kind = kinds->display(f);
      const auto at = std::find_if(content.categories.begin(), content.categories.end(),
                                   [&](const MapCategory& c) { return c.value == kind; });
      site.category = static_cast<std::size_t>(at - content.categories.begin());
    }
    content.sites.push_back(site);
  }
  std::stable_sort(content.sites.begin(), content.sites.end(),
                   [](const MapSite& a, const MapSite& b) { return (a.rank > 0) < (b.rank > 0); });
  return content;
}

}  // namespace yaan
