#pragma once
// Where the pixels of a raster lie: by an affine map of its tags, by control points, or by that of a world file.

#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "load/gdal_session.hpp"
#include "yaan/core/diagnostics.hpp"

namespace yaan {

/// From pixels (x to the right, y down, the corner of the first pixel at 0, 0) to the CRS of the raster, and back.
class RasterPlace {
 public:
  /// Of the tags, else of the control points, else of the world file; nowhere() where there is none of them. Throws
  /// InputError (naming `shown`) when what there is places nothing: a pixel without extent, numbers that are not
  /// finite, an unreadable world file, control points on one line.
  RasterPlace(GDALDataset& dataset, const std::filesystem::path& file, const std::string& shown);

  [[nodiscard]] bool nowhere() const { return m_placed_by.empty(); }
  [[nodiscard]] const std::string& placed_by() const { return m_placed_by; }
  [[nodiscard]] bool turned() const;
  /// How far control points lie from where the fit puts them, in pixels, root mean square; 0 without any.
  [[nodiscard]] double misfit() const { return m_misfit; }
  [[nodiscard]] bool by_points() const { return m_points != nullptr; }

  void to_ground(std::span<double> x, std::span<double> y) const;
  /// What cannot be told becomes NaN.
  void to_pixels(std::span<double> x, std::span<double> y) const;

 private:
  struct DestroyPoints {
    void operator()(void* points) const;
  };
  void place_by_points(GDALDataset& dataset, const std::string& shown);
  void set_affine(const std::string& shown);

  std::string m_placed_by;
  double m_affine[6] = {0, 1, 0, 0, 0, 1};
  double m_inverse[6] = {0, 1, 0, 0, 0, 1};
  std::unique_ptr<void, DestroyPoints> m_points;
  double m_misfit = 0;
};

}  // namespace yaan
