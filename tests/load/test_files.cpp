#include "load/test_files.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <ogrsf_frmts.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "load/gdal_session.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan::test {

namespace fs = std::filesystem;

FileTest::FileTest() {
  std::string pattern = (fs::temp_directory_path() / "yaan_load_XXXXXX").string();
  m_folder = mkdtemp(pattern.data());
}

FileTest::~FileTest() {
  std::error_code ignored;
  fs::remove_all(m_folder, ignored);
}

fs::path FileTest::write(std::string_view name, std::string_view bytes) const {
  std::ofstream(path(name), std::ios::binary) << bytes;
  return path(name);
}

void FileTest::cut(const fs::path& file, std::uintmax_t bytes) { fs::resize_file(file, bytes); }

namespace {

void add_field(OGRLayer& layer, const char* name, OGRFieldType type, OGRFieldSubType subtype = OFSTNone) {
  OGRFieldDefn field(name, type);
  field.SetSubType(subtype);
  ASSERT_EQ(layer.CreateField(&field), OGRERR_NONE);
}

void fill(OGRFeature& feature, const Row& row, const FileSpec& spec) {
  if (!row.wkt.empty()) {
    OGRGeometry* geometry = nullptr;
    ASSERT_EQ(OGRGeometryFactory::createFromWkt(row.wkt.c_str(), nullptr, &geometry), OGRERR_NONE) << row.wkt;
    feature.SetGeometryDirectly(geometry);
  }
  if (row.null_values) return;
  feature.SetField("name", row.name.c_str());
  feature.SetField("n", static_cast<GIntBig>(row.n));
  feature.SetField("share", row.share);
  if (spec.booleans) feature.SetField("open", row.n % 2 == 0 ? 1 : 0);
  if (spec.dates) feature.SetField("day", 2026, 2, 28);
  if (spec.date_times) feature.SetField("at", 2026, 2, 28, 13, 5, 7.25F, 128);
}

}  // namespace

void write_by_gdal(const fs::path& file, const FileSpec& spec, const std::vector<Row>& rows) {
  initialise_gdal();
  const GdalMessages quiet;
  GDALDriver* driver = GetGDALDriverManager()->GetDriverByName(spec.driver.c_str());
  ASSERT_NE(driver, nullptr) << spec.driver;
  GDALDatasetUniquePtr dataset(spec.append ? GDALDataset::Open(file.c_str(), GDAL_OF_VECTOR | GDAL_OF_UPDATE)
                                           : driver->Create(file.c_str(), 0, 0, 0, GDT_Unknown, nullptr));
  ASSERT_NE(dataset, nullptr) << quiet.first();
  OGRSpatialReference reference;
  if (spec.epsg != 0) {
    reference.importFromEPSG(spec.epsg);
    reference.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  }
  std::vector<const char*> options;
  for (const std::string& option : spec.layer_options) options.push_back(option.c_str());
  options.push_back(nullptr);
  OGRLayer* layer =
      dataset->CreateLayer(spec.layer.c_str(), spec.epsg != 0 ? &reference : nullptr,
                           static_cast<OGRwkbGeometryType>(spec.geometry_type), const_cast<char**>(options.data()));
  ASSERT_NE(layer, nullptr) << quiet.first();
  add_field(*layer, "name", OFTString);
  add_field(*layer, "n", OFTInteger64);
  add_field(*layer, "share", OFTReal);
  if (spec.booleans) add_field(*layer, "open", OFTInteger, OFSTBoolean);
  if (spec.dates) add_field(*layer, "day", OFTDate);
  if (spec.date_times) add_field(*layer, "at", OFTDateTime);
  const bool transaction = dataset->TestCapability(ODsCTransactions) != 0 && dataset->StartTransaction() == OGRERR_NONE;
  for (const Row& row : rows) {
    const OGRFeatureUniquePtr feature(OGRFeature::CreateFeature(layer->GetLayerDefn()));
    fill(*feature, row, spec);
    ASSERT_EQ(layer->CreateFeature(feature.get()), OGRERR_NONE) << quiet.first();
  }
  if (transaction) {
    ASSERT_EQ(dataset->CommitTransaction(), OGRERR_NONE);
  }
}

const std::vector<Row>& thai_points() {
  static const std::vector<Row> rows = {{"POINT (100.4913 13.7501)", "พระบรมมหาราชวัง", 1, 0.5},
                                        {"POINT (99.7863 17.0072)", "ปู่ญู ฏุ น้ำ", 2, -1.25},
                                        {"POINT (98.9886 18.8025)", "วัดกู่เต้า", 9007199254740993, 1e-3}};
  return rows;
}

ReadResult read(const fs::path& file, const ReadOptions& options) {
  Progress progress;
  return read_layer(file, options, progress);
}

Refusal refusal(const fs::path& file, const ReadOptions& options) {
  try {
    read(file, options);
  } catch (const UsageError& error) {
    return {"UsageError", error.what(), error.advice()};
  } catch (const InputError& error) {
    return {"InputError", error.what(), error.advice()};
  } catch (const std::exception& error) {
    return {"other", error.what(), ""};
  }
  return {"none", "no error", ""};
}

std::string everything(const Layer& layer) {
  std::string text = fmt::format("{} {} rows of {}\n", layer.crs.text(), layer.size(), to_string(layer.geometry.kind));
  for (const Column& column : layer.columns) {
    text += fmt::format("{} {}:", column.name, to_string(column.type()));
    for (std::size_t row = 0; row < column.size(); ++row)
      text += column.is_null(row) ? " <null>" : fmt::format(" [{}]", column.display(row));
    text += "\n";
  }
  for (std::size_t i = 0; i < layer.geometry.x.size(); ++i)
    text += fmt::format("{} {},", shortest(layer.geometry.x[i]), shortest(layer.geometry.y[i]));
  for (const auto* offsets : {&layer.geometry.feature_parts, &layer.geometry.part_rings, &layer.geometry.ring_vertices})
    text += fmt::format("\n{}", fmt::join(*offsets, " "));
  return text;
}

std::string first_difference(const std::string& a, const std::string& b) {
  const auto [at_a, at_b] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (at_a == a.end() && at_b == b.end()) return "";
  const auto around = [](const std::string& text, std::size_t at) { return text.substr(at < 60 ? 0 : at - 60, 120); };
  const auto at = static_cast<std::size_t>(at_a - a.begin());
  return fmt::format("at {}:\n{}\n{}", at, around(a, at), around(b, at));
}

fs::path shared(std::string_view path) {
  const char* root = std::getenv("YAAN_SHARED");
  return fs::path(root != nullptr ? root : "../shared") / path;
}

}  // namespace yaan::test
