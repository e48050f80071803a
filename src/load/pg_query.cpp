#include "load/pg_query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "yaan/core/numbers.hpp"

namespace yaan {

namespace {

template <std::size_t N>
bool among(const std::array<std::string_view, N>& types, const std::string& type) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

// What GDAL's driver takes as it is; anything else travels as PostgreSQL writes it.
constexpr std::array<std::string_view, 13> kPlain = {"bool", "int2", "int4", "int8",  "float4", "float8", "numeric",
                                                     "text", "time", "json", "jsonb", "uuid",   "bytea"};
constexpr std::array<std::string_view, 9> kLists = {"_bool",   "_int2",    "_int4", "_int8",   "_float4",
                                                    "_float8", "_numeric", "_text", "_varchar"};
constexpr std::array<std::string_view, 3> kMoments = {"date", "timestamp", "timestamptz"};

// "infinity" and years beyond four digits are no dates of a Layer; a list there has one dimension and no gaps.
std::string misfit_of(const PgColumn& column) {
  const std::string name = sql_name(column.name);
  if (among(kMoments, column.type)) return fmt::format("({0} < '0001-01-01' OR {0} >= '10000-01-01')", name);
  if (column.type.starts_with('_'))
    return fmt::format("(CASE WHEN array_ndims({0}) > 1 THEN true ELSE array_position({0}, NULL) IS NOT NULL END)",
                       name);
  return {};
}

std::string expression_of(const PgColumn& column, const std::string& misfit) {
  const std::string name = sql_name(column.name);
  if (!misfit.empty()) {
    const bool list = column.type.starts_with('_') && !among(kLists, column.type);
    return fmt::format("CASE WHEN NOT {} THEN {}{} END AS {}", misfit, name, list ? "::text[]" : "", name);
  }
  return among(kPlain, column.type) ? name : fmt::format("{0}::text AS {0}", name);
}

std::string within(const std::string& geometry, const std::vector<Box>& boxes) {
  std::string conditions;
  for (const Box& box : boxes)
    conditions += fmt::format("{}{} && ST_MakeEnvelope({}, {}, {}, {})", conditions.empty() ? "" : " OR ", geometry,
                              shortest(box.min_x), shortest(box.min_y), shortest(box.max_x), shortest(box.max_y));
  return conditions;
}

// The same rows in the same order whenever they are asked for. Rows that agree in everything may change places.
std::string order_of(const std::vector<PgColumn>& all, const std::vector<PgColumn>& columns,
                     const std::string& geometry, bool& by_key) {
  std::vector<PgColumn> key;
  std::copy_if(all.begin(), all.end(), std::back_inserter(key), [](const PgColumn& c) { return c.key_place >= 0; });
  std::sort(key.begin(), key.end(), [](const PgColumn& a, const PgColumn& b) { return a.key_place < b.key_place; });
  by_key = !key.empty();
  std::vector<std::string> terms;
  terms.reserve(key.size());
  for (const PgColumn& column : key) terms.push_back(sql_name(column.name) + (column.collated ? " COLLATE \"C\"" : ""));
  if (!by_key) {
    for (const PgColumn& column : columns)
      terms.push_back(fmt::format("{}::text COLLATE \"C\"", sql_name(column.name)));
    if (!geometry.empty()) terms.push_back(fmt::format("ST_AsEWKB({})", geometry));
  }
  return terms.empty() ? std::string() : fmt::format(" ORDER BY {}", fmt::join(terms, ", "));
}

}  // namespace

PgQuery query_for(const PgTable& table, const std::vector<PgColumn>& all, const std::vector<PgColumn>& columns,
                  const std::vector<Box>& boxes) {
  PgQuery query;
  const std::string geometry =
      table.geometry.empty() ? std::string() : sql_name(table.geometry) + (table.geography ? "::geometry" : "");
  const std::string box = within(geometry, boxes);
  std::vector<std::string> expressions;
  query.count = "SELECT count(*)::text AS rows";
  if (!box.empty())
    query.count += fmt::format(
        ", (count(*) FILTER (WHERE {0} IS NULL))::text AS nulls, (count(*) FILTER (WHERE ST_IsEmpty({0})))::text AS "
        "empties",
        geometry);
  else
    query.count += ", '0' AS nulls, '0' AS empties";
  for (const PgColumn& column : columns) {
    const std::string misfit = misfit_of(column);
    expressions.push_back(expression_of(column, misfit));
    if (misfit.empty()) continue;
    query.guards.push_back({column.name, misfit});
    query.count += fmt::format(", (count(*) FILTER (WHERE {}{}))::text AS misfits_{}", misfit,
                               box.empty() ? std::string() : fmt::format(" AND ({})", box), query.guards.size());
  }
  if (!geometry.empty()) expressions.push_back(fmt::format("{} AS {}", geometry, sql_name(table.geometry)));
  query.count += " FROM " + sql_table(table);
  query.select = fmt::format("SELECT {} FROM {}{}", fmt::join(expressions, ", "), sql_table(table),
                             box.empty() ? std::string() : fmt::format(" WHERE {}", box));
  query.select += order_of(all, columns, geometry, query.by_key);
  return query;
}

}  // namespace yaan
