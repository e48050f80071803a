#include "study/output_schemas.hpp"

#include <string>
#include <utility>

#include "study/schema_parts.hpp"
#include "yaan/study/map_colours.hpp"

namespace yaan {

namespace {

constexpr const char* kMapFiles = "png|svg|pdf";

/// A relative path below the folder of the outputs, with one of the extensions.
Json output_file_schema(std::string description, const std::string& stem, const std::string& extensions,
                        std::string meaning) {
  return {
      {"description", std::move(description)},
      {"title", std::move(meaning)},
      {"type", "string"},
      {"maxLength", 200},
      {"pattern", R"(^(?!/)(?!(.*/)?\.\.?(/|$))(?!.*//)[^\\\n{}]*)" + stem + R"([^\\\n{}/]*\.()" + extensions + ")$"}};
}

Json colour_schema(bool cities) {
  Json column = text_schema(
      "Column that colours; without, the one that the last step shows. null: districts and kinds of sites colour the "
      "map.",
      200);
  column["type"] = {"string", "null"};
  Json breaks = Json::array();
  for (const auto& [word, classing] : classing_words()) breaks.push_back(word);
  Json ramps = Json::array();
  for (const style::Ramp ramp : style::sequential_ramps()) ramps.push_back(style::to_string(ramp));
  return object_schema(
      cities ? "By which column the maps are coloured; without, districts and kinds of sites colour them."
             : "By which column the map is coloured; without, by what the last step says of itself.",
      {{"layer", layer_name_reference("The layer of areas or points; without, the first that has the column.")},
       {"column", std::move(column)},
       {"breaks",
        {{"description", "How numbers fall into classes: natural breaks (Fisher-Jenks), equal counts, equal widths."},
         {"enum", std::move(breaks)}}},
       {"classes",
        {{"description", "How many classes."},
         {"type", "integer"},
         {"minimum", 1},
         {"maximum", style::kMostClasses},
         {"default", 5}}},
       {"bounds",
        {{"description", "The classes by hand: the lower end, then the upper end of each."},
         {"type", "array"},
         {"minItems", 2},
         {"items", {{"type", "number"}}}}},
       {"ramp",
        {{"description", "Colours of numbers from low to high."},
         {"enum", std::move(ramps)},
         {"default", "yellow-blue"}}}});
}

}  // namespace

Json layer_output_schema() {
  return object_schema(
      "A layer as a file, with the columns that the steps have added.",
      {{"layer", layer_name_reference("Name of the layer.")},
       {"file",
        output_file_schema("Where to write it; the extension says the format (.gal and .gwt: a table of weights).", "",
                           "geojson|csv|gal|gwt",
                           "a relative path that ends in .geojson, .csv, .gal or .gwt and stays in the folder of the "
                           "outputs")},
       {"decimals",
        {{"description", "Decimals of coordinates; 7 is about a centimetre."},
         {"type", "integer"},
         {"minimum", 0},
         {"maximum", 12},
         {"default", 7}}}},
      {"layer", "file"});
}

Json table_output_schema() {
  return object_schema(
      "A table with one row for each area: sites, districts, sites in districts, counts by category, area and density.",
      {{"table", {{"const", "areas"}}},
       {"areas", layer_name_reference("The areas; without, the first layer that a step reads as areas.")},
       {"points", layer_name_reference("The sites; without, the first layer that a step reads as points.")},
       {"file", output_file_schema("Where to write it.", "", "csv",
                                   "a relative path that ends in .csv and stays in the folder of the outputs")}},
      {"table", "file"});
}

Json checks_output_schema() {
  return object_schema(
      "A table of what there is to doubt about the sites, with the proposed repairs and columns for decisions.",
      {{"table", {{"const", "checks"}}},
       {"file", output_file_schema("Where to write it; the extension says the format.", "", "csv|xlsx|geojson",
                                   "a relative path that ends in .csv, .xlsx or .geojson and stays in the folder of "
                                   "the outputs")}},
      {"table", "file"});
}

Json map_output_schema(bool cities) {
  Json properties = {
      {"map", {{"const", cities ? "cities" : "country"}}},
      {"areas", layer_name_reference("The areas; without, the first layer that a step reads as areas.")},
      {"points", layer_name_reference("The sites; without, the first layer that a step reads as points.")},
      {"districts", layer_name_reference("The districts; without, the first layer that a districts step makes.")},
      {"file", cities ? output_file_schema(
                            "Where to write them; {city} stands for the name of the city.", R"(\{city\})", kMapFiles,
                            "a relative path with {city} in its file name that ends in .png, .svg or .pdf and stays in "
                            "the folder of the outputs")
                      : output_file_schema("Where to write it; the extension says the format.", "", kMapFiles,
                                           "a relative path that ends in .png, .svg or .pdf and stays in the folder of "
                                           "the outputs")},
      {"title", localized_schema("Title; without, that of the study.")},
      {"language",
       {{"description", "Language of labels, legend and title."}, {"enum", {"en", "th"}}, {"default", "en"}}},
      {"width",
       {{"description", "Width of the picture in pixels."}, {"type", "integer"}, {"minimum", 400}, {"maximum", 12000}}},
      {"height",
       {{"description", "Height of the picture in pixels."},
        {"type", "integer"},
        {"minimum", 400},
        {"maximum", 12000}}}};
  properties["colour"] = colour_schema(cities);
  if (!cities)
    properties["extent"] = text_schema(
        "The part to show: min_x,min_y,max_x,max_y in degrees of longitude and latitude, or with the system of the "
        "numbers as a fifth; without, all areas.");
  if (cities)
    properties["most"] = {{"description", "How many cities get a map, in the order of their best district."},
                          {"type", "integer"},
                          {"minimum", 1},
                          {"maximum", 1000},
                          {"default", 20}};
  return object_schema(cities
                           ? "A picture of each city that has districts: groups of districts whose centres are within "
                             "15 km of one another."
                           : "One picture of all areas, sites and districts.",
                       std::move(properties), {"map", "file"});
}

}  // namespace yaan
