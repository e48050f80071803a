#pragma once
// The two queries that read a table: one counts, one reads.

#include <optional>
#include <string>
#include <vector>

#include "load/pg_catalog.hpp"
#include "yaan/core/geometry.hpp"

namespace yaan {

/// A column whose values do not all fit one of a Layer.
struct PgGuard {
  std::string column;
  std::string misfit;  ///< the condition for a value that becomes null
};

struct PgQuery {
  std::string select;  ///< the wanted columns and the geometry, within the boxes, in a fixed order
  std::string count;   ///< one row: all rows; those without a geometry; those with an empty one; misfits by guard
  std::vector<PgGuard> guards;
  bool by_key = false;  ///< the order is that of the primary key, not of the values
};

/// `columns`: those that are wanted, geometries not among them. `boxes`: the rows whose geometry may touch one of them;
/// empty: all.
PgQuery query_for(const PgTable& table, const std::vector<PgColumn>& all, const std::vector<PgColumn>& columns,
                  const std::vector<Box>& boxes);

}  // namespace yaan
