#pragma once
// Files to layers.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "yaan/core/diagnostics.hpp"
#include "yaan/core/layer.hpp"
#include "yaan/core/progress.hpp"

namespace yaan {

/// What becomes of points in degrees whose latitude is beyond 90 while their longitude would be a latitude.
enum class SwappedAxes {
  fitting,  ///< exchanged where they then lie in the extent of the other points, widened by half of it, and by a degree
            ///< at least
  all,      ///< every one is exchanged, of lines and polygons too
  none      ///< set aside as out of range
};

/// A row that people gave a position.
struct PlacedRow {
  std::string id;  ///< as of a PositionNote
  double x = 0;    ///< in the CRS of the layer
  double y = 0;
};

/// What becomes of features of several parts. Points stand one to a row in any case.
enum class Parts {
  keep,  ///< several lines or polygons stay one feature; collections of several kinds are set aside
  split  ///< one row for each part, whose ids get -2, -3 ...; collections of several kinds give each kind its parts
};

/// What says where the rows of a table lie.
enum class PlacedBy {
  none,      ///< no table, or one without places
  columns,   ///< one column of x and one of y
  position,  ///< one column of both in one text
  geometry   ///< one column of WKT
};

struct ReadOptions {
  std::string layer;     ///< layer or sheet within the file; needed only where the file holds several
  std::string x_column;  ///< columns that hold the coordinates of a table; both or neither
  std::string y_column;
  std::string position_column;  ///< of a table: both coordinates in one text, see docs/study.md
  std::string geometry_column;  ///< of a table: geometries as WKT
  std::string crs;              ///< as Crs::from_text; stands in for a missing CRS and overrides a stated one
  std::string assume_crs;       ///< of a study's layer without any: taken when it lies where the study does
  std::string datum_shift;      ///< "x,y,z" in metres, or "EPSG:1812", to WGS 84; "": the usual one
  /// Text encoding of a CSV or a Shapefile: UTF-8, UTF-16, TIS-620, Windows-874, ISO-8859-11, Latin-1, Windows-1252.
  /// "": found from the bytes.
  std::string encoding;
  std::string tags;         ///< of an OSM file: rules that choose features and make a category, see docs/study.md
  std::string id_column;    ///< names features in diagnostics; "": a column called id, else the row number
  std::string year_column;  ///< holds years, dates or centuries; "": found by its header
  int header_row = 0;       ///< of a table, counted from 1; 0: found by its content
  SwappedAxes swapped_axes = SwappedAxes::fitting;
  Parts parts = Parts::keep;
  bool normalise_keys = true;  ///< of a study's layer: categories that look the same are one, see docs/study.md
  std::string plane_crs;       ///< of rows of a table in degrees that hold eastings and northings; "": set aside
  /// "min_x,min_y,max_x,max_y": features that do not touch this box are left out. Degrees of longitude and latitude, or
  /// with a fifth item of another system: "EPSG:32647", "local", or "layer" for that of the layer. "": no box.
  std::string extent;
  std::vector<std::string> fields;        ///< columns to read; empty: all. Those of kept_columns and those called as a
                                          ///< part of kColumnRoles are read anyway
  std::vector<std::string> kept_columns;  ///< that play parts
  /// Of a table, beside the id and what headers say: columns of codes and names. One of decimal numbers stays text
  /// unless each comes back as it was written, because 1.1 and 1.10 are two codes.
  std::vector<std::string> key_columns;
  bool table = false;         ///< a table without coordinate columns is read as a layer without geometry, not an error
  bool plain_table = false;   ///< of a table: no column is taken for coordinates
  bool may_be_empty = false;  ///< no usable feature is no error: there are other files, with which it is judged
  /// Of a layer of points: rows whose own position is missing or cannot be used, and which are set aside otherwise.
  std::vector<PlacedRow> placed_rows;

  // Bounds for files that come from strangers. A file beyond one of them is an InputError that names the bound.
  std::uint64_t max_file_bytes = std::uint64_t{8} << 30;
  std::uint64_t max_unpacked_bytes = std::uint64_t{2} << 30;  ///< of the parts of an XLSX, of a layer in a zip
  std::size_t max_entries = 10'000;                           ///< files and folders of a zip
  int max_compression = 250;  ///< unpacked to packed bytes of a file in a zip, where it has more than 64 MiB
  std::uint64_t max_features = 50'000'000;  ///< at most 4,000,000,000
  std::size_t max_fields = 2'000;
  int max_nesting = 64;                             ///< brackets within brackets of a GeoJSON
  std::uint64_t max_raster_pixels = 4'000'000'000;  ///< of a GeoTIFF
  // Bounds of the process in which the file is read.
  std::uint64_t max_memory_bytes = 0;  ///< address space; 0: 4 GiB and six times the file, 16 GiB for a database
  int max_cpu_seconds = 600;           ///< of all its threads together
  int max_silent_seconds = 120;        ///< without any progress

