#pragma once
// What the tests of the quick readers share: the same layer as by the slow ways, or none.

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "load/read_here.hpp"
#include "load/test_files.hpp"
#include "yaan/core/error.hpp"

namespace yaan::test {

/// Points of three columns and a date, and the comparison of the quick way with the slow one.
class PointRows : public FileTest {
 protected:
  // All that reading gives, or the error.
  [[nodiscard]] static std::string outcome(const std::filesystem::path& file, bool quick) {
    ReadOptions options;
    options.column_stream = quick;
    Progress progress;
    try {
      const ReadResult result = read_layer_here(file, options, progress);
      std::string all = everything(result.layer) + result.layer.name + result.layer.crs.wkt();
      for (const Diagnostic& entry : result.diagnostics.entries())
        all += fmt::format("\n{} {} {} {}", entry.code, entry.message, entry.count, fmt::join(entry.features, ","));
      return all;
    } catch (const Error& error) {
      return std::string("error: ") + error.what() + error.advice();
    }
  }
  static void expect_same(const std::filesystem::path& file, const std::string& what) {
    EXPECT_EQ(first_difference(outcome(file, true), outcome(file, false)), "") << what;
  }

  void write_points(const char* driver, const char* file, const std::vector<Row>& rows,
                    std::vector<std::string> layer_options = {}) const {
    FileSpec spec;
    spec.driver = driver;
    spec.geometry_type = 1;
    spec.date_times = false;
    spec.booleans = false;
    spec.layer_options = std::move(layer_options);
    write_by_gdal(path(file), spec, rows);
  }
};

inline std::vector<Row> many_rows(std::size_t count) {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < count; ++i) {
    Row row{fmt::format("POINT ({} {})", 97.5 + 1e-5 * static_cast<double>(i), 20 - 1e-5 * static_cast<double>(i)),
            fmt::format("วัดที่ {}", i), static_cast<std::int64_t>(i) * 1'000'003, static_cast<double>(i) / 7};
    row.null_values = i % 11 == 3;
    if (i % 1013 == 5) row.wkt = "";
    if (i % 17 == 2) row.name = "";
    rows.push_back(std::move(row));
  }
  return rows;
}

inline std::string whole_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace yaan::test
