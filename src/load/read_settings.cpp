#include "yaan/load/read_settings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "load/extent.hpp"
#include "load/osm_tags.hpp"
#include "load/raw_layer.hpp"
#include "load/text_encoding.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

namespace {

constexpr int kMostHeaderRow = 1000;

template <std::string ReadOptions::*Member>
ReadSetting text_setting(std::string_view key, std::string_view word, std::string_view help, bool of_tables = false) {
  return {key,
          word,
          help,
          {},
          of_tables,
          false,
          [](const ReadOptions& options) { return options.*Member; },
          [](ReadOptions& options, const std::string& text) { options.*Member = text; }};
}

ReadSetting encoding_setting() {
  ReadSetting setting = text_setting<&ReadOptions::encoding>(
      "encoding", "ENCODING",
      "text encoding of a CSV or Shapefile, such as UTF-8, Windows-874 or TIS-620; found from the bytes without");
  setting.set = [](ReadOptions& options, const std::string& text) {
    asked_encoding(text);
    options.encoding = text;
  };
  return setting;
}

ReadSetting crs_setting() {
  ReadSetting setting = text_setting<&ReadOptions::crs>(
      "crs", "CRS",
      "coordinate reference system where the file states none: EPSG:4326, WKT, PROJJSON, "
      "a PROJ string, or local for a plane in metres tied to no place");
  setting.of_pictures = true;
  return setting;
}

ReadSetting shift_setting() {
  ReadSetting setting = text_setting<&ReadOptions::datum_shift>(
      "datum_shift", "SHIFT",
      "how the layer's datum goes to WGS 84: an operation such as EPSG:1537, or x,y,z in metres");
  setting.set = [](ReadOptions& options, const std::string& text) {
    parse_datum_shift(text);
    options.datum_shift = text;
  };
  setting.of_pictures = true;
  return setting;
}

ReadSetting extent_setting() {
  ReadSetting setting = text_setting<&ReadOptions::extent>(
      "extent", "BOX",
      "read only features that touch this box: min_x,min_y,max_x,max_y in degrees of longitude and latitude, or with "
      "the system of the numbers as a fifth, such as EPSG:32647");
  setting.set = [](ReadOptions& options, const std::string& text) {
    parse_extent(text);
    options.extent = text;
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

ReadSetting axes_setting() {
  ReadSetting setting;
  setting.key = "swapped_axes";
  setting.word = "WORD";
  setting.help =
      "points whose latitude is beyond 90 degrees: fitting exchanges those that then lie among the others, all every "
      "one "
      "and whole layers too, none leaves them out";
  setting.choices = {"fitting", "all", "none"};
  setting.get = [](const ReadOptions& options) {
    return options.swapped_axes == SwappedAxes::fitting ? std::string()
           : options.swapped_axes == SwappedAxes::all   ? std::string("all")
                                                        : std::string("none");
  };
  setting.set = [](ReadOptions& options, const std::string& text) {
    if (text != "fitting" && text != "all" && text != "none")
      throw UsageError(fmt::format("swapped_axes is \"{}\"", text), "give fitting, all or none");
    options.swapped_axes = text == "fitting" ? SwappedAxes::fitting
                           : text == "all"   ? SwappedAxes::all
                                             : SwappedAxes::none;
  };
  return setting;
}

ReadSetting tags_setting() {
  ReadSetting setting = text_setting<&ReadOptions::tags>(
      "tags", "RULES",
      "of an OSM file: which features become sites, of which category, such as \"temple: amenity=place_of_worship "
      "religion=buddhist; museum: tourism=museum|gallery\"",
      true);
  setting.set = [](ReadOptions& options, const std::string& text) {
    parse_tag_rules(text);
    options.tags = text;
  };
  return setting;
}

ReadSetting parts_setting() {
  ReadSetting setting;
  setting.key = "parts";
  setting.word = "WORD";
  setting.help =
      "features of several parts: keep leaves lines and polygons together, split makes a row of each part, of "
      "collections too";
  setting.choices = {"keep", "split"};
  setting.get = [](const ReadOptions& options) {
    return options.parts == Parts::keep ? std::string() : std::string("split");
  };
  setting.set = [](ReadOptions& options, const std::string& text) {
    if (text != "keep" && text != "split") throw UsageError(fmt::format("parts is \"{}\"", text), "give keep or split");
    options.parts = text == "split" ? Parts::split : Parts::keep;
  };
  return setting;
}

ReadSetting keys_setting() {
  ReadSetting setting;
  setting.key = "keys";
  setting.word = "WORD";
  setting.help =
      "categories and fields that look the same but for Thai digits, unusual spaces or the order of Thai marks: "
      "normalised counts them as one, as-is as several";
  setting.choices = {"normalised", "as-is"};
  setting.get = [](const ReadOptions& options) {
    return options.normalise_keys ? std::string() : std::string("as-is");
  };
  setting.set = [](ReadOptions& options, const std::string& text) {
    if (text != "normalised" && text != "as-is")
      throw UsageError(fmt::format("keys is \"{}\"", text), "give normalised or as-is");
    options.normalise_keys = text == "normalised";
  };
  return setting;
}

std::vector<ReadSetting> make_settings() {
  return {
      text_setting<&ReadOptions::layer>("layer", "LAYER", "layer or sheet within the file, where it holds several"),
      text_setting<&ReadOptions::x_column>("x", "COLUMN", "column of a table that holds longitudes or eastings", true),
      text_setting<&ReadOptions::y_column>("y", "COLUMN", "column of a table that holds latitudes or northings", true),
      text_setting<&ReadOptions::position_column>("position", "COLUMN",
                                                  "column of a table that holds both coordinates in one text", true),
      text_setting<&ReadOptions::geometry_column>("geometry", "COLUMN",
                                                  "column of a table that holds geometries as WKT", true),
      crs_setting(),
      text_setting<&ReadOptions::plane_crs>(
          "plane_crs", "CRS",
          "system of those rows of a table in degrees that hold eastings and northings instead, such as EPSG:32647",
          true),
      text_setting<&ReadOptions::assume_crs>(
          "assume_crs", "CRS",
          "system to take where the file states none, if that puts the layer among the other layers of the study"),
      shift_setting(),
      encoding_setting(),
      header_setting(),
      axes_setting(),
      tags_setting(),
      extent_setting(),
      fields_setting(),
      parts_setting(),
      keys_setting()};
}

}  // namespace

std::span<const ReadSetting> read_settings() {
  static const std::vector<ReadSetting> all = make_settings();
  return all;
}

}  // namespace yaan
