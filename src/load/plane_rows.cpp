#include "load/plane_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <string>
#include <utility>

#include "yaan/core/error.hpp"
#include "yaan/core/names.hpp"

namespace yaan {

namespace {

bool looks_like_plane(double x, double y) { return x >= 100'000 && x <= 900'000 && y > 90 && y <= 10'000'000; }

// No easting of UTM is as small; 0 stands for a missing one.
bool looks_like_degrees(double x, double y) {
  return std::fabs(x) <= 180 && std::fabs(y) <= 180 && std::min(std::fabs(x), std::fabs(y)) <= 90 && x != 0 && y != 0;
}

// Of "WGS 84 / UTM zone 47N"; 0 for others.
int zone_in_name(const std::string& name) {
  constexpr std::string_view kWords = "UTM zone ";
  const std::size_t at = name.find(kWords);
  if (at == std::string::npos) return 0;
  const int zone = std::atoi(name.c_str() + at + kWords.size());
  return name.find(fmt::format("{}{}N", kWords, zone), at) == at ? zone : 0;
}

// "47", 48, "47N", "โซน 48", "47Q"; 0 for others.
int zone_in_cell(const Column& column, std::size_t row) {
  const std::string text = tidy_text(column.display(row));
  const std::size_t digit = text.find_first_of("0123456789");
  const int zone = digit == std::string::npos ? 0 : std::atoi(text.c_str() + digit);
  return zone >= 1 && zone <= 60 ? zone : 0;
}

// Both zones on one ellipsoid, so that the datum does not matter.
Transformer between_zones(int from, int to, const std::string& name) {
  const bool everest = name.find("Indian 1975") != std::string::npos;
  const char* ellipsoid = everest ? "+a=6377276.345 +rf=300.8017" : "+ellps=WGS84";
  const auto zone = [&](int number) {
    return Crs::from_text(fmt::format("+proj=utm +zone={} {} +units=m +no_defs +type=crs", number, ellipsoid));
  };
  return {zone(from), zone(to)};
}

}  // namespace

PlaneRows::PlaneRows(RawLayer& raw, const ReadOptions& options, const Column* x, const Column* y)
    : m_raw(raw), m_options(options), m_zone(zone_in_name(raw.crs.name())) {
  if (!options.plane_crs.empty() && raw.crs.is_geographic()) {
    const Crs plane = Crs::from_text(options.plane_crs);
    if (plane.kind() != Crs::Kind::projected)
      throw UsageError(fmt::format("plane_crs is {}, which is not a projected system", plane.name()),
                       "give one such as EPSG:32647 or EPSG:32648");
    m_to_layer.emplace(plane, raw.crs);
  }
  if (m_zone == 0) return;
  m_zones = zones_of_rows();
  if (x == nullptr || y == nullptr) return;
  std::size_t in_degrees = 0;
  for (std::size_t row = 0; row < raw.rows; ++row)
    in_degrees += looks_like_degrees(x->number(row).value_or(0), y->number(row).value_or(0)) ? 1 : 0;
  m_degrees = in_degrees > 0 && 2 * in_degrees < raw.rows;
  if (m_degrees) m_from_degrees.emplace(Crs::wgs84(), raw.crs);
}

std::vector<int> PlaneRows::zones_of_rows() const {
  constexpr std::array<std::string_view, 6> kNames = {"zone", "utmzone", "utm zone", "utm_zone", "โซน", "โซน utm"};
  for (const Column& column : m_raw.columns) {
    if (std::find(kNames.begin(), kNames.end(), tidy_text(column.name)) == kNames.end()) continue;
    std::vector<int> zones(m_raw.rows);
    bool other = false;
    for (std::size_t row = 0; row < m_raw.rows; ++row) {
      zones[row] = zone_in_cell(column, row);
      other = other || (zones[row] != 0 && zones[row] != m_zone);
    }
    if (other) return zones;
  }
  return {};
}

void PlaneRows::note(std::string_view code, Counted& counted, std::size_t row) {
  counted.add(row);
  if (counted.rows <= static_cast<std::int64_t>(kMostNoted))
    m_raw.written_forms.emplace_back(code, static_cast<std::uint32_t>(row));
}

void PlaneRows::settle(double& x, double& y, std::size_t row) {
  if (m_raw.crs.is_geographic()) {
    if (!looks_like_plane(x, y)) return;
    if (!m_to_layer) return m_planes.add(row);
    note("projected-coordinate", m_planes, row);
    m_to_layer->apply({&x, 1}, {&y, 1});
    return;
  }
  if (m_degrees && looks_like_degrees(x, y)) {
    if (std::fabs(y) > 90) std::swap(x, y);
    note("degrees-among-metres", m_in_degrees, row);
    m_from_degrees->apply({&x, 1}, {&y, 1});
    return;
  }
  const int zone = m_zones.empty() ? 0 : m_zones[row];
  if (zone == 0 || zone == m_zone) return;
  const auto from = m_from_zone.find(zone);
  const Transformer& to_layer =
      from != m_from_zone.end()
          ? from->second
          : m_from_zone.emplace(zone, between_zones(zone, m_zone, m_raw.crs.name())).first->second;
  note("utm-zone", m_others, row);
  to_layer.apply({&x, 1}, {&y, 1});
}

void PlaneRows::report() const {
  const auto tell = [&](const Counted& counted, Severity severity, std::string_view code, const std::string& message) {
    if (counted.rows > 0)
      m_raw.diagnostics.add(severity, code, m_raw.where, message, counted.rows, m_raw.label(counted.first, m_options));
  };
  if (m_to_layer) {
    tell(m_planes, Severity::repaired, "projected-coordinate",
         fmt::format("rows with eastings and northings were taken from {}: {}", m_options.plane_crs,
                     m_to_layer->description()));
  } else {
    tell(m_planes, Severity::doubt, "projected-coordinate",
         "rows hold eastings and northings, not degrees; say their system with --plane-crs, such as EPSG:32647 west of "
         "102 E and EPSG:32648 east of it");
  }
  tell(m_others, Severity::repaired, "utm-zone",
       fmt::format("rows that name another zone of UTM were taken to that of the layer, {}", m_zone));
  tell(m_in_degrees, Severity::repaired, "degrees-among-metres",
       "rows in degrees among eastings and northings were taken as longitude and latitude on WGS 84");
}

}  // namespace yaan
