// The window's picture, drawn off-screen.
#include <gtest/gtest.h>
#include <png.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

#include "app/viewer/viewer.hpp"
#include "app/viewer_test_files.hpp"
#include "yaan/core/error.hpp"
#include "yaan/render/offscreen.hpp"
#include "yaan/style/palette.hpp"
#include "yaan/style/ramp.hpp"

namespace yaan::viewer {
namespace {

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

struct Shot {
  unsigned width = 0;
  unsigned height = 0;
  std::vector<std::uint8_t> rgb;
  [[nodiscard]] std::size_t count(style::Colour colour) const {
    std::size_t found = 0;
    for (std::size_t i = 0; i + 2 < rgb.size(); i += 3)
      found += rgb[i] == colour.r && rgb[i + 1] == colour.g && rgb[i + 2] == colour.b ? 1 : 0;
    return found;
  }
};

Shot read_png(const std::filesystem::path& file) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_file(&image, file.c_str()) == 0) return {};
  image.format = PNG_FORMAT_RGB;
  Shot shot{image.width, image.height, std::vector<std::uint8_t>(PNG_IMAGE_SIZE(image))};
  png_image_finish_read(&image, nullptr, shot.rgb.data(), 0, nullptr);
  return shot;
}

class Screenshot : public ::testing::Test {
 protected:
  void SetUp() override {
    unsetenv("DISPLAY");
    unsetenv("WAYLAND_DISPLAY");
    try {
      const render::OffscreenContext context;
    } catch (const OutputError& error) {
      GTEST_SKIP() << "no OpenGL off-screen here: " << error.what();
    }
  }
  ViewerOptions options(const std::string& name) const {
    ViewerOptions options;
    options.files = {m_folder.study()};
    options.screenshot = m_folder / name;
    options.width = 1100;
    options.height = 700;
    return options;
  }
  StudyFolder m_folder;
  Progress m_progress;
};

TEST_F(Screenshot, ShowsDistrictsInTheirColours) {
  ASSERT_EQ(run_viewer(options("a.png"), m_progress), 0);
  const Shot shot = read_png(m_folder / "a.png");
  EXPECT_EQ(shot.width, 1100U);
  EXPECT_EQ(shot.height, 700U);
  for (int rank = 1; rank <= 3; ++rank) EXPECT_GT(shot.count(style::rank_colour(rank)), 60U) << "rank " << rank;
  EXPECT_LT(shot.count(style::rank_colour(4)), 10U) << "there is no fourth district";
  EXPECT_GT(shot.count(style::rank_colour(0)), 15U) << "the site outside";
  EXPECT_GT(shot.count(style::land()), 50000U);
  EXPECT_GT(shot.count(style::sea()), 50000U);
}

TEST_F(Screenshot, ShowsClustersInTheirColoursWithALegend) {
  ViewerOptions lisa = options("lisa.png");
  lisa.files = {m_folder.lisa_study()};
  ASSERT_EQ(run_viewer(lisa, m_progress), 0);
  const Shot shot = read_png(m_folder / "lisa.png");
  EXPECT_GT(shot.count(style::tone_colour(Tone::high)), 10000U) << "the hot corner";
  EXPECT_GT(shot.count(style::tone_colour(Tone::quiet)), 20000U);
  EXPECT_GT(shot.count(style::tone_colour(Tone::high_among_low)), 100U) << "its swatch, whether or not a square has it";
  EXPECT_EQ(shot.count(style::land()), 0U) << "every square has a colour";
  lisa.screenshot = m_folder / "again.png";
  run_viewer(lisa, m_progress);
  EXPECT_EQ(bytes_of(m_folder / "lisa.png"), bytes_of(m_folder / "again.png"));
  lisa.screenshot = m_folder / "thai.png";
  lisa.language = Language::thai;
  run_viewer(lisa, m_progress);
  EXPECT_NE(bytes_of(m_folder / "lisa.png"), bytes_of(m_folder / "thai.png"));
}

