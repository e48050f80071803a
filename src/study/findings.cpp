#include "study/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <unordered_map>

#include "study/decisions.hpp"
#include "yaan/analyse/check_claims.hpp"
#include "yaan/analyse/find_duplicates.hpp"
#include "yaan/analyse/repair_axes.hpp"
#include "yaan/core/error.hpp"

namespace yaan {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

bool has_names(const ColumnRoles& roles) {
  return !roles.name_th.empty() || !roles.name_en.empty() || !roles.code.empty();
}

const Layer* areas_of(const Study& study, const LayerMap& layers) {
  if (const std::string& named = study.checks().areas; !named.empty()) {
    const Layer& areas = layers.at(named);
    if (areas.geometry.kind != GeometryKind::polygon || !has_names(areas.roles))
      throw UsageError(fmt::format("checks.areas: layer {} has no areas with names or codes", named),
                       "name a layer of polygons, and the columns that play name_th, name_en or code");
    return &areas;
  }
  for (const StudyLayer& description : study.layers()) {
    const auto at = layers.find(description.name);
    if (at == layers.end() || at->second.geometry.kind != GeometryKind::polygon) continue;
    if (has_names(at->second.roles)) return &at->second;
  }
  return nullptr;
}

bool is_on_earth(const Layer& layer) {
  return layer.crs.kind() == Crs::Kind::geographic || layer.crs.kind() == Crs::Kind::projected;
}

// What a claim must say to be found in the area: its code or id, or its name where it has neither.
std::string claim_of(const Layer& areas, std::int32_t area) {
  const auto row = static_cast<std::size_t>(area);
  const std::string code = areas.feature_code(row);
  return code == fmt::format("#{}", row + 1) ? areas.feature_name(row, Language::thai) : code;
}

Localized detail_of(const Claim& claim, const Layer& areas, const std::string& said) {
  const auto name_in = [&](Language language) {
    return areas.feature_name(static_cast<std::size_t>(claim.found), language);
  };
  const std::string found = claim.found < 0 ? "no area" : name_in(Language::english);
  const std::string found_th = claim.found < 0 ? "พื้นที่ใด" : name_in(Language::thai);
  switch (claim.state) {
    case ClaimState::coast:
      return {fmt::format("claims {}, lies in no area: an island or a simplified coast", said),
              fmt::format("ระบุว่าอยู่ใน {} แต่ไม่อยู่ในพื้นที่ใด: เกาะ หรือแนวชายฝั่งที่ถูกลดรายละเอียด", said)};
    case ClaimState::border:
      return {fmt::format("claims {}, lies just across the border in {}", said, found),
              fmt::format("ระบุว่าอยู่ใน {} แต่อยู่เลยเขตแดนไปเล็กน้อยใน {}", said, found_th)};
    case ClaimState::datum:
      return {fmt::format("claims {}, and lies there as a position on Indian 1975", said),
              fmt::format("ระบุว่าอยู่ใน {} และจะอยู่ที่นั่นหากพิกัดอ้างอิงพื้นหลักฐาน Indian 1975", said)};
    case ClaimState::swapped_axes:
      return {fmt::format("claims {}, and lies there with x and y exchanged", said),
              fmt::format("ระบุว่าอยู่ใน {} และจะอยู่ที่นั่นหากสลับ x กับ y", said)};
    case ClaimState::similar_name:
      return {fmt::format("claims {}, lies in {}, which is called nearly so", said, found),
              fmt::format("ระบุว่าอยู่ใน {} แต่อยู่ใน {} ซึ่งชื่อคล้ายกัน", said, found_th)};
    case ClaimState::digit:
      return {fmt::format("claims {}, and would lie there with one digit changed", said),
              fmt::format("ระบุว่าอยู่ใน {} และจะอยู่ที่นั่นหากแก้ตัวเลขหนึ่งหลัก", said)};
    case ClaimState::far:
      return {fmt::format("claims {}, lies in {}", said, found),
              fmt::format("ระบุว่าอยู่ใน {} แต่{}อยู่ใน{}{}", said, claim.found < 0 ? "ไม่" : "", claim.found < 0 ? "" : " ",
                          found_th)};
    case ClaimState::unknown_name:
      if (claim.suggested >= 0) {
        const auto suggested = static_cast<std::size_t>(claim.suggested);
        return {fmt::format("claims {}, but no area is called so; {} is called nearly so", said,
                            areas.feature_name(suggested, Language::english)),
                fmt::format("ระบุว่าอยู่ใน {} แต่ไม่มีพื้นที่ชื่อนี้ ชื่อที่ใกล้เคียงคือ {}", said,
                            areas.feature_name(suggested, Language::thai))};
      }
      return {fmt::format("claims {}, but no single area is called so", said),
              fmt::format("ระบุว่าอยู่ใน {} แต่ไม่มีพื้นที่ชื่อนี้ หรือมีมากกว่าหนึ่งแห่ง", said)};
    case ClaimState::agrees:
    case ClaimState::no_claim: break;
  }
  return {};
}

void find_claims(const Layer& points, const Layer& areas, const StudyChecks& checks,
                 const std::vector<std::string>& ids, std::vector<Finding>& findings, Progress& progress) {
  const std::vector<Claim> claims = check_claims(points, areas, checks.claims, progress);
  const Column& said = points.column(points.roles.area);
  for (std::size_t row = 0; row < claims.size(); ++row) {
    const Claim& claim = claims[row];
    if (claim.state == ClaimState::agrees || claim.state == ClaimState::no_claim) continue;
    Finding finding{points.name, static_cast<std::int64_t>(row),
                    ids[row],    "claim-" + std::string(to_string(claim.state)),
                    {},          claim.distance,
                    kNone,       claim.repair,
                    kNone,       kNone,
                    {}};
    finding.detail = detail_of(claim, areas, said.display(row));
    if (claim.repair == "move") {
      finding.to_x = claim.x;
      finding.to_y = claim.y;
    }
    if (claim.repair == "rename") finding.value = claim_of(areas, claim.found);
    if (claim.suggested >= 0) {
      finding.repair = "rename";
      finding.value = claim_of(areas, claim.suggested);
    }
    findings.push_back(std::move(finding));
  }
}

// Beside the claims, which tell more of the same point.
void find_exchanged(const Layer& points, const Layer& areas, const StudyChecks& checks,
                    const std::vector<std::string>& ids, std::vector<Finding>& findings, Progress& progress) {
  RepairAxesOptions options;
  options.coast = checks.claims.coast;
  const AxesFinding axes = find_exchanged_axes(points, areas, options, progress);
  std::vector<bool> told(points.size(), false);
  for (const Finding& finding : findings)
    if (finding.row >= 0 && finding.repair == "move") told[static_cast<std::size_t>(finding.row)] = true;
  for (std::size_t row = 0; row < points.size(); ++row) {
    if (axes.states[row] != AxesState::exchanged || told[row]) continue;
    findings.push_back(
        {points.name,
         static_cast<std::int64_t>(row),
         ids[row],
         "axes-exchanged",
         {fmt::format("lies in no area, and in one with x and y exchanged{}",
                      axes.whole_layer ? ", as most points of the layer do" : ""),
          fmt::format("ไม่อยู่ในพื้นที่ใด แต่จะอยู่ในพื้นที่หากสลับ x กับ y{}", axes.whole_layer ? " เช่นเดียวกับจุดส่วนใหญ่ของชั้นข้อมูล" : "")},
         kNone,
         kNone,
         "move",
         points.geometry.y[row],
         points.geometry.x[row],
         {}});
  }
}

void find_twins(const Layer& points, const std::vector<std::string>& ids, std::vector<Finding>& findings,
                Progress& progress) {
  std::int64_t left_out = 0;
  const std::vector<DuplicatePair> pairs = find_duplicates(points, ids, {}, left_out, progress);
  const std::vector<std::uint32_t> first = first_duplicates(ids, pairs);
  std::vector<bool> told(points.size(), false);
  for (const DuplicatePair& pair : pairs) {
    // The likeliest pair of each row that would go is enough.
    if (first[pair.second] == pair.second || told[pair.second]) continue;
    told[pair.second] = true;
    const std::string other = points.feature_name(pair.first, Language::thai);
    findings.push_back({points.name,
                        static_cast<std::int64_t>(pair.second),
                        ids[pair.second],
                        "duplicate-" + std::string(to_string(pair.kind)),
                        {fmt::format("likely the same site as {} ({})", ids[pair.first], other),
                         fmt::format("น่าจะเป็นแหล่งเดียวกับ {} ({})", ids[pair.first], other)},
                        pair.distance,
                        pair.score,
                        "merge",
                        kNone,
                        kNone,
                        ids[first[pair.second]]});
  }
}

struct PositionProblem {
  std::string_view code;
  std::string_view problem;
  std::string_view detail;
  std::string_view detail_th;
};
constexpr std::array kPositionProblems = {
    PositionProblem{"null-geometry", "position-missing", "there is no position; the row is left out",
                    "ไม่มีพิกัด จึงไม่ได้นำแถวนี้มาใช้"},
    PositionProblem{"empty-geometry", "position-missing", "there is no position; the row is left out",
                    "ไม่มีพิกัด จึงไม่ได้นำแถวนี้มาใช้"},
    PositionProblem{"unreadable-coordinate", "position-unreadable", "the position cannot be read; the row is left out",
                    "อ่านพิกัดไม่ได้ จึงไม่ได้นำแถวนี้มาใช้"},
    PositionProblem{"unreadable-geometry", "position-unreadable", "the position cannot be read; the row is left out",
                    "อ่านพิกัดไม่ได้ จึงไม่ได้นำแถวนี้มาใช้"},
    PositionProblem{"non-finite-coordinate", "position-out-of-range", "the position is no number; the row is left out",
                    "พิกัดไม่ใช่ตัวเลข จึงไม่ได้นำแถวนี้มาใช้"},
    PositionProblem{"out-of-range-coordinate", "position-out-of-range",
                    "the position is beyond 180 or 90 degrees; the row is left out",
                    "พิกัดเกิน 180 หรือ 90 องศา จึงไม่ได้นำแถวนี้มาใช้"},
    PositionProblem{"swapped-axes", "position-swapped-axes", "longitude and latitude were exchanged on reading",
                    "สลับลองจิจูดกับละติจูดขณะอ่าน"},
    PositionProblem{"degrees-minutes", "position-degrees-minutes", "degrees, minutes and seconds were read",
                    "อ่านเป็นองศา ลิปดา และพิลิปดา"},
    PositionProblem{"decimal-comma", "position-decimal-comma", "a decimal comma was read", "อ่านจุลภาคเป็นจุดทศนิยม"},
    PositionProblem{"thai-digits", "position-thai-digits", "Thai digits were read", "อ่านเลขไทย"},
    PositionProblem{"lost-symbols", "position-lost-symbols", "signs of degree and minute had become question marks",
                    "เครื่องหมายองศาและลิปดากลายเป็นเครื่องหมายคำถาม"},
    PositionProblem{"projected-coordinate", "position-projected", "eastings and northings became degrees",
                    "แปลงระยะตะวันออกและระยะเหนือเป็นองศา"},
    PositionProblem{"utm-zone", "position-utm-zone", "taken from the other zone of UTM that the row names",
                    "แปลงจากโซน UTM อื่นตามที่แถวระบุ"},
    PositionProblem{"degrees-among-metres", "position-in-degrees", "degrees among metres became eastings and northings",
                    "แปลงองศาที่ปนอยู่เป็นระยะตะวันออกและระยะเหนือ"}};

// A way of writing that most rows share is no doubt about one of them; the diagnostics count it.
bool is_usual(const Layer& points, const std::vector<PositionNote>& notes, std::string_view code) {
  const auto same = std::count_if(notes.begin(), notes.end(),
                                  [&](const PositionNote& note) { return note.code == code && note.feature >= 0; });
  return 2 * static_cast<std::size_t>(same) > points.size();
}

void find_positions(const Layer& points, const std::vector<std::string>& ids, const std::vector<PositionNote>& notes,
                    std::vector<Finding>& findings) {
  std::unordered_map<std::string_view, std::int64_t> row_of;
  for (std::size_t row = 0; row < ids.size(); ++row) row_of.emplace(ids[row], static_cast<std::int64_t>(row));
  for (const PositionProblem& about : kPositionProblems) {
    if (is_usual(points, notes, about.code)) continue;
    for (const PositionNote& note : notes) {
      if (note.code != about.code) continue;
      const bool aside = note.feature < 0;
      const auto at = row_of.find(note.id);
      if (!aside && at == row_of.end()) continue;                  // left out since, as a duplicate
      if (aside && !is_without_position(about.problem)) continue;  // left out for another reason
      findings.push_back({points.name,
                          aside ? -1 : at->second,
                          note.id,
                          std::string(about.problem),
                          {std::string(about.detail), std::string(about.detail_th)},
                          kNone,
                          kNone,
                          aside ? "" : "keep",
                          kNone,
                          kNone,
                          {}});
    }
  }
}

}  // namespace

