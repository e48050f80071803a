#pragma once
// All methods of analysis: the one list from which verbs, study steps, schema and documentation are made.

#include <string>
#include <string_view>
#include <vector>

#include "yaan/core/method.hpp"

namespace yaan {

/// Methods of one purpose, as help and documentation list them.
struct MethodGroup {
  Localized title;  ///< "Clusters and districts"
  std::vector<const Method*> methods;
};

/// Every method, in groups that stand in the order of the data flow; none empty, names unique.
const std::vector<MethodGroup>& method_groups();
/// The same without the groups.
const std::vector<const Method*>& methods();

/// Null when there is no such method.
const Method* find_method(std::string_view name);
/// Throws UsageError that names the nearest method.
const Method& method_named(std::string_view name);

/// Does a length without a unit make sense for the parameter? It does where the method reads it in the unit of the
/// layer's plane (an options member of type Length), not where the member is in metres. False for every other kind.
bool takes_bare_length(const Method& method, const Parameter& parameter);

/// The option of the command line for a parameter: min_points -> --min-points.
std::string option_of(std::string_view parameter);

/// The program's version, such as "0.1.0".
std::string_view version();

}  // namespace yaan
