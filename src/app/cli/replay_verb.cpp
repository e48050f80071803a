#include <fmt/format.h>

#include "app/cli/report.hpp"
#include "app/cli/verb.hpp"
#include "yaan/study/registry.hpp"
#include "yaan/study/replay.hpp"

namespace yaan::cli {

namespace {

std::string text_report(const ReplayReport& report, const std::string& output) {
  std::string text;
  for (const VerifiedInput& input : report.inputs)
    text += fmt::format("{:<8} {}\n", to_string(input.state), printable(input.recorded.path));
  if (!report.same_version)
    text += fmt::format("made by yaan {}, replayed by yaan {}\n", printable(report.record.version), version());
  text += report.same ? fmt::format("same answer: {} was computed again, byte for byte\n", printable(output))
                      : fmt::format("another answer: {} is not what its record computes now\n", printable(output));
  return text;
}

int run(const Arguments& arguments, Console& console) {
  const std::string output = arguments.text("OUTPUT");
  const ReplayReport report =
      replay_output(output, arguments.text("inputs"), threads_of(arguments), console.progress());
  console.print(arguments.has("json") ? json_report(report) : text_report(report, output));
  return report.same ? 0 : 1;
}

}  // namespace

Verb replay_verb() {
  Verb verb;
  verb.name = "replay";
  verb.summary = "compute an output again from its run record and compare";
  verb.details =
      "Runs the study that the record holds in a temporary folder. The exit code is 0 when the new file equals the old "
      "one, "
      "1 when not. The inputs are looked for from the current folder, then from the folder of the output.";
  verb.positionals = {{"OUTPUT", "a file that yaan has written, or its .yaan.json", true, false, {}}};
  verb.options = {{"inputs", "", "DIR", "folder that holds the inputs", {}, false}, threads_option(), json_option()};
  verb.examples = {"replay out/districts.geojson --inputs data"};
  verb.run = run;
  return verb;
}

}  // namespace yaan::cli
