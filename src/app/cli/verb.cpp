#include "app/cli/verb.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "app/cli/method_verb.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/layer.hpp"
#include "yaan/core/numbers.hpp"
#include "yaan/study/registry.hpp"

namespace yaan::cli {

namespace {

std::string advice_for(std::string_view given, const std::vector<std::string>& known, const std::string& otherwise) {
  std::string near = nearest_word(given, known);
  // Half of a long word may differ by nearest_word; an option that begins otherwise is another one.
  if (given.starts_with("--") && near.size() > 2 && given.size() > 2 && near[2] != given[2]) near.clear();
  return near.empty() ? otherwise : fmt::format("did you mean {}?", near);
}

std::string help_call(const Verb& verb) { return fmt::format("yaan {} --help says what there is", verb.name); }

UsageError surplus(const Verb& verb, const std::string& word) {
  if (!word.starts_with('-') || word == "-")
    return UsageError(fmt::format("yaan {} does not expect \"{}\"", verb.name, word), usage_of(verb));
  std::vector<std::string> names;
  for (const Option& option : verb.options) names.push_back("--" + option.name);
  const std::string given = word.substr(0, word.find('='));
  return UsageError(fmt::format("yaan {} has no option {}", verb.name, given),
                    advice_for(given, names, help_call(verb)));
}

/// Refuses unknown options before the parser takes the word after one for an argument.
void check_options(const Verb& verb, const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
    const std::string& word = words[i];
    if (!word.starts_with('-') || word == "-") continue;
    const std::string given = word.substr(0, word.find('='));
    const auto known = std::find_if(verb.options.begin(), verb.options.end(), [&](const Option& option) {
      return given == "--" + option.name ||
             (!option.letter.empty() && !word.starts_with("--") && word.starts_with("-" + option.letter));
    });
    if (known == verb.options.end()) throw surplus(verb, word);
    const bool value_follows = !known->value.empty() && (word == "--" + known->name || word == "-" + known->letter);
    if (value_follows) ++i;
  }
}

}  // namespace

std::string Arguments::text(std::string_view name, const std::string& otherwise) const {
  const auto at = m_values.find(name);
  return at == m_values.end() || at->second.empty() ? otherwise : at->second.back();
}

std::vector<std::string> Arguments::all(std::string_view name) const {
  const auto at = m_values.find(name);
  return at == m_values.end() ? std::vector<std::string>() : at->second;
}

std::int64_t Arguments::integer(std::string_view name, std::int64_t otherwise, std::int64_t least,
                                std::int64_t most) const {
  if (!has(name)) return otherwise;
  const auto value = parse_int(text(name));
  if (!value || *value < least || *value > most)
    throw UsageError(
        fmt::format("--{} is \"{}\", but must be a whole number from {} to {}", name, text(name), least, most));
  return *value;
}

const std::vector<Verb>& verbs() {
  static const std::vector<Verb> all = [] {
    std::vector<Verb> list = {run_verb(),    check_verb(),   inspect_verb(),    view_verb(), replay_verb(),
                              verify_verb(), methods_verb(), completion_verb(), man_verb()};
    for (const Method* method : methods()) list.push_back(method_verb(*method));
    return list;
  }();
  return all;
}

const Verb& verb_named(std::string_view name) {
  std::vector<std::string> names;
  for (const Verb& verb : verbs()) {
    if (verb.name == name) return verb;
    names.push_back(verb.name);
  }
  throw UsageError(fmt::format("there is no verb \"{}\"", name),
                   advice_for(name, names, fmt::format("the verbs are {}", fmt::join(names, ", "))));
}

Arguments parse_arguments(const Verb& verb, const std::vector<std::string>& words) {
  check_options(verb, words);
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  std::map<std::string, std::vector<std::string>> values;
  std::map<std::string, bool> flags;
  for (const Option& option : verb.options) {
    const std::string names =
        option.letter.empty() ? "--" + option.name : fmt::format("-{},--{}", option.letter, option.name);
    if (option.value.empty()) {
      app.add_flag(names, flags[option.name]);
    } else {
      app.add_option(names, values[option.name])
          ->expected(1)
          ->allow_extra_args(false)
          ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    }
  }
  for (const Positional& positional : verb.positionals)
    app.add_option(positional.name, values[positional.name])
        ->expected(positional.repeats ? -1 : 1)
        ->allow_extra_args(positional.repeats);
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::ParseError& error) {
    throw UsageError(fmt::format("yaan {}: {}", verb.name, error.what()), help_call(verb));
  }
  if (const auto rest = app.remaining(); !rest.empty()) throw surplus(verb, rest.front());

  Arguments arguments;
  for (const Positional& positional : verb.positionals)
    if (positional.required && values[positional.name].empty())
      throw UsageError(fmt::format("yaan {} needs {}: {}", verb.name, positional.name, positional.help),
                       usage_of(verb));
  for (const Option& option : verb.options)
    if (!option.repeats && values[option.name].size() > 1)
      throw UsageError(fmt::format("--{} is given twice", option.name));
  for (auto& [name, given] : values)
    if (!given.empty()) arguments.add(name, std::move(given));
  for (const auto& [name, given] : flags)
    if (given) arguments.add(name, {});
  return arguments;
}

Option threads_option() {
  return {"threads", "", "N", "threads to use; 0 for one per processor (default 0)", {}, false};
}
Option json_option() { return {"json", "", "", "print one JSON object for other programs", {}, false}; }
Option overwrite_option() { return {"overwrite", "", "", "replace outputs that exist", {}, false}; }

unsigned threads_of(const Arguments& arguments) {
  return static_cast<unsigned>(arguments.integer("threads", 0, 0, 1024));
}

}  // namespace yaan::cli
