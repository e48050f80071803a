#include "load/raster_place.hpp"

#include <fmt/format.h>
#include <gdal_alg.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <vector>

#include "load/source_name.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

namespace fs = std::filesystem;

namespace {

constexpr int kFewestPoints = 3;
constexpr int kPointsForCurves = 6;  // a polynomial of the second order has that many terms

// Six numbers, one a line: the affine map of pixel centres.
void read_world_file(const fs::path& file, double affine[6]) {
  std::ifstream in(file);
  double numbers[6];
  for (double& number : numbers) {
    std::string word;
    in >> word;
    const auto read = parse_double(word.substr(0, 40));
    if (!read)
      throw InputError(fmt::format("the world file {} does not hold six numbers", file.string()),
                       "mend it, or take it away and give the picture tags that place it");
    number = *read;
  }
  const auto [a, d, b, e, c, f] = numbers;
  affine[0] = c - a / 2 - b / 2;
  affine[1] = a;
  affine[2] = b;
  affine[3] = f - d / 2 - e / 2;
  affine[4] = d;
  affine[5] = e;
}

}  // namespace

void RasterPlace::DestroyPoints::operator()(void* points) const { GDALDestroyGCPTransformer(points); }

RasterPlace::RasterPlace(GDALDataset& dataset, const fs::path& file, const std::string& shown) {
  if (dataset.GetGeoTransform(m_affine) == CE_None) {
    m_placed_by = "its tags";
    set_affine(shown);
  } else if (dataset.GetGCPCount() > 0) {
    place_by_points(dataset, shown);
  } else if (const fs::path world = world_file(file); !world.empty()) {
    read_world_file(world, m_affine);
    m_placed_by = "its world file";
    set_affine(shown);
  }
}

void RasterPlace::set_affine(const std::string& shown) {
  const bool finite = std::all_of(m_affine, m_affine + 6, [](double number) { return std::isfinite(number); });
  const double area = m_affine[1] * m_affine[5] - m_affine[2] * m_affine[4];
  if (!finite || area == 0 || GDALInvGeoTransform(m_affine, m_inverse) == 0)
    throw InputError(fmt::format("{} states a place in which its pixels have no extent", shown),
                     "georeference it anew, for example with QGIS");
}

void RasterPlace::place_by_points(GDALDataset& dataset, const std::string& shown) {
  const int count = dataset.GetGCPCount();
  if (count < kFewestPoints)
    throw InputError(
        fmt::format("{} is placed by {} control point{}, which is too few", shown, count, count == 1 ? "" : "s"),
        "give it three control points or more, for example with QGIS");
  const GDAL_GCP* points = dataset.GetGCPs();
  GdalMessages messages;
  m_points.reset(GDALCreateGCPTransformer(count, points, count >= kPointsForCurves ? 2 : 1, FALSE));
  std::vector<double> x;
  std::vector<double> y;
  for (int i = 0; m_points && i < count; ++i) {
    x.push_back(points[i].dfGCPX);
    y.push_back(points[i].dfGCPY);
  }
  if (m_points) to_pixels(x, y);
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double dx = x[i] - points[i].dfGCPPixel;
    const double dy = y[i] - points[i].dfGCPLine;
    sum += dx * dx + dy * dy;
  }
  m_misfit = std::sqrt(sum / count);
  if (!m_points || !std::isfinite(m_misfit))
    throw InputError(fmt::format("the {} control points of {} place nothing: they may lie on one line", count, shown),
                     "georeference it anew, for example with QGIS");
  m_placed_by = fmt::format("{} control points", count);
}

bool RasterPlace::turned() const {
  return !by_points() && (m_affine[2] != 0 || m_affine[4] != 0 || m_affine[1] < 0 || m_affine[5] > 0);
}

void RasterPlace::to_ground(std::span<double> x, std::span<double> y) const {
  if (m_points) {
    std::vector<double> z(x.size(), 0);
    std::vector<int> done(x.size(), 0);
    GDALGCPTransform(m_points.get(), FALSE, static_cast<int>(x.size()), x.data(), y.data(), z.data(), done.data());
    for (std::size_t i = 0; i < x.size(); ++i)
      if (done[i] == 0) x[i] = y[i] = std::numeric_limits<double>::quiet_NaN();
    return;
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double px = x[i];
    const double py = y[i];
    x[i] = m_affine[0] + px * m_affine[1] + py * m_affine[2];
    y[i] = m_affine[3] + px * m_affine[4] + py * m_affine[5];
  }
}

void RasterPlace::to_pixels(std::span<double> x, std::span<double> y) const {
  if (m_points) {
    std::vector<double> z(x.size(), 0);
    std::vector<int> done(x.size(), 0);
    GDALGCPTransform(m_points.get(), TRUE, static_cast<int>(x.size()), x.data(), y.data(), z.data(), done.data());
    for (std::size_t i = 0; i < x.size(); ++i)
      if (done[i] == 0) x[i] = y[i] = std::numeric_limits<double>::quiet_NaN();
    return;
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double gx = x[i];
    const double gy = y[i];
    x[i] = m_inverse[0] + gx * m_inverse[1] + gy * m_inverse[2];
    y[i] = m_inverse[3] + gx * m_inverse[4] + gy * m_inverse[5];
  }
}

}  // namespace yaan
