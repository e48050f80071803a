#pragma once
// What a file holds, and what to doubt about it, before anybody computes with it.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "yaan/core/column.hpp"
#include "yaan/core/crs.hpp"
#include "yaan/core/diagnostics.hpp"
#include "yaan/core/geometry.hpp"
#include "yaan/core/progress.hpp"
#include "yaan/load/raster.hpp"
#include "yaan/load/read.hpp"

namespace yaan {

struct FieldReport {
  std::string name;
  ColumnType type = ColumnType::text;
  std::size_t nulls = 0;
  std::string minimum;  ///< of numbers and dates, as Column::display; "" otherwise
  std::string maximum;
  std::vector<std::string> samples;  ///< the first few distinct values of the other types
};

/// A column that may play a part.
struct RoleGuess {
  std::string role;    ///< a key of kColumnRoles
  std::string column;  ///< by its header and its values
  double score = 0;    ///< 0 to 1
  std::string rival;   ///< another column that could be meant as well; "" where the guess is clear
};

/// One of read_settings() that somebody gave.
struct GivenSetting {
  std::string key;
  std::string value;
};

struct LayerReport {
  std::string name;  ///< within the file
  GeometryKind kind = GeometryKind::none;
  std::size_t features = 0;  ///< in the file
  std::size_t usable = 0;    ///< features that read_layer would hand on (parts of multi-points count one by one)
  std::size_t vertices = 0;  ///< of the usable features
  PlacedBy placed_by = PlacedBy::none;
  std::string x_column;  ///< of a table; "" otherwise. The same as y_column where one column says both
  std::string y_column;
  Box extent;                          ///< of the usable features, in the CRS of the layer; empty without any
  Crs crs;                             ///< kind none when the file does not say
  std::vector<FieldReport> fields;     ///< over all features of the file
  std::vector<RoleGuess> roles;        ///< guessed from headers and values, in the order of kColumnRoles
  Diagnostics diagnostics;             ///< those of read_layer, and doubts
  std::vector<GivenSetting> settings;  ///< that it was read by, in the order of read_settings()
};

struct FileReport {
  std::string path;
  std::string format;          ///< "GeoPackage", "CSV", "zip archive (CSV)", "folder of 3 files"
  std::uint64_t bytes = 0;     ///< 0 for a database
  std::string sha256;          ///< as Source::sha256; of several files that of the lines "HASH  NAME"
  bool several_files = false;  ///< a folder or a pattern (file_set.hpp), each file a layer of the report
  std::vector<LayerReport> layers;
  std::vector<Raster> rasters;  ///< the one of a GeoTIFF, which has no layers
};

/// Reads every layer of the file (or the one named in the options; of a database always one) and describes it. A
/// missing CRS and a layer without one usable feature are doubts here, not errors. Doubts beside those of read_layer:
/// no-crs, no-usable-features, swapped-axes, null-island, lost-text, empty-column, repeated-position. Throws as
/// read_layer otherwise.
FileReport inspect_file(const std::filesystem::path& path, const ReadOptions& options, Progress& progress);

/// The layer as the key `layers` of a study has it, on one line: its file, every setting that it was read by, its
/// coordinates and the parts of its columns as guessed, unclear ones among them.
std::string study_fragment(const FileReport& report, const LayerReport& layer);

/// The same for a raster: a backdrop under the maps.
std::string study_fragment(const FileReport& report, const Raster& raster);

/// The report for a terminal, in English, at most 100 columns wide but for the study fragments; ends with a newline.
std::string to_text(const FileReport& report);

}  // namespace yaan
