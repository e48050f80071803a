#pragma once
// What stands for a database where a file could be named.

#include <string_view>

namespace yaan {

/// True for the name of a database (`pg:SERVICE`), and for what somebody may have meant as one: another case, the URL
/// of a server. Such a name is no path and is never joined to a folder.
bool names_database(std::string_view name);

}  // namespace yaan
