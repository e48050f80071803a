#include <fmt/format.h>

#include "app/cli/verb.hpp"
#include "yaan/study/registry.hpp"

namespace yaan::cli {

namespace {

/// Text for roff: backslashes and dashes escaped, no line begins with a control character.
std::string roff(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (c == '\\')
      safe += "\\e";
    else if (c == '-')
      safe += "\\-";
    else
      safe += c;
  }
  return safe.starts_with('.') || safe.starts_with('\'') ? "\\&" + safe : safe;
}

std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

void append_verb(std::string& page, const Verb& verb) {
  page +=
      fmt::format(".SS \"{}\"\n{}.\n", roff(usage_of(verb)),
                  roff(verb.summary.ends_with('.') ? verb.summary.substr(0, verb.summary.size() - 1) : verb.summary));
  if (!verb.details.empty()) page += fmt::format(".PP\n{}\n", roff(verb.details));
  for (const Positional& positional : verb.positionals)
    page += fmt::format(".TP\n.I {}\n{}\n", roff(positional.name), roff(positional.help));
  for (const Option& option : verb.options) {
    const std::string letter = option.letter.empty() ? "" : fmt::format(R"(\fB\-{}\fR, )", option.letter);
    page += fmt::format(".TP\n{}\\fB\\-\\-{}\\fR{}\n{}\n", letter, roff(option.name),
                        option.value.empty() ? "" : fmt::format(R"( \fI{}\fR)", roff(option.value)), roff(option.help));
  }
  for (const std::string& example : verb.examples) page += fmt::format(".PP\n.EX\nyaan {}\n.EE\n", roff(example));
}

int run(const Arguments& /*arguments*/, Console& console) {
  console.print(man_page());
  return 0;
}

}  // namespace

std::string man_page() {
  std::string page = fmt::format(".TH YAAN 1 \"\" \"yaan {}\" \"User Commands\"\n", version());
  page += ".SH NAME\nyaan \\- find, explain and map creative districts\n";
  page += ".SH SYNOPSIS\n.B yaan\n.I VERB\n[ARGUMENTS]\n";
  page +=
      ".SH DESCRIPTION\nYaan reads layers of places, finds where they gather, describes the districts and writes "
      "GeoJSON, tables and maps, each with a record of the run that made it. Results go to files or standard output, "
      "messages and progress to standard error.\n";
  page += ".SH VERBS\n";
  for (const Verb& verb : verbs())
    if (!verb.is_method) append_verb(page, verb);
  page += ".SH METHODS OF ANALYSIS\nEach is a verb on one file and a step of a study.\n";
  for (const MethodGroup& group : method_groups()) {
    page += fmt::format(".SH \"METHODS: {}\"\n", roff(upper(group.title.en)));
    for (const Method* method : group.methods) append_verb(page, verb_named(method->name));
  }
  page +=
      ".SH EXIT STATUS\n"
      ".TP\n0\nDone.\n.TP\n1\nFailed: an input cannot be used, an output cannot be written, or the answer of verify or "
      "replay is no.\n.TP\n2\nWrong usage.\n.TP\n130\nInterrupted; nothing was written.\n";
  page +=
      ".SH ENVIRONMENT\n.TP\nNO_COLOR\nNo colours when it is set.\n.TP\nTMPDIR\nWhere replay works.\n"
      ".TP\nYAAN_FONTS\nFolder of the fonts of maps.\n";
  return page;
}

Verb man_verb() {
  Verb verb;
  verb.name = "man";
  verb.summary = "print the manual page";
  verb.examples = {"man > yaan.1"};
  verb.run = run;
  return verb;
}

}  // namespace yaan::cli
