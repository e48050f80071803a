#include "yaan/load/read_settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "load/extent.hpp"
#include "load/osm_tags.hpp"
#include "load/raw_layer.hpp"
#include "load/text_encoding.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

namespace {

constexpr int kMostHeaderRow = 1000;

ReadSetting text_setting(std::string ReadOptions::*member, std::string_view key, std::string_view word,
                         std::string_view help) {
  ReadSetting setting;
  setting.key = key;
  setting.word = word;
  setting.help = help;
  setting.get = [member](const ReadOptions& options) { return options.*member; };
  setting.set = [member](ReadOptions& options, const std::string& text) { options.*member = text; };
  return setting;
}

// `check` throws for a text that cannot be.
template <class Check>
ReadSetting checked(ReadSetting setting, const Check& check) {
  setting.set = [check, set = std::move(setting.set)](ReadOptions& options, const std::string& text) {
    check(text);
    set(options, text);
  };
  return setting;
}

ReadSetting of_tables(ReadSetting setting) {
  setting.of_tables = true;
  return setting;
}

ReadSetting of_pictures(ReadSetting setting) {
  setting.of_pictures = true;
  return setting;
}

// One of a few words, the first of which needs not be said.
template <class Value>
ReadSetting word_setting(Value ReadOptions::*member, std::string_view key, std::string_view help,
                         const std::vector<std::pair<std::string, Value>>& words) {
  ReadSetting setting;
  setting.key = key;
  setting.word = "WORD";
  setting.help = help;
  for (const auto& [word, value] : words) setting.choices.push_back(word);
  setting.get = [member, words](const ReadOptions& options) {
    for (const auto& [word, value] : words)
      if (options.*member == value) return word == words.front().first ? std::string() : word;
    return std::string();
  };
  setting.set = [member, words, key, choices = setting.choices](ReadOptions& options, const std::string& text) {
    for (const auto& [word, value] : words)
      if (text == word) {
        options.*member = value;
        return;
      }
    throw UsageError(fmt::format("{} is \"{}\"", key, text), fmt::format("give one of {}", fmt::join(choices, ", ")));
  };
  return setting;
}

ReadSetting fields_setting() {
  ReadSetting setting;
  setting.key = "fields";
  setting.word = "COLUMNS";
  setting.help = "columns to read, with commas between them; those that play parts are read anyway";
  setting.get = [](const ReadOptions& options) { return fmt::format("{}", fmt::join(options.fields, ",")); };
  setting.set = [](ReadOptions& options, const std::string& text) {
    options.fields.clear();
    for (std::size_t at = 0; at <= text.size();) {
      const std::size_t comma = std::min(text.find(',', at), text.size());
      const std::size_t first = std::min(text.find_first_not_of(' ', at), comma);
      const std::size_t last = text.find_last_not_of(' ', comma == 0 ? 0 : comma - 1);
      if (first >= comma || last == std::string::npos)
        throw UsageError(fmt::format("fields is \"{}\"", text),
                         "give the names of columns with commas between them, such as name_th,year");
      options.fields.push_back(text.substr(first, last + 1 - first));
      at = comma + 1;
    }
  };
  return setting;
}

ReadSetting header_setting() {
  ReadSetting setting;
  setting.key = "header_row";
  setting.word = "N";
  setting.help = "row of a CSV or sheet that holds the column names, counted from 1; found by its content without";
  setting.get = [](const ReadOptions& options) {
    return options.header_row == 0 ? std::string() : std::to_string(options.header_row);
  };
  setting.set = [](ReadOptions& options, const std::string& text) {
    const auto number = parse_double(text);
    const int row = number && *number >= 1 && *number <= kMostHeaderRow ? static_cast<int>(*number) : 0;
    if (row == 0 || row != *number)
      throw UsageError(fmt::format("header_row is \"{}\"", text),
                       fmt::format("give a row from 1 to {}", kMostHeaderRow));
    options.header_row = row;
  };
  return setting;
}

std::vector<ReadSetting> make_settings() {
  using O = ReadOptions;
  return {
      text_setting(&O::layer, "layer", "LAYER", "layer or sheet within the file, where it holds several"),
      of_tables(text_setting(&O::x_column, "x", "COLUMN", "column of a table that holds longitudes or eastings")),
      of_tables(text_setting(&O::y_column, "y", "COLUMN", "column of a table that holds latitudes or northings")),
      of_tables(text_setting(&O::position_column, "position", "COLUMN",
                             "column of a table that holds both coordinates in one text")),
      of_tables(
          text_setting(&O::geometry_column, "geometry", "COLUMN", "column of a table that holds geometries as WKT")),
      of_pictures(text_setting(&O::crs, "crs", "CRS",
                               "coordinate reference system where the file states none: EPSG:4326, WKT, PROJJSON, a "
                               "PROJ string, or local for a plane in metres tied to no place")),
      of_tables(text_setting(&O::plane_crs, "plane_crs", "CRS",
                             "system of those rows of a table in degrees that hold eastings and northings instead, "
                             "such as EPSG:32647")),
      text_setting(&O::assume_crs, "assume_crs", "CRS",
                   "system to take where the file states none, if that puts the layer among the other layers of the "
                   "study"),
      of_pictures(checked(text_setting(&O::datum_shift, "datum_shift", "SHIFT",
                                       "how the layer's datum goes to WGS 84: an operation such as EPSG:1537, or "
                                       "x,y,z in metres"),
                          &parse_datum_shift)),
      checked(text_setting(&O::encoding, "encoding", "ENCODING",
                           "text encoding of a CSV or Shapefile, such as UTF-8, Windows-874 or TIS-620; found from "
                           "the bytes without"),
              &asked_encoding),
      header_setting(),
      word_setting(&O::swapped_axes, "swapped_axes",
                   "points whose latitude is beyond 90 degrees: fitting exchanges those that then lie among the "
                   "others, all every one and whole layers too, none leaves them out",
                   {{"fitting", SwappedAxes::fitting}, {"all", SwappedAxes::all}, {"none", SwappedAxes::none}}),
      of_tables(checked(text_setting(&O::tags, "tags", "RULES",
                                     "of an OSM file: which features become sites, of which category, such as "
                                     "\"temple: amenity=place_of_worship religion=buddhist; museum: "
                                     "tourism=museum|gallery\""),
                        &parse_tag_rules)),
      checked(text_setting(&O::extent, "extent", "BOX",
                           "read only features that touch this box: min_x,min_y,max_x,max_y in degrees of longitude "
                           "and latitude, or with the system of the numbers as a fifth, such as EPSG:32647"),
              &parse_extent),
      fields_setting(),
      word_setting(&O::parts, "parts",
                   "features of several parts: keep leaves lines and polygons together, split makes a row of each "
                   "part, of collections too",
                   {{"keep", Parts::keep}, {"split", Parts::split}}),
      word_setting(&O::normalise_keys, "keys",
                   "categories and fields that look the same but for Thai digits, unusual spaces or the order of Thai "
                   "marks: normalised counts them as one, as-is as several",
                   {{"normalised", true}, {"as-is", false}})};
}

}  // namespace

std::span<const ReadSetting> read_settings() {
  static const std::vector<ReadSetting> all = make_settings();
  return all;
}

}  // namespace yaan
