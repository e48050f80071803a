#include "app/cli/read_options.hpp"
#include "app/cli/report.hpp"
#include "app/cli/verb.hpp"
#include "yaan/load/inspect.hpp"

namespace yaan::cli {

namespace {

int run(const Arguments& arguments, Console& console) {
  ReadOptions options = settings_from(arguments, "");
  options.table = true;  // a table without coordinates has something to tell as well
  const FileReport report = inspect_file(arguments.text("FILE"), options, console.progress());
  console.print(arguments.has("json") ? json_report(report) : to_text(report));
  return 0;
}

}  // namespace

Verb inspect_verb() {
  Verb verb;
  verb.name = "inspect";
  verb.summary = "say what a file holds, and what to doubt about it";
  verb.positionals = {
      {"FILE",
       "GeoJSON, TopoJSON, GeoPackage, Shapefile, DBF, FlatGeobuf, KML, CSV, XLSX, OSM or GeoTIFF, a zip "
       "of such files, a folder, or pg:SERVICE for a database",
       true,
       false,
       {}}};
  verb.options = setting_options("", true);
  verb.options.push_back(json_option());
  verb.examples = {"inspect data/provinces.geojson",
                   "inspect data/creative_assets.csv --x longitude --y latitude --crs EPSG:4326"};
  verb.run = run;
  return verb;
}

}  // namespace yaan::cli
