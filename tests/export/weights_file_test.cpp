#include "yaan/export/weights_file.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "export/sample_layers.hpp"
#include "yaan/core/error.hpp"

namespace yaan {
namespace {

using namespace testing;  // NOLINT: the sample layers

class WeightsFile : public ::testing::Test {
 protected:
  WeightsFile() {
    std::string name = (std::filesystem::temp_directory_path() / "yaan-weights-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    m_folder = name;
  }
  ~WeightsFile() override { std::filesystem::remove_all(m_folder); }

  std::string written(const std::string& name, const Layer& layer) {
    WholeFile file(m_folder / name);
    Progress progress;
    write_weights(file, published(layer), m_diagnostics, progress);
    file.commit();
    std::ifstream in(m_folder / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static Layer table(const std::string& second_id) {
    Layer layer = layer_of("links", Geometry{});
    layer.geometry.rows = 4;
    Column to("to", ColumnType::text), weight("weight", ColumnType::real);
    for (const char* id : {"b", "c"}) to.push(id);
    to.push("a");
    to.push_null();
    for (const double w : {1.0, 0.25, 1.0}) weight.push(w);
    weight.push_null();
    layer.set(text_column("from", {"a", "a", second_id, "c"}));
    layer.set(std::move(to));
    layer.set(std::move(weight));
    return layer;
  }

  std::filesystem::path m_folder;
  Diagnostics m_diagnostics;
};

TEST_F(WeightsFile, Gal) {
  EXPECT_EQ(written("w.gal", table("b")), "0 3 links id\na 2\nb c\nb 1\na\nc 0\n\n");
  EXPECT_EQ(m_diagnostics.count("gal-without-weights"), 1);
}

TEST_F(WeightsFile, Gwt) {
  EXPECT_EQ(written("w.gwt", table("b")), "0 3 links id\na b 1\na c 0.25\nb a 1\n");
  EXPECT_EQ(m_diagnostics.count("gwt-without-islands"), 1);
}

TEST_F(WeightsFile, RefusesWhatItCannotHold) {
  EXPECT_THROW(written("w.gal", table("b c")), UsageError);
  EXPECT_THROW(written("w.gal", sites()), UsageError);
  EXPECT_TRUE(std::filesystem::is_empty(m_folder));
}

}  // namespace
}  // namespace yaan
