#pragma once
// Rules that make categories of the tags of OpenStreetMap.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace yaan {

struct TagCondition {
  std::string key;
  std::vector<std::string> values;  ///< one of them; empty: any value
  bool excluded = false;            ///< holds where the condition without it does not, a missing key among that
};

struct TagRule {
  std::string category;
  std::vector<TagCondition> conditions;  ///< all of them; at least one
};

/// Rules apart by semicolons, each a category, a colon and conditions apart by spaces: key=value, key=one|other, key=*
/// or key for any value, key!=value, !key. "temple: amenity=place_of_worship religion=buddhist; museum:
/// tourism=museum|gallery". A category may have several rules. Throws UsageError that says which rule is wrong and how
/// it would be right.
std::vector<TagRule> parse_tag_rules(const std::string& text);

/// The keys that the rules look at, or only those that a rule asks for, each once, in their order.
std::vector<std::string> keys_of(const std::vector<TagRule>& rules, bool with_excluded = true);

/// The value of a key, "" where the feature has none.
using TagValue = std::function<std::string_view(const std::string& key)>;

/// The category of the first rule that holds; "" when none does. A value that is a list, such as cafe;bakery, is each
/// of its parts.
std::string_view category_of(const std::vector<TagRule>& rules, const TagValue& value);

}  // namespace yaan
