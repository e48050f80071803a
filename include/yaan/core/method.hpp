#pragma once
// A method of analysis, described in one place. The command line, the study file, its JSON Schema, the viewer's widgets
// and the documentation are all made from this description.

#include <any>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "yaan/core/diagnostics.hpp"
#include "yaan/core/layer.hpp"
#include "yaan/core/progress.hpp"
#include "yaan/core/units.hpp"

namespace yaan {

/// A parameter's value, or one line of a method's summary.
using Value = std::variant<bool, std::int64_t, double, Length, std::string>;
std::string to_string(const Value& value);

enum class ParameterKind { flag, integer, real, length, choice, text };
std::string_view to_string(ParameterKind kind);

/// One member of an options struct, as everybody else sees it.
struct Parameter {
  std::string name;  ///< snake_case; the command line writes it --kebab-case
  ParameterKind kind = ParameterKind::text;
  std::string unit;  ///< "m" for lengths, "" for plain numbers
  double minimum = -std::numeric_limits<double>::infinity();
  double maximum = std::numeric_limits<double>::infinity();
  bool minimum_excluded = false;  ///< the value must be larger than the minimum
  double slider_minimum = 0;      ///< a useful range for a slider; equal ends mean "none"
  double slider_maximum = 0;
  std::vector<std::string> choices;
  std::string help;     ///< one English sentence
  Localized title;      ///< for the viewer
  Value default_value;  ///< read from the options struct, never typed again
  std::function<void(std::any& options, const Value& value)> set;
  std::function<Value(const std::any& options)> get;
};

/// Throws UsageError unless the value is of the parameter's kind, finite, within its range or among its choices.
/// An integer is accepted for a real. The message names the parameter and the range.
void check(const Parameter& parameter, const Value& value);
/// The text of a command line or a table cell as a value of the parameter's kind; checked.
Value parse_value(const Parameter& parameter, std::string_view text);

enum class RoleNeed { required, optional };

/// A layer that a method reads. The first one is the layer it works on.
struct InputRole {
  std::string name;  ///< "points", "areas", "background"
  GeometryKind geometry = GeometryKind::point;
  RoleNeed need = RoleNeed::required;
  std::string help;
  bool may_be_table = false;  ///< rows without positions will do, so that a study reads a table of such
};

/// A column that a method adds, or a column of the layer that it makes.
struct OutputField {
  std::string name;
  ColumnType type = ColumnType::real;
  std::string unit;
  std::string help;  ///< definition, one sentence
  Localized title;
  ColourBy colour_by = ColourBy::none;
  bool nullable = false;
  std::vector<ColumnClass> classes{};
  Localized null_title{};  ///< what null means, for legends: "outside every cluster"; empty: no data
};
/// Gives those fields that may be null, and do not say what that means, these words for it.
void name_nulls(std::vector<OutputField>& fields, const Localized& words);

/// What a method keeps from run to run, so that a slider moves at once: an index, outlines that did not change. It
/// never changes a result. One memory serves one step of one study: runs one after the other, on the same features in
/// every role (their columns and the parameters may change).
struct MethodMemory {
  std::any kept;
};

struct MethodInputs {
  std::map<std::string, const Layer*, std::less<>> layers;  ///< by role; a role that was not given is absent
  MethodMemory* memory = nullptr;                           ///< null where nobody runs the step again
  /// Throws UsageError when it is absent.
  [[nodiscard]] const Layer& layer(std::string_view role) const;
  [[nodiscard]] const Layer* find(std::string_view role) const;
};

struct MethodResult {
  std::vector<Column> columns;  ///< added to the first input, one value for each of its features
  std::vector<Layer> layers;    ///< layers of their own
  std::vector<std::pair<std::string, Value>>
      summary;  ///< the counts that `--json` and the summary table show, in order
  Diagnostics diagnostics;
};

struct Method {
  std::string name;   ///< the verb and the study's key: kebab-case, the field's term
  std::string stage;  ///< "analyse" or "district"
  Localized title;
  std::string summary;  ///< one English sentence
  std::string
      description;  ///< a paragraph or more for docs/methods.md: definition, ties, degenerate results, complexity
  std::string citation;
  std::string example;  ///< a call that works on data/, without the program name
  std::vector<InputRole> inputs;
  std::vector<Parameter> parameters;
  std::vector<OutputField> adds;  ///< columns added to the first input
  std::string makes;              ///< name of the layer it makes; "" for none
  bool makes_table = false;       ///< that layer has rows without shapes, so that no map can show it
  std::vector<OutputField> makes_fields;
  std::string map_field;  ///< the field that maps show when nobody names one; "": the first that colours
  std::function<std::any()> default_options;
  /// Checks what the parameters alone cannot say (relations between them, units against the CRS), then computes.
  /// Same inputs and options give the same result whatever the thread count.
  std::function<MethodResult(const MethodInputs& inputs, const std::any& options, Progress& progress)> run;
  /// Does ahead, into inputs.memory, what later runs with other parameters can use; for idle time. Empty: nothing to
  /// do.
  std::function<void(const MethodInputs& inputs, const std::any& options, Progress& progress)> prepare;

