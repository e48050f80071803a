#include "app/viewer/workbench.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "app/viewer/frame.hpp"
#include "app/viewer/looks.hpp"
#include "app/viewer/panels/panels.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan::viewer {

namespace {

constexpr double kBarHeight = 56;
constexpr double kSidebarShare = 0.34;  // of the window's width at first, within the two bounds
constexpr double kWidestShare = 0.44;
constexpr double kNarrowestFirstSidebar = 488;
constexpr double kWidestFirstSidebar = 580;
constexpr double kNarrowestSidebar = 320;
constexpr double kNarrowestMap = 280;
constexpr double kPickReach = 9;  // design pixels from a site's centre
constexpr double kFitMargin = 36;
constexpr double kZoomStep = 1.25;  // for one notch of the wheel

constexpr ImGuiWindowFlags kPane = ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoMove |
                                   ImGuiWindowFlags_NoCollapse | ImGuiWindowFlags_NoSavedSettings |
                                   ImGuiWindowFlags_NoBringToFrontOnFocus;

Box bounds_of(const MapState& map) {
  Box box;
  if (map.areas) box.include(map.areas->geometry.bounds());
  for (const PolygonContent& other : map.others) box.include(other.geometry.bounds());
  if (const PolygonContent* coloured = map.coloured_polygons()) box.include(coloured->geometry.bounds());
  if (map.sites)
    for (std::size_t i = 0; i < map.sites->x.size(); ++i)
      if (std::isfinite(map.sites->x[i])) box.include(map.sites->x[i], map.sites->y[i]);
  return box;
}

std::optional<std::uint32_t> row_of_district(const PolygonContent& districts, const std::string& id) {
  const Column* ids = districts.layer->find("district_id");
  for (std::size_t row = 0; ids != nullptr && !id.empty() && row < ids->size(); ++row)
    if (ids->display(row) == id) return static_cast<std::uint32_t>(row);
  return std::nullopt;
}

}  // namespace

Workbench::Workbench(Session& session, const text::Engine& engine, const WorkbenchOptions& options)
    : m_session(session), m_fonts(engine, static_cast<float>(options.scale)), m_painter(engine, {0, 0}) {
  m_view.language = options.language;
  m_view.scale = options.scale;
  m_view.show_time = options.show_time;
  const Project& project = session.project();
  m_view.colours = project.colours;
  m_map.plane = map_plane(project);
  for (const ProjectBackdrop& backdrop : project.backdrops) m_view.backdrops.push_back({true, backdrop.opacity});
  for (const auto& [name, layer] : session.outcome().layers) {
    if (layer->geometry.kind != GeometryKind::polygon || name == project.districts) continue;
    PolygonContent content = polygon_content(layer, m_map.plane);
    if (name == project.areas)
      m_map.areas = std::move(content);
    else
      m_map.others.push_back(std::move(content));
  }
  take_outcome();
  m_home = bounds_of(m_map);
  for (std::size_t i = 0; i < project.backdrops.size(); ++i) {
    const ProjectBackdrop& backdrop = project.backdrops[i];
    if (m_map.areas == std::nullopt && m_map.others.empty() && !m_map.sites) m_home.include(backdrop.box);
    m_painter.set_backdrop(i, *backdrop.picture, backdrop.box);
    m_painter.set_backdrop_opacity(i, backdrop.opacity);
  }
  if (!options.trace.empty()) {
    m_trace.open(options.trace, std::ios::trunc);
    if (!m_trace) throw OutputError("the trace cannot be written: " + options.trace.string());
  }
}

