#pragma once
// Files that the tests of load/ write for themselves.

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "yaan/load/read.hpp"

namespace yaan::test {

/// A folder of its own for each test, removed afterwards.
class FileTest : public ::testing::Test {
 protected:
  FileTest();
  ~FileTest() override;

  [[nodiscard]] std::filesystem::path path(std::string_view name) const { return m_folder / name; }
  std::filesystem::path write(std::string_view name, std::string_view bytes) const;
  /// Keeps the first `bytes` of a file.
  static void cut(const std::filesystem::path& file, std::uintmax_t bytes);

 private:
  std::filesystem::path m_folder;
};

/// One feature: WKT ("" for none) and the values of the columns `name` (Thai text), `n` (integer), `share` (real),
/// `open` (boolean), `day` (date), `at` (date-time).
struct Row {
  std::string wkt;
  std::string name;
  std::int64_t n = 0;
  double share = 0;
  bool null_values = false;
};

struct FileSpec {
  std::string driver;
  std::string layer = "sites";
  int epsg = 4326;        ///< 0: none
  int geometry_type = 0;  ///< OGRwkbGeometryType
  bool date_times = true;
  bool booleans = true;
  bool dates = true;
  bool append = false;
  std::vector<std::string> layer_options;
};

/// Writes by GDAL itself; a test fails when GDAL does.
void write_by_gdal(const std::filesystem::path& file, const FileSpec& spec, const std::vector<Row>& rows);

/// Three points in Thailand with Thai names.
const std::vector<Row>& thai_points();

ReadResult read(const std::filesystem::path& file, const ReadOptions& options = {});

/// What and advice of the error that reading gives; "no error" without one. `kind` gets UsageError, InputError or
/// other.
struct Refusal {
  std::string kind;
  std::string what;
  std::string advice;
};
Refusal refusal(const std::filesystem::path& file, const ReadOptions& options = {});

/// Every value of every column and every coordinate, for comparing layers to the bit.
std::string everything(const Layer& layer);

/// The first line where they differ, or "" when they are the same.
std::string first_difference(const std::string& a, const std::string& b);

std::filesystem::path shared(std::string_view path);

}  // namespace yaan::test
