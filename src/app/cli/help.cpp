// Help, made from the descriptions of the verbs.
#include <fmt/format.h>

#include <algorithm>

#include "app/cli/verb.hpp"
#include "yaan/study/registry.hpp"

namespace yaan::cli {

namespace {

constexpr std::size_t kWidth = 80;
constexpr std::size_t kColumn = 27;
constexpr std::size_t kGroupColumn = 26;

std::string entry(const std::string& left, const std::string& help) {
  std::string line = "  " + left;
  if (line.size() + 2 > kColumn) {
    line += '\n';
    line.append(kColumn, ' ');
  } else {
    line.append(kColumn - line.size(), ' ');
  }
  return line + wrapped(help, kWidth, kColumn) + "\n";
}

std::string shown_option(const Option& option) {
  std::string shown = option.letter.empty() ? "--" + option.name : fmt::format("-{}, --{}", option.letter, option.name);
  return option.value.empty() ? shown : shown + " " + option.value;
}

/// A call in lines that a shell reads as one, broken before options.
std::string shown_call(const std::string& call) {
  std::string text = "  yaan";
  std::size_t column = text.size();
  for (std::size_t at = 0; at < call.size();) {
    std::size_t end = call.find(" -", at + 1);  // an option stays with its value
    if (end == std::string::npos) end = call.size();
    const std::string piece = call.substr(at, end - at);
    if (column + 1 + piece.size() > kWidth - 2) {
      text += " \\\n      ";
      column = 6;
    } else {
      text += ' ';
      ++column;
    }
    text += piece;
    column += piece.size();
    at = std::min(end + 1, call.size());
  }
  return text + "\n";
}

}  // namespace

std::string usage_of(const Verb& verb) {
  std::string usage = "yaan " + verb.name;
  for (const Positional& positional : verb.positionals) {
    const std::string name = positional.name + (positional.repeats ? "..." : "");
    usage += positional.required ? " " + name : " [" + name + "]";
  }
  return verb.options.empty() ? usage : usage + " [OPTIONS]";
}

std::string help_of(const Verb& verb) {
  std::string help = fmt::format("{}\n\nusage: {}\n", wrapped(verb.summary, kWidth, 0), usage_of(verb));
  if (!verb.details.empty()) help += fmt::format("\n{}\n", wrapped(verb.details, kWidth, 0));
  if (!verb.positionals.empty()) help += "\n";
  for (const Positional& positional : verb.positionals) help += entry(positional.name, positional.help);
  if (!verb.options.empty()) help += "\noptions:\n";
  for (const Option& option : verb.options) help += entry(shown_option(option), option.help);
  help += verb.examples.size() > 1 ? "\nexamples:\n" : "\nexample:\n";
  for (const std::string& example : verb.examples) help += shown_call(example);
  return help;
}

std::string program_help() {
  std::string help = "Yaan finds, explains and maps creative districts.\nusage: yaan VERB [ARGUMENTS]\n\n";
  for (const Verb& verb : verbs())
    if (!verb.is_method) help += fmt::format("  {:<12}{}\n", verb.name, verb.summary);
  help += "\nMethods of analysis, each a verb on one file:\n";
  for (const MethodGroup& group : method_groups()) {
    std::string names;
    for (const Method* method : group.methods) names += (names.empty() ? "" : "  ") + method->name;
    help += fmt::format("  {:<{}}{}\n", group.title.en, kGroupColumn - 2, wrapped(names, kWidth, kGroupColumn));
  }
  help += "\nyaan VERB --help says more; yaan --version prints the version. An example:\n";
  help += "  yaan run data/thailand.json --out out --overwrite\n";
  return help;
}

}  // namespace yaan::cli