void Workbench::take_outcome() {
  const Project& project = m_session.project();
  const std::string chosen_centre = [&] {
    if (!m_map.districts) return std::string();
    const auto row = row_of_district(*m_map.districts, m_view.selected);
    const Column* centre = m_map.districts->layer->find("centre_id");
    return row && centre != nullptr ? centre->display(*row) : std::string();
  }();
  if (const auto sites = m_session.layer(project.points); sites != nullptr)
    m_map.sites = site_content(sites, m_map.plane, m_map.sites ? std::move(*m_map.sites) : SiteContent{});
  if (const auto areas = m_session.layer(project.areas); areas != nullptr && m_map.areas) m_map.areas->layer = areas;
  if (const auto districts = m_session.layer(project.districts); districts != nullptr)
    m_map.districts = polygon_content(districts, m_map.plane);
  m_map.site_counts = {};
  if (m_map.sites) {
    const std::vector<std::int64_t>& rank = m_map.sites->rank;
    const auto inside = std::count_if(rank.begin(), rank.end(), [](std::int64_t r) { return r > 0; });
    m_map.site_counts = {static_cast<std::size_t>(inside), rank.size() - static_cast<std::size_t>(inside)};
  }
  m_view.hovered_site.reset();
  m_view.hovered_district.reset();
  m_view.hovered_area.reset();
  // Ranks change with the parameters: a district is the same one while its central site is.
  m_view.selected.clear();
  if (m_map.districts && !chosen_centre.empty()) {
    const Column* centre = m_map.districts->layer->find("centre_id");
    const Column* ids = m_map.districts->layer->find("district_id");
    for (std::size_t row = 0; centre != nullptr && ids != nullptr && row < centre->size(); ++row)
      if (centre->display(row) == chosen_centre) m_view.selected = ids->display(row);
  }
  m_shown_generation = m_session.outcome().generation;
  m_map.colour_options = colour_options(m_session);
  m_map.coloured = coloured_content(m_session, m_view.colours, m_map.plane, m_map.sites);
  m_map.districts_drawn = true;
  if (m_map.coloured) {
    const bool own = m_map.coloured->layer == project.districts;
    m_map.districts_drawn = !own && project.names_districts;
    if (!m_map.coloured->of_sites && !project.names_points) m_map.sites.reset();
  }
  looks::give_areas(m_map, over_pictures(), m_painter);
  looks::give_coloured_areas(m_map, over_pictures(), m_painter);
  looks::give_districts(m_map, m_painter);
  looks::give_sites(m_map, m_painter);
}

bool Workbench::over_pictures() const {
  return std::any_of(m_view.backdrops.begin(), m_view.backdrops.end(),
                     [](const BackdropChoice& choice) { return choice.shown; });
}

bool Workbench::take_picture_request() { return std::exchange(m_picture_wanted, false); }

void Workbench::draw() {
  if (m_session.poll()) take_outcome();
  m_requests = {};
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  m_view.pixel_ratio = static_cast<double>(ImGui::GetIO().DisplayFramebufferScale.x);
  const auto bar = static_cast<float>(kBarHeight * m_view.scale);
  if (m_view.sidebar <= 0)
    m_view.sidebar = static_cast<float>(
        std::min(std::clamp(kSidebarShare * static_cast<double>(size.x), kNarrowestFirstSidebar * m_view.scale,
                            kWidestFirstSidebar * m_view.scale),
                 kWidestShare * static_cast<double>(size.x)));
  const auto widest = size.x - static_cast<float>(kNarrowestMap * m_view.scale);
  m_view.sidebar = std::max(std::min(m_view.sidebar, widest), static_cast<float>(kNarrowestSidebar * m_view.scale));

  ImGui::PushFont(m_fonts.body);
  draw_bar(size.x, bar);
  draw_sidebar(bar, std::max(size.y - bar, 1.0F));
  draw_map(m_view.sidebar, bar, std::max(size.x - m_view.sidebar, 1.0F), std::max(size.y - bar, 1.0F));
  ImGui::PopFont();
  apply_requests();
  write_trace();
}

void Workbench::draw_bar(float width, float height) {
  const Frame frame{m_session, m_map, m_view, m_fonts, m_requests};
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize({width, height});
  ImGui::Begin("bar", nullptr, kPane | ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
  draw_top_bar(frame);
  ImDrawList* paint = ImGui::GetWindowDrawList();
  paint->PushClipRectFullScreen();
  paint->AddLine({0, height - 0.5F}, {width, height - 0.5F}, ImGui::GetColorU32(ImGuiCol_Border));
  paint->PopClipRect();
  ImGui::End();
}

void Workbench::draw_sidebar(float top, float height) {
  const Frame frame{m_session, m_map, m_view, m_fonts, m_requests};
  const float grip = frame.px(8);
  ImGui::SetNextWindowPos({0, top});
  ImGui::SetNextWindowSize({m_view.sidebar - grip, height});
  ImGui::Begin("sidebar", nullptr, kPane);
  draw_analysis_panel(frame);
  draw_colour_panel(frame);
  draw_backdrop_panel(frame);
  if (m_map.districts) {
    ImGui::Dummy({0, frame.px(2)});
    ImGui::Separator();
    draw_district_table(frame);
  }
  ImGui::End();

  // The grip between the panes.
  ImGui::SetNextWindowPos({m_view.sidebar - grip, top});
  ImGui::SetNextWindowSize({grip, height});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowMinSize, ImVec2(1, 1));
  ImGui::Begin("grip", nullptr, kPane | ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoNav);
  ImGui::InvisibleButton("grip", {grip, height});
  frame.record("grip");
  const bool held = ImGui::IsItemActive();
  if (held) m_view.sidebar += ImGui::GetIO().MouseDelta.x;
  if (held || ImGui::IsItemHovered()) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
  const ImU32 colour = ImGui::GetColorU32(held ? ImGuiCol_SeparatorActive : ImGuiCol_Border);
  ImGui::GetWindowDrawList()->AddLine({m_view.sidebar - 1, top}, {m_view.sidebar - 1, top + height}, colour);
  ImGui::End();
  ImGui::PopStyleVar(2);
}

