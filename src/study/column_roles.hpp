#pragma once
// The parts that columns play, by name.

#include <array>
#include <string>
#include <string_view>

#include "yaan/core/layer.hpp"

namespace yaan {

/// The keys of `columns` in a study: the members of ColumnRoles.
inline constexpr std::array<std::string_view, 9> kColumnRoles = {
    "id", "name_en", "name_th", "category", "field", "weight", "year", "publication", "code"};

std::string& role_member(ColumnRoles& roles, std::string_view role);

}  // namespace yaan