  [[nodiscard]] const Parameter* find_parameter(std::string_view parameter) const;
  /// The field that maps show when nobody names one: map_field, else the first that colours of those that it adds, then
  /// of the layer that it makes. Null: none does.
  [[nodiscard]] const OutputField* shown_field() const;
};

/// An empty column that carries the description of an output field.
Column make_column(const OutputField& field);

/// The parameter that is `member` of Options. Chain on the result to give the range, the help and the titles.
/// A member of type Metres takes no bare number; a Length member does, and its method says what it means.
/// Members may be bool, int, std::int64_t, double, Length, Metres, std::string, or an enum with `choices` in the order
/// of its values from 0.
template <class Options, class Member>
Parameter parameter(Member Options::*member, std::string name, ParameterKind kind, std::string help,
                    std::vector<std::string> choices = {}) {
  Parameter p;
  p.name = std::move(name);
  p.kind = kind;
  p.help = std::move(help);
  p.choices = std::move(choices);
  if (kind == ParameterKind::length) p.unit = "m";
  p.set = [member, names = p.choices, label = p.name](std::any& options, const Value& value) {
    Member& target = std::any_cast<Options&>(options).*member;
    if constexpr (std::is_enum_v<Member>) {
      const auto& text = std::get<std::string>(value);
      for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == text) target = static_cast<Member>(i);
    } else if constexpr (std::is_same_v<Member, bool>) {
      target = std::get<bool>(value);
    } else if constexpr (std::is_integral_v<Member>) {
      target = static_cast<Member>(std::get<std::int64_t>(value));
    } else if constexpr (std::is_same_v<Member, double>) {
      target = std::holds_alternative<std::int64_t>(value) ? static_cast<double>(std::get<std::int64_t>(value))
                                                           : std::get<double>(value);
    } else if constexpr (std::is_same_v<Member, Metres>) {
      target = std::get<Length>(value).in_metres(label);
    } else {
      target = std::get<Member>(value);
    }
  };
  p.get = [member, names = p.choices](const std::any& options) -> Value {
    const Member& source = std::any_cast<const Options&>(options).*member;
    if constexpr (std::is_enum_v<Member>) {
      return names.at(static_cast<std::size_t>(source));
    } else if constexpr (std::is_same_v<Member, bool>) {
      return source;
    } else if constexpr (std::is_integral_v<Member>) {
      return static_cast<std::int64_t>(source);
    } else if constexpr (std::is_same_v<Member, Metres>) {
      return Length(source);
    } else {
      return source;
    }
  };
  p.default_value = p.get(std::any(Options{}));
  return p;
}

}  // namespace yaan
