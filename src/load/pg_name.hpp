#pragma once
// Names of databases: `pg:SERVICE` by pg_service.conf, `pg:` by the environment.

#include <string>
#include <vector>

namespace yaan {

/// What stands behind `pg:`, "" for the environment. Throws as check_database_name.
std::string service_of(const std::string& name);

/// The services of the user's file and of the system's, for advice.
std::vector<std::string> known_services();

}  // namespace yaan
