#include "load/geojson_rules.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <array>
#include <cmath>
#include <set>
#include <string>

#include "load/input_file.hpp"
#include "yaan/core/crs.hpp"
#include "yaan/core/error.hpp"

namespace yaan {

namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::uintmax_t kMostBytes = std::uintmax_t{64} << 20;

bool has(const object& of, std::string_view key) { return of.at_key(key).error() == simdjson::SUCCESS; }

class Rules {
 public:
  Rules(std::string_view where, Diagnostics& diagnostics) : m_where(where), m_diagnostics(diagnostics) {}

  void root(const element& json) {
    object members;
    if (json.get(members) != simdjson::SUCCESS) return;
    repeated_keys(members, "a member");
    named_crs(members);
    const std::string_view type = type_of(members);
    if (type != "FeatureCollection" && type != "Feature" && type != "GeometryCollection" && depth_of(type) < 0)
      doubt(type.empty() ? "there is no type, or it is no text" : fmt::format("the type {} is unknown", type));
    if (type == "FeatureCollection") {
      forbid(members, {"coordinates", "geometries", "geometry", "properties"}, "FeatureCollection");
      bounding_box(members);
      array features;
      if (members["features"].get(features) != simdjson::SUCCESS) return;
      for (const element& each : features) {
        ++m_feature;
        feature(each);
      }
    } else {
      ++m_feature;
      if (type == "Feature" || has(members, "geometry")) {
        feature(json);
      } else {
        geometry(json, 0);
      }
    }
  }

 private:
  static std::string_view type_of(const object& members) {
    std::string_view type;
    return members["type"].get(type) == simdjson::SUCCESS ? type : std::string_view();
  }
  // Arrays around the positions of a geometry; -1 for another type.
  static int depth_of(std::string_view type) {
    if (type == "Point") return 0;
    if (type == "MultiPoint" || type == "LineString") return 1;
    if (type == "Polygon" || type == "MultiLineString") return 2;
    return type == "MultiPolygon" ? 3 : -1;
  }
  // Numbers, within that many arrays and one for the position; empty arrays say nothing.
  static bool is_nested(const element& json, int depth) {
    array items;
    if (json.get(items) != simdjson::SUCCESS) return false;
    for (const element& each : items)
      if (depth == 0 ? !each.is_number() : !is_nested(each, depth - 1)) return false;
    return true;
  }
  void doubt(std::string_view what) { m_diagnostics.add(Severity::doubt, "geojson-rule", m_where, what, 1, label()); }
  void advise(std::string_view what) { m_diagnostics.add(Severity::note, "geojson-advice", m_where, what, 1, label()); }
  [[nodiscard]] std::string label() const { return m_feature == 0 ? std::string() : fmt::format("#{}", m_feature); }

  // GDAL takes WGS 84 where it does not know the name.
  void named_crs(const object& members) {
    object crs;
    object properties;
    std::string_view name;
    if (members["crs"].get(crs) != simdjson::SUCCESS || crs["properties"].get(properties) != simdjson::SUCCESS ||
        properties["name"].get(name) != simdjson::SUCCESS)
      return;
    try {
      (void)Crs::from_text(std::string(name));
    } catch (const UsageError&) {
      m_diagnostics.add(Severity::doubt, "unusable-crs", m_where,
                        fmt::format("the member crs names {}, which nobody knows; WGS 84 was taken", name));
    }
  }

  template <std::size_t N>
  void forbid(const object& members, const std::string_view (&keys)[N], std::string_view type) {
    for (const std::string_view key : keys)
      if (has(members, key)) doubt(fmt::format("a {} may not have a member {}", type, key));
  }

  void bounding_box(const object& members) {
    element box;
    if (members["bbox"].get(box) != simdjson::SUCCESS) return;
    array numbers;
    std::size_t count = 0;
    bool plain = box.get(numbers) == simdjson::SUCCESS;
    if (plain)
      for (const element& number : numbers) {
        plain = plain && number.is_number();
        ++count;
      }
    if (!plain || (count != 4 && count != 6)) doubt("a bbox is not an array of four or six numbers");
  }

  void feature(const element& json) {
    object members;
    if (json.get(members) != simdjson::SUCCESS) return doubt("a feature is not an object");
    repeated_keys(members, "a member of a feature");
    if (type_of(members) != "Feature") doubt("a feature does not say that its type is Feature");
    forbid(members, {"coordinates", "geometries", "features"}, "Feature");
    element id;
    if (members["id"].get(id) == simdjson::SUCCESS && !id.is_string() && !id.is_number())
      doubt("an id is neither a text nor a number");
    element properties;
    if (members["properties"].get(properties) != simdjson::SUCCESS) {
      doubt("a feature has no member properties");
    } else if (!properties.is_object() && !properties.is_null()) {
      doubt("properties are neither an object nor null");
    } else if (object pairs; properties.get(pairs) == simdjson::SUCCESS) {
      repeated_keys(pairs, "a property");
    }
    bounding_box(members);
    element shape;
    if (members["geometry"].get(shape) != simdjson::SUCCESS) return doubt("a feature has no member geometry");
    if (!shape.is_null()) geometry(shape, 0);
  }