namespace {

struct Proposal {
  std::string_view problem;
  std::string_view repair;
};
constexpr std::array kProposals = {
    Proposal{"axes-exchanged", "move"},
    Proposal{"claim-datum", "move"},
    Proposal{"claim-swapped-axes", "move"},
    Proposal{"claim-similar-name", "rename"},
    Proposal{"claim-digit", "move"},
    Proposal{"claim-unknown-name", "rename"},
    Proposal{"duplicate-exact", "merge"},
    Proposal{"duplicate-same-name", "merge"},
    Proposal{"duplicate-similar-name", "merge"},
    Proposal{"claim-coast", "keep"},
    Proposal{"claim-border", "keep"},
    Proposal{"position-swapped-axes", "keep"},
    Proposal{"position-degrees-minutes", "keep"},
    Proposal{"position-decimal-comma", "keep"},
    Proposal{"position-thai-digits", "keep"},
    Proposal{"position-lost-symbols", "keep"},
    Proposal{"position-projected", "keep"},
    Proposal{"position-utm-zone", "keep"},
    Proposal{"position-in-degrees", "keep"},
};

}  // namespace

std::string_view proposed_repair(std::string_view problem) {
  for (const Proposal& each : kProposals)
    if (each.problem == problem) return each.repair;
  return {};
}

