#include "yaan/analyse/check_claims.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>
#include <set>

#include "analyse/area_names.hpp"
#include "analyse/index/area_grid.hpp"
#include "yaan/analyse/assign_areas.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/geodesy.hpp"
#include "yaan/core/names.hpp"
#include "yaan/core/numbers.hpp"
#include "yaan/core/publication.hpp"

namespace yaan {

namespace {

constexpr double kDatumReach = 600;  // metres: farther than any shift between Thailand's datums moves a point
constexpr std::int64_t kFewestForDatum = 3;
constexpr double kSimilarName = 0.6;
constexpr int kChangedDecimals = 2;

struct Place {
  double x = 0;
  double y = 0;
  auto operator<=>(const Place&) const = default;
};

// Metres to the border of an area, from outside of it.
double distance_to(const Geometry& areas, std::size_t area, Place from, const Crs& crs) {
  const bool degrees = crs.is_geographic();
  const double along = degrees ? std::cos(from.y * std::numbers::pi / 180) : 1;  // of a degree of longitude
  double least = std::numeric_limits<double>::infinity();
  Place nearest;
  for (std::uint64_t part = areas.feature_parts[area]; part < areas.feature_parts[area + 1]; ++part)
    for (std::uint64_t ring = areas.part_rings[part]; ring < areas.part_rings[part + 1]; ++ring)
      for (std::uint64_t v = areas.ring_vertices[ring]; v + 1 < areas.ring_vertices[ring + 1]; ++v) {
        const double ax = (areas.x[v] - from.x) * along;
        const double ay = areas.y[v] - from.y;
        const double bx = (areas.x[v + 1] - areas.x[v]) * along;
        const double by = areas.y[v + 1] - areas.y[v];
        const double length = bx * bx + by * by;
        const double t = length > 0 ? std::clamp(-(ax * bx + ay * by) / length, 0.0, 1.0) : 0;
        const double dx = ax + t * bx;
        const double dy = ay + t * by;
        if (dx * dx + dy * dy >= least) continue;
        least = dx * dx + dy * dy;
        nearest = {from.x + dx / along, from.y + dy};
      }
  if (degrees) return geodesic_distance(from.x, from.y, nearest.x, nearest.y).value;
  return std::sqrt(least) * crs.metres_per_unit();
}

// The coordinate with one digit of its whole part or its first decimals changed, or two neighbours exchanged.
std::set<double> misread(double value) {
  const std::string text = fmt::format("{:.6f}", value);
  const std::size_t point = text.find('.');
  std::set<double> others;
  const auto add = [&](const std::string& changed) {
    if (const auto number = parse_double(changed); number && *number != value) others.insert(*number);
  };
  for (std::size_t i = 0; i < point + 1 + kChangedDecimals; ++i) {
    if (text[i] == '-' || text[i] == '.') continue;
    std::string changed = text;
    for (char digit = '0'; digit <= '9'; ++digit) {
      changed[i] = digit;
      add(changed);
    }
    changed = text;
    const std::size_t next = text[i + 1] == '.' ? i + 2 : i + 1;
    std::swap(changed[i], changed[next]);
    add(changed);
  }
  return others;
}

class Checker {
 public:
  Checker(const Layer& points, const Layer& areas, const CheckClaimsOptions& options)
      : m_points(points),
        m_areas(areas),
        m_names(areas, {}, options.normalise),
        m_grid(areas.geometry, points.size()),
        m_border(options.border.on(points.crs, "border").value),
        m_coast(options.coast.on(points.crs, "coast").value) {}

  Claim check(std::size_t row, const std::string& name, std::int32_t found, double found_distance) const {
    Claim claim;
    claim.found = found;
    claim.distance = std::numeric_limits<double>::quiet_NaN();
    const NameMatch match = m_names.find(name, {}, 2);  // no suggestions
    if (match.found == NameFound::empty) return claim;
    if (match.found > NameFound::variant) {
      claim.state = ClaimState::unknown_name;
      return claim;
    }
    claim.claimed = match.area;
    const Place place{m_points.geometry.x[row], m_points.geometry.y[row]};
    if (lies_in_claimed(claim, place)) {
      claim.distance = 0;
      claim.state = ClaimState::agrees;
      return claim;
    }
    claim.distance = distance_to(m_areas.geometry, static_cast<std::size_t>(claim.claimed), place, m_points.crs);
    const bool in_none = found < 0 || found_distance > 0;
    const Place exchanged{place.y, place.x};
    if (lies_in_claimed(claim, exchanged)) {
      propose_move(claim, ClaimState::swapped_axes, exchanged);
    } else if (in_none && claim.distance <= m_coast) {
      claim.state = ClaimState::coast;
      claim.repair = "keep";
    } else if (claim.distance <= m_border) {
      claim.state = ClaimState::border;
      claim.repair = "keep";
    } else if (found >= 0 && is_called_alike(name, found)) {
      claim.state = ClaimState::similar_name;
      claim.repair = "rename";
    } else {
      look_for_digits(claim, place);
    }
    return claim;
  }

