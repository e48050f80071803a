#include "study/check_table.hpp"

#include <array>
#include <initializer_list>
#include <limits>

#include "study/decisions.hpp"
#include "study/findings.hpp"
#include "yaan/core/publication.hpp"

namespace yaan {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// The columns, in their order.
struct CheckColumn {
  enum : std::size_t {
    layer,
    id,
    name,
    problem,
    detail,
    detail_thai,
    distance,
    score,
    repair,
    to_x,
    to_y,
    value,
    decision,
    by,
    date,
    publication,
    count
  };
};

std::vector<Column> empty_columns() {
  struct Description {
    const char* name;
    ColumnType type;
    const char* unit;
    const char* help;
    const char* title_th;
  };
  static constexpr std::array<Description, CheckColumn::count> kDescriptions = {{
      {"layer", ColumnType::text, "", "Layer of the study.", "ชั้นข้อมูล"},
      {"id", ColumnType::text, "", "Id of the row.", "รหัส"},
      {"name", ColumnType::text, "", "Name of the site.", "ชื่อ"},
      {"problem", ColumnType::text, "", "What was found.", "ปัญหา"},
      {"detail", ColumnType::text, "", "The same in words.", "รายละเอียด (อังกฤษ)"},
      {"detail_th", ColumnType::text, "", "The same in Thai.", "รายละเอียด"},
      {"distance_m", ColumnType::real, "m", "To the claimed area, or to the other site.", "ระยะทาง"},
      {"score", ColumnType::real, "share", "Of a duplicate: 1 for the same name and place.", "คะแนน"},
      {"repair", ColumnType::text, "", "Proposal: keep, move, rename or merge.", "ข้อเสนอ"},
      {"to_x", ColumnType::real, "", "Where to move it, in the CRS of the layer.", "ย้ายไป x"},
      {"to_y", ColumnType::real, "", "Where to move it, in the CRS of the layer.", "ย้ายไป y"},
      {"value", ColumnType::text, "", "Area to claim, or id of the row that stays.", "ค่าใหม่"},
      {"decision", ColumnType::text, "", "For people: accept, reject or change; รับ, ไม่รับ or แก้.", "การตัดสินใจ"},
      {"by", ColumnType::text, "", "For people: who decided.", "ผู้ตัดสินใจ"},
      {"date", ColumnType::text, "", "For people: when.", "วันที่"},
      {"publication", ColumnType::text, "", "How openly the site may be shown.", "การเผยแพร่"},
  }};
  std::vector<Column> columns;
  for (const Description& each : kDescriptions) {
    Column& column = columns.emplace_back(each.name, each.type);
    column.unit = each.unit;
    column.help = each.help;
    column.title = {each.name, each.title_th};
  }
  return columns;
}

// Of rows that were set aside nobody knows how openly they may be shown, where the layer makes a difference.
Publication level_of(const Finding& finding, const Layer& points, const std::vector<Publication>& levels) {
  if (finding.row >= 0) return levels[static_cast<std::size_t>(finding.row)];
  return points.roles.publication.empty() ? Publication::open : Publication::hidden;
}

}  // namespace

Layer check_table(const Study& study, const LayerMap& layers, const RowsOfLayers& rows, Diagnostics& diagnostics,
                  Progress& progress) {
  Layer table;
  table.name = "checks";
  table.crs = Crs::wgs84();
  table.geometry = Geometry::points({}, {});
  std::vector<Column> columns = empty_columns();
  const auto text = [&](std::size_t at, std::string_view value) { columns[at].push_or_null(value); };
  doubt_unchecked_claims(study, layers, diagnostics);
  for (const StudyLayer& description : study.layers()) {
    const std::vector<Finding> findings = findings_of(study, description, layers, rows.at(description.name), progress);
    if (findings.empty()) continue;
    const Layer& points = layers.at(description.name);
    const Layer placed = reprojected(points, Crs::wgs84());
    const std::vector<Publication> levels = publication_levels(points);
    for (const Finding& finding : findings) {
      const Publication level = level_of(finding, points, levels);
      const bool open = level == Publication::open;
      const auto row = static_cast<std::size_t>(finding.row);
      table.geometry.x.push_back(finding.row < 0 ? kNone : placed.geometry.x[row]);
      table.geometry.y.push_back(finding.row < 0 ? kNone : placed.geometry.y[row]);
      text(CheckColumn::layer, finding.layer);
      text(CheckColumn::id, finding.id);
      text(CheckColumn::name, finding.row < 0 ? std::string() : points.feature_name(row, Language::thai));
      text(CheckColumn::problem, finding.problem);
      text(CheckColumn::detail, finding.detail.en);
      text(CheckColumn::detail_thai, finding.detail.th);
      columns[CheckColumn::distance].push(open ? finding.distance : kNone);
      columns[CheckColumn::score].push(finding.score);
      text(CheckColumn::repair, finding.repair);
      columns[CheckColumn::to_x].push(open ? finding.to_x : kNone);
      columns[CheckColumn::to_y].push(open ? finding.to_y : kNone);
      text(CheckColumn::value, finding.value);
      for (const std::size_t empty :
           std::initializer_list<std::size_t>{CheckColumn::decision, CheckColumn::by, CheckColumn::date})
        columns[empty].push_null();
      text(CheckColumn::publication, open ? "open" : level == Publication::hidden ? "hidden" : "coarsened");
      diagnostics.add(Severity::doubt, finding.problem, finding.layer, finding.problem + ": rows of the check table", 1,
                      finding.id);
    }
  }
  for (Column& each : columns) table.columns.push_back(std::move(each));
  table.roles.publication = "publication";
  return table;
}

void apply_accepted(const Study& study, LayerMap& layers, RowsOfLayers& rows, Diagnostics& diagnostics,
                    Progress& progress) {
  for (const StudyLayer& description : study.layers()) {
    if (description.accept.empty()) continue;
    RowsAsRead& own = rows.at(description.name);
    std::vector<RowChange> changes;
    for (const Finding& finding : findings_of(study, description, layers, own, progress))
      if (description.accept.contains(finding.problem) && !finding.repair.empty())
        changes.push_back({finding.id, finding.repair, finding.to_x, finding.to_y, finding.value});
    apply_changes(layers.at(description.name), own.ids, changes, "as the study accepts by rule", diagnostics);
  }
}

}  // namespace yaan