  void repeated_keys(const object& pairs, std::string_view what) {
    std::set<std::string_view> seen;
    for (const auto& pair : pairs)
      if (!seen.insert(pair.key).second) return doubt(fmt::format("{} is there twice", what));
  }

  void geometry(const element& json, int depth) {
    object members;
    if (json.get(members) != simdjson::SUCCESS) return doubt("a geometry is not an object");
    repeated_keys(members, "a member of a geometry");
    const std::string_view type = type_of(members);
    forbid(members, {"geometry", "properties", "features"}, "geometry");
    bounding_box(members);
    if (type == "GeometryCollection") return collection(members, depth);
    if (has(members, "geometries")) doubt("a geometry of this type may not have a member geometries");
    element coordinates;
    if (members["coordinates"].get(coordinates) != simdjson::SUCCESS) return doubt("a geometry has no coordinates");
    if (depth_of(type) < 0) return doubt(fmt::format("the type of geometry \"{}\" is unknown", type));
    if (!is_nested(coordinates, depth_of(type)))
      return doubt(fmt::format("the coordinates are not those of a {}", type));
    if (type == "Polygon") {
      polygon(coordinates);
    } else if (type == "MultiPolygon") {
      array polygons;
      if (coordinates.get(polygons) != simdjson::SUCCESS) return;
      for (const element& each : polygons) polygon(each);
    }
    positions(coordinates);
  }

  void collection(const object& members, int depth) {
    if (depth > 0) doubt("a collection of geometries stands within another");
    if (has(members, "coordinates")) doubt("a GeometryCollection may not have a member coordinates");
    array parts;
    if (members["geometries"].get(parts) != simdjson::SUCCESS) return;
    if (parts.size() == 1) advise("a collection holds a single geometry, which could stand alone");
    for (const element& part : parts) geometry(part, depth + 1);
  }

  void positions(const element& json) {
    array items;
    if (json.get(items) != simdjson::SUCCESS || items.size() == 0) return;
    element first = *items.begin();
    if (first.is_array()) {
      for (const element& each : items) positions(each);
    } else if (items.size() < 2 || items.size() > 3) {
      doubt("a position does not have two or three numbers");
    } else if (double x = 0;
               first.get(x) == simdjson::SUCCESS && is_overprecise(x) && m_last_overprecise != m_feature) {
      m_last_overprecise = m_feature;
      advise("positions have more than nine decimals: less than a millimetre");
    }
  }

  static bool is_overprecise(double degrees) {
    const double scaled = degrees * 1e9;
    return std::fabs(scaled - std::round(scaled)) > 1e-3 && std::fabs(degrees) <= 360;
  }

  // Twice the signed area in the plane of degrees; positive when counter-clockwise.
  static double turn_of(const element& ring) {
    array places;
    if (ring.get(places) != simdjson::SUCCESS) return 0;
    double sum = 0;
    double last_x = 0;
    double last_y = 0;
    bool first = true;
    for (const element& place : places) {
      array numbers;
      if (place.get(numbers) != simdjson::SUCCESS || numbers.size() < 2) return 0;
      double x = 0;
      double y = 0;
      if (numbers.at(0).get(x) != simdjson::SUCCESS || numbers.at(1).get(y) != simdjson::SUCCESS) return 0;
      if (!first) sum += last_x * y - x * last_y;
      first = false;
      last_x = x;
      last_y = y;
    }
    return sum;
  }

  void polygon(const element& json) {
    array rings;
    if (json.get(rings) != simdjson::SUCCESS) return;
    bool outer = true;
    for (const element& ring : rings) {
      array places;
      if (ring.get(places) == simdjson::SUCCESS && places.size() < 4) doubt("a ring has fewer than four positions");
      const double turn = turn_of(ring);
      if (outer ? turn < 0 : turn > 0) {
        advise("rings of polygons run the other way round than the right-hand rule says");
        return;
      }
      outer = false;
    }
  }

  std::string_view m_where;
  Diagnostics& m_diagnostics;
  std::size_t m_feature = 0;
  std::size_t m_last_overprecise = ~std::size_t{0};
};

}  // namespace

void check_geojson_rules(const std::filesystem::path& file, std::string_view where, Diagnostics& diagnostics) {
  if (input_size(file) > kMostBytes) return;
  simdjson::dom::parser parser;
  element json;
  if (parser.parse(input_bytes(file)).get(json) != simdjson::SUCCESS) return;
  Rules(where, diagnostics).root(json);
}

std::string geojson_fault(const std::filesystem::path& file) {
  Diagnostics found;
  check_geojson_rules(file, {}, found);
  for (const Diagnostic& entry : found.entries())
    if (entry.code == "geojson-rule") return entry.message;
  return {};
}

}  // namespace yaan
