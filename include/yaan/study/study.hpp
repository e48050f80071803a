#pragma once
// The study file: one strict JSON document that says which layers to read, which steps to run and which files to write.
// docs/study.md is its reference, docs/study.schema.json its schema.

#include <any>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "yaan/analyse/check_claims.hpp"
#include "yaan/core/localized.hpp"
#include "yaan/core/method.hpp"
#include "yaan/load/read.hpp"
#include "yaan/study/map_colours.hpp"

namespace yaan {

struct StudyLayer {
  std::string name;
  std::string file;  ///< relative to the study's folder, or absolute; `pg:SERVICE` for a database
  ReadOptions read;  ///< as far as read_settings() describes it
  bool override_crs = false;
  /// Part (a member of ColumnRoles) -> column; "" where the study says that no column plays it. Parts that are not
  /// named are played by the column of their own name, where there is one.
  std::map<std::string, std::string, std::less<>> columns;
  std::vector<std::pair<std::string, Localized>> categories;  ///< words for values of the category column, in order
  std::string decisions;         ///< table of decisions about rows, relative to the study's folder; "" for none
  std::set<std::string> accept;  ///< problems whose repair is carried out by rule
  Localized title;
  std::string licence;
  std::string attribution;
};

/// A picture under the maps: an entry of `layers` whose file names_raster().
struct StudyBackdrop {
  std::string name;
  std::string file;  ///< relative to the study's folder, or absolute
  ReadOptions read;  ///< of its settings those of_pictures
  bool override_crs = false;
  double opacity = 1;  ///< above 0, at most 1
  Localized title;
  std::string licence;
  std::string attribution;
};

/// How `yaan check` and `accept` compare points with areas.
struct StudyChecks {
  std::string areas;  ///< layer of the study; "": the first layer of areas that has names or codes
  CheckClaimsOptions claims;
};

struct StudyStep {
  const Method* method = nullptr;
  std::any options;                                       ///< the method's options struct, checked
  std::map<std::string, std::string, std::less<>> roles;  ///< input role -> layer; optional roles may be absent
  std::string output;  ///< layer that the step makes; "" for a method that makes none
  std::string prefix;  ///< before the names of the columns that the step adds; "" for none
  std::string place;   ///< for messages: "study.json: analyses[1] (moran)"; "" for a step on its own

  /// What the column of that field of the method is called: with the prefix, where it is one that the method adds.
  [[nodiscard]] std::string column_of(const OutputField& field) const;
  [[nodiscard]] bool adds(const OutputField& field) const;
};

struct StudyOutput {
  enum class Kind { layer, table, checks, country_map, city_maps };
  Kind kind = Kind::layer;
  std::string file;   ///< relative to the folder of the outputs; holds {city} for city maps
  std::string layer;  ///< of kind layer
  std::string areas;  ///< of the others; "" where the study has none
  std::string points;
  std::string districts;
  int decimals = 7;
  Localized title;  ///< of a map
  Language language = Language::english;
  int width = 0;  ///< pixels; 0: the map's own
  int height = 0;
  int most = 20;               ///< maps of cities, in the order of their best district
  Box extent;                  ///< of the map of everything, WGS 84 degrees; empty: all of it
  MapColours colours;          ///< of maps; those of cities have colours only where the document asks for some
  bool names_colours = false;  ///< the document does
  bool names_points = false;   ///< the document names the layer; a map in colours shows only such points and districts
  bool names_districts = false;
};

/// A checked study. An immutable value: changes make another one.
class Study {
 public:
  /// Checks everything that can be said without opening a file: the schema, ranges, names of layers, the order of
  /// steps, files that two outputs share. `file` names the study in messages and gives the folder of relative paths.
  /// Throws InputError for what is not JSON; UsageError for the rest, naming the place (`analyses[1].radis`), the
  /// nearest known key, and for a later version the program to use.
  static Study parse(std::string_view json, const std::filesystem::path& file);
  /// Throws InputError as well when the file cannot be read.
  static Study read(const std::filesystem::path& file);

  [[nodiscard]] const std::filesystem::path& file() const { return m_file; }
  [[nodiscard]] std::filesystem::path folder() const { return m_file.parent_path(); }
  /// Where the layer is read from: its file in the study's folder, or the database as it is named.
  [[nodiscard]] std::filesystem::path path_of(const StudyLayer& layer) const;
  [[nodiscard]] const Localized& title() const { return m_title; }
  [[nodiscard]] const std::vector<StudyLayer>& layers() const { return m_layers; }
  /// In the order of the document, which is the order in which maps draw them: the last one on top.
  [[nodiscard]] const std::vector<StudyBackdrop>& backdrops() const { return m_backdrops; }
  [[nodiscard]] const StudyChecks& checks() const { return m_checks; }
  [[nodiscard]] const std::vector<StudyStep>& steps() const { return m_steps; }
  [[nodiscard]] const std::vector<StudyOutput>& outputs() const { return m_outputs; }
  /// Null when there is none.
  [[nodiscard]] const StudyLayer* find_layer(std::string_view name) const;

  /// The document on one line, keys in their order: what the run record keeps and hashes.
  [[nodiscard]] const std::string& text() const { return m_text; }
  /// The document as it is saved: indented by two, keys in their order, a newline at the end.
  [[nodiscard]] std::string formatted() const;
  /// The study with one parameter of one step changed. Throws UsageError for an unknown parameter or a value out of
  /// range.
  [[nodiscard]] Study with_parameter(std::size_t step, std::string_view parameter, const Value& value) const;
  /// Writes formatted() whole or not at all. Throws OutputError.
  void save(const std::filesystem::path& file, bool overwrite) const;

 private:
  friend class StudyReader;
  Study() = default;
  std::filesystem::path m_file;
  std::string m_text;
  Localized m_title;
  std::vector<StudyLayer> m_layers;
  std::vector<StudyBackdrop> m_backdrops;
  StudyChecks m_checks;
  std::vector<StudyStep> m_steps;
  std::vector<StudyOutput> m_outputs;
};

/// Whether a step may have that prefix: 1 to 40 letters of any script, digits and _.
bool begins_column_names(std::string_view prefix);

/// What a verb of one method says.
struct OneStep {
  const Method* method = nullptr;
  /// Role -> layer; the first role needs one. `name` is ignored: each layer is called as its role.
  std::map<std::string, StudyLayer, std::less<>> layers;
  std::map<std::string, Value, std::less<>> parameters;  ///< only those that were given
  std::string prefix;                                    ///< as in StudyStep
  std::string output;                                    ///< file name of the result, .geojson or .csv
};

/// The layer that a step on its own writes into a file of that name: the one that the method makes, or the first input
/// with the columns that the method adds. Where the one made is a table without shapes, GeoJSON holds the first input.
std::string written_layer(const Method& method, std::string_view file);

/// A study of that one step, its paths relative to the current folder, which writes written_layer. Throws as
/// Study::parse.
Study one_step_study(const OneStep& step);

}  // namespace yaan
