#pragma once
// A table of a PostgreSQL database, read to the rows of a layer.

#include <string>

#include "load/raw_layer.hpp"
#include "yaan/core/progress.hpp"

namespace yaan {

struct PgLayer {
  RawLayer raw;
  std::string sha256;  ///< of what was read, see docs/outputs.md
  std::string server;  ///< "PostgreSQL 15.20, PostGIS 3.3.2"
};

/// Reads what options.layer names in the database `name` (`pg:SERVICE`): only the columns that are wanted and the rows
/// that may touch options.extent, in the order of the primary key or of their values. Without options.table, a missing
/// reference system is an InputError. Throws UsageError, InputError, Cancelled; see read_layer.
PgLayer read_pg_layer(const std::string& name, const ReadOptions& options, Progress& progress);

}  // namespace yaan
