#pragma once
// Areas by their names, as people write them.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "yaan/core/layer.hpp"

namespace yaan {

/// How a name was found.
enum class NameFound {
  code,       ///< the text is the code or id of an area
  exact,      ///< a name of the area, but for tidy_text
  variant,    ///< the same name_key, or but for an end that was cut off, or another name that the area is known by
  suggested,  ///< nothing so near as this one, but not the same
  ambiguous,  ///< several areas are called so
  unknown,    ///< nothing is near
  empty       ///< no text
};
std::string_view to_string(NameFound found);

struct NameMatch {
  NameFound found = NameFound::unknown;
  std::int32_t area = -1;  ///< feature; of suggested and ambiguous the nearest or first one
  double score = 0;        ///< 1 for the same key, else name_similarity
};

/// Names, codes and ids of the areas of a layer by their roles. Districts of different provinces share names: a parent
/// tells them apart.
class AreaNames {
 public:
  /// `parents` are columns of the areas that name the enclosing area; there may be none. Throws UsageError for an
  /// unknown one, and when the areas have neither names nor codes.
  /// Not `normalise`: only texts of the same bytes are the same, and nothing is a variant.
  AreaNames(const Layer& areas, const std::vector<std::string>& parents, bool normalise = true);

  /// The area called so; among those in `parent` (a name; "" for any). `least` is the similarity from which on a name
  /// is suggested. O(log areas) for a known name, else O(areas x length squared), O(areas) without suggestions.
  [[nodiscard]] NameMatch find(std::string_view name, std::string_view parent, double least) const;

 private:
  using Rows = std::vector<std::int32_t>;
  using Index = std::map<std::string, Rows, std::less<>>;

  [[nodiscard]] std::string tidy(std::string_view text) const;
  [[nodiscard]] std::string key_of(std::string_view name) const;
  void add(Index& index, const std::string& key, std::int32_t area);
  [[nodiscard]] Rows in_parent(const Rows& rows, const std::string& parent_key) const;

  bool m_normalise;
  Index m_codes;
  Index m_exact;
  Index m_keys;
  std::vector<std::vector<std::string>> m_parents;  // keys for each area
};

}  // namespace yaan