// The style is that of the study's map: another column, other colours; null, none.
TEST_F(Screenshot, FollowsTheStudysMap) {
  ViewerOptions shown = options("value.png");
  shown.files = {m_folder.lisa_study(R"({"column":"value","bounds":[0,5,10],"ramp":"viridis"})")};
  ASSERT_EQ(run_viewer(shown, m_progress), 0);
  const Shot value = read_png(m_folder / "value.png");
  EXPECT_GT(value.count(style::ramp_colour(style::Ramp::viridis, 0)), 20000U);
  EXPECT_GT(value.count(style::ramp_colour(style::Ramp::viridis, 1)), 10000U);
  EXPECT_EQ(value.count(style::tone_colour(Tone::high)), 0U);
  shown.files = {m_folder.lisa_study(R"({"column":null})")};
  shown.screenshot = m_folder / "none.png";
  ASSERT_EQ(run_viewer(shown, m_progress), 0);
  const Shot none = read_png(m_folder / "none.png");
  EXPECT_GT(none.count(style::land()), 50000U);
  EXPECT_EQ(none.count(style::tone_colour(Tone::high)), 0U);
  shown.files = {m_folder.lisa_study(R"({"column":"valeu"})")};
  shown.screenshot = m_folder / "wrong.png";
  EXPECT_THROW(run_viewer(shown, m_progress), UsageError);
  EXPECT_FALSE(std::filesystem::exists(m_folder / "wrong.png"));
}

// What the window is asked for comes before the study's map.
TEST_F(Screenshot, IsColouredAsTheCommandLineAsks) {
  ViewerOptions shown = options("asked.png");
  shown.files = {m_folder.lisa_study(R"({"column":null})")};
  shown.colour = "local_moran_cluster";
  ASSERT_EQ(run_viewer(shown, m_progress), 0);
  EXPECT_GT(read_png(m_folder / "asked.png").count(style::tone_colour(Tone::high)), 10000U);
  shown.colour = "nothing_of_the_kind";
  shown.screenshot = m_folder / "wrong.png";
  EXPECT_THROW(run_viewer(shown, m_progress), UsageError);
}

TEST_F(Screenshot, TheSameTwiceAndAnotherInThai) {
  run_viewer(options("a.png"), m_progress);
  run_viewer(options("b.png"), m_progress);
  EXPECT_EQ(bytes_of(m_folder / "a.png"), bytes_of(m_folder / "b.png"));
  ViewerOptions thai = options("c.png");
  thai.language = Language::thai;
  run_viewer(thai, m_progress);
  EXPECT_NE(bytes_of(m_folder / "a.png"), bytes_of(m_folder / "c.png"));
}

TEST_F(Screenshot, AnExistingFileAndAnInputStay) {
  std::ofstream(m_folder / "there.png") << "mine";
  EXPECT_THROW(run_viewer(options("there.png"), m_progress), OutputError);
  EXPECT_EQ(bytes_of(m_folder / "there.png"), "mine");
  ViewerOptions over = options("there.png");
  over.overwrite = true;
  run_viewer(over, m_progress);
  EXPECT_EQ(read_png(m_folder / "there.png").width, 1100U);
  ViewerOptions input = options("study.json");
  input.overwrite = true;
  EXPECT_THROW(run_viewer(input, m_progress), OutputError);
}

TEST_F(Screenshot, SizesOutOfRangeAreRefused) {
  for (const auto& [width, height] : {std::pair{0, 700}, std::pair{100, 100}, std::pair{100000, 700}}) {
    ViewerOptions wrong = options("w.png");
    wrong.width = width;
    wrong.height = height;
    EXPECT_THROW(run_viewer(wrong, m_progress), UsageError);
    EXPECT_FALSE(std::filesystem::exists(m_folder / "w.png"));
  }
}

TEST_F(Screenshot, NoDisplayAndNoFileIsAUsageErrorWithAdvice) {
  ViewerOptions windowed = options("");
  windowed.screenshot.clear();
  try {
    run_viewer(windowed, m_progress);
    FAIL() << "a window without a display";
  } catch (const UsageError& error) {
    EXPECT_NE(error.advice().find("--screenshot"), std::string::npos);
  }
  setenv("DISPLAY", ":4711", 1);  // nobody answers there
  EXPECT_THROW(run_viewer(windowed, m_progress), UsageError);
  unsetenv("DISPLAY");
}

TEST_F(Screenshot, AFileWithoutAnalysisIsAMap) {
  ViewerOptions plain = options("p.png");
  plain.files = {m_folder / "areas.geojson"};
  run_viewer(plain, m_progress);
  const Shot shot = read_png(m_folder / "p.png");
  EXPECT_GT(shot.count(style::land()), 50000U);
}

}  // namespace
}  // namespace yaan::viewer
