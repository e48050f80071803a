// Pictures: what they are said to be, and how they are warped.
#include <gdal_frmts.h>
#include <gdal_priv.h>
#include <gmock/gmock.h>

#include <cmath>

#include "load/raster_here.hpp"
#include "load/reader/messages.hpp"
#include "load/test_files.hpp"
#include "yaan/core/error.hpp"

namespace yaan::test {
namespace {

using ::testing::HasSubstr;

class Rasters : public FileTest {
 protected:
  // Four bands of 8 bits in UTM 47N, 10 m a pixel: red grows to the east, green to the south, the western half is
  // clear.
  std::filesystem::path write_ramp(const char* name, int side = 200, bool overviews = false) {
    GDALRegister_GTiff();
    GDALDriver* driver = GetGDALDriverManager()->GetDriverByName("GTiff");
    const char* options[] = {"TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64", "ALPHA=YES", nullptr};
    {
      const GDALDatasetUniquePtr file(
          driver->Create(path(name).c_str(), side, side, 4, GDT_Byte, const_cast<char**>(options)));
      double affine[6] = {500'000, 10, 0, 2'000'000, 0, -10};
      file->SetGeoTransform(affine);
      OGRSpatialReference utm;
      utm.importFromEPSG(32647);
      file->SetSpatialRef(&utm);
      std::vector<std::uint8_t> row(static_cast<std::size_t>(side));
      for (int b = 1; b <= 4; ++b)
        for (int y = 0; y < side; ++y) {
          for (int x = 0; x < side; ++x)
            row[static_cast<std::size_t>(x)] = static_cast<std::uint8_t>(b == 1         ? x * 255 / side
                                                                         : b == 2       ? y * 255 / side
                                                                         : b == 3       ? 7
                                                                         : x < side / 2 ? 0
                                                                                        : 255);
          EXPECT_EQ(
              file->GetRasterBand(b)->RasterIO(GF_Write, 0, y, side, 1, row.data(), side, 1, GDT_Byte, 0, 0, nullptr),
              CE_None);
        }
    }
    if (overviews) {
      const GDALDatasetUniquePtr file(GDALDataset::Open(path(name).c_str(), GDAL_OF_RASTER | GDAL_OF_UPDATE));
      int factors[] = {2, 4, 8};
      EXPECT_EQ(file->BuildOverviews("AVERAGE", 3, factors, 0, nullptr, nullptr, nullptr), CE_None);
    }
    return path(name);
  }
  static RasterView utm_view(Box box, int width, int height) {
    return {Crs::from_text("EPSG:32647"), box, width, height};
  }
  Progress m_progress;
};

TEST_F(Rasters, SaidTheSameHereAndThere) {
  const auto file = write_ramp("a.tif");
  const Raster here = read_raster_here(file, {}, m_progress);
  const Raster there = read_raster(file, {}, m_progress);
  EXPECT_EQ(there.width, 200);
  EXPECT_EQ(there.bands.size(), 4U);
  EXPECT_EQ(there.bands[3].meaning, "alpha");
  EXPECT_EQ(there.crs.code(), "EPSG:32647");
  EXPECT_EQ(there.extent, (Box{500'000, 1'998'000, 502'000, 2'000'000}));
  EXPECT_EQ(there.pixel_width, 10);
  EXPECT_EQ(there.source.sha256, sha256_of_source(file));
  const RasterView view{Crs::laea(Degrees{99}, Degrees{18}), {-3000, 7000, 4000, 14000}, 300, 300};
  const RasterPicture a = picture_of_raster_here(file, {}, here, view, m_progress);
  const RasterPicture b = picture_of_raster(file, {}, there, view, m_progress);
  EXPECT_EQ(a.picture.pixels, b.picture.pixels);
  EXPECT_EQ(a.left, b.left);
  EXPECT_EQ(a.top, b.top);
}

TEST_F(Rasters, PixelOnPixelIsTheFileItself) {
  const auto file = write_ramp("a.tif");
  const Raster raster = read_raster_here(file, {}, m_progress);
  const RasterPicture seen = picture_of_raster_here(
      file, {}, raster, utm_view({499'900, 1'997'900, 502'100, 2'000'100}, 220, 220), m_progress);
  for (const auto& [x, y] : {std::pair(100, 0), {150, 30}, {199, 199}}) {
    const std::uint8_t* pixel = seen.picture.at(x + 10 - seen.left, y + 10 - seen.top);
    EXPECT_EQ(pixel[0], x * 255 / 200);
    EXPECT_EQ(pixel[1], y * 255 / 200);
    EXPECT_EQ(pixel[2], 7);
    EXPECT_EQ(pixel[3], 255);
  }
  const std::uint8_t* clear = seen.picture.at(50 + 10 - seen.left, 50 + 10 - seen.top);
  for (int c = 0; c < 4; ++c) EXPECT_EQ(clear[c], 0);
}

TEST_F(Rasters, ShrunkIsTheAverageWithOverviewsOrWithout) {
  const Box box{500'000, 1'998'000, 502'000, 2'000'000};
  for (const bool overviews : {false, true}) {
    const auto file = write_ramp("a.tif", 200, overviews);
    const Raster raster = read_raster_here(file, {}, m_progress);
    EXPECT_EQ(raster.overviews, overviews ? 3 : 0);
    const RasterPicture seen = picture_of_raster_here(file, {}, raster, utm_view(box, 20, 20), m_progress);
    for (const auto& [x, y] : {std::pair(12, 3), {17, 15}}) {
      const std::uint8_t* pixel = seen.picture.at(x - seen.left, y - seen.top);
      EXPECT_NEAR(pixel[0], (10 * x + 4.5) * 255 / 200, 1.5) << overviews;
      EXPECT_NEAR(pixel[1], (10 * y + 4.5) * 255 / 200, 1.5) << overviews;
    }
    std::filesystem::remove(file);
  }
}

TEST_F(Rasters, NothingOfItIsSeenElsewhere) {
  const auto file = write_ramp("a.tif");
  const Raster raster = read_raster(file, {}, m_progress);
  const RasterPicture seen =
      picture_of_raster(file, {}, raster, utm_view({600'000, 1'998'000, 602'000, 2'000'000}, 20, 20), m_progress);
  EXPECT_TRUE(seen.picture.pixels.empty());
}

TEST_F(Rasters, AFileThatChangedAndAWishToStopAreHeard) {
  const auto file = write_ramp("a.tif");
  Raster raster = read_raster(file, {}, m_progress);
  const RasterView view = utm_view(raster.extent, 50, 50);
  raster.modified += 1;
  EXPECT_THROW(picture_of_raster(file, {}, raster, view, m_progress), InputError);
  raster.modified -= 1;
  m_progress.cancel();
  EXPECT_THROW(picture_of_raster(file, {}, raster, view, m_progress), Cancelled);
}

TEST_F(Rasters, BoundsAreKept) {
  const auto file = write_ramp("a.tif");
  ReadOptions options;
  options.max_raster_pixels = 39'999;
  try {
    read_raster(file, options, m_progress);
    FAIL() << "more pixels than the bound";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("200 x 200 pixels, more than the bound of 39,999"));
  }
  EXPECT_THROW(read_layer(file, {}, m_progress), UsageError);
}

std::string packed(RasterPicture picture) {
  ReaderAnswer answer = std::move(picture);
  Packer packer;
  pack_answer(packer, answer);
  return packer.bytes();
}

ReaderAnswer unpacked(const RasterPicture& picture) {
  const std::string bytes = packed(picture);
  MemorySource source(bytes);
  return unpack_answer(source, Progress());
}

TEST_F(Rasters, PicturesFromTheReaderAreChecked) {
  RasterPicture good;
  good.picture = {2, 1, {10, 20, 30, 30, 0, 0, 0, 0}};
  const auto answer = unpacked(good);
  EXPECT_EQ(std::get<RasterPicture>(answer).picture.pixels, good.picture.pixels);
  RasterPicture bright = good;
  bright.picture.pixels[2] = 31;
  EXPECT_THROW(unpacked(bright), CorruptAnswer);
  RasterPicture large = good;
  large.picture.width = 3;
  EXPECT_THROW(unpacked(large), CorruptAnswer);
  RasterPicture odd = good;
  odd.left = -1;
  EXPECT_THROW(unpacked(odd), CorruptAnswer);
}

}  // namespace
}  // namespace yaan::test
