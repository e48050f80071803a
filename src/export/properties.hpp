#pragma once
// A layer's columns as JSON.

#include <cstdint>
#include <string>
#include <vector>

#include "yaan/core/layer.hpp"

namespace yaan {

class JsonProperties {
 public:
  explicit JsonProperties(const Layer& layer);
  /// Appends the object with all columns of the row.
  void append(std::string& out, std::size_t row);
  /// Appends `"id":...,` when the layer has an id column with a text or integer in this row.
  void append_id(std::string& out, std::size_t row) const;
  /// Infinite numbers that were written as null so far.
  [[nodiscard]] std::int64_t infinite_numbers() const { return m_infinite; }

 private:
  void append_value(std::string& out, const Column& column, std::size_t row);
  void append_number(std::string& out, double value);

  const Layer& m_layer;
  const Column* m_id = nullptr;
  std::vector<std::string> m_keys;  ///< with the quotes, the colon and the comma before it
  std::int64_t m_infinite = 0;
};

}  // namespace yaan
