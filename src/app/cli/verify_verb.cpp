#include <fmt/format.h>

#include "app/cli/report.hpp"
#include "app/cli/verb.hpp"
#include "yaan/study/replay.hpp"

namespace yaan::cli {

namespace {

std::string text_report(const VerifyReport& report, const std::string& output) {
  std::string text = fmt::format("{:<8} {}\n", report.content_same ? "same" : "changed", printable(output));
  for (const VerifiedInput& input : report.inputs)
    text += fmt::format("{:<8} {}{}\n", to_string(input.state), printable(input.recorded.path),
                        input.state != VerifiedInput::State::missing ? ""
                        : input.why.empty()                          ? " (name its folder with --inputs DIR)"
                                                                     : fmt::format(" ({})", printable(input.why)));
  if (!report.study_same) text += "the study in the run record was cut by the publication filter, or edited\n";
  text += report.good() ? "good: output and inputs are as they were\n" : "not good\n";
  return text;
}

int run(const Arguments& arguments, Console& console) {
  const std::string output = arguments.text("OUTPUT");
  const VerifyReport report = verify_with_inputs(output, arguments.text("inputs"), console.progress());
  console.print(arguments.has("json") ? json_report(report) : text_report(report, output));
  return report.good() ? 0 : 1;
}

}  // namespace

Verb verify_verb() {
  Verb verb;
  verb.name = "verify";
  verb.summary = "check an output and its inputs by their hashes, running nothing";
  verb.details =
      "The exit code is 0 when the output is as it was written and every input is there unchanged, 1 when not. The "
      "inputs "
      "are looked for from the current folder, then from the folder of the output; what came from a database is read "
      "there again.";
  verb.positionals = {{"OUTPUT", "a file that yaan has written, or its .yaan.json", true, false, {}}};
  verb.options = {{"inputs", "", "DIR", "folder that holds the inputs", {}, false}, json_option()};
  verb.examples = {"verify out/districts.geojson --inputs data"};
  verb.run = run;
  return verb;
}

}  // namespace yaan::cli
