#pragma once
// Columns of a made layer by name, filled row by row.

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "yaan/core/method.hpp"

namespace yaan {

class FieldTable {
 public:
  explicit FieldTable(const std::vector<OutputField>& fields) {
    for (const OutputField& field : fields) m_columns.push_back(make_column(field));
  }
  template <class Value>
  void push(std::string_view name, Value value) {
    at(name).push(std::move(value));
  }
  /// An empty text is a text that is not there.
  void push_or_null(std::string_view name, std::string_view value) { at(name).push_or_null(value); }
  void push_null(std::string_view name) { at(name).push_null(); }
  std::vector<Column> take() { return std::move(m_columns); }

 private:
  Column& at(std::string_view name) {
    return *std::find_if(m_columns.begin(), m_columns.end(), [&](const Column& c) { return c.name == name; });
  }
  std::vector<Column> m_columns;
};

}  // namespace yaan
