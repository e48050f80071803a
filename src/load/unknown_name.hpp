#pragma once
// What is said of a name that is not there.

#include <string>
#include <string_view>
#include <vector>

#include "yaan/core/error.hpp"

namespace yaan {

/// "sites.gpkg has no layer "X"": `kind` is layer, column or table. The advice names the nearest of `names`, then all
/// of them.
UsageError unknown_name(const std::string& shown, std::string_view kind, const std::string& name,
                        const std::vector<std::string>& names);

/// The same, where names may be called otherwise (`words`) than they are listed.
UsageError unknown_name(const std::string& shown, std::string_view kind, const std::string& name,
                        const std::vector<std::string>& words, const std::string& listed);

}  // namespace yaan