  [[nodiscard]] bool lies_in_claimed(const Claim& claim, Place place) const {
    return m_grid.holds(static_cast<std::uint32_t>(claim.claimed), place.x, place.y);
  }
  static void propose_move(Claim& claim, ClaimState state, Place to) {
    claim.state = state;
    claim.repair = "move";
    claim.x = to.x;
    claim.y = to.y;
  }

 private:
  [[nodiscard]] bool is_called_alike(const std::string& name, std::int32_t area) const {
    const auto row = static_cast<std::size_t>(area);
    const std::string key = name_key(name, NameKind::area);
    for (const Language language : {Language::thai, Language::english})
      if (name_similarity(key, name_key(m_areas.feature_name(row, language), NameKind::area)) >= kSimilarName)
        return true;
    return false;
  }

  void look_for_digits(Claim& claim, Place place) const {
    claim.state = ClaimState::far;
    if (!m_points.crs.is_geographic()) return;
    std::set<Place> fitting;
    for (const double x : misread(place.x))
      if (lies_in_claimed(claim, {x, place.y})) fitting.insert({x, place.y});
    for (const double y : misread(place.y))
      if (lies_in_claimed(claim, {place.x, y})) fitting.insert({place.x, y});
    if (fitting.empty()) return;
    claim.state = ClaimState::digit;
    if (fitting.size() == 1) propose_move(claim, ClaimState::digit, *fitting.begin());
  }

