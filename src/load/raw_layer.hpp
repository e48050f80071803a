#pragma once
// A layer as it stands in its file: every row, with the geometries sorted but not yet chosen among.

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "load/shape_collector.hpp"
#include "yaan/core/column.hpp"
#include "yaan/core/crs.hpp"
#include "yaan/core/diagnostics.hpp"
#include "yaan/load/read.hpp"

namespace yaan {

struct RawLayer {
  std::string name;   ///< within the file
  std::string where;  ///< for diagnostics: file name, with the layer where there are several
  std::string shown;  ///< the path as the user named it, for errors
  Crs crs;
  std::string unusable_crs;  ///< name of a stated CRS that is neither geographic nor projected
  bool is_table = false;     ///< no geometry of its own
  bool has_shapes = false;   ///< `shapes` holds one entry for each row
  PlacedBy placed_by = PlacedBy::none;
  std::string x_column;  ///< of a table that has shapes
  std::string y_column;
  std::string year_column;  ///< years of the common era, once settle_years() has found them
  std::size_t rows = 0;
  std::vector<Column> columns;  ///< each of `rows` values
  ShapeCollector shapes{false, SwappedAxes::none, Parts::keep};
  Diagnostics diagnostics;
  /// How positions were written: code of the diagnostics and row, in the order of the rows.
  std::vector<std::pair<std::string_view, std::uint32_t>> written_forms;

  [[nodiscard]] const Column* find(std::string_view column) const;
  /// As messages name the row: the id column's text, else "#row" counted from 1.
  [[nodiscard]] std::string label(std::size_t row, const ReadOptions& options) const;
};

/// Names made fit for columns: empty ones become column_N, repeated ones get _2, _3; each counted in `diagnostics`.
std::vector<std::string> usable_names(std::vector<std::string> names, std::string_view where, Diagnostics& diagnostics);

/// "204.48,837.89,294.78": three lengths in metres below 10 km. Throws UsageError. Nothing for the code of an
/// operation.
std::optional<std::array<double, 3>> parse_datum_shift(const std::string& text);

/// The stated CRS, or the one of the options in its place.
Crs choose_crs(const Crs& stated, const ReadOptions& options, std::string_view where, Diagnostics& diagnostics);

/// Throws MissingCrs for a layer of unknown CRS.
[[noreturn]] void throw_missing_crs(const RawLayer& raw);

/// Throws InputError when a bound is exceeded.
void check_rows(std::uint64_t rows, const std::string& shown, const ReadOptions& options);
void check_fields(std::size_t fields, const std::string& shown, const ReadOptions& options);

/// Makes points of the coordinate columns of a table, named by the options or guessed from their usual names, and takes
/// them from the columns. Without such columns the table stays one when `required` is false; otherwise UsageError.
void place_table(RawLayer& raw, const ReadOptions& options, bool required);

/// Finds the column of years (named in the options, else by its header) and adds the columns year_ce and, where there
/// are spans, year_ce_to, unless its years are numbers of the common era already. Texts that are all full dates become
/// dates, and dates that are all beyond the year 2200 become dates of the common era. A year without an era is Buddhist
/// when the header says so, or when every such year of the column is beyond 2200; where only some are, they stay text.
/// Counted in `diagnostics`.
void settle_years(RawLayer& raw, const ReadOptions& options);

/// The layer of the features that can be used; the rest is counted in `diagnostics`.
ReadResult finish(RawLayer&& raw, const ReadOptions& options);

}  // namespace yaan
