#pragma once
// The outputs of a study, from the layers that the steps left behind.

#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "yaan/core/diagnostics.hpp"
#include "yaan/core/progress.hpp"
#include "yaan/export/print_map.hpp"
#include "yaan/export/publish.hpp"
#include "yaan/export/run_record.hpp"
#include "yaan/export/whole_file.hpp"
#include "yaan/study/map_colours.hpp"
#include "yaan/study/run.hpp"

namespace yaan {

class OutputWriter {
 public:
  /// `record` holds what all outputs of the run share; its output is filled for each. Study, layers and backdrops must
  /// outlive it.
  OutputWriter(const Study& study, const LayerMap& layers, RowsOfLayers rows, const std::vector<Backdrop>& backdrops,
               RunRecord record, const RunOptions& options, std::filesystem::path folder, WritePolicy policy);

  /// Writes every output that the options ask for to its temporary file. Nothing is in place before commit().
  void write_all(Progress& progress);
  void commit() { m_files.commit(); }

  [[nodiscard]] const std::vector<WrittenOutput>& written() const { return m_written; }
  [[nodiscard]] Diagnostics publishable_diagnostics() const;

 private:
  struct Shown {
    PublishedLayer layer;
    Diagnostics diagnostics;  // of the publication filter
  };

  /// What tells one map of an output from another.
  struct MapPicture {
    std::string name;  // in the run record
    std::string file;
    Localized title;
    Localized subtitle;
    Box extent;
    bool town = false;
  };
  struct PlannedMap {
    PrintMap map;
    std::vector<Source> sources;  // of the layers; those of the backdrops that are seen come later
    RecordedOutput recorded;
    Diagnostics diagnostics;
    WholeFile* file = nullptr;
  };

  void write_layer(const StudyOutput& output, Progress& progress);
  void write_table(const StudyOutput& output, Progress& progress);
  void write_checks(const StudyOutput& output, Progress& progress);
  void plan_country_map(const StudyOutput& output);
  void plan_city_maps(const StudyOutput& output);
  void plan_map(const StudyOutput& output, MapPicture picture);
  [[nodiscard]] std::optional<ColourChoice> colours_of(const StudyOutput& output) const;
  [[nodiscard]] ColouredLayer in_colours(ColourChoice choice, const PublishedLayer& layer) const;
  void paint_maps(Progress& progress);
  void paint_map(PlannedMap& planned, Progress& progress) const;
  [[nodiscard]] bool wanted(const std::string& file) const;
  const Shown& shown(const std::string& layer);
  [[nodiscard]] PublishedRecord record_for(const RecordedOutput& output, const Diagnostics& own) const;
  void note_written(const RecordedOutput& output, const std::string& file);

  const Study& m_study;
  const LayerMap& m_layers;
  RowsOfLayers m_rows;
  const std::vector<Backdrop>& m_backdrops;
  RunRecord m_record;
  const RunOptions& m_options;
  std::filesystem::path m_folder;
  PublicationPolicy m_policy;
  WholeSet m_files;
  std::map<std::string, Shown> m_shown;
  MethodResult m_checks;  // its one layer once some output has asked for it
  std::vector<PlannedMap> m_maps;
  std::vector<WrittenOutput> m_written;
  std::thread::id m_thread = std::this_thread::get_id();  // the one that may report progress
  Diagnostics m_diagnostics;                              // of publishing and writing
};

}  // namespace yaan