  bool column_stream = true;  ///< read whole columns where the format offers it; false takes one feature after another
};

/// What was done to the position of one row of a file, or why the row has none and is no feature of the layer.
struct PositionNote {
  std::string code;  ///< as in the diagnostics: "swapped-axes", "null-geometry"
  /// As messages name the row: the text of its id column, else "#row" counted from 1. Rows that were set aside and
  /// share it get " (2)", " (3)" ... in their order. In a folder "FILE/" stands before it.
  std::string id;
  std::int64_t feature = -1;  ///< of the layer; -1 where the row was set aside
};

struct ReadResult {
  Layer layer;
  Diagnostics diagnostics;
  std::vector<PositionNote> position_notes;  ///< of points: the first 10,000 of each code, in the order of the rows
};

/// Reads one layer of a GeoJSON, TopoJSON, GeoPackage, Shapefile, DBF, FlatGeobuf, KML, CSV, XLSX or OSM file into
/// memory, of a zip that holds such a file, or of a folder of them (file_set.hpp). A file of spatial weights (.gal,
/// .gwt, .kwt) is a table with the columns from, to and weight, and so is any table of these columns alone.
///
/// The extension names the format and the content must agree with it. A zip (or KMZ) is unpacked into memory, one layer
/// with its parts; what of it is no plain file is set aside, and an archive made to do harm is refused. Coordinates are
/// x = longitude or easting. The layer has the geometry kind of the majority of its features; everything set aside or
/// changed is counted in `diagnostics`:
/// - skipped: null-geometry, empty-geometry, non-finite-coordinate, out-of-range-coordinate (beyond 180 or 90 degrees),
///   unreadable-coordinate, unreadable-geometry, mixed-geometry, short-line, unrepairable-polygon, long-row, osm-line;
///   entries of a zip: encrypted-entry, linked-entry, nested-archive, unknown-compression, unusual-entry-name
/// - repaired: turned-longitude (180 to 360 degrees, where the layer has none west of Greenwich), antimeridian (lines
///   and polygons cut at 180 degrees), split-parts, split-collection, swapped-axes, degrees-minutes, decimal-comma,
///   thai-digits, projected-coordinate, invalid-polygon, unclosed-ring, split-multipoint, linearised-curve,
///   invalid-utf8, undefined-byte, unnamed-column, repeated-column, cut-text, buddhist-year, buddhist-date, date-text,
///   placed-row
/// - note: osm-area, osm-not-chosen, archive-leftovers, other-entries, geojson-advice, header-row, hidden-sheet,
///   unit-row, span-of-years, dropped-z, dropped-m, deleted-row, guessed-coordinates, binary-column, null-word,
///   repaired-area (with invalid-polygon), datum-shift, datum-operation
/// - doubt: geojson-rule, lost-symbols, projected-coordinate (not repaired), crs-overridden, unusable-crs,
///   unknown-datum, guessed-encoding, wrong-encoding, lost-text, ambiguous-year, ambiguous-date, unreadable-date,
///   unreadable-year, no-features, missing-dbf, feature-count, short-row, formula-without-value, error-cell,
///   network-link, reader-warning
///
/// Booleans become integers 1 and 0, date-times ISO 8601 text. Coordinate columns of a table become the geometry and
/// leave the columns, so that no second copy of a position escapes the publication filter.
/// A column of years becomes year_ce (and year_ce_to), the role `year` of the layer; its own column stays.
/// Of an OSM file the licence is ODbL-1.0 and the attribution that of its contributors.
/// `layer.name` is the file's stem, or the layer's name where one was asked for.
/// Features beyond options.extent are counted (note outside-extent), and so are columns beyond options.fields (note
/// left-out-column).
///
/// `pg:SERVICE` reads a table or view of a PostgreSQL database, with PostGIS or without, by the service of that name in
/// pg_service.conf; `pg:` alone by the environment (PGHOST, PGDATABASE, ...). Passwords come from .pgpass or PGPASSWORD
/// alone: anything else behind `pg:` is a UsageError that does not repeat it. The session is read-only and sees one
/// snapshot; extent and fields are part of its query. Rows come in the order of the primary key, without one in the
/// order of their values. Codes beside those above: notes row-order, other-geometry; skipped value-out-of-range.
///
/// The file is parsed in a process of its own with bounded memory and time, without network and without the right to
/// write (docs/architecture.md, Isolation); what comes back is checked. A crash, a kill or a hang of that process is an
/// InputError. The program yaan-reader must be installed.
///
/// Throws UsageError when the call must be made otherwise (not a plain path, unknown layer or column, several layers
/// and none named), InputError when the file cannot be used (missing, folder, empty, truncated, another content than
/// its name says, no CRS and none given (MissingCrs), no usable feature among those that it holds, a bound exceeded),
/// Cancelled. Thread-safe. Memory: about twice the layer while a column of it is being set aside.
ReadResult read_layer(const std::filesystem::path& path, const ReadOptions& options, Progress& progress);

/// What holds the process in which files are read, such as "rlimits + no_new_privs + seccomp + landlock". Starts one.
/// Throws InputError when yaan-reader is missing.
std::string isolation_level();

/// The yaan-reader to start, for a program that stands elsewhere than the installed one and its library (a CMake
/// package names it yaan::reader). It must belong to root or to the user.
void use_reader(const std::filesystem::path& program);

/// The hash that Source::sha256 holds: of the file's bytes; for a Shapefile of the bytes of its .cpg, .dbf, .prj, .shp
/// and .shx parts, as far as they are there, one after the other in that order; for a GeoTIFF of its bytes and those of
/// the world file beside it, where there is one. Throws InputError when it cannot be read. A database has no such hash:
/// read_layer makes it of what was read.
std::string sha256_of_source(const std::filesystem::path& path);

/// Throws UsageError for the name of a database (names_database) that is not `pg:SERVICE` or `pg:`. The message never
/// repeats what stands behind the colon, where a password might be.
void check_database_name(const std::string& name);

}  // namespace yaan
