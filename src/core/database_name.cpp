#include "yaan/core/database_name.hpp"

#include <string>

namespace yaan {

bool names_database(std::string_view name) {
  const std::size_t colon = name.find(':');
  if (colon == std::string_view::npos) return false;
  std::string scheme;
  for (const char c : name.substr(0, colon)) scheme += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return scheme == "pg" || scheme == "postgres" || scheme == "postgresql";
}

}  // namespace yaan
