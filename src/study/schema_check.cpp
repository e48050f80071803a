#include "study/schema_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <regex>
#include <stdexcept>

#include "yaan/core/layer.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

namespace {

using Result = std::optional<Breach>;

std::string shown(const Json& value) {
  std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  constexpr std::size_t kMost = 60;
  if (text.size() <= kMost) return text;
  std::size_t cut = kMost;
  while ((static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U) --cut;  // not within a character
  return text.substr(0, cut) + "...";
}

bool is_integer(const Json& value) {
  return value.is_number_integer() ||
         (value.is_number_float() && std::trunc(value.get<double>()) == value.get<double>());
}

bool has_type(const Json& value, const std::string& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_boolean();
  if (type == "null") return value.is_null();
  if (type == "number") return value.is_number();
  if (type == "integer") return is_integer(value);
  throw std::logic_error("the schema names an unknown type " + type);
}

/// Characters of a text, which JSON Schema counts, not bytes.
std::size_t length_of(const std::string& text) {
  std::size_t length = 0;
  for (const char c : text) length += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  return length;
}

std::vector<std::string> keys_of(const Json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items())
    if (key != "note") keys.push_back(key);
  return keys;
}

class Check {
 public:
  explicit Check(const Json& root) : m_root(root) {}

  Result run(const Json& schema, const Json& value, const std::string& place) {
    if (schema.is_boolean()) return schema.get<bool>() ? Result() : Breach{place, "not allowed here", ""};
    for (const auto& [keyword, argument] : schema.items())
      if (Result breach = one(keyword, argument, schema, value, place)) return breach;
    return {};
  }

 private:
  using Rule = Result (Check::*)(const Json&, const Json&, const Json&, const std::string&);

  Result one(const std::string& keyword, const Json& argument, const Json& schema, const Json& value,
             const std::string& place) {
    static const std::map<std::string, Rule, std::less<>> rules = {
        {"type", &Check::type},
        {"const", &Check::constant},
        {"enum", &Check::choice},
        {"required", &Check::required},
        {"properties", &Check::properties},
        {"additionalProperties", &Check::additional},
        {"propertyNames", &Check::property_names},
        {"minProperties", &Check::least_members},
        {"dependentRequired", &Check::dependent},
        {"items", &Check::items},
        {"minItems", &Check::least_items},
        {"pattern", &Check::pattern},
        {"minLength", &Check::text_length},
        {"maxLength", &Check::text_length},
        {"minimum", &Check::range},
        {"exclusiveMinimum", &Check::range},
        {"maximum", &Check::range},
        {"allOf", &Check::all_of},
        {"anyOf", &Check::any_of},
        {"if", &Check::condition},
        {"$ref", &Check::reference},
    };
    static const std::array<std::string_view, 8> silent = {"$schema",     "$id",     "$defs", "title",
                                                           "description", "default", "then",  "examples"};
    if (std::find(silent.begin(), silent.end(), keyword) != silent.end()) return {};
    const auto rule = rules.find(keyword);
    if (rule == rules.end()) throw std::logic_error("the schema uses an unknown keyword " + keyword);
    return (this->*rule->second)(argument, schema, value, place);
  }

