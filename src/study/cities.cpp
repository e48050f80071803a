#include "study/cities.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numbers>
#include <numeric>
#include <set>

#include "yaan/core/geodesy.hpp"

namespace yaan {

namespace {

struct Centre {
  std::uint32_t row = 0;
  double lon = 0;
  double lat = 0;
  std::array<double, 3> place{};
};

std::vector<Centre> centres_of(const Layer& districts) {
  std::vector<Centre> centres;
  const Column* lon = districts.find("centre_lon");
  const Column* lat = districts.find("centre_lat");
  if (lon == nullptr || lat == nullptr) return centres;
  for (std::uint32_t row = 0; row < districts.size(); ++row) {
    const auto x = lon->number(row);
    const auto y = lat->number(row);
    if (x && y) centres.push_back({row, *x, *y, earth_centred(*x, *y)});
  }
  return centres;
}

bool near(const Centre& a, const Centre& b, double reach) {
  double squares = 0;
  for (std::size_t axis = 0; axis < 3; ++axis)
    squares += (a.place[axis] - b.place[axis]) * (a.place[axis] - b.place[axis]);
  return squares <= reach * reach;
}

/// Groups of centres, each in row order, the groups in the order of their first row.
std::vector<std::vector<Centre>> groups_of(const std::vector<Centre>& centres) {
  const double reach = chord_of(kCityReach);
  std::vector<std::size_t> group(centres.size(), centres.size());
  std::vector<std::vector<Centre>> groups;
  for (std::size_t start = 0; start < centres.size(); ++start) {
    if (group[start] != centres.size()) continue;
    const std::size_t number = groups.size();
    std::vector<std::size_t> open = {start};
    group[start] = number;
    groups.emplace_back();
    while (!open.empty()) {
      const std::size_t at = open.back();
      open.pop_back();
      groups.back().push_back(centres[at]);
      for (std::size_t other = 0; other < centres.size(); ++other)
        if (group[other] == centres.size() && near(centres[at], centres[other], reach)) {
          group[other] = number;
          open.push_back(other);
        }
    }
    std::sort(groups.back().begin(), groups.back().end(),
              [](const Centre& a, const Centre& b) { return a.row < b.row; });
  }
  return groups;
}

std::string slug_of(const std::string& name) {
  std::string slug;
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool kept = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (kept)
      slug += upper ? static_cast<char>(c - 'A' + 'a') : c;
    else if (!slug.empty() && slug.back() != '-')
      slug += '-';
  }
  while (!slug.empty() && slug.back() == '-') slug.pop_back();
  return slug;
}

Localized texts(const Layer& layer, std::uint32_t row, const char* english, const char* thai) {
  const Column* en = layer.find(english);
  const Column* th = layer.find(thai);
  return {en != nullptr ? en->display(row) : "", th != nullptr ? th->display(row) : ""};
}

Box extent_of(const Layer& districts, const std::vector<Centre>& group) {
  constexpr double kLeastMargin = 1000;  // metres
  constexpr double kMetresPerDegree = 111320;
  Box box;
  for (const Centre& centre : group) {
    box.include(centre.lon, centre.lat);
    if (const Box outline = districts.geometry.bounds(centre.row); !outline.empty()) box.include(outline);
  }
  const double shrink = std::max(0.01, std::cos((box.min_y + box.max_y) / 2 * std::numbers::pi / 180));
  const double x = std::max(kLeastMargin / kMetresPerDegree / shrink, box.width() * 0.15);
  const double y = std::max(kLeastMargin / kMetresPerDegree, box.height() * 0.15);
  return {box.min_x - x, std::max(-90.0, box.min_y - y), box.max_x + x, std::min(90.0, box.max_y + y)};
}

Localized name_of(const Layer& districts, std::uint32_t first, std::set<std::string>& taken) {
  Localized district = texts(districts, first, "name_en", "name_th");
  Localized province = texts(districts, first, "province_en", "province_th");
  if (province.empty()) return district;
  if (taken.insert(province.in(Language::english)).second) return province;
  return {fmt::format("{}: {}", province.in(Language::english), district.in(Language::english)),
          fmt::format("{}: {}", province.in(Language::thai), district.in(Language::thai))};
}

}  // namespace

std::vector<City> cities_of(const Layer& districts) {
  std::vector<City> cities;
  std::set<std::string> names;
  std::set<std::string> slugs;
  for (const std::vector<Centre>& group : groups_of(centres_of(districts))) {
    City city;
    city.name = name_of(districts, group.front().row, names);
    for (const Centre& centre : group) city.districts.push_back(centre.row);
    city.extent = extent_of(districts, group);
    std::string stem = slug_of(city.name.en);
    if (stem.empty()) stem = fmt::format("city-{}", cities.size() + 1);
    city.slug = stem;
    for (int number = 2; !slugs.insert(city.slug).second; ++number) city.slug = fmt::format("{}-{}", stem, number);
    cities.push_back(std::move(city));
  }
  return cities;
}

}  // namespace yaan