  const Layer& m_points;
  const Layer& m_areas;
  AreaNames m_names;
  AreaGrid m_grid;
  double m_border;
  double m_coast;
};

// An old datum moves all points alike. When most of those at the borders would lie where they claim to if they were
// positions on Indian 1975, that is the reason.
void find_old_datum(std::vector<Claim>& claims, const Layer& points, const Checker& checker) {
  if (!points.crs.is_geographic()) return;
  Transformer from_old(Crs::from_text("EPSG:4240"), points.crs);
  std::vector<std::pair<std::size_t, Place>> explained;
  std::int64_t near = 0;
  for (std::size_t row = 0; row < claims.size(); ++row) {
    const Claim& claim = claims[row];
    if (claim.claimed < 0 || claim.state == ClaimState::agrees || !(claim.distance <= kDatumReach)) continue;
    ++near;
    Place place{points.geometry.x[row], points.geometry.y[row]};
    from_old.apply({&place.x, 1}, {&place.y, 1});
    if (std::isfinite(place.x) && checker.lies_in_claimed(claim, place)) explained.emplace_back(row, place);
  }
  const auto count = static_cast<std::int64_t>(explained.size());
  if (count < kFewestForDatum || 2 * count <= near) return;
  for (const auto& [row, place] : explained) Checker::propose_move(claims[row], ClaimState::datum, place);
}

std::string area_code(const Layer& areas, std::int32_t area) {
  const auto row = static_cast<std::size_t>(area);
  const Column* column = areas.roles.code.empty() ? nullptr : areas.find(areas.roles.code);
  return column == nullptr ? areas.feature_id(row) : column->display(row);
}

constexpr std::array kStates = {
    ClaimState::agrees,       ClaimState::coast, ClaimState::border, ClaimState::datum,        ClaimState::swapped_axes,
    ClaimState::similar_name, ClaimState::digit, ClaimState::far,    ClaimState::unknown_name, ClaimState::no_claim};

MethodResult run_check_claims(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const CheckClaimsOptions&>(any_options);
  const Layer& points = inputs.layer("points");
  const Layer& areas = inputs.layer("areas");
  const std::vector<Claim> claims = check_claims(points, areas, options, progress);
  const std::vector<Publication> levels = publication_levels(points);
  MethodResult result;
  for (const OutputField& field : check_claims_method().adds) result.columns.push_back(make_column(field));
  const auto push_area = [&](Column& column, std::int32_t area) {
    if (area < 0) {
      column.push_null();
    } else {
      column.push(area_code(areas, area));
    }
  };
  std::array<std::int64_t, kStates.size()> counts{};
  for (std::size_t row = 0; row < claims.size(); ++row) {
    const Claim& claim = claims[row];
    ++counts[static_cast<std::size_t>(claim.state)];
    result.columns[0].push(to_string(claim.state));
    push_area(result.columns[1], claim.claimed);
    push_area(result.columns[2], claim.found);
    const double none = std::numeric_limits<double>::quiet_NaN();
    const bool open = levels[row] == Publication::open;
    result.columns[3].push(open ? claim.distance : none);
    if (claim.repair.empty()) {
      result.columns[4].push_null();
    } else {
      result.columns[4].push(claim.repair);
    }
    result.columns[5].push(open && claim.repair == "move" ? claim.x : none);
    result.columns[6].push(open && claim.repair == "move" ? claim.y : none);
    if (claim.state == ClaimState::agrees || claim.state == ClaimState::no_claim) continue;
    result.diagnostics.add(Severity::doubt, "claim-" + std::string(to_string(claim.state)), points.name,
                           "points do not lie in the area that they claim", 1, points.feature_id(row));
  }
  for (const ClaimState state : kStates)
    result.summary.emplace_back(to_string(state), counts[static_cast<std::size_t>(state)]);
  return result;
}

}  // namespace

std::string_view to_string(ClaimState state) {
  switch (state) {
    case ClaimState::agrees: return "agrees";
    case ClaimState::coast: return "coast";
    case ClaimState::border: return "border";
    case ClaimState::datum: return "datum";
    case ClaimState::swapped_axes: return "swapped-axes";
    case ClaimState::similar_name: return "similar-name";
    case ClaimState::digit: return "digit";
    case ClaimState::far: return "far";
    case ClaimState::unknown_name: return "unknown-name";
    case ClaimState::no_claim: return "no-claim";
  }
  return "";
}

std::vector<Claim> check_claims(const Layer& points, const Layer& areas, const CheckClaimsOptions& options,
                                Progress& progress) {
  const std::string& role = options.name.empty() ? points.roles.area : options.name;
  if (role.empty())
    throw UsageError(fmt::format("nobody says which column of layer {} names the area of a point", points.name),
                     "name it: the parameter name, or the part area of its columns");
  const Column& names = points.column(role);
  std::optional<Layer> moved;
  if (!areas.crs.same_as(points.crs)) moved = reprojected(areas, points.crs);
  const Layer& here = moved ? *moved : areas;
  const AreaAssignment found =
      assign_areas(points.geometry.x, points.geometry.y, here.geometry, points.crs, {options.coast}, progress);
  const Checker checker(points, here, options);
  std::vector<Claim> claims;
  claims.reserve(points.size());
  for (std::size_t row = 0; row < points.size(); ++row) {
    if (row % 64 == 0) {
      progress.throw_if_cancelled();
      progress.report("checking claims", static_cast<double>(row) / static_cast<double>(points.size()));
    }
    claims.push_back(checker.check(row, names.display(row), found.area[row], found.distance[row]));
  }
  find_old_datum(claims, points, checker);
  return claims;
}

namespace {

Method describe_check_claims() {
  Method method;
  method.name = "check-claims";
  method.stage = "analyse";
  method.title = {"Claimed areas", "ตรวจพื้นที่ที่อ้าง"};
  method.summary = "Finds points that claim one area and lie in another, with the distance and the likely reason.";
  method.description =
      "The claim is a name or code in a column, found as `match-areas` finds it. A point that lies in the claimed area "
      "`agrees`. For every other one the first of these that holds is its state:\n\n"
      "`swapped-axes`: with x and y exchanged it lies in the claimed area (repair: move). `coast`: it lies in no area "
      "and "
      "within `coast` of the claimed one, as islands and simplified coasts do (keep). `border`: it lies within "
      "`border` "
      "of the claimed area (keep). `similar-name`: the area where it lies is called nearly as the claimed one, such as "
      "Chiang Mai and Chiang Rai (rename). `digit`: with one digit of its degrees or their first two decimals changed, "
      "or two "
      "neighbours exchanged, it lies in the claimed area (move, where only one such place exists). `far`: none of "
      "these, so "
      "people must look.\n\n"
      "When at least three points within 600 m of the areas they claim, and most of such points, would lie in them as "
      "positions "
      "on Indian 1975, their state is `datum` (move, by the shift of the Royal Thai Survey Department). "
      "`unknown-name`: no single area is called so. `no-claim`: the cell is empty.\n\n"
      "A reason is the likeliest one, not a proof: every repair is a proposal, which `yaan check` writes down for "
      "people "
      "to accept or reject. Points that are not open for publication get no distance and no place to move to. Time: "
      "constant for a point that agrees; for others that of the edges of the claimed area.";
  method.citation =
      "On how published positions go wrong: Chapman, A. D., Wieczorek, J. R. (2020): Georeferencing Best Practices. "
      "GBIF "
      "Secretariat, Copenhagen.";
  method.example =
      "check-claims data/creative_assets.csv --x longitude --y latitude --crs EPSG:4326 --areas data/provinces.geojson "
      "--name province_code -o assets_checked.geojson";
  method.inputs = {{"points", GeometryKind::point, RoleNeed::required, "the points and their claims"},
                   {"areas", GeometryKind::polygon, RoleNeed::required, "the areas, such as provinces"}};
  Parameter name = parameter(&CheckClaimsOptions::name, "name", ParameterKind::text,
                             "Column of the points that names an area; empty for the one in the part area.");
  name.title = {"Claim column", "คอลัมน์พื้นที่ที่อ้าง"};
  Parameter border = parameter(&CheckClaimsOptions::border, "border", ParameterKind::length,
                               "This near to the claimed area a point may be at its border.");
  border.minimum = 0;
  border.slider_maximum = 10'000;
  border.title = {"Border", "ระยะชายแดน"};
  Parameter coast = parameter(&CheckClaimsOptions::coast, "coast", ParameterKind::length,
                              "This near to the claimed area a point that lies in none may be at its coast.");
  coast.minimum = 0;
  coast.slider_maximum = 20'000;
  coast.title = {"Coast", "ระยะชายฝั่ง"};
  Parameter normalise = parameter(&CheckClaimsOptions::normalise, "normalise", ParameterKind::flag,
                                  "Find claimed areas by keys, as match-areas does; without, only the same characters "
                                  "are the same.");
  normalise.title = {"Compare by keys", "เทียบโดยไม่สนใจวิธีสะกด"};
  method.parameters = {std::move(name), std::move(border), std::move(coast), std::move(normalise)};
  const auto field = [](const char* called, ColumnType type, const char* unit, const char* help, Localized title,
                        ColourBy colour, bool nullable) {
    return OutputField{called, type, unit, help, std::move(title), colour, nullable};
  };
  method.adds = {
      field("claim_state", ColumnType::text, "",
            "agrees, coast, border, datum, swapped-axes, similar-name, digit, far, unknown-name or no-claim.",
            {"Claim", "สถานะการอ้าง"}, ColourBy::category, false),
      field("claim_code", ColumnType::text, "", "Code of the claimed area, or its id; null without one.",
            {"Claimed area", "พื้นที่ที่อ้าง"}, ColourBy::none, true),
      field("claim_found_code", ColumnType::text, "",
            "Code of the area where the point lies, or of the nearest within coast; null without one.",
            {"Found in", "พบในพื้นที่"}, ColourBy::none, true),
      field("claim_distance_m", ColumnType::real, "m",
            "Distance on the ground to the claimed area; null without one, and for points that are not open for "
            "publication.",
            {"Distance to claimed area", "ระยะถึงพื้นที่ที่อ้าง"}, ColourBy::sequence, true),
      field(
          "claim_repair", ColumnType::text, "",
          "Proposed repair: keep (the claim is right), move, or rename (claim the area where it lies); null for none.",
          {"Proposal", "ข้อเสนอ"}, ColourBy::category, true),
      field("claim_x", ColumnType::real, "", "Where to move it, in the CRS of the points; null for no move.",
            {"Proposed x", "x ที่เสนอ"}, ColourBy::none, true),
      field("claim_y", ColumnType::real, "", "Where to move it, in the CRS of the points; null for no move.",
            {"Proposed y", "y ที่เสนอ"}, ColourBy::none, true)};
  method.default_options = [] { return std::any(CheckClaimsOptions{}); };
  method.run = run_check_claims;
  return method;
}

}  // namespace

const Method& check_claims_method() {
  static const Method method = describe_check_claims();
  return method;
}

}  // namespace yaan
