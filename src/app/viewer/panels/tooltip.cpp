// What lies under the pointer: a site with its category and district, or a district.
#include "app/viewer/panels/panels.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan::viewer {

namespace {

std::string district_name(const Frame& frame, std::size_t row) {
  const Layer& layer = *frame.map.districts->layer;
  const Column* name = layer.find(frame.view.language == Language::thai ? "name_th" : "name_en");
  const Column* id = layer.find("district_id");
  const std::string shown = name == nullptr ? std::string() : name->display(row);
  return shown.empty() && id != nullptr ? id->display(row) : shown;
}

// What the colour under the pointer says: the value as it is, then its class where that says more.
void coloured_lines(const Frame& frame, const Layer& layer, std::uint32_t row) {
  const ColouredContent& coloured = *frame.map.coloured;
  const style::LayerStyle& look = coloured.look;
  if (look.legend.empty() || row >= look.entries.size()) return;
  const Column* column = layer.find(coloured.column);
  const std::string& words = frame.say(look.legend[look.entries[row]].title);
  const std::string value = column == nullptr || !look.ranked || column->is_null(row)
                                ? words
                                : fixed_trimmed(column->number(row).value_or(0), 4);
  frame.wrapped(frame.say(look.title) + ": " + value, frame.px(320));
}

void site_lines(const Frame& frame, std::uint32_t site) {
  const SiteContent& sites = *frame.map.sites;
  frame.heading(sites.layer->feature_name(site, frame.view.language));
  if (const Column* category = sites.layer->find(sites.layer->roles.category); category != nullptr)
    frame.faint(category->display(site));
  if (frame.map.coloured && frame.map.coloured->of_sites) coloured_lines(frame, *sites.layer, site);
  const std::int64_t rank = sites.rank[site];
  if (!frame.map.districts) return;
  if (rank <= 0) {
    frame.faint(frame.say(words::kLegendNoise));
    return;
  }
  const Column* ranks = frame.map.districts->layer->find("rank");
  for (std::size_t row = 0; ranks != nullptr && row < ranks->size(); ++row)
    if (ranks->number(row) == static_cast<double>(rank))
      frame.text(std::to_string(rank) + "  " + district_name(frame, row));
}

void district_lines(const Frame& frame, std::uint32_t row) {
  const Layer& layer = *frame.map.districts->layer;
  frame.heading(district_name(frame, row));
  if (const Column* count = layer.find("count"); count != nullptr)
    frame.text(count->display(row) + " " + frame.say(words::kSites));
  if (const Column* area = layer.find("area_km2"); area != nullptr && !area->is_null(row))
    frame.faint(fixed_trimmed(*area->number(row), 2) + " " + frame.say(words::kArea));
}

void area_lines(const Frame& frame, std::uint32_t row) {
  const Layer& layer = *frame.map.coloured_polygons()->layer;
  const bool named = !layer.roles.name_en.empty() || !layer.roles.name_th.empty();
  if (named) frame.heading(layer.feature_name(row, frame.view.language));
  coloured_lines(frame, layer, row);
}

}  // namespace

void draw_tooltip(const Frame& frame) {
  const bool site = frame.view.hovered_site && frame.map.sites && *frame.view.hovered_site < frame.map.sites->x.size();
  const bool district = frame.view.hovered_district && frame.map.districts &&
                        *frame.view.hovered_district < frame.map.districts->layer->size();
  const PolygonContent* shapes = frame.map.coloured_polygons();
  const bool area = frame.view.hovered_area && shapes != nullptr && *frame.view.hovered_area < shapes->layer->size();
  if (!site && !area && !(district && frame.map.districts_drawn)) return;
  ImGui::BeginTooltip();
  if (site)
    site_lines(frame, *frame.view.hovered_site);
  else if (district && frame.map.districts_drawn)
    district_lines(frame, *frame.view.hovered_district);
  else
    area_lines(frame, *frame.view.hovered_area);
  ImGui::EndTooltip();
}

}  // namespace yaan::viewer
