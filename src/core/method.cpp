#include "yaan/core/method.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

std::string to_string(const Value& value) {
  struct Text {
    std::string operator()(bool flag) const { return flag ? "true" : "false"; }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(double number) const { return shortest(number); }
    std::string operator()(const Length& length) const { return yaan::to_string(length); }
    std::string operator()(const std::string& text) const { return text; }
  };
  return std::visit(Text{}, value);
}

std::string_view to_string(ParameterKind kind) {
  switch (kind) {
    case ParameterKind::flag: return "flag";
    case ParameterKind::integer: return "integer";
    case ParameterKind::real: return "real";
    case ParameterKind::length: return "length";
    case ParameterKind::choice: return "choice";
    case ParameterKind::text: return "text";
  }
  return "";
}

namespace {

void check_range(const Parameter& parameter, double number, const std::string& shown) {
  const bool below = parameter.minimum_excluded ? number <= parameter.minimum : number < parameter.minimum;
  if (std::isfinite(number) && !below && number <= parameter.maximum) return;
  std::string range;
  if (std::isfinite(parameter.minimum))
    range = fmt::format("{} {}", parameter.minimum_excluded ? "more than" : "at least", shortest(parameter.minimum));
  if (std::isfinite(parameter.maximum))
    range += fmt::format("{}at most {}", range.empty() ? "" : " and ", shortest(parameter.maximum));
  if (range.empty()) range = "a finite number";
  const std::string unit = parameter.unit.empty() || range == "a finite number" ? "" : " " + parameter.unit;
  throw UsageError(fmt::format("{} is {}, but must be {}{}", parameter.name, shown, range, unit),
                   fmt::format("the default is {}", to_string(parameter.default_value)));
}

}  // namespace

void check(const Parameter& parameter, const Value& value) {
  const auto wrong_kind = [&] {
    return UsageError(
        fmt::format("{} is \"{}\", but must be a {}", parameter.name, to_string(value), to_string(parameter.kind)),
        fmt::format("the default is {}", to_string(parameter.default_value)));
  };
  switch (parameter.kind) {
    case ParameterKind::flag:
      if (!std::holds_alternative<bool>(value)) throw wrong_kind();
      return;
    case ParameterKind::integer:
      if (!std::holds_alternative<std::int64_t>(value)) throw wrong_kind();
      check_range(parameter, static_cast<double>(std::get<std::int64_t>(value)), to_string(value));
      return;
    case ParameterKind::real:
      if (std::holds_alternative<std::int64_t>(value)) {
        check_range(parameter, static_cast<double>(std::get<std::int64_t>(value)), to_string(value));
      } else if (std::holds_alternative<double>(value)) {
        check_range(parameter, std::get<double>(value), to_string(value));
      } else {
        throw wrong_kind();
      }
      return;
    case ParameterKind::length:
      if (!std::holds_alternative<Length>(value)) throw wrong_kind();
      check_range(parameter, std::get<Length>(value).value, to_string(value));
      return;
    case ParameterKind::choice: {
      if (!std::holds_alternative<std::string>(value)) throw wrong_kind();
      const auto& text = std::get<std::string>(value);
      if (std::find(parameter.choices.begin(), parameter.choices.end(), text) != parameter.choices.end()) return;
      const std::string near = nearest_word(text, parameter.choices);
      throw UsageError(
          fmt::format("{} is \"{}\", but must be one of {}", parameter.name, text, fmt::join(parameter.choices, ", ")),
          near.empty() ? std::string() : fmt::format("did you mean {}?", near));
    }
    case ParameterKind::text:
      if (!std::holds_alternative<std::string>(value)) throw wrong_kind();
      return;
  }
}

Value parse_value(const Parameter& parameter, std::string_view text) {
  const auto not_a = [&](std::string_view what) {
    return UsageError(fmt::format("{} \"{}\" is not {}", parameter.name, text, what),
                      fmt::format("the default is {}", to_string(parameter.default_value)));
  };
  Value value;
  switch (parameter.kind) {
    case ParameterKind::flag:
      if (text != "true" && text != "false") throw not_a("true or false");
      value = text == "true";
      break;
    case ParameterKind::integer: {
      const auto number = parse_int(text);
      const std::size_t sign = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
      if (!number && text.size() > sign && text.find_first_not_of("0123456789", sign) == std::string_view::npos)
        throw UsageError(fmt::format("{} {} is too {}", parameter.name, text, text[0] == '-' ? "small" : "large"),
                         fmt::format("whole numbers go from {} to {}", std::numeric_limits<std::int64_t>::min(),
                                     std::numeric_limits<std::int64_t>::max()));
      if (!number) throw not_a("a whole number");
      value = *number;
      break;
    }
    case ParameterKind::real: {
      const auto number = parse_double(text);
      if (!number) throw not_a("a number");
      value = *number;
      break;
    }
    case ParameterKind::length: value = parse_length(text, parameter.name); break;
    case ParameterKind::choice:
    case ParameterKind::text: value = std::string(text); break;
  }
  check(parameter, value);
  return value;
}

const Layer& MethodInputs::layer(std::string_view role) const {
  if (const Layer* found = find(role)) return *found;
  throw UsageError(fmt::format("no layer was given for the role {}", role),
                   fmt::format("give it with --{} FILE", role));
}

const Layer* MethodInputs::find(std::string_view role) const {
  const auto at = layers.find(role);
  return at == layers.end() ? nullptr : at->second;
}

const Parameter* Method::find_parameter(std::string_view wanted) const {
  const auto at =
      std::find_if(parameters.begin(), parameters.end(), [&](const Parameter& p) { return p.name == wanted; });
  return at == parameters.end() ? nullptr : &*at;
}

const OutputField* Method::shown_field() const {
  for (const auto* fields : {&adds, &makes_fields})
    for (const OutputField& field : *fields)
      if (map_field.empty() ? field.colour_by != ColourBy::none : field.name == map_field) return &field;
  return nullptr;
}

void name_nulls(std::vector<OutputField>& fields, const Localized& words) {
  for (OutputField& field : fields) {
    const bool said = std::any_of(field.classes.begin(), field.classes.end(),
                                  [](const ColumnClass& known) { return known.value.empty(); });
    if (field.nullable && !said && field.null_title.empty()) field.null_title = words;
  }
}

Column make_column(const OutputField& field) {
  Column column(field.name, field.type);
  column.unit = field.unit;
  column.title = field.title;
  column.help = field.help;
  column.colour_by = field.colour_by;
  column.classes = field.classes;
  column.null_title = field.null_title;
  return column;
}

}  // namespace yaan
