// Names of databases: what may stand behind `pg:`.
#include "load/pg_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "yaan/core/error.hpp"
#include "yaan/load/read.hpp"

namespace yaan {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kPrefix = "pg:";
constexpr std::size_t kLongestService = 64;

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

// The names in brackets of one service file. What stands below them may be secret and is not looked at.
void add_services(const fs::path& file, std::vector<std::string>& names) {
  std::ifstream in(file);
  for (std::string line; names.size() < 1000 && std::getline(in, line);) {
    const std::size_t end = line.find(']');
    if (line.empty() || line.front() != '[' || end == std::string::npos) continue;
    const std::string name = line.substr(1, end - 1);
    if (std::all_of(name.begin(), name.end(), is_plain)) names.push_back(name);
  }
}

}  // namespace

std::string service_of(const std::string& name) {
  check_database_name(name);
  return name.substr(kPrefix.size());
}

void check_database_name(const std::string& name) {
  const bool prefixed = name.starts_with(kPrefix);
  const std::string_view service = prefixed ? std::string_view(name).substr(kPrefix.size()) : std::string_view();
  if (prefixed && service.size() <= kLongestService && std::all_of(service.begin(), service.end(), is_plain)) return;
  throw UsageError(
      prefixed ? "behind pg: stands something else than the name of a service"
               : "a database is named by pg:SERVICE, in small letters",
      "write host, port, dbname and user below [NAME] into ~/.pg_service.conf, the password into ~/.pgpass, and give "
      "pg:NAME; pg: alone takes PGHOST, PGDATABASE and so on");
}

std::vector<std::string> known_services() {
  std::vector<std::string> names;
  const std::string named = variable("PGSERVICEFILE");
  const std::string home = variable("HOME");
  if (!named.empty()) {
    add_services(named, names);
  } else if (!home.empty()) {
    add_services(fs::path(home) / ".pg_service.conf", names);
  }
  const std::string system = variable("PGSYSCONFDIR");
  add_services(fs::path(system.empty() ? "/etc/postgresql-common" : system) / "pg_service.conf", names);
  return names;
}

}  // namespace yaan
