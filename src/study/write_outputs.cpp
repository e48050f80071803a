#include "study/write_outputs.hpp"

#include <fmt/format.h>

#include <atomic>
#include <cmath>

#include "study/area_table.hpp"
#include "study/check_table.hpp"
#include "study/cities.hpp"
#include "yaan/core/parallel.hpp"
#include "yaan/export/attribution.hpp"
#include "yaan/export/csv.hpp"
#include "yaan/export/geojson.hpp"
#include "yaan/export/weights_file.hpp"
#include "yaan/export/xlsx.hpp"

namespace yaan {

namespace fs = std::filesystem;

namespace {

PublicationPolicy policy_of(const LayerMap& layers) {
  std::vector<const Layer*> all;
  for (const auto& [name, layer] : layers) all.push_back(&layer);
  return PublicationPolicy(all);
}

// Rows without a position stand in tables, but on no map.
Layer rows_with_a_place(const Layer& table, Diagnostics& diagnostics) {
  std::vector<std::uint32_t> placed;
  for (std::uint32_t row = 0; row < table.size(); ++row)
    if (std::isfinite(table.geometry.x[row])) placed.push_back(row);
  if (placed.size() < table.size())
    diagnostics.add(Severity::note, "no-place", table.name, "rows without a position are in the tables alone",
                    static_cast<std::int64_t>(table.size() - placed.size()));
  return table.select(placed);
}

std::int64_t sum_of(const Layer& layer, const char* column_name, const std::vector<std::uint32_t>& rows) {
  const Column* column = layer.find(column_name);
  double sum = 0;
  if (column != nullptr)
    for (const std::uint32_t row : rows) sum += column->number(row).value_or(0);
  return static_cast<std::int64_t>(sum);
}

Localized counted(std::int64_t districts, std::int64_t sites) {
  return {fmt::format("{} {}, {} {}", districts, districts == 1 ? "district" : "districts", sites,
                      sites == 1 ? "site" : "sites"),
          fmt::format("{} ย่าน {} แห่ง", districts, sites)};
}

/// Says nothing, and hears when the run should stop.
class SilentProgress : public Progress {
 public:
  explicit SilentProgress(const Progress& run) : m_run(run) {}
  [[nodiscard]] bool cancelled() const override { return m_run.cancelled(); }

