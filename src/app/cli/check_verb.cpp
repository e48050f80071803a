#include <nlohmann/json.hpp>

#include "app/cli/report.hpp"
#include "app/cli/verb.hpp"
#include "yaan/study/run.hpp"
#include "yaan/study/study.hpp"

namespace yaan::cli {

namespace {

// The layers of the study, and nothing but the tables of checks. Layers that a step may take as tables stay such.
Study checks_of(const Study& study) {
  nlohmann::ordered_json document = nlohmann::ordered_json::parse(study.text());
  document.erase("analyses");
  for (const StudyLayer& layer : study.layers())
    if (layer.read.table) document["layers"][layer.name]["table"] = true;
  document["outputs"] = nlohmann::ordered_json::array();
  for (const char* file : {"checks.xlsx", "checks.csv", "checks.geojson"})
    document["outputs"].push_back({{"table", "checks"}, {"file", file}});
  return Study::parse(document.dump(), study.file());
}

int run(const Arguments& arguments, Console& console) {
  RunOptions options;
  options.out_dir = arguments.text("out");
  options.overwrite = arguments.has("overwrite");
  options.threads = threads_of(arguments);
  const RunResult result = run_study(checks_of(Study::read(arguments.text("STUDY"))), options, console.progress());
  if (arguments.has("json"))
    console.print(json_report("", result));
  else
    console.say(text_report(result, console));
  return 0;
}

}  // namespace

Verb check_verb() {
  Verb verb;
  verb.name = "check";
  verb.summary = "list doubtful sites of a study, with proposals to decide on";
  verb.details =
      "Writes checks.xlsx, checks.csv and checks.geojson: points that do not lie in the area that they claim, and "
      "sites "
      "that are listed twice, each with its likely reason and a proposed repair. Write accept, reject or change into "
      "the "
      "column decision, save the table, and name it as decisions of the layer in the study: the next run does what was "
      "decided. docs/study.md explains the table.";
  verb.positionals = {{"STUDY", "the study file, JSON", true, false, {}}};
  verb.options = {{"out", "", "DIR", "folder of the tables, made where it is missing", {}, false},
                  overwrite_option(),
                  threads_option(),
                  json_option()};
  verb.examples = {"check data/thailand.json --out out --overwrite"};
  verb.run = run;
  return verb;
}

}  // namespace yaan::cli