const std::vector<std::string>& repairable_problems() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> problems;
    for (const Proposal& each : kProposals)
      if (each.repair != "keep") problems.emplace_back(each.problem);
    return problems;
  }();
  return all;
}

const std::vector<const Parameter*>& check_parameters() {
  static const std::vector<const Parameter*> all = {check_claims_method().find_parameter("border"),
                                                    check_claims_method().find_parameter("coast")};
  return all;
}

bool is_without_position(std::string_view problem) {
  return problem == "position-missing" || problem == "position-unreadable" || problem == "position-out-of-range";
}

void doubt_unchecked_claims(const Study& study, const LayerMap& layers, Diagnostics& diagnostics) {
  if (areas_of(study, layers) != nullptr) return;
  for (const StudyLayer& description : study.layers()) {
    const Layer& points = layers.at(description.name);
    if (points.geometry.kind != GeometryKind::point || points.roles.area.empty()) continue;
    diagnostics.add(Severity::doubt, "claims-unchecked", points.name,
                    fmt::format("{} says in which area each row lies, but no layer of polygons has a column that plays "
                                "name_th, name_en or code, so nothing was compared",
                                points.roles.area));
  }
}

std::vector<Finding> findings_of(const Study& study, const StudyLayer& description, const LayerMap& layers,
                                 const RowsAsRead& rows, Progress& progress) {
  std::vector<Finding> findings;
  const Layer& points = layers.at(description.name);
  if (points.geometry.kind != GeometryKind::point || !is_on_earth(points)) return findings;
  find_positions(points, rows.ids, rows.notes, findings);
  if (const Layer* areas = areas_of(study, layers); areas != nullptr) {
    if (!points.roles.area.empty()) find_claims(points, *areas, study.checks(), rows.ids, findings, progress);
    find_exchanged(points, *areas, study.checks(), rows.ids, findings, progress);
  }
  if (!points.roles.name_th.empty() || !points.roles.name_en.empty()) find_twins(points, rows.ids, findings, progress);
  std::erase_if(findings, [&](const Finding& finding) {
    return rows.settled.contains(settled_key(finding.id, finding.problem));
  });
  return findings;
}

}  // namespace yaan
