#pragma once
// What a print map shows, read once from its layers.

#include <cstdint>
#include <string>
#include <vector>

#include "yaan/export/print_map.hpp"
#include "yaan/style/palette.hpp"

namespace yaan {

struct MapRegion {
  std::uint32_t feature = 0;
  std::int64_t rank = 0;
  std::string name;
  std::string detail;
  std::string count;  ///< with its word
};

struct MapSite {
  std::uint32_t feature = 0;
  std::int64_t rank = 0;     ///< 0: in no region
  std::size_t category = 0;  ///< index into MapContent::categories
};

struct MapCategory {
  std::string value;
  std::string title;
};

struct MapContent {
  std::vector<MapRegion> regions;       ///< by rank
  std::vector<MapSite> sites;           ///< those of no region first, so that regions lie on top
  std::vector<MapCategory> categories;  ///< in the order of category_titles, then the others by byte order
};

MapContent content_of(const PrintMap& map);

}  // namespace yaan
