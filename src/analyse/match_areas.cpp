#include "yaan/analyse/match_areas.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "analyse/area_names.hpp"
#include "yaan/core/error.hpp"

namespace yaan {

namespace {

std::vector<std::string> words_of(const std::string& list) {
  std::vector<std::string> words;
  for (std::size_t begin = 0; begin < list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    if (end > begin) words.push_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

struct Wanted {
  std::string name;
  std::string parent;
  auto operator<=>(const Wanted&) const = default;
};

MethodResult run_match_areas(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const MatchAreasOptions&>(any_options);
  const Layer& rows = inputs.layer("rows");
  const Layer& areas = inputs.layer("areas");
  const std::string& role = options.name.empty() ? rows.roles.area : options.name;
  if (role.empty())
    throw UsageError(fmt::format("nobody says which column of layer {} names an area", rows.name),
                     "name it: the parameter name, or the part area of its columns");
  const Column& names = rows.column(role);
  const Column* parents = options.parent.empty() ? nullptr : &rows.column(options.parent);
  if ((parents == nullptr) != options.areas_parent.empty())
    throw UsageError("parent and areas_parent belong together",
                     "parent names a column of the rows, areas_parent one or more of the areas");
  const AreaNames index(areas, words_of(options.areas_parent), options.normalise);

  MethodResult result;
  for (const OutputField& field : match_areas_method().adds) result.columns.push_back(make_column(field));
  std::map<Wanted, NameMatch> known;
  std::array<std::int64_t, 7> counts{};
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (row % 256 == 0) {
      progress.throw_if_cancelled();
      progress.report("matching names", static_cast<double>(row) / static_cast<double>(rows.size()));
    }
    Wanted wanted{names.display(row), parents == nullptr ? std::string() : parents->display(row)};
    auto at = known.find(wanted);
    if (at == known.end()) {
      const NameMatch match = index.find(wanted.name, wanted.parent, options.suggest_from);
      at = known.emplace(std::move(wanted), match).first;
    }
    const NameMatch& match = at->second;
    ++counts[static_cast<std::size_t>(match.found)];
    const bool joined = match.found <= NameFound::variant;
    result.columns[0].push_or_null(joined ? areas.feature_code(static_cast<std::size_t>(match.area)) : std::string());
    result.columns[1].push_or_null(joined ? areas.feature_name(static_cast<std::size_t>(match.area), Language::thai)
                                          : std::string());
    result.columns[2].push(to_string(match.found));
    result.columns[3].push(match.score);
    result.columns[4].push_or_null(!joined && match.area >= 0
                                       ? areas.feature_name(static_cast<std::size_t>(match.area), Language::thai)
                                       : std::string());
    if (joined || match.found == NameFound::empty) continue;
    result.diagnostics.add(Severity::doubt, "unmatched-area-name", rows.name,
                           fmt::format("names in {} belong to no one area of {}; match_suggestion has the nearest",
                                       names.name, areas.name),
                           1, rows.feature_id(row));
  }
  for (const NameFound found : {NameFound::code, NameFound::exact, NameFound::variant, NameFound::suggested,
                                NameFound::ambiguous, NameFound::unknown, NameFound::empty})
    result.summary.emplace_back(to_string(found), counts[static_cast<std::size_t>(found)]);
  return result;
}

Method describe_match_areas() {
  Method method;
  method.name = "match-areas";
  method.stage = "analyse";
  method.title = {"Areas by name", "พื้นที่ตามชื่อ"};
  method.summary = "Joins names of areas, as people write them, to the codes of a layer of areas.";
  method.description =
      "A text is looked up first as the code or id of an area, then as its Thai or English name, then by a key that "
      "titles (จังหวัด, อำเภอ, Changwat, District ...), spaces, punctuation and the ways of writing Thai in Latin "
      "letters do "
      "not change: Lop Buri and Lopburi, Nakorn and Nakhon, จ.เชียงใหม่ and เชียงใหม่ are the same. A few names of daily "
      "use "
      "(กทม., อยุธยา, Korat) are known as well, and long names that a column of fixed width cut short (12 letters and "
      "four "
      "fifths of the name are enough where only one begins so). Such rows get the code.\n\n"
      "Other names get no code, only a suggestion: the area whose key is most similar, from `suggest_from` on. "
      "Similarity "
      "is 1 less the number of mistakes (a letter missing, added, changed, or two neighbours exchanged) divided by the "
      "length of the longer name. Where several areas have the name, the row is `ambiguous`: districts of different "
      "provinces share names, so give `parent` and `areas_parent`.\n\n"
      "Constant expected time for a known name; an unknown one is compared with every area, once for each different "
      "text.";
  method.citation =
      "Optimal string alignment: Damerau, F. J. (1964): A technique for computer detection and correction of spelling "
      "errors. Communications of the ACM 7, 171-176. Romanization: Royal Institute of Thailand (1999): Royal Thai "
      "General "
      "System of Transcription.";
  method.example =
      "match-areas data/creative_assets.csv --x longitude --y latitude --crs EPSG:4326 --areas data/provinces.geojson "
      "--name province_code -o assets_with_codes.geojson";
  method.inputs = {{"rows", GeometryKind::none, RoleNeed::required, "the rows that name areas", true},
                   {"areas", GeometryKind::none, RoleNeed::required, "the areas with their names and codes", true}};
  Parameter name = parameter(&MatchAreasOptions::name, "name", ParameterKind::text,
                             "Column of the rows that names an area; empty for the one in the part area.");
  name.title = {"Name column", "คอลัมน์ชื่อ"};
  Parameter parent = parameter(&MatchAreasOptions::parent, "parent", ParameterKind::text,
                               "Column of the rows that names the enclosing area; empty for none.");
  parent.title = {"Parent column", "คอลัมน์พื้นที่แม่"};
  Parameter areas_parent =
      parameter(&MatchAreasOptions::areas_parent, "areas_parent", ParameterKind::text,
                "Columns of the areas that name the enclosing area, split by commas; empty for none.");
  areas_parent.title = {"Parent columns of the areas", "คอลัมน์พื้นที่ระดับบนในชั้นพื้นที่"};
  Parameter suggest = parameter(&MatchAreasOptions::suggest_from, "suggest_from", ParameterKind::real,
                                "Similarity from which on a name is suggested; 1 for never.");
  suggest.minimum = 0;
  suggest.maximum = 1;
  suggest.title = {"Suggest from", "เสนอเมื่อคล้ายตั้งแต่"};
  Parameter normalise = parameter(&MatchAreasOptions::normalise, "normalise", ParameterKind::flag,
                                  "Compare by keys: Thai digits, unusual spaces, the order of Thai marks, titles and "
                                  "ways of spelling do not count; without, only the same characters are the same.");
  normalise.title = {"Compare by keys", "เทียบโดยไม่สนใจวิธีสะกด"};
  method.parameters = {std::move(name), std::move(parent), std::move(areas_parent), std::move(suggest),
                       std::move(normalise)};
  method.adds = {{"match_code",
                  ColumnType::text,
                  "",
                  "Code of the area that the name belongs to, or its id; null when it belongs to no one area.",
                  {"Area code", "รหัสพื้นที่"},
                  ColourBy::category,
                  true},
                 {"match_name", ColumnType::text, "", "Name of that area.", {"Area", "พื้นที่"}, ColourBy::none, true},
                 {"match_found",
                  ColumnType::text,
                  "",
                  "How it was found: code, exact, variant, suggested, ambiguous, unknown or empty.",
                  {"Found by", "พบโดย"},
                  ColourBy::category,
                  false},
                 {"match_score",
                  ColumnType::real,
                  "share",
                  "Similarity of the name to that of the area, or to the suggested one: 1 for the same.",
                  {"Similarity", "ความคล้าย"},
                  ColourBy::sequence,
                  false},
                 {"match_suggestion",
                  ColumnType::text,
                  "",
                  "Nearest name, where the name belongs to no one area; null otherwise.",
                  {"Suggestion", "ข้อเสนอ"},
                  ColourBy::none,
                  true}};
  method.default_options = [] { return std::any(MatchAreasOptions{}); };
  method.run = run_match_areas;
  return method;
}

}  // namespace

const Method& match_areas_method() {
  static const Method method = describe_match_areas();
  return method;
}

}  // namespace yaan
