#include <fmt/format.h>

#include "app/cli/verb.hpp"
#include "yaan/core/error.hpp"

namespace yaan::cli {

namespace {

std::string option_words(const Verb& verb) {
  std::string words = "--help";
  for (const Option& option : verb.options) words += " --" + option.name;
  return words;
}

std::string verb_words() {
  std::string words;
  for (const Verb& verb : verbs()) words += verb.name + " ";
  return words + "--help --version";
}

/// For a word within single quotes of a shell; brackets and colons mean something to zsh's _arguments.
std::string zsh_text(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (c == '\'')
      safe += "'\\''";
    else if (c == '[' || c == ']' || c == ':')
      safe += fmt::format("\\{}", c);
    else
      safe += c;
  }
  return safe;
}

int run(const Arguments& arguments, Console& console) {
  const std::string shell = arguments.text("SHELL");
  if (shell != "bash" && shell != "zsh")
    throw UsageError(fmt::format("there is no completion for \"{}\"", shell), "the shells are bash and zsh");
  console.print(shell == "bash" ? bash_completion() : zsh_completion());
  return 0;
}

}  // namespace

std::string bash_completion() {
  std::string script =
      "# Completion of yaan for bash, made by `yaan completion bash`.\n_yaan() {\n"
      "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} verb=${COMP_WORDS[1]}\n"
      "  COMPREPLY=()\n  if ((COMP_CWORD == 1)); then\n";
  script += fmt::format("    mapfile -t COMPREPLY < <(compgen -W '{}' -- \"$word\")\n    return\n  fi\n", verb_words());
  script += "  local choices='' options='' values=''\n  case \"$verb\" in\n";
  for (const Verb& verb : verbs()) {
    std::string values;
    for (const Option& option : verb.options) {
      if (option.value.empty()) continue;
      values += fmt::format("--{} ", option.name);
      if (!option.letter.empty()) values += fmt::format("-{} ", option.letter);
    }
    script += fmt::format("    {})\n      options='{}' values='{}'\n", verb.name, option_words(verb), values);
    for (const Positional& positional : verb.positionals)
      if (!positional.choices.empty())
        script += fmt::format("      choices='{}'\n", fmt::join(positional.choices, " "));
    std::string cases;
    for (const Option& option : verb.options)
      if (!option.choices.empty())
        cases += fmt::format(" --{}) choices='{}' ;;", option.name, fmt::join(option.choices, " "));
    if (!cases.empty()) script += fmt::format("      case \"$before\" in{} esac\n", cases);
    script += "      ;;\n";
  }
  script +=
      "  esac\n"
      "  if [[ $word == -* ]]; then\n"
      "    mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$word\")\n"
      "  elif [[ -n $choices ]]; then\n"
      "    mapfile -t COMPREPLY < <(compgen -W \"$choices\" -- \"$word\")\n"
      "  elif [[ \" $values\" == *\" $before \"* || $word != -* ]]; then\n"
      "    mapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n"
      "  fi\n}\ncomplete -o filenames -F _yaan yaan\n";
  return script;
}

std::string zsh_completion() {
  std::string script =
      "#compdef yaan\n# Completion of yaan for zsh, made by `yaan completion zsh`.\n_yaan() {\n"
      "  local -a verbs\n  verbs=(\n";
  for (const Verb& verb : verbs()) script += fmt::format("    '{}:{}'\n", verb.name, zsh_text(verb.summary));
  script +=
      "  )\n  if ((CURRENT == 2)); then\n    _describe verb verbs\n    return\n  fi\n"
      "  local verb=$words[2]\n  shift words\n  ((CURRENT--))\n  case $verb in\n";
  for (const Verb& verb : verbs()) {
    script += fmt::format("    {})\n      _arguments", verb.name);
    for (const Option& option : verb.options) {
      const std::string action = !option.choices.empty()
                                     ? fmt::format(":{}:({})", option.value, fmt::join(option.choices, " "))
                                 : option.value.empty() ? ""
                                                        : fmt::format(":{}:_files", zsh_text(option.value));
      script += fmt::format(" \\\n        '{}--{}[{}]{}'", option.repeats ? "*" : "", option.name,
                            zsh_text(option.help), action);
    }
    for (const Positional& positional : verb.positionals) {
      const std::string action =
          positional.choices.empty() ? "_files" : fmt::format("({})", fmt::join(positional.choices, " "));
      script +=
          fmt::format(" \\\n        '{}:{}:{}'", positional.repeats ? "*" : "", zsh_text(positional.name), action);
    }
    script += "\n      ;;\n";
  }
  return script + "  esac\n}\n_yaan \"$@\"\n";
}

Verb completion_verb() {
  Verb verb;
  verb.name = "completion";
  verb.summary = "print the completion of yaan for a shell";
  verb.positionals = {{"SHELL", "bash or zsh", true, false, {"bash", "zsh"}}};
  verb.examples = {"completion bash > yaan.bash"};
  verb.run = run;
  return verb;
}

}  // namespace yaan::cli
