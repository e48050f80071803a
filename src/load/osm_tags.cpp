#include "load/osm_tags.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "yaan/core/error.hpp"

namespace yaan {

namespace {

constexpr std::size_t kMostRules = 500;
constexpr const char* kExample =
    "write rules such as temple: amenity=place_of_worship religion=buddhist; museum: tourism=museum|gallery";

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

template <class Each>
void split(std::string_view text, std::string_view separators, Each&& each) {
  while (true) {
    const std::size_t at = text.find_first_of(separators);
    each(trimmed(text.substr(0, at)));
    if (at == std::string_view::npos) return;
    text.remove_prefix(at + 1);
  }
}

bool is_key(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](unsigned char c) {
    return c < 128 && (std::isalnum(c) != 0 || c == '_' || c == ':' || c == '.' || c == '-');
  });
}

[[noreturn]] void throw_wrong(std::size_t rule, const std::string& what) {
  throw UsageError(fmt::format("rule {} of tags {}", rule, what), kExample);
}

TagCondition parse_condition(std::string_view text, std::size_t rule) {
  TagCondition condition;
  const std::size_t equals = text.find('=');
  std::string_view key = text.substr(0, equals);
  if (equals == std::string_view::npos) {
    condition.excluded = key.starts_with('!');
    if (condition.excluded) key.remove_prefix(1);
  } else if (key.ends_with('!')) {
    condition.excluded = true;
    key.remove_suffix(1);
  }
  if (!is_key(key))
    throw_wrong(rule, fmt::format("has the condition \"{}\", which does not start with the key of a tag", text));
  condition.key = key;
  if (equals == std::string_view::npos || text.substr(equals + 1) == "*") return condition;
  split(text.substr(equals + 1), "|", [&](std::string_view value) {
    if (value.empty()) throw_wrong(rule, fmt::format("has the condition \"{}\", which lacks a value", text));
    condition.values.emplace_back(value);
  });
  return condition;
}

TagRule parse_rule(std::string_view text, std::size_t number) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || text.find('=') < colon)
    throw_wrong(number, fmt::format("is \"{}\", which names no category before a colon", text));
  TagRule rule;
  rule.category = trimmed(text.substr(0, colon));
  if (rule.category.empty()) throw_wrong(number, "has nothing before its colon");
  split(text.substr(colon + 1), " \t\r\n", [&](std::string_view condition) {
    if (!condition.empty()) rule.conditions.push_back(parse_condition(condition, number));
  });
  if (rule.conditions.empty()) throw_wrong(number, fmt::format("({}) has no condition", rule.category));
  const bool all_excluded = std::all_of(rule.conditions.begin(), rule.conditions.end(),
                                        [](const TagCondition& condition) { return condition.excluded; });
  if (all_excluded)
    throw_wrong(number, fmt::format("({}) says only which tags a feature must not have", rule.category));
  return rule;
}

bool holds(const TagCondition& condition, std::string_view value) {
  if (value.empty()) return condition.excluded;
  bool found = condition.values.empty();
  split(value, ";", [&](std::string_view part) {
    found = found || std::find(condition.values.begin(), condition.values.end(), part) != condition.values.end();
  });
  return found != condition.excluded;
}

}  // namespace

std::vector<TagRule> parse_tag_rules(const std::string& text) {
  std::vector<TagRule> rules;
  std::size_t number = 0;
  split(text, ";", [&](std::string_view rule) {
    ++number;
    if (!rule.empty()) rules.push_back(parse_rule(rule, number));
  });
  if (rules.empty()) throw UsageError("tags holds no rule", kExample);
  if (rules.size() > kMostRules)
    throw UsageError(fmt::format("tags holds {} rules, more than the bound of {}", rules.size(), kMostRules), kExample);
  return rules;
}

std::vector<std::string> keys_of(const std::vector<TagRule>& rules, bool with_excluded) {
  std::vector<std::string> keys;
  for (const TagRule& rule : rules)
    for (const TagCondition& condition : rule.conditions)
      if ((with_excluded || !condition.excluded) && std::find(keys.begin(), keys.end(), condition.key) == keys.end())
        keys.push_back(condition.key);
  return keys;
}

std::string_view category_of(const std::vector<TagRule>& rules, const TagValue& value) {
  for (const TagRule& rule : rules)
    if (std::all_of(rule.conditions.begin(), rule.conditions.end(),
                    [&](const TagCondition& condition) { return holds(condition, value(condition.key)); }))
      return rule.category;
  return {};
}

}  // namespace yaan
