#include "study/write_outputs.hpp"

#include <fmt/format.h>

#include <cmath>

#include "study/area_table.hpp"
#include "study/check_table.hpp"
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

}  // namespace yaan
