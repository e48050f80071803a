#include "export/core_json.hpp"

namespace yaan {

using Json = nlohmann::ordered_json;

Json to_json(const Value& value) {
  return std::visit(
      [](const auto& v) -> Json {
        if constexpr (std::is_same_v<std::decay_t<decltype(v)>, Length>)
          return to_string(v);
        else
          return v;
      },
      value);
}

Json to_json(const std::vector<std::pair<std::string, Value>>& values) {
  Json object = Json::object();
  for (const auto& [name, value] : values) object[name] = to_json(value);
  return object;
}

Json to_json(const Diagnostics& diagnostics) {
  Json list = Json::array();
  for (const Diagnostic& entry : diagnostics.entries())
    list.push_back({{"severity", to_string(entry.severity)},
                    {"code", entry.code},
                    {"where", entry.where},
                    {"message", entry.message},
                    {"count", entry.count},
                    {"features", entry.features}});
  return list;
}

}  // namespace yaan
