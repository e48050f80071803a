#pragma once
// Layers of the files that GDAL reads.

#include <ogrsf_frmts.h>

#include <filesystem>
#include <string>
#include <vector>

#include "load/file_format.hpp"
#include "load/gdal_session.hpp"
#include "load/kml_names.hpp"
#include "load/raw_layer.hpp"
#include "load/xlsx_book.hpp"

namespace yaan {

/// How a field of OGR becomes a column.
struct FieldPlan {
  enum class Take { integer, real, text, date, time, date_time, text_list, integer_list, real_list };
  int index = 0;
  Take take = Take::text;
};

/// One file, opened read-only with the one driver of its format. Messages of GDAL are collected while it lives.
class GdalFile {
 public:
  /// `encoding`: of the texts of a DBF, as ReadOptions has it. Throws InputError with GDAL's reason when it cannot be
  /// opened.
  GdalFile(const std::filesystem::path& file, std::string shown, FileFormat format, const std::string& encoding);

  struct Entry {
    std::string name;
    OGRLayer* layer = nullptr;
    bool spatial = false;
  };
  [[nodiscard]] GDALDataset& dataset() { return *m_dataset; }
  /// The layers that can be asked for: the spatial ones, or the tables where there are no others; those without any
  /// feature, and hidden sheets, only where all are so.
  [[nodiscard]] std::vector<Entry> layers();
  /// The one named, or the only one. Throws UsageError that lists the names otherwise.
  Entry choose(const std::string& name);

  /// All rows of a layer. Throws InputError for what GDAL calls a failure, Cancelled.
  RawLayer read(const Entry& entry, const ReadOptions& options, bool crs_needed, Progress& progress);

 private:
  bool read_quickly(OGRLayer& layer, const std::vector<FieldPlan>& plan, bool with_fid, RawLayer& raw,
                    const ReadOptions& options, Progress& progress);
  void report_messages(RawLayer& raw);
  void report_missing_rows(OGRLayer& layer, RawLayer& raw) const;
  bool complains_of_crs(RawLayer& raw);
  void report_hidden_sheets(const ReadOptions& options, RawLayer& raw) const;
  [[nodiscard]] bool is_hidden(const std::string& sheet) const;
  [[nodiscard]] std::string without_place(std::string text) const;

  std::string m_file;
  std::string m_shown;
  FileFormat m_format;
  bool m_raw_text = false;                   // a DBF, whose bytes come as they are
  std::string m_stated_encoding;             // of a DBF; "" when it states none
  XlsxBook m_book;                           // of a workbook
  std::unique_ptr<KmlWithPlainNames> m_kml;  // of a KML with names that GDAL would lose
  GdalMessages m_messages;
  GDALDatasetUniquePtr m_dataset;
};

/// The columns of the layer with their names in `raw`, and how to fill them. `with_fid`: the first is GDAL's number of
/// the feature.
std::vector<FieldPlan> plan_columns(OGRLayer& layer, bool with_fid, RawLayer& raw);

/// One feature as the next row. Its geometry is in `wkb` afterwards, which is empty for a point and for none.
void push_feature(const OGRFeature& feature, const std::vector<FieldPlan>& plan, bool with_fid, RawLayer& raw,
                  std::vector<std::uint8_t>& wkb);

/// Rows one after another, any driver and any field type. `stream`: take them out of the features of all layers of the
/// dataset, which GDAL's OSM driver needs: read alone, a layer makes it collect those of the others, up to a bound.
void read_features(OGRLayer& layer, const std::vector<FieldPlan>& plan, bool with_fid, RawLayer& raw,
                   const ReadOptions& options, Progress& progress, GDALDataset* stream = nullptr);

/// Whole columns by the Arrow stream. Returns false, with nothing read, when the layer has no fast stream or holds
/// field types that come differently there (booleans, date-times, times, lists); the caller then takes read_features,
/// which gives the same. The FID always travels: GDAL 3.6 gives empty geometries for a GeoPackage without it.
bool read_column_stream(OGRLayer& layer, const std::vector<FieldPlan>& plan, bool with_fid, RawLayer& raw,
                        const ReadOptions& options, Progress& progress);

}  // namespace yaan
