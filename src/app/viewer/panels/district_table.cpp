// The districts as a sortable table that shares its selection with the map.
#include <algorithm>
#include <functional>
#include <numeric>

#include "app/viewer/looks.hpp"
#include "app/viewer/panels/panels.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan::viewer {

namespace {

struct TableColumn {
  enum : ImGuiID { rank, name, count, area, province };
};

// The columns of the districts layer that the table reads; absent ones are null.
struct DistrictColumns {
  const Column* id;
  const Column* rank;
  const Column* name;
  const Column* count;
  const Column* area;
  const Column* province;

  DistrictColumns(const Layer& layer, Language language)
      : id(layer.find("district_id")),
        rank(layer.find("rank")),
        name(in_language(layer, "name_en", "name_th", language)),
        count(layer.find("count")),
        area(layer.find("area_km2")),
        province(in_language(layer, "province_en", "province_th", language)) {}

  static const Column* in_language(const Layer& layer, const char* en, const char* th, Language language) {
    return layer.find(language == Language::thai ? th : en);
  }
};

std::string cell(const Column* column, std::size_t row) {
  return column == nullptr ? std::string() : column->display(row);
}

double number(const Column* column, std::size_t row) { return column == nullptr ? 0 : column->number(row).value_or(0); }

std::vector<std::uint32_t> sorted_rows(const DistrictColumns& columns, std::size_t rows) {
  std::vector<std::uint32_t> order(rows);
  std::iota(order.begin(), order.end(), 0U);
  const ImGuiTableSortSpecs* specs = ImGui::TableGetSortSpecs();
  if (specs == nullptr || specs->SpecsCount == 0) return order;
  const ImGuiTableColumnSortSpecs& by = specs->Specs[0];
  const auto less = [&](std::uint32_t a, std::uint32_t b) {
    switch (by.ColumnUserID) {
      case TableColumn::name: return cell(columns.name, a) < cell(columns.name, b);
      case TableColumn::province: return cell(columns.province, a) < cell(columns.province, b);
      case TableColumn::count: return number(columns.count, a) < number(columns.count, b);
      case TableColumn::area: return number(columns.area, a) < number(columns.area, b);
      default: return number(columns.rank, a) < number(columns.rank, b);
    }
  };
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return by.SortDirection == ImGuiSortDirection_Descending ? less(b, a) : less(a, b);
  });
  return order;
}

void right_aligned(const Frame& frame, const std::string& text) {
  const float free = ImGui::GetContentRegionAvail().x - frame.width_of(text);
  if (free > 0) ImGui::SetCursorPosX(ImGui::GetCursorPosX() + free);
  frame.text(text);
}

// The rank in a disc of the district's colour.
void draw_chip(const Frame& frame, std::int64_t rank) {
  const float radius = ImGui::GetTextLineHeight() * 0.5F;
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const ImVec2 centre(corner.x + radius * 1.15F, corner.y + radius);
  const style::Colour colour = looks::district(rank);
  ImGui::GetWindowDrawList()->AddCircleFilled(centre, radius, colour_of(colour), 24);
  const std::string text = std::to_string(rank);
  ImGui::PushFont(frame.fonts.small);
  const ImVec2 size = ImGui::CalcTextSize(text.c_str());
  ImGui::GetWindowDrawList()->AddText({centre.x - size.x / 2, centre.y - size.y / 2}, colour_of(style::ink_on(colour)),
                                      text.c_str());
  ImGui::PopFont();
}

void draw_row(const Frame& frame, const DistrictColumns& columns, std::uint32_t row) {
  const std::string id = cell(columns.id, row);
  ImGui::PushID(static_cast<int>(row));
  ImGui::TableNextRow();
  ImGui::TableSetColumnIndex(0);
  const ImVec2 start = ImGui::GetCursorPos();
  if (ImGui::Selectable("##row", id == frame.view.selected,
                        ImGuiSelectableFlags_SpanAllColumns | ImGuiSelectableFlags_AllowItemOverlap)) {
    frame.requests.select = id == frame.view.selected ? std::string() : id;
    if (id != frame.view.selected) frame.requests.go_to = frame.map.districts->geometry.bounds(row);
  }
  frame.record("row-" + id);
  if (ImGui::IsItemHovered()) frame.view.hovered_district = row;
  ImGui::SetCursorPos(start);
  draw_chip(frame, static_cast<std::int64_t>(number(columns.rank, row)));
  ImGui::TableSetColumnIndex(1);
  frame.clipped(cell(columns.name, row), ImGui::GetContentRegionAvail().x);
  ImGui::TableSetColumnIndex(2);
  right_aligned(frame, cell(columns.count, row));
  ImGui::TableSetColumnIndex(3);
  right_aligned(frame, columns.area == nullptr || columns.area->is_null(row)
                           ? std::string()
                           : fixed_trimmed(number(columns.area, row), 2));
  if (ImGui::TableSetColumnIndex(4)) frame.clipped(cell(columns.province, row), ImGui::GetContentRegionAvail().x);
  ImGui::PopID();
}

void draw_header(const Frame& frame, bool with_provinces) {
  const auto column = [&](const Localized& title, ImGuiTableColumnFlags flags, float width, ImGuiID id) {
    ImGui::TableSetupColumn((frame.fonts.to_imgui(frame.say(title)) + "###c" + std::to_string(id)).c_str(), flags,
                            width, id);
  };
  const ImGuiTableColumnFlags numbers = ImGuiTableColumnFlags_WidthFixed | ImGuiTableColumnFlags_PreferSortDescending;
  column({"#", "#"}, ImGuiTableColumnFlags_WidthFixed | ImGuiTableColumnFlags_DefaultSort, frame.px(34),
         TableColumn::rank);
  column(words::kName, ImGuiTableColumnFlags_WidthStretch, 1.8F, TableColumn::name);
  column(words::kCount, numbers, frame.px(56), TableColumn::count);
  column(words::kArea, numbers, frame.px(68), TableColumn::area);
  const ImGuiTableColumnFlags provinces =
      ImGuiTableColumnFlags_WidthStretch |
      (with_provinces ? ImGuiTableColumnFlags_None : ImGuiTableColumnFlags_Disabled);
  column(words::kProvince, provinces, 1, TableColumn::province);
  ImGui::TableSetupScrollFreeze(0, 1);
  ImGui::TableHeadersRow();
}

}  // namespace

void draw_district_table(const Frame& frame) {
  if (!frame.map.districts) return;
  frame.heading(frame.say(words::kTable));
  const Layer& layer = *frame.map.districts->layer;
  if (layer.size() == 0) {
    frame.wrapped(frame.say(words::kNoDistricts));
    return;
  }
  const ImGuiTableFlags flags = ImGuiTableFlags_Sortable | ImGuiTableFlags_ScrollY | ImGuiTableFlags_RowBg |
                                ImGuiTableFlags_BordersInnerH | ImGuiTableFlags_PadOuterX | ImGuiTableFlags_Resizable |
                                ImGuiTableFlags_NoBordersInBody | ImGuiTableFlags_NoSavedSettings;
  if (!ImGui::BeginTable("districts", 5, flags, ImGui::GetContentRegionAvail())) return;
  const DistrictColumns columns(layer, frame.view.language);
  draw_header(frame, columns.province != nullptr && columns.province->null_count() < layer.size());
  const std::vector<std::uint32_t> order = sorted_rows(columns, layer.size());
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(order.size()));
  while (clipper.Step())
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i)
      draw_row(frame, columns, order[static_cast<std::size_t>(i)]);
  ImGui::EndTable();
}

}  // namespace yaan::viewer
