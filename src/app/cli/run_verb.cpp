#include "app/cli/report.hpp"
#include "app/cli/verb.hpp"
#include "yaan/study/run.hpp"
#include "yaan/study/study.hpp"

namespace yaan::cli {

namespace {

int run(const Arguments& arguments, Console& console) {
  RunOptions options;
  options.out_dir = arguments.text("out");
  options.overwrite = arguments.has("overwrite");
  options.threads = threads_of(arguments);
  const RunResult result = run_study(Study::read(arguments.text("STUDY")), options, console.progress());
  if (arguments.has("json"))
    console.print(json_report("", result));
  else
    console.say(text_report(result, console));
  return 0;
}

}  // namespace

Verb run_verb() {
  Verb verb;
  verb.name = "run";
  verb.summary = "run a study: read its layers, analyse, write every output";
  verb.details =
      "The outputs appear together or not at all. Without --out they go to the folder of the study. docs/study.md is "
      "the "
      "reference of the study file.";
  verb.positionals = {{"STUDY", "the study file, JSON", true, false, {}}};
  verb.options = {{"out", "", "DIR", "folder of the outputs, made where it is missing", {}, false},
                  overwrite_option(),
                  threads_option(),
                  json_option()};
  verb.examples = {"run data/thailand.json --out out --overwrite"};
  verb.run = run;
  return verb;
}

}  // namespace yaan::cli
