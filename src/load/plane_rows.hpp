#pragma once
// Rows of a table whose coordinates are in another system than the rest.

#include <map>
#include <optional>
#include <vector>

#include "load/raw_layer.hpp"

namespace yaan {

/// Settles, row by row:
/// - eastings and northings where degrees should be: taken from plane_crs, where that is given, else counted as
///   `projected-coordinate` and left out of range (UTM's eastings lie around 500 km, northings below 10,000 km);
/// - in a layer of one zone of UTM, rows whose column of zones (zone, utm_zone, โซน) names another: `utm-zone`;
/// - in such a layer, rows in degrees, where they are fewer than half: `degrees-among-metres`, on WGS 84.
class PlaneRows {
 public:
  /// `x`, `y`: the columns, where both hold numbers; else null. Throws UsageError for a plane_crs that is no plane.
  PlaneRows(RawLayer& raw, const ReadOptions& options, const Column* x, const Column* y);

  /// Whether any row of the columns may be of another system, so that each must be settled.
  [[nodiscard]] bool look_at_each() const { return !m_zones.empty() || m_degrees; }
  /// Takes the row's coordinates to the system of the layer, where they are of another one that is known.
  void settle(double& x, double& y, std::size_t row);
  void report() const;

 private:
  struct Counted {
    std::int64_t rows = 0;
    std::size_t first = 0;
    void add(std::size_t row) {
      if (rows++ == 0) first = row;
    }
  };
  void note(std::string_view code, Counted& counted, std::size_t row);
  [[nodiscard]] std::vector<int> zones_of_rows() const;

  RawLayer& m_raw;
  const ReadOptions& m_options;
  std::optional<Transformer> m_to_layer;  ///< from plane_crs
  int m_zone = 0;                         ///< of the layer, 0 when that is no zone of UTM in the north
  std::vector<int> m_zones;               ///< of the rows, 0 for none; empty where no row names another
  std::map<int, Transformer> m_from_zone;
  bool m_degrees = false;
  std::optional<Transformer> m_from_degrees;
  Counted m_planes, m_others, m_in_degrees;
};

}  // namespace yaan
