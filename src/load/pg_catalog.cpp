#include "load/pg_catalog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "load/unknown_name.hpp"
#include "yaan/core/crs.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/layer.hpp"

namespace yaan {

namespace {

constexpr std::size_t kMostNames = 40;

// Tables of extensions (spatial_ref_sys) and parts of partitioned tables are left out.
std::vector<PgTable> all_tables(PgSession& session) {
  const std::vector<PgSession::Row> rows = session.rows(
      "SELECT c.oid::text AS number, n.nspname::text, c.relname::text, a.attname::text, t.typname::text, "
      "CASE WHEN pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND (pg_catalog.has_table_privilege(c.oid, 'SELECT') "
      "OR pg_catalog.has_any_column_privilege(c.oid, 'SELECT')) THEN 'yes' ELSE 'no' END AS readable "
      "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
      "LEFT JOIN (pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid "
      "AND t.typname IN ('geometry', 'geography')) ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
      "WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND NOT c.relispartition "
      "AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' "
      "AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass "
      "AND d.objid = c.oid AND d.deptype = 'e') "
      "ORDER BY n.nspname COLLATE \"C\", c.relname COLLATE \"C\", a.attnum");
  std::vector<PgTable> tables;
  std::map<std::string, int> geometries;
  for (const PgSession::Row& row : rows) {
    tables.push_back({row[0], row[1], row[2], row[3], row[4] == "geography", row[5] == "yes", {}});
    ++geometries[row[0]];
  }
  for (PgTable& table : tables) {
    table.name = fmt::format("{}.{}", table.schema, table.table);
    if (geometries[table.oid] > 1) table.name += fmt::format("({})", table.geometry);
  }
  return tables;
}

std::string listed(const std::vector<std::string>& names) {
  if (names.size() <= kMostNames) return fmt::format("{}", fmt::join(names, ", "));
  return fmt::format("{} and {} more", fmt::join(names.begin(), names.begin() + kMostNames, ", "),
                     names.size() - kMostNames);
}

std::vector<std::string> names_of(const std::vector<PgTable>& tables) {
  std::vector<std::string> names;
  names.reserve(tables.size());
  for (const PgTable& table : tables) names.push_back(table.name);
  return names;
}

// Those with a geometry, or all where there is none.
std::vector<PgTable> offered(const std::vector<PgTable>& all) {
  std::vector<PgTable> spatial;
  std::vector<PgTable> plain;
  for (const PgTable& table : all)
    if (table.readable) (table.geometry.empty() ? plain : spatial).push_back(table);
  return spatial.empty() ? plain : spatial;
}

bool is_called(const PgTable& table, const std::string& name) {
  const std::string whole = fmt::format("{}.{}", table.schema, table.table);
  if (name == whole || name == table.table) return true;
  return !table.geometry.empty() && (name == fmt::format("{}({})", whole, table.geometry) ||
                                     name == fmt::format("{}({})", table.table, table.geometry));
}

}  // namespace

std::string sql_table(const PgTable& table) {
  return fmt::format("{}.{}", sql_name(table.schema), sql_name(table.table));
}

PgTable choose_table(PgSession& session, const std::string& layer) {
  const std::vector<PgTable> all = all_tables(session);
  const std::vector<PgTable> choice = offered(all);
  std::vector<PgTable> called;
  if (layer.empty()) {
    called = choice;
    if (called.empty())
      throw InputError(fmt::format("{} holds no table that may be read", session.shown()),
                       "check the database, and what was granted to its user");
  } else {
    std::copy_if(all.begin(), all.end(), std::back_inserter(called),
                 [&](const PgTable& table) { return is_called(table, layer); });
  }
  if (called.empty()) {
    std::vector<std::string> words = names_of(choice);
    for (const PgTable& table : choice) words.push_back(table.table);
    throw unknown_name(session.shown(), "table", layer, words, listed(names_of(choice)));
  }
  if (called.size() > 1)
    throw UsageError(layer.empty() ? fmt::format("{} holds {} tables", session.shown(), called.size())
                                   : fmt::format("{}: \"{}\" may be {} things", session.shown(), layer, called.size()),
                     fmt::format("name one with --layer: {}", listed(names_of(called))));
  if (!called.front().readable)
    throw InputError(fmt::format("{}: the table {} may not be read by this user", session.shown(), called.front().name),
                     "ask its owner for GRANT SELECT on it, and USAGE on its schema");
  return called.front();
}

std::vector<PgColumn> columns_of(PgSession& session, const PgTable& table) {
  const std::vector<PgSession::Row> rows = session.rows(
      fmt::format("SELECT a.attname::text, coalesce(b.typname, t.typname)::text AS type, "
                  "CASE WHEN a.attcollation <> 0 THEN 'yes' END AS collated, "
                  "coalesce((SELECT k.place FROM pg_catalog.pg_index i, "
                  "unnest(i.indkey::pg_catalog.int2[]) WITH ORDINALITY AS k(attnum, place) "
                  "WHERE i.indrelid = a.attrelid AND i.indisprimary AND k.attnum = a.attnum), -1)::text AS key_place "
                  "FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid "
                  "LEFT JOIN pg_catalog.pg_type b ON t.typtype = 'd' AND b.oid = t.typbasetype "
                  "WHERE a.attrelid = {} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
                  table.oid));
  std::vector<PgColumn> columns;
  columns.reserve(rows.size());
  for (const PgSession::Row& row : rows) columns.push_back({row[0], row[1], row[2] == "yes", std::stoi(row[3])});
  return columns;
}

PgSystem system_of(PgSession& session, const PgTable& table) {
  std::vector<PgSession::Row> stated =
      session.rows(fmt::format("SELECT postgis_typmod_srid(atttypmod)::text AS srid FROM pg_catalog.pg_attribute "
                               "WHERE attrelid = {} AND attname = {}",
                               table.oid, sql_literal(table.geometry)));
  std::string srid = stated.empty() ? "0" : stated[0][0];
  if (srid == "0" || srid.empty()) {
    // The column takes any system, so the rows say.
    const std::string column = sql_name(table.geometry) + (table.geography ? "::geometry" : "");
    stated = session.rows(fmt::format("SELECT ST_SRID({0})::text AS srid, count(*)::text AS rows FROM {1} WHERE {0} IS "
                                      "NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1",
                                      column, sql_table(table)),
                          fmt::format("{} ({})", session.shown(), table.name));
    std::string counts;
    for (const PgSession::Row& row : stated)
      counts += fmt::format("{}{} of SRID {}", counts.empty() ? "" : ", ", row[1], row[0]);
    if (stated.size() > 1)
      throw InputError(fmt::format("{}: the geometries of {} are in {} reference systems ({})", session.shown(),
                                   table.name, stated.size(), counts),
                       "read them through a view that holds one of them, or ST_Transform(...) to one");
    srid = stated.empty() ? "0" : stated[0][0];
  }
  if (srid == "0") return {};
  const std::vector<PgSession::Row> known = session.rows(
      fmt::format("SELECT auth_name::text, auth_srid::text, srtext::text FROM spatial_ref_sys WHERE srid = {}", srid));
  if (known.empty()) return {{}, fmt::format("SRID {}", srid)};
  for (const std::string& text : {fmt::format("{}:{}", known[0][0], known[0][1]), known[0][2]}) {
    try {
      Crs::from_text(text);
      return {text, {}};
    } catch (const UsageError&) {  // a code or a text that PROJ does not know: the other one may do
    }
  }
  return {{}, fmt::format("SRID {}", srid)};
}

}  // namespace yaan