void Workbench::draw_map(float left, float top, float width, float height) {
  const Frame frame{m_session, m_map, m_view, m_fonts, m_requests};
  const double ratio = m_view.pixel_ratio;
  m_view.camera = render::resized(m_view.camera, static_cast<int>(std::lround(static_cast<double>(width) * ratio)),
                                  static_cast<int>(std::lround(static_cast<double>(height) * ratio)));
  if (!m_camera_set) {
    m_view.camera = render::fitted(m_view.camera, m_home, kFitMargin * m_view.scale * ratio);
    m_camera_set = true;
  }
  ImGui::SetNextWindowPos({left, top});
  ImGui::SetNextWindowSize({width, height});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
  ImGui::Begin("map", nullptr,
               kPane | ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_NoNav);
  ImGui::InvisibleButton("map", {width, height});
  frame.record("map");
  const bool over_map = ImGui::IsItemHovered() || ImGui::IsItemActive();
  const WidgetPlace pane{left, top, left + width, top + height};
  if (over_map)
    handle_pointer(pane);
  else
    m_view.forget_pointer();

  give_scene();
  m_painter.paint(m_view.camera, ratio * m_view.scale);
  const auto texture = reinterpret_cast<ImTextureID>(static_cast<std::uintptr_t>(m_painter.texture()));
  ImGui::GetWindowDrawList()->AddImage(texture, {left, top}, {left + width, top + height}, {0, 1}, {1, 0});
  ImGui::End();
  ImGui::PopStyleVar();
  draw_legend(frame, pane);
  if (over_map && !ImGui::IsMouseDragging(ImGuiMouseButton_Left)) draw_tooltip(frame);
  m_view.hovered_district.reset();  // the table or the pointer says it anew in every frame
}

void Workbench::handle_pointer(const WidgetPlace& pane) {
  const ImGuiIO& io = ImGui::GetIO();
  const double ratio = m_view.pixel_ratio;
  const render::ScreenPoint pointer{static_cast<double>(io.MousePos.x - pane.left) * ratio,
                                    static_cast<double>(io.MousePos.y - pane.top) * ratio};
  if (io.MouseWheel != 0)
    m_requests.camera = render::zoomed(m_view.camera, pointer, std::pow(kZoomStep, static_cast<double>(io.MouseWheel)));
  if (ImGui::IsItemActive() && ImGui::IsMouseDragging(ImGuiMouseButton_Left, 0))
    m_requests.camera =
        render::panned(m_requests.camera.value_or(m_view.camera), static_cast<double>(io.MouseDelta.x) * ratio,
                       static_cast<double>(io.MouseDelta.y) * ratio);

  const render::PlanePoint place = m_view.camera.to_plane(pointer);
  m_view.hovered_site.reset();
  if (m_map.sites)
    m_view.hovered_site =
        m_map.sites->index.nearest(place, kPickReach * m_view.scale * ratio * m_view.camera.units_per_pixel);
  std::optional<std::uint32_t> under;
  if (m_map.districts_seen()) under = render::polygon_at(m_map.districts->geometry, place);
  m_view.hovered_district = under;
  m_view.hovered_area.reset();
  if (m_map.coloured && !m_map.coloured->of_sites)
    if (const PolygonContent* shapes = m_map.coloured_polygons(); shapes != nullptr)
      m_view.hovered_area = render::polygon_at(shapes->geometry, place);

  const bool clicked = ImGui::IsItemDeactivated() && io.MouseDragMaxDistanceSqr[0] < 16;
  if (!clicked || !m_map.districts) return;
  std::optional<std::uint32_t> chosen = under;
  if (m_view.hovered_site && m_map.sites->rank[*m_view.hovered_site] > 0) {
    const Column* rank = m_map.districts->layer->find("rank");
    for (std::uint32_t row = 0; rank != nullptr && row < rank->size(); ++row)
      if (rank->number(row) == static_cast<double>(m_map.sites->rank[*m_view.hovered_site])) chosen = row;
  }
  const Column* ids = m_map.districts->layer->find("district_id");
  m_requests.select = chosen && ids != nullptr ? ids->display(*chosen) : std::string();
}

