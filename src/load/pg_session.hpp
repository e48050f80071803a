#pragma once
// One read-only session with a PostgreSQL server, by GDAL's driver.

#include <ogrsf_frmts.h>

#include <functional>
#include <string>
#include <vector>

#include "load/gdal_session.hpp"
#include "yaan/core/progress.hpp"
#include "yaan/load/read.hpp"

namespace yaan {

/// Texts as they stand in a query.
std::string sql_name(const std::string& name);     ///< "Name", quotes doubled
std::string sql_literal(const std::string& text);  ///< 'text', for servers with standard_conforming_strings

class PgSession {
 public:
  /// Connects by the name `pg:SERVICE` or `pg:`; the session only reads, sees one snapshot of the database, writes
  /// dates and numbers in one way, and gives up a statement before options.max_silent_seconds unless the server has a
  /// bound of its own. Throws InputError with what the server or libpq says.
  PgSession(const std::string& name, const ReadOptions& options, Progress& progress);

  using Row = std::vector<std::string>;  ///< "" for null
  /// All rows of a query of this program's own; `what` is read by it, for messages. Throws InputError.
  std::vector<Row> rows(const std::string& query, const std::string& what);
  std::vector<Row> rows(const std::string& query) { return rows(query, m_shown); }
  /// Opens a query as a layer, which is valid within `use`. Throws InputError.
  void with_layer(const std::string& query, const std::string& what, const std::function<void(OGRLayer&)>& use);

  [[nodiscard]] const std::string& shown() const { return m_shown; }
  [[nodiscard]] const std::string& server() const { return m_server; }  ///< "PostgreSQL 15.20, PostGIS 3.3.2"
  [[nodiscard]] bool has_postgis() const { return m_has_postgis; }
  [[nodiscard]] bool keeps_bytes() const { return m_keeps_bytes; }  ///< texts of no known encoding (SQL_ASCII)

 private:
  void settle(const ReadOptions& options);
  void throw_failure(const std::string& what) const;
  /// Throws what GDAL has collected as a failure; warnings are forgotten.
  void check(const std::string& what);

  std::string m_shown;
  std::string m_server;
  bool m_has_postgis = false;
  bool m_keeps_bytes = false;
  GdalMessages m_messages;
  GDALDatasetUniquePtr m_dataset;
};

}  // namespace yaan
