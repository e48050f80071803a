#pragma once
// The values of one property of a GeoJSON's features, for the reader of plain points.

#include <simdjson.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "yaan/core/column.hpp"

namespace yaan {

/// The file is not as plain as it must be.
struct UnusualGeoJson {};

template <class T>
T value_or_throw(simdjson::simdjson_result<T> result) {
  T value;
  if (std::move(result).get(value) != simdjson::SUCCESS) throw UnusualGeoJson();
  return value;
}

/// A column whose type shows only as its values come. What GDAL would make something else of throws UnusualGeoJson:
/// values of several types, numbers beyond 64 bits, texts that could all be dates, zero bytes, lists and objects.
class GeoJsonProperty {
 public:
  void push_null();
  void push(simdjson::ondemand::value value);
  /// Adds the values of the next block.
  void append(GeoJsonProperty&& next);
  /// The joined column.
  Column column(std::string name) &&;

 private:
  enum class Kind { none, truth, integer, real, text };

  void push(simdjson::ondemand::number number);
  void push(std::string_view text);
  /// Integers become reals; any other change of type is unusual.
  void become(Kind kind);

  Kind m_kind = Kind::none;
  bool m_surely_text = false;
  std::vector<std::int64_t> m_integers;
  std::vector<double> m_reals;
  StringValues m_texts;  ///< of one block
  std::string m_bytes;   ///< of all blocks, with m_ends
  std::vector<std::uint64_t> m_ends;
  std::vector<std::uint8_t> m_valid;
};

}  // namespace yaan
