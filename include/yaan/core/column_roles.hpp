#pragma once
// The parts that columns of a layer play. The keys of `columns` in a study and its schema derive from the table.

#include <array>
#include <string>
#include <string_view>

namespace yaan {

/// Which column plays which part. Empty: the layer has none.
struct ColumnRoles {
  std::string id;
  std::string name_en;
  std::string name_th;
  std::string category;
  std::string field;
  std::string weight;
  std::string year;
  std::string publication;  ///< see publication.hpp
  std::string code;
  std::string area;
  bool operator==(const ColumnRoles&) const = default;
};

struct ColumnRole {
  std::string_view key;
  std::string_view meaning;
  std::string ColumnRoles::*column;
};

inline constexpr std::array<ColumnRole, 10> kColumnRoles = {{
    {"id", "stable id of a feature", &ColumnRoles::id},
    {"name_en", "English name", &ColumnRoles::name_en},
    {"name_th", "Thai name", &ColumnRoles::name_th},
    {"category", "kind of a site", &ColumnRoles::category},
    {"field", "UNESCO Creative Cities field", &ColumnRoles::field},
    {"weight", "how much a site counts; 1 without", &ColumnRoles::weight},
    {"year", "year or century", &ColumnRoles::year},
    {"publication", "open, coarsened or hidden", &ColumnRoles::publication},
    {"code", "code of an area, such as a province code", &ColumnRoles::code},
    {"area", "name or code of the area, such as the province, that a site claims to lie in", &ColumnRoles::area},
}};

}  // namespace yaan
