// The verb check-claims: what check_claims finds as columns of the points.
#include <array>
#include <cmath>
#include <limits>

#include "yaan/analyse/check_claims.hpp"
#include "yaan/core/publication.hpp"

namespace yaan {

namespace {

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
      column.push(areas.feature_code(static_cast<std::size_t>(area)));
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
      "`unknown-name`: no single area is called so. `no-claim`: the cell is empty, or says that nothing is known (-, "
      "ไม่ทราบ).\n\n"
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
            {"Claim", "ผลตรวจพื้นที่ที่ระบุ"}, ColourBy::category, false),
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