 private:
  const Progress& m_run;
};

Localized joined(const Localized& first, const Localized& second) {
  if (first.empty()) return second;
  return {fmt::format("{} · {}", first.in(Language::english), second.en),
          fmt::format("{} · {}", first.in(Language::thai), second.th)};
}

}  // namespace

OutputWriter::OutputWriter(const Study& study, const LayerMap& layers, RowsOfLayers rows,
                           const std::vector<Backdrop>& backdrops, RunRecord record, const RunOptions& options,
                           fs::path folder, WritePolicy policy)
    : m_study(study),
      m_layers(layers),
      m_rows(std::move(rows)),
      m_backdrops(backdrops),
      m_record(std::move(record)),
      m_options(options),
      m_folder(std::move(folder)),
      m_policy(policy_of(layers)),
      m_files(std::move(policy)) {}

void OutputWriter::write_all(Progress& progress) {
  for (const StudyOutput& output : m_study.outputs()) {
    progress.throw_if_cancelled();
    switch (output.kind) {
      case StudyOutput::Kind::layer: write_layer(output, progress); break;
      case StudyOutput::Kind::table: write_table(output, progress); break;
      case StudyOutput::Kind::checks: write_checks(output, progress); break;
      case StudyOutput::Kind::country_map: plan_country_map(output); break;
      case StudyOutput::Kind::city_maps: plan_city_maps(output); break;
    }
  }
  paint_maps(progress);
}

Diagnostics OutputWriter::publishable_diagnostics() const {
  Diagnostics all = m_record.diagnostics;
  all.merge(m_diagnostics);
  return m_policy.publishable(all);
}

bool OutputWriter::wanted(const std::string& file) const {
  return m_options.only_file.empty() || fs::path(file).filename() == m_options.only_file;
}

const OutputWriter::Shown& OutputWriter::shown(const std::string& layer) {
  auto at = m_shown.find(layer);
  if (at == m_shown.end()) {
    Diagnostics diagnostics;
    PublishedLayer published = publish(m_layers.at(layer), m_policy, diagnostics);
    m_diagnostics.merge(diagnostics);
    at = m_shown.emplace(layer, Shown{std::move(published), std::move(diagnostics)}).first;
  }
  return at->second;
}

PublishedRecord OutputWriter::record_for(const RecordedOutput& output, const Diagnostics& own) const {
  RunRecord record = m_record;
  record.output = output;
  record.output.file = fs::path(output.file).filename().string();
  record.diagnostics.merge(own);
  return publish(record, m_policy);
}

void OutputWriter::note_written(const RecordedOutput& output, const std::string& file) {
  m_written.push_back({output.kind, output.name,
                       m_options.stream != nullptr ? fs::path() : (m_folder / file).lexically_normal(),
                       output.features});
}

void OutputWriter::write_layer(const StudyOutput& output, Progress& progress) {
  if (!wanted(output.file)) return;
  const Shown& source = shown(output.layer);
  const RecordedOutput recorded{"layer", output.layer, output.file, source.layer.size()};
  const PublishedRecord record = record_for(recorded, source.diagnostics);
  const bool csv = output.file.ends_with(".csv");
  const CsvOptions csv_options{true, output.decimals};
  const GeoJsonOptions geojson_options{output.decimals};
  if (m_options.stream != nullptr) {
    if (csv)
      stream_csv(*m_options.stream, source.layer, csv_options, progress);
    else
      stream_geojson(*m_options.stream, source.layer, record, geojson_options, m_diagnostics, progress);
  } else {
    WholeFile& file = m_files.add(m_folder / output.file);
    if (csv || is_weights_file(output.file)) {
      if (csv)
        write_csv(file, source.layer, csv_options, progress);
      else
        write_weights(file, source.layer, m_diagnostics, progress);
      write_sidecar(m_files.add(sidecar_path(file.target())), file, record);
    } else {
      write_geojson(file, source.layer, record, geojson_options, m_diagnostics, progress);
    }
  }
  note_written(recorded, output.file);
}

void OutputWriter::write_table(const StudyOutput& output, Progress& progress) {
  if (!wanted(output.file)) return;
  Diagnostics own;
  const Layer table = area_table(m_layers.at(output.areas), m_layers.at(output.points), own);
  const PublishedLayer published = publish(table, m_policy, own);
  const RecordedOutput recorded{"table", "areas", output.file, published.size()};
  WholeFile& file = m_files.add(m_folder / output.file);
  write_csv(file, published, CsvOptions{}, progress);
  write_sidecar(m_files.add(sidecar_path(file.target())), file, record_for(recorded, own));
  m_diagnostics.merge(own);
  note_written(recorded, output.file);
}

void OutputWriter::write_checks(const StudyOutput& output, Progress& progress) {
  if (!wanted(output.file)) return;
  if (m_checks.layers.empty()) {
    Diagnostics own;
    m_checks.layers.push_back(check_table(m_study, m_layers, m_rows, own, progress));
    m_checks.diagnostics = own;
    m_diagnostics.merge(own);
  }
  Diagnostics own = m_checks.diagnostics;
  const bool on_a_map = output.file.ends_with(".geojson");
  const Layer& table = m_checks.layers.front();
  const PublishedLayer published = publish(on_a_map ? rows_with_a_place(table, own) : table, m_policy, own);
  const RecordedOutput recorded{"table", "checks", output.file, published.size()};
  WholeFile& file = m_files.add(m_folder / output.file);
  if (on_a_map) {
    write_geojson(file, published, record_for(recorded, own), GeoJsonOptions{}, m_diagnostics, progress);
  } else {
    if (output.file.ends_with(".xlsx"))
      write_xlsx(file, published, XlsxOptions{}, progress);
    else
      write_csv(file, published, CsvOptions{}, progress);
    write_sidecar(m_files.add(sidecar_path(file.target())), file, record_for(recorded, own));
  }
  note_written(recorded, output.file);
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

  std::vector<Source>& sources = planned.sources;
  const auto layer = [&](const std::string& name) -> const PublishedLayer* {
    if (name.empty()) return nullptr;
    const Shown& source = shown(name);
    planned.diagnostics.merge(source.diagnostics);
    const std::vector<Source>& more = source.layer.layer().sources;
    sources.insert(sources.end(), more.begin(), more.end());
    return &source.layer;
  };
  map.areas = layer(output.areas);
  map.regions = layer(output.districts);
  map.sites = layer(output.points);
  if (map.sites != nullptr && map.sites->layer().find("district_rank") != nullptr)
    map.site_rank_column = "district_rank";
  map.count_word = {"sites", "แห่ง"};
  map.detail_columns = {"province_en", "province_th"};
  map.regions_title = {"Districts", "ย่าน"};
  map.marks_title = {"Kinds of asset", "ประเภทแหล่ง"};
  map.outside_title = {"outside every district", "อยู่นอกย่าน"};
  if (const StudyLayer* points = m_study.find_layer(output.points)) map.category_titles = points->categories;

  if (map.extent.empty() && map.areas == nullptr && map.regions == nullptr && map.sites == nullptr)
    for (const Backdrop& backdrop : m_backdrops) map.extent.include(degrees_of(backdrop.raster));

  planned.recorded = {"map", picture.name, picture.file, map.sites != nullptr ? map.sites->size() : 0};
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
  write_map_png(map, *planned.file, progress);
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
      if (entry.code == "backdrop-outside")
        m_diagnostics.add(entry.severity, entry.code, entry.where, entry.message, entry.count, entry.features.front());
    write_sidecar(m_files.add(sidecar_path(planned.file->target())), *planned.file,
                  record_for(planned.recorded, planned.diagnostics));
    note_written(planned.recorded, planned.recorded.file);
  }
}

void OutputWriter::plan_country_map(const StudyOutput& output) {
  MapPicture picture{"country", output.file, output.title.empty() ? m_study.title() : output.title, {}, {}, false};
  const auto size_of = [&](const std::string& layer) {
    return layer.empty() ? std::int64_t{0} : static_cast<std::int64_t>(m_layers.at(layer).size());
  };
  if (!output.points.empty()) picture.subtitle = counted(size_of(output.districts), size_of(output.points));
  plan_map(output, std::move(picture));
}

void OutputWriter::plan_city_maps(const StudyOutput& output) {
  const Layer& districts = shown(output.districts).layer.layer();
  const std::vector<City> cities = cities_of(districts);
  for (std::size_t i = 0; i < cities.size(); ++i) {
    const City& city = cities[i];
    if (i >= static_cast<std::size_t>(output.most)) {
      m_diagnostics.add(Severity::note, "cities-without-map", output.districts,
                        "cities beyond the number of maps asked for have none", 1, city.name.in(Language::english));
      continue;
    }
    std::string file = output.file;
    file.replace(file.find("{city}"), std::string_view("{city}").size(), city.slug);
    const Localized& heading = output.title.empty() ? m_study.title() : output.title;
    const Localized counts =
        counted(static_cast<std::int64_t>(city.districts.size()), sum_of(districts, "count", city.districts));
    plan_map(output, {"cities:" + city.slug, std::move(file), city.name, joined(heading, counts), city.extent, true});
  }
}

}  // namespace yaan
