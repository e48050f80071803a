// The maps of a study.

#include <fmt/format.h>

#include <atomic>
#include <optional>

#include "study/cities.hpp"
#include "study/write_outputs.hpp"
#include "yaan/core/numbers.hpp"
#include "yaan/core/parallel.hpp"
#include "yaan/core/silent_progress.hpp"
#include "yaan/export/attribution.hpp"
#include "yaan/study/map_colours.hpp"

namespace yaan {

namespace {

std::int64_t sum_of(const Layer& layer, const char* column_name, const std::vector<std::uint32_t>& rows) {
  const Column* column = layer.find(column_name);
  double sum = 0;
  if (column != nullptr)
    for (const std::uint32_t row : rows) sum += column->number(row).value_or(0);
  return static_cast<std::int64_t>(sum);
}

Localized counted(std::size_t districts, std::size_t sites) {
  return {fmt::format("{} {}, {} {}", districts, districts == 1 ? "district" : "districts", sites,
                      sites == 1 ? "site" : "sites"),
          fmt::format("{} ย่าน {} แห่ง", districts, sites)};
}

Localized joined(const Localized& first, const Localized& second) {
  if (first.empty()) return second;
  return {fmt::format("{} · {}", first.in(Language::english), second.en),
          fmt::format("{} · {}", first.in(Language::thai), second.th)};
}

/// "77 areas"
Localized counted(const ColouredLayer& coloured) {
  const std::string count = with_thousands(static_cast<std::int64_t>(coloured.layer->size()));
  return {fmt::format("{} {}", count, coloured.count_word.en), fmt::format("{} {}", count, coloured.count_word.th)};
}

/// "Location quotient (craft)" with the study's words for that kind.
void name_kind(Localized& title, const std::vector<std::pair<std::string, Localized>>& words) {
  for (const auto& [kind, said] : words) {
    const std::string ending = fmt::format(" ({})", kind);
    if (!title.en.ends_with(ending) || !title.th.ends_with(ending)) continue;
    title.en.replace(title.en.size() - ending.size(), ending.size(), fmt::format(" ({})", said.en));
    title.th.replace(title.th.size() - ending.size(), ending.size(), fmt::format(" ({})", said.th));
    return;
  }
}

bool nothing_seen(const PrintMap& map) {
  for (const PublishedLayer* layer : {map.areas, map.regions, map.sites, map.coloured.layer}) {
    if (layer == nullptr) continue;
    const Geometry& geometry = layer->layer().geometry;
    for (std::size_t f = 0; f < geometry.size(); ++f)
      if (geometry.bounds(f).touches(map.extent)) return false;
  }
  return true;
}

}  // namespace

std::optional<ColourChoice> OutputWriter::colours_of(const StudyOutput& output) const {
  std::vector<std::string> all;
  for (const auto& [name, layer] : m_layers) all.push_back(name);
  return colour_choice(output.colours, m_study.steps(), {output.areas, output.points, output.districts}, all,
                       [&](const std::string& name) {
                         const auto at = m_layers.find(name);
                         return at == m_layers.end() ? nullptr : &at->second;
                       });
}

ColouredLayer OutputWriter::in_colours(ColourChoice choice, const PublishedLayer& layer) const {
  // Columns of an area may hold the categories of its points.
  for (const StudyLayer& described : m_study.layers())
    for (const auto& words : described.categories) choice.wish.titles.push_back(words);
  ColouredLayer coloured{&layer, style::style_of(layer.layer(), choice.wish), {}};
  name_kind(coloured.look.title, choice.wish.titles);
  const bool one = layer.layer().size() == 1;
  coloured.count_word = layer.layer().geometry.kind == GeometryKind::point ? Localized{one ? "site" : "sites", "แห่ง"}
                                                                           : Localized{one ? "area" : "areas", "พื้นที่"};
  return coloured;
}

void OutputWriter::plan_map(const StudyOutput& output, MapPicture picture) {
  if (!wanted(picture.file)) return;
  PlannedMap planned;
  PrintMap& map = planned.map;
  map.title = std::move(picture.title);
  map.subtitle = std::move(picture.subtitle);
  map.language = output.language;
  if (output.width > 0) map.width = output.width;
  if (output.height > 0) map.height = output.height;
  map.extent = picture.extent;
  map.town = picture.town;

  const auto layer = [&](const std::string& name) -> const PublishedLayer* {
    if (name.empty()) return nullptr;
    const Shown& source = shown(name);
    planned.diagnostics.merge(source.diagnostics);
    const std::vector<Source>& more = source.layer.layer().sources;
    planned.sources.insert(planned.sources.end(), more.begin(), more.end());
    return &source.layer;
  };
  const auto colours = picture.town && !output.names_colours ? std::nullopt : colours_of(output);
  const bool coloured = colours.has_value();
  map.areas = layer(output.areas);
  // A city lies in few areas: without its districts and sites their colours would say little.
  if (!coloured || ((picture.town || output.names_districts) && colours->layer != output.districts))
    map.regions = layer(output.districts);
  if (!coloured || ((picture.town || output.names_points) && colours->layer != output.points))
    map.sites = layer(output.points);
  if (coloured) {
    map.coloured = in_colours(*colours, *layer(colours->layer));
    const bool polygons = map.coloured.layer->layer().geometry.kind == GeometryKind::polygon;
    if (polygons && map.areas == nullptr) map.areas = map.coloured.layer;
    const Localized all = counted(map.coloured);
    if (map.extent.empty() || map.extent.holds(map.coloured.layer->layer().geometry.bounds())) {
      if (map.subtitle.empty()) map.subtitle = all;
    } else {
      map.coloured.look.notes.push_back({fmt::format("Counts are of all {}; the map shows a part of them.", all.en),
                                         fmt::format("จำนวนนับจากทั้งหมด {} แผนที่แสดงเพียงบางส่วน", all.th)});
    }
  } else if (map.subtitle.empty() && map.sites != nullptr && map.extent.empty()) {
    // Of all sites, the hidden ones too.
    map.subtitle =
        counted(map.regions == nullptr ? 0 : m_layers.at(output.districts).size(), m_layers.at(output.points).size());
  }
  if (map.sites != nullptr && map.sites->layer().find("district_rank") != nullptr)
    map.site_rank_column = "district_rank";
  map.count_word = {"sites", "แห่ง"};
  map.detail_columns = {"province_en", "province_th"};
  map.regions_title = {"Districts", "ย่าน"};
  map.marks_title = {"Kinds of asset", "ประเภทแหล่ง"};
  map.sites_title =
      map.sites == nullptr || map.sites->layer().title.empty() ? Localized{"Sites", "แหล่ง"} : map.sites->layer().title;
  map.outside_title = {"outside every district", "อยู่นอกย่าน"};
  if (const StudyLayer* points = m_study.find_layer(output.points)) map.category_titles = points->categories;

  if (!map.extent.empty() && nothing_seen(map))
    planned.diagnostics.add(Severity::doubt, "map-without-features", picture.file,
                            "no feature of the map lies in its extent: min_x,min_y,max_x,max_y, longitudes first");
  if (map.extent.empty() && map.areas == nullptr && map.regions == nullptr && map.sites == nullptr)
    for (const Backdrop& backdrop : m_backdrops) map.extent.include(degrees_of(backdrop.raster));

  const PublishedLayer* counted_layer = map.sites != nullptr ? map.sites : map.coloured.layer;
  planned.recorded = {"map", picture.name, picture.file, counted_layer != nullptr ? counted_layer->size() : 0};
  planned.file = &m_files.add(m_folder / picture.file);
  m_maps.push_back(std::move(planned));
}

// Many at a time, so a picture of a backdrop is there only while its map is painted.
void OutputWriter::paint_map(PlannedMap& planned, Progress& progress) const {
  PrintMap& map = planned.map;
  const MapView view = m_backdrops.empty() ? MapView{} : map_view(map);
  for (const Backdrop& backdrop : m_backdrops) {
    RasterPicture seen = picture_of_raster(backdrop.file, backdrop.read, backdrop.raster,
                                           {view.plane, view.box, view.width, view.height}, progress);
    if (seen.picture.pixels.empty()) {
      planned.diagnostics.add(Severity::note, "backdrop-outside", backdrop.name,
                              "maps that the backdrop does not reach", 1, planned.recorded.name);
      continue;
    }
    planned.sources.push_back(backdrop.raster.source);
    map.backdrops.push_back({std::move(seen.picture), seen.left, seen.top, backdrop.opacity});
  }
  map.sources = attribution_lines(planned.sources, map.language);
  write_map(map, map_format_of(planned.recorded.file), *planned.file, progress);
  map.backdrops.clear();
  if (!planned.file->finished()) planned.file->finish();
}

void OutputWriter::paint_maps(Progress& progress) {
  std::atomic<std::size_t> done{0};
  // Each map gets a progress of its own, because reports must come from the run's thread.
  parallel_blocks(m_maps.size(), 1, [&](std::size_t begin, std::size_t, std::size_t) {
    progress.throw_if_cancelled();
    PlannedMap& planned = m_maps[begin];
    SilentProgress silent(progress);
    paint_map(planned, silent);
    if (const std::size_t count = ++done; std::this_thread::get_id() == m_thread)
      progress.report("painting maps", static_cast<double>(count) / static_cast<double>(m_maps.size()));
  });
  for (const PlannedMap& planned : m_maps) {
    for (const Diagnostic& entry : planned.diagnostics.entries())
      if (entry.code == "backdrop-outside" || entry.code == "map-without-features")
        m_diagnostics.add(entry.severity, entry.code, entry.where, entry.message, entry.count,
                          entry.features.empty() ? std::string_view() : std::string_view(entry.features.front()));
    write_sidecar(m_files.add(sidecar_path(planned.file->target())), *planned.file,
                  record_for(planned.recorded, planned.diagnostics));
    note_written(planned.recorded, planned.recorded.file);
  }
}

void OutputWriter::plan_country_map(const StudyOutput& output) {
  MapPicture picture{"country", output.file,   output.title.empty() ? m_study.title() : output.title,
                     {},        output.extent, false};
  plan_map(output, std::move(picture));
}

void OutputWriter::plan_city_maps(const StudyOutput& output) {
  const Layer& districts = shown(output.districts).layer.layer();
  const std::vector<City> cities = cities_of(districts);
  for (std::size_t i = 0; i < cities.size(); ++i) {
    const City& city = cities[i];
    if (i >= static_cast<std::size_t>(output.most)) {
      m_diagnostics.add(Severity::note, "cities-without-map", output.districts,
                        fmt::format("cities beyond the number of maps asked for have none ({})", output.file), 1,
                        city.name.in(Language::english));
      continue;
    }
    std::string file = output.file;
    file.replace(file.find("{city}"), std::string_view("{city}").size(), city.slug);
    const Localized& heading = output.title.empty() ? m_study.title() : output.title;
    const Localized counts =
        counted(city.districts.size(), static_cast<std::size_t>(sum_of(districts, "count", city.districts)));
    plan_map(output, {"cities:" + city.slug, std::move(file), city.name, joined(heading, counts), city.extent, true});
  }
}

}  // namespace yaan