  Result type(const Json& types, const Json& schema, const Json& value, const std::string& place) {
    const std::vector<std::string> wanted =
        types.is_array() ? types.get<std::vector<std::string>>() : std::vector{types.get<std::string>()};
    for (const std::string& name : wanted)
      if (has_type(value, name)) return {};
    return Breach{place,
                  fmt::format("{} is not {}", shown(value),
                              meaning(schema, fmt::format("of type {}", fmt::join(wanted, " or ")))),
                  ""};
  }
  Result constant(const Json& wanted, const Json&, const Json& value, const std::string& place) {
    if (value == wanted) return {};
    return Breach{place, fmt::format("{} is not {}", shown(value), shown(wanted)), ""};
  }
  Result choice(const Json& choices, const Json&, const Json& value, const std::string& place) {
    std::vector<std::string> words;
    for (const Json& one_choice : choices) {
      if (value == one_choice) return {};
      words.push_back(one_choice.get<std::string>());
    }
    const std::string near = value.is_string() ? nearest_word(value.get<std::string>(), words) : std::string();
    return Breach{place, fmt::format("{} is not one of {}", shown(value), fmt::join(words, ", ")),
                  near.empty() ? "" : fmt::format("did you mean {}?", near)};
  }
  Result required(const Json& keys, const Json& schema, const Json& value, const std::string& place) {
    if (!value.is_object()) return {};
    for (const Json& key : keys) {
      if (value.contains(key.get<std::string>())) continue;
      const Json* known = schema.contains("properties") && schema["properties"].contains(key.get<std::string>())
                              ? &schema["properties"][key.get<std::string>()]
                              : nullptr;
      return Breach{place, fmt::format("the key {} is missing", key.get<std::string>()),
                    known != nullptr && known->contains("description")
                        ? fmt::format("{}: {}", key.get<std::string>(), (*known)["description"].get<std::string>())
                        : ""};
    }
    return {};
  }
  Result properties(const Json& known, const Json& schema, const Json& value, const std::string& place) {
    if (!value.is_object()) return {};
    for (const auto& [key, member] : value.items()) {
      if (known.contains(key)) {
        if (Result breach = run(known[key], member, member_place(place, key))) return breach;
      } else if (schema.contains("additionalProperties")) {
        // Here as well, so that an unknown key is told in the order of the document.
        if (Result breach = unknown(schema["additionalProperties"], known, key, member, place)) return breach;
      }
    }
    return {};
  }
  Result additional(const Json& rest, const Json& schema, const Json& value, const std::string& place) {
    if (!value.is_object()) return {};
    static const Json none = Json::object();
    const Json& known = schema.contains("properties") ? schema["properties"] : none;
    for (const auto& [key, member] : value.items())
      if (!known.contains(key))
        if (Result breach = unknown(rest, known, key, member, place)) return breach;
    return {};
  }
  Result unknown(const Json& rest, const Json& known, const std::string& key, const Json& member,
                 const std::string& place) {
    if (!rest.is_boolean() || rest.get<bool>()) return run(rest, member, member_place(place, key));
    const std::vector<std::string> names = keys_of(known);
    const std::string near = nearest_word(key, names);
    return Breach{member_place(place, key), "unknown key",
                  near.empty() ? fmt::format("the keys here are {}", fmt::join(names, ", "))
                               : fmt::format("did you mean {}?", near)};
  }
  Result property_names(const Json& rule, const Json&, const Json& value, const std::string& place) {
    if (!value.is_object()) return {};
    for (const auto& [key, member] : value.items())
      if (Result breach = run(rule, Json(key), member_place(place, key))) return breach;
    return {};
  }
  Result least_members(const Json& least, const Json&, const Json& value, const std::string& place) {
    if (!value.is_object() || value.size() >= least.get<std::size_t>()) return {};
    return Breach{place, "there is nothing in it", ""};
  }
  Result least_items(const Json& least, const Json&, const Json& value, const std::string& place) {
    if (!value.is_array() || value.size() >= least.get<std::size_t>()) return {};
    return Breach{
        place, fmt::format("the list needs at least {} items and has {}", least.get<std::size_t>(), value.size()), ""};
  }
  Result dependent(const Json& pairs, const Json&, const Json& value, const std::string& place) {
    if (!value.is_object()) return {};
    for (const auto& [key, others] : pairs.items())
      for (const Json& other : others)
        if (value.contains(key) && !value.contains(other.get<std::string>()))
          return Breach{place, fmt::format("{} is given, but {} is missing", key, other.get<std::string>()), ""};
    return {};
  }
  Result items(const Json& rule, const Json&, const Json& value, const std::string& place) {
    if (!value.is_array()) return {};
    for (std::size_t i = 0; i < value.size(); ++i)
      if (Result breach = run(rule, value[i], item_place(place, i))) return breach;
    return {};
  }
  Result pattern(const Json& expression, const Json& schema, const Json& value, const std::string& place) {
    if (!value.is_string()) return {};
    const auto& text = value.get_ref<const std::string&>();
    // std::regex recurses for each character; longer texts are refused by maxLength, which each pattern has beside it.
    if (length_of(text) <= schema.at("maxLength").get<std::size_t>() &&
        std::regex_search(text, compiled(expression.get<std::string>())))
      return {};
    return Breach{place, fmt::format("{} is not {}", shown(value), meaning(schema, "of the right form")), ""};
  }
  const std::regex& compiled(const std::string& expression) {
    auto at = m_expressions.find(expression);
    if (at == m_expressions.end()) at = m_expressions.emplace(expression, std::regex(expression)).first;
    return at->second;
  }
  Result text_length(const Json&, const Json& schema, const Json& value, const std::string& place) {
    if (!value.is_string()) return {};
    const std::size_t length = length_of(value.get_ref<const std::string&>());
    if (length < schema.value("minLength", std::size_t{0})) return Breach{place, "the text is empty", ""};
    if (length > schema.value("maxLength", length))
      return Breach{
          place,
          fmt::format("the text has {} characters, the most is {}", length, schema["maxLength"].get<std::size_t>()),
          ""};
    return {};
  }
  Result range(const Json&, const Json& schema, const Json& value, const std::string& place) {
    if (!value.is_number()) return {};
    const auto number = value.get<double>();
    const auto fail = [&](const char* words, const char* bound) {
      return Breach{place, fmt::format("{} must be {} {}", shown(value), words, shortest(schema[bound].get<double>())),
                    ""};
    };
    if (schema.contains("minimum") && number < schema["minimum"].get<double>()) return fail("at least", "minimum");
    if (schema.contains("exclusiveMinimum") && number <= schema["exclusiveMinimum"].get<double>())
      return fail("more than", "exclusiveMinimum");
    if (schema.contains("maximum") && number > schema["maximum"].get<double>()) return fail("at most", "maximum");
    return {};
  }
  Result all_of(const Json& rules, const Json&, const Json& value, const std::string& place) {
    for (const Json& rule : rules)
      if (Result breach = run(rule, value, place)) return breach;
    return {};
  }
  Result any_of(const Json& rules, const Json& schema, const Json& value, const std::string& place) {
    for (const Json& rule : rules)
      if (!run(rule, value, place)) return {};
    return Breach{place, fmt::format("not {}", meaning(schema, "one of the forms that are allowed here")), ""};
  }
  Result condition(const Json& rule, const Json& schema, const Json& value, const std::string& place) {
    if (run(rule, value, place)) return {};
    return run(schema.at("then"), value, place);
  }
  Result reference(const Json& target, const Json&, const Json& value, const std::string& place) {
    return run(m_root.at(Json::json_pointer(target.get<std::string>().substr(1))), value, place);
  }
  static std::string meaning(const Json& schema, const std::string& otherwise) {
    return schema.contains("title") ? schema["title"].get<std::string>() : otherwise;
  }

  const Json& m_root;
  std::map<std::string, std::regex> m_expressions;
};

}  // namespace

std::optional<Breach> first_breach(const Json& schema, const Json& document) {
  return Check(schema).run(schema, document, "");
}

}  // namespace yaan
