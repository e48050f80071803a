#pragma once
// A layer: geometry and columns side by side, with its CRS and where it came from. What every stage hands on.

#include <string>
#include <string_view>
#include <vector>

#include "yaan/core/column.hpp"
#include "yaan/core/column_roles.hpp"
#include "yaan/core/crs.hpp"
#include "yaan/core/geometry.hpp"
#include "yaan/core/localized.hpp"

namespace yaan {

/// Where a layer came from; travels to every output.
struct Source {
  std::string path;   ///< as the user named it; of a database pg:SERVICE, and nothing else about it
  std::string layer;  ///< layer within the file; "" when there is only one
  std::string
      sha256;  ///< of the file's bytes (of all parts of a Shapefile in name order); of a database of what was read
  Localized title;
  std::string licence;      ///< SPDX identifier or the words of the source
  std::string attribution;  ///< the line to print
};

struct Layer {
  std::string name;  ///< key in the study, or the file's layer name
  Localized title;   ///< what people call it, for headings; empty: as its name
  Crs crs;
  Geometry geometry;
  std::vector<Column> columns;
  ColumnRoles roles;
  std::vector<Source> sources;  ///< one for a file; all of them for a derived layer

  [[nodiscard]] std::size_t size() const { return geometry.size(); }
  /// Null when there is no such column.
  [[nodiscard]] const Column* find(std::string_view column) const;
  [[nodiscard]] Column* find(std::string_view column);
  /// Throws UsageError that names the layer and the nearest column name.
  [[nodiscard]] const Column& column(std::string_view column) const;
  /// Adds the column, replacing one of the same name. Its size must be the layer's (std::invalid_argument).
  void set(Column column);
  /// The id of a feature for messages: the id column's text, else "#row" counted from 1.
  [[nodiscard]] std::string feature_id(std::size_t row) const;
  /// What an area is referred to by: its code by the roles, else its id as feature_id.
  [[nodiscard]] std::string feature_code(std::size_t row) const;
  /// Name in a language by the roles, else the other language, else the id.
  [[nodiscard]] std::string feature_name(std::size_t row, Language language) const;
  [[nodiscard]] Layer select(const std::vector<std::uint32_t>& rows) const;
};

/// The layer in another CRS; features that cannot be transformed are an InputError that counts them.
Layer reprojected(const Layer& layer, const Crs& to);

/// Candidate closest to `word` by edit distance, or "" when none is near (for "did you mean").
std::string nearest_word(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace yaan