void Workbench::give_scene() {
  const SceneKey key{m_view.selected, m_view.hovered_site, m_view.hovered_district, m_view.language,
                     m_shown_generation};
  if (m_given == key) return;
  m_given = key;
  looks::give_selection(m_map, m_view, m_painter);
  looks::give_labels(m_map, m_view, m_painter);
  m_painter.set_scale_bar(m_map.plane.metres_per_unit(), m_view.language, looks::province_label(), looks::halo());
}

void Workbench::apply_requests() {
  if (m_requests.language) m_view.language = *m_requests.language;
  if (m_requests.select) m_view.selected = *m_requests.select;
  if (m_requests.camera) m_view.camera = *m_requests.camera;
  const double margin = kFitMargin * m_view.scale * m_view.pixel_ratio;
  if (m_requests.fit) m_view.camera = render::fitted(m_view.camera, m_home, margin);
  if (m_requests.go_to) m_view.camera = render::fitted(m_view.camera, *m_requests.go_to, 3 * margin, 3);
  if (m_requests.save_picture) m_picture_wanted = true;
  for (const auto& [slot, choice] : m_requests.backdrops) {
    m_view.backdrops[slot] = choice;
    m_painter.set_backdrop_opacity(slot, choice.shown ? choice.opacity : 0);
  }
  if (!m_requests.backdrops.empty()) {
    looks::give_areas(m_map, over_pictures(), m_painter);
    looks::give_coloured_areas(m_map, over_pictures(), m_painter);
  }
  if (m_requests.colours) {
    m_view.colours = *m_requests.colours;
    take_outcome();
    m_given.reset();
  }
  for (const ParameterChange& change : m_requests.changes) m_session.set(change.step, *change.parameter, change.value);
}

void Workbench::write_trace() {
  if (!m_trace.is_open()) return;
  std::string line = "state generation=" + std::to_string(m_shown_generation);
  line += " busy=" + std::to_string(m_session.busy() ? 1 : 0);
  line += " districts=" + std::to_string(m_map.districts ? m_map.districts->layer->size() : 0);
  line += " in_districts=" + std::to_string(m_map.site_counts.in_districts);
  for (const std::size_t s : m_session.adjustable())
    for (const Parameter& parameter : m_session.project().steps[s].method->parameters)
      line += " " + parameter.name + "=" + to_string(m_session.value(s, parameter));
  line += " language=" + std::string(m_view.language == Language::thai ? "th" : "en") + " selected=" + m_view.selected;
  line += " coloured=" + (m_map.coloured ? m_map.coloured->layer + "." + m_map.coloured->column : std::string());
  for (std::size_t i = 0; i < m_view.backdrops.size(); ++i)
    line += " backdrop" + std::to_string(i) + "=" +
            fixed_trimmed(m_view.backdrops[i].shown ? m_view.backdrops[i].opacity : 0, 2);
  line += " x=" + fixed_trimmed(m_view.camera.centre_x, 1) + " y=" + fixed_trimmed(m_view.camera.centre_y, 1);
  line += " units_per_pixel=" + fixed_trimmed(m_view.camera.units_per_pixel, 3) + "\n";
  for (const auto& [name, place] : m_view.widgets)
    line += "widget " + name + " " + std::to_string(std::lround(place.left)) + " " +
            std::to_string(std::lround(place.top)) + " " + std::to_string(std::lround(place.right)) + " " +
            std::to_string(std::lround(place.bottom)) + "\n";
  if (line == m_last_trace) return;
  m_last_trace = line;
  m_trace << line << "end" << std::endl;  // a reader may stand by: flush whole states
}

}  // namespace yaan::viewer
