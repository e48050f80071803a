#include "export/properties.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "export/json_string.hpp"

namespace yaan {

namespace {

template <class Number>
void append_plain(std::string& out, Number value) {
  std::array<char, 32> buffer{};
  out.append(buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr);
}

template <class List, class AppendItem>
void append_list(std::string& out, const List& list, AppendItem&& append_item) {
  out += '[';
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i > 0) out += ',';
    append_item(list[i]);
  }
  out += ']';
}

}  // namespace

JsonProperties::JsonProperties(const Layer& layer) : m_layer(layer) {
  if (!layer.roles.id.empty()) m_id = layer.find(layer.roles.id);
  for (const Column& column : layer.columns) {
    std::string key = m_keys.empty() ? "" : ",";
    append_json_string(key, column.name);
    m_keys.push_back(key + ':');
  }
}

void JsonProperties::append_number(std::string& out, double value) {
  if (std::isfinite(value)) {
    append_plain(out, value == 0 ? 0.0 : value);
  } else {
    out += "null";
    if (std::isinf(value)) ++m_infinite;
  }
}

void JsonProperties::append_value(std::string& out, const Column& column, std::size_t row) {
  if (column.is_null(row)) {
    out += "null";
    return;
  }
  switch (column.type()) {
    case ColumnType::integer: append_plain(out, column.integers()[row]); return;
    case ColumnType::real: append_number(out, column.reals()[row]); return;
    case ColumnType::text: append_json_string(out, column.texts()[row]); return;
    case ColumnType::date: append_json_string(out, to_string(column.dates()[row])); return;
    case ColumnType::text_list:
      append_list(out, std::get<std::vector<StringList>>(column.values())[row],
                  [&](const std::string& item) { append_json_string(out, item); });
      return;
    case ColumnType::real_list:
      append_list(out, std::get<std::vector<DoubleList>>(column.values())[row],
                  [&](double item) { append_number(out, item); });
      return;
    case ColumnType::integer_list:
      append_list(out, std::get<std::vector<IntList>>(column.values())[row],
                  [&](std::int64_t item) { append_plain(out, item); });
  }
}

void JsonProperties::append(std::string& out, std::size_t row) {
  out += '{';
  for (std::size_t i = 0; i < m_keys.size(); ++i) {
    out += m_keys[i];
    append_value(out, m_layer.columns[i], row);
  }
  out += '}';
}

void JsonProperties::append_id(std::string& out, std::size_t row) const {
  if (m_id == nullptr || m_id->is_null(row)) return;
  if (m_id->type() == ColumnType::text) {
    out += "\"id\":";
    append_json_string(out, m_id->texts()[row]);
    out += ',';
  } else if (m_id->type() == ColumnType::integer) {
    out += "\"id\":";
    append_plain(out, m_id->integers()[row]);
    out += ',';
  }
}

}  // namespace yaan
