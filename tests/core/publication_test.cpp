#include "yaan/core/publication.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "yaan/core/error.hpp"

namespace yaan {
namespace {

TEST(Publication, LevelsComeFromTheColumnAndNamesTheFeatureThatIsWrong) {
  Layer layer;
  layer.name = "sites";
  layer.geometry = Geometry::points({100, 101, 102}, {13, 14, 15});
  EXPECT_EQ(publication_levels(layer), std::vector<Publication>(3, Publication::open));
  Column levels("publication", ColumnType::text);
  levels.push("hidden");
  levels.push_null();
  levels.push("coarsened");
  layer.set(levels);
  layer.roles.publication = "publication";
  EXPECT_EQ(publication_levels(layer),
            (std::vector<Publication>{Publication::hidden, Publication::open, Publication::coarsened}));
  Column wrong("publication", ColumnType::text);
  wrong.push("open");
  wrong.push("hiden");
  wrong.push("open");
  layer.set(wrong);
  try {
    publication_levels(layer);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("#2"), std::string::npos);
  }
}

TEST(Publication, CoarsenMovesToTheCellCentreAndStaysThere) {
  double lon = 100.4913;
  double lat = -13.7501;
  coarsen(lon, lat);
  EXPECT_DOUBLE_EQ(lon, 100.475);
  EXPECT_DOUBLE_EQ(lat, -13.775);
  coarsen(lon, lat);
  EXPECT_DOUBLE_EQ(lon, 100.475);
  EXPECT_LE(std::abs(lat + 13.7501), kCoarseGridDegrees);
}

}  // namespace
}  // namespace yaan
