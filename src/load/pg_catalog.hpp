#pragma once
// The tables of a database, and what is known of one of them before its rows are read.

#include <string>
#include <vector>

#include "load/pg_session.hpp"

namespace yaan {

/// A table, view, materialised view or foreign table, with one of its geometry columns where it has any.
struct PgTable {
  std::string oid;
  std::string schema;
  std::string table;
  std::string geometry;  ///< its column; "" for a table without
  bool geography = false;
  bool readable = false;
  std::string name;  ///< "schema.table", where it has several geometry columns "schema.table(column)"
};

/// The one that `layer` names: "schema.table", or "table" where only one schema has it, with "(column)" behind it where
/// there are several geometry columns. "": the only one with a geometry. Throws UsageError that lists the names,
/// InputError for one that may not be read.
PgTable choose_table(PgSession& session, const std::string& layer);

struct PgColumn {
  std::string name;
  std::string type;  ///< of PostgreSQL's catalog, below any domain: "int4", "_text"
  bool collated = false;
  int key_place = -1;  ///< within the primary key; -1: not part of it
};

/// The columns in the order of the table.
std::vector<PgColumn> columns_of(PgSession& session, const PgTable& table);

struct PgSystem {
  std::string text;      ///< as Crs::from_text; "" where the table states none
  std::string unusable;  ///< what it states, where that cannot be used
};

/// The reference system of the geometries. Throws InputError where they are in several.
PgSystem system_of(PgSession& session, const PgTable& table);

/// "schema"."table"
std::string sql_table(const PgTable& table);

}  // namespace yaan
