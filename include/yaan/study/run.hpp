#pragma once
// A study from files to files.

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "yaan/core/diagnostics.hpp"
#include "yaan/core/layer.hpp"
#include "yaan/core/method.hpp"
#include "yaan/core/progress.hpp"
#include "yaan/export/byte_sink.hpp"
#include "yaan/load/raster.hpp"
#include "yaan/study/study.hpp"

namespace yaan {

/// Layers by name.
using LayerMap = std::map<std::string, Layer, std::less<>>;

/// With which options the study reads the layer: its settings, and the columns that play parts.
ReadOptions read_options_of(const StudyLayer& description);

/// What is known of the rows of a layer since it was read, for tables in which people decide. Empty where nobody does:
/// in a study without a table of checks, for layers without `decisions` and `accept`.
struct RowsAsRead {
  /// yaan::stable_ids of the layer as it was read, for each row that is there still: a row that is moved, or that
  /// stands behind one that is left out, keeps its id. Rows that a decision placed count behind all others.
  std::vector<std::string> ids;
  /// On positions. Rows that were set aside have the id of yaan::PositionNote, the others that of `ids`.
  std::vector<PositionNote> notes;
  std::set<std::string> settled;  ///< "id\nproblem" of all that the layer's table of decisions decides
};
/// By layer.
using RowsOfLayers = std::map<std::string, RowsAsRead, std::less<>>;

/// Reads one layer of the study, from `files` where some are given (the study's own otherwise): columns mapped to
/// their parts, sources filled, problems counted. Several files are one layer (read_files), and so is a single one of
/// another name than the study's, which is then one of its folder. Throws UsageError for an unknown column and when the
/// file states another CRS than the study without override_crs; else as yaan::read_layer. `rows` may be null.
Layer read_study_layer(const Study& study, const StudyLayer& description,
                       const std::vector<std::filesystem::path>& files, Diagnostics& diagnostics, Progress& progress,
                       RowsAsRead* rows = nullptr);

/// Files in place of those of the study, by layer: the same data somewhere else.
using InputFiles = std::map<std::string, std::vector<std::filesystem::path>, std::less<>>;

/// Reads all layers of the study and returns their names in its order. A layer whose file states no CRS is read last:
/// with its assume_crs, when that puts it among the other layers (its areas, where it has any); otherwise an InputError
/// lists the systems that would. Throws as read_study_layer.
std::vector<std::string> read_layers(const Study& study, const InputFiles& files, LayerMap& layers,
                                     Diagnostics& diagnostics, Progress& progress, RowsOfLayers* rows = nullptr);

/// A backdrop of a study, looked at; its pixels are read for each map.
struct Backdrop {
  std::string name;
  std::filesystem::path file;  ///< where it is
  ReadOptions read;
  double opacity = 1;
  Raster raster;  ///< its source as the study describes it
  /// In the language: its title, else its file's name.
  [[nodiscard]] Localized title() const;
};

/// Looks at every backdrop of the study, in its order. Throws InputError for one that nothing places or that lies in a
/// plane tied to no place, and lists the systems that would put one of unknown CRS among the layers; UsageError where a
/// file states another CRS than the study without override_crs; else as read_raster.
std::vector<Backdrop> read_backdrops(const Study& study, const InputFiles& files, const LayerMap& layers,
                                     Diagnostics& diagnostics, Progress& progress);

/// The same for one backdrop in `file`.
Backdrop read_backdrop(const StudyBackdrop& description, const std::filesystem::path& file, const LayerMap& layers,
                       Diagnostics& diagnostics, Progress& progress);

/// Runs one step: columns are added to its first input, the layer that it makes is added to `layers`. Returns the
/// method's summary. Throws UsageError when a layer is not there or of the wrong geometry, and what the method throws.
/// `memory` may be null; see MethodMemory.
std::vector<std::pair<std::string, Value>> run_step(const StudyStep& step, LayerMap& layers, Diagnostics& diagnostics,
                                                    Progress& progress, MethodMemory* memory = nullptr);

/// Fills the memory with what later runs of the step can use. Throws as run_step does.
void prepare_step(const StudyStep& step, const LayerMap& layers, MethodMemory& memory, Progress& progress);

struct RunOptions {
  std::filesystem::path out_dir;  ///< folder of the outputs, made where it is missing; empty: the study's folder
  bool overwrite = false;
  unsigned threads = 0;  ///< 0: one per processor
  InputFiles input_files;
  std::string only_file;       ///< write only the output of that file name; empty: all
  ByteSink* stream = nullptr;  ///< write the one layer output of the study here, not to a file
  bool write = true;           ///< false: compute and report only
};

struct WrittenOutput {
  std::string kind;  ///< "layer", "table" or "map"
  std::string name;
  std::filesystem::path path;  ///< empty for a stream
  std::uint64_t features = 0;
};

struct RunResult {
  std::vector<std::pair<std::string, std::vector<std::pair<std::string, Value>>>> steps;  ///< method and its summary
  std::vector<WrittenOutput> outputs;  ///< without the run records beside them
  Diagnostics diagnostics;             ///< that may be shown: the publication filter has passed over them
  double load_seconds = 0;
  double compute_seconds = 0;
  double write_seconds = 0;
  std::uint64_t peak_bytes = 0;  ///< of the process so far
};

/// Reads the layers, runs the steps and writes all outputs, each with its run record. Everything that can be checked is
/// checked before anything is computed; the outputs appear together or not at all, and folders made for them go again
/// when the run fails. Same study and files give the same bytes. Throws UsageError, InputError, OutputError, Cancelled.
RunResult run_study(const Study& study, const RunOptions& options, Progress& progress);

}  // namespace yaan
