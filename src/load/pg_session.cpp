#include "load/pg_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

#include "load/pg_name.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/layer.hpp"

namespace yaan {

namespace {

std::string doubled(const std::string& text, char quote) {
  std::string quoted(1, quote);
  for (const char c : text) quoted += c == quote ? std::string(2, c) : std::string(1, c);
  return quoted + quote;
}

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

// The sentence that matters of what libpq and the server say over several lines.
std::string sentence_of(std::string text) {
  constexpr std::size_t kLongest = 300;
  for (const std::string_view start : {"PQconnectdb failed.\n", "ERROR:  ", "FATAL:  "})
    if (text.starts_with(start)) text.erase(0, start.size());
  for (const std::string_view end : {"\nLINE ", "\nHINT:", "\nDETAIL:", "\nCONTEXT:", "\n\tIs the server",
                                     "\nThis probably", "\n\tThis probably", "\nserver closed", "\nSSL connection"})
    text.resize(std::min(text.find(end), text.size()));
  for (std::size_t at = text.find("FATAL:  "); at != std::string::npos; at = text.find("FATAL:  ")) text.erase(at, 8);
  std::string line;
  for (const char c : text) {
    const bool space = c == '\n' || c == '\t' || c == ' ';
    if (!space || (!line.empty() && line.back() != ' ')) line += space ? ' ' : c;
  }
  while (line.ends_with(' ')) line.pop_back();
  return line.substr(0, kLongest);
}

std::string service_advice(const std::string& service) {
  const std::vector<std::string> known = known_services();
  if (known.empty())
    return "write it into ~/.pg_service.conf (or the file that PGSERVICEFILE names): [NAME] and below it host, port, "
           "dbname and user";
  const std::string near = nearest_word(service, known);
  return near.empty() ? fmt::format("the services are {}", fmt::join(known, ", "))
                      : fmt::format("did you mean pg:{}?", near);
}

std::string connection_advice(const std::string& text, const std::string& service) {
  if (holds(text, "definition of service") || holds(text, "service file")) return service_advice(service);
  if (holds(text, "password") || holds(text, "pg_hba.conf") || holds(text, "Peer authentication"))
    return "check user in the service; its password stands in ~/.pgpass (host:port:database:user:password, mode 600)";
  if (holds(text, "database \"")) return "check dbname in the service, or PGDATABASE";
  if (holds(text, "role \"")) return "check user in the service, or PGUSER";
  return "is the server running, and are host and port in the service (or PGHOST and PGPORT) right?";
}

std::string reading_advice(const std::string& text) {
  if (holds(text, "statement timeout"))
    return "read less with extent and fields, or ask for a longer statement_timeout of the role";
  if (holds(text, "permission denied")) return "ask the owner for GRANT SELECT on it, and USAGE on its schema";
  if (holds(text, "terminating connection") || holds(text, "server closed") || holds(text, "no connection"))
    return "the connection was lost; try again";
  return "look at the table with psql; a view may fail on some of its rows";
}

// For the reader of databases alone: the process that reads files never knows this driver.
void register_driver() {
  initialise_gdal();
  static std::once_flag once;
  std::call_once(once, [] { RegisterOGRPG(); });
}

}  // namespace

std::string sql_name(const std::string& name) { return doubled(name, '"'); }
std::string sql_literal(const std::string& text) { return doubled(text, '\''); }

PgSession::PgSession(const std::string& name, const ReadOptions& options, Progress& progress) : m_shown(name) {
  const std::string service = service_of(name);
  register_driver();
  progress.report(fmt::format("connecting to {}", name), 0);
  const char* drivers[] = {"PostgreSQL", nullptr};
  const std::string connection = service.empty() ? "PG:" : fmt::format("PG:service={}", service);
  m_dataset.reset(GDALDataset::Open(connection.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR,
                                    drivers, nullptr, nullptr));
  if (!m_dataset) {
    const std::string text = sentence_of(m_messages.first());
    throw InputError(fmt::format("{} cannot be opened: {}", name, text.empty() ? "no reason given" : text),
                     connection_advice(text, service));
  }
  m_messages.clear();
  settle(options);
}

// Each query says FROM, or GDAL takes it for a command, and its columns have names of their own, or GDAL mixes them up.
// The search path of the user stays for the functions of views; PostGIS may live in a schema of its own.
void PgSession::settle(const ReadOptions& options) {
  const int seconds = std::max(1, options.max_silent_seconds - 5);
  const std::vector<Row> told = rows(fmt::format(
      "SELECT set_config('default_transaction_read_only', 'on', false) AS v1, set_config('TimeZone', 'UTC', false) AS "
      "v2, "
      "set_config('DateStyle', 'ISO, YMD', false) AS v3, set_config('IntervalStyle', 'postgres', false) AS v4, "
      "set_config('bytea_output', 'hex', false) AS v5, set_config('extra_float_digits', '3', false) AS v6, "
      "CASE WHEN current_setting('statement_timeout') = '0' THEN set_config('statement_timeout', '{}s', false) END AS "
      "v7, "
      // So that a query ends when this process has been ended.
      "CASE WHEN current_setting('server_version_num')::int >= 140000 AND version() LIKE '%linux%' "
      "THEN set_config('client_connection_check_interval', '1s', false) END AS v8, "
      "current_setting('server_version') AS v9, current_setting('server_encoding') AS v10 FROM (SELECT 1) AS once",
      seconds));
  if (told.size() != 1 || told[0].size() != 10)
    throw InputError(fmt::format("{} does not answer", m_shown), "try again");
  m_server = fmt::format("PostgreSQL {}", told[0][8].substr(0, told[0][8].find(' ')));
  m_keeps_bytes = told[0][9] == "SQL_ASCII";
  const std::vector<Row> postgis = rows(
      "SELECT e.extversion AS version, set_config('search_path', concat_ws(', ', "
      "nullif(current_setting('search_path'), ''), "
      "quote_ident(n.nspname)), false) AS path FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n "
      "ON n.oid = e.extnamespace WHERE e.extname = 'postgis'");
  m_has_postgis = !postgis.empty();
  if (m_has_postgis) m_server += fmt::format(", PostGIS {}", postgis[0][0]);
  m_dataset->StartTransaction();
  m_dataset->ExecuteSQL("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY", nullptr, nullptr);
  check(m_shown);
}

std::vector<PgSession::Row> PgSession::rows(const std::string& query, const std::string& what) {
  std::vector<Row> all;
  with_layer(query, what, [&](OGRLayer& layer) {
    const int fields = layer.GetLayerDefn()->GetFieldCount();
    for (const OGRFeatureUniquePtr& feature : layer) {
      Row& row = all.emplace_back();
      for (int i = 0; i < fields; ++i)
        row.emplace_back(feature->IsFieldSetAndNotNull(i) != 0 ? feature->GetFieldAsString(i) : "");
    }
  });
  return all;
}

void PgSession::with_layer(const std::string& query, const std::string& what,
                           const std::function<void(OGRLayer&)>& use) {
  const auto release = [this](OGRLayer* layer) { m_dataset->ReleaseResultSet(layer); };
  const std::unique_ptr<OGRLayer, decltype(release)> layer(m_dataset->ExecuteSQL(query.c_str(), nullptr, nullptr),
                                                           release);
  if (!layer) throw_failure(what);
  use(*layer);
  check(what);
}

void PgSession::throw_failure(const std::string& what) const {
  const std::string text = sentence_of(m_messages.first());
  throw InputError(fmt::format("reading {} failed: {}", what, text.empty() ? "no reason given" : text),
                   reading_advice(text));
}

void PgSession::check(const std::string& what) {
  const auto& all = m_messages.all();
  if (std::any_of(all.begin(), all.end(), [](const GdalMessage& message) { return message.failure; }))
    throw_failure(what);
  m_messages.clear();
}

}  // namespace yaan
