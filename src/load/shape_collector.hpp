#pragma once
// The geometries of a layer as they come, one for each row, sorted by kind and with the unusable ones set aside.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "load/wkb.hpp"
#include "yaan/core/geometry.hpp"
#include "yaan/load/read.hpp"

namespace yaan {

/// Why a row has no geometry that can be used, or what was done to it.
enum class ShapeNote {
  null,
  empty,
  non_finite,
  out_of_range,
  unreadable_coordinate,
  unreadable_geometry,
  mixed_collection,
  split_multipoint,
  unclosed_ring,
  linearised_curve,
  short_line,
  swapped_axes,
  turned_longitude,
  cut_at_antimeridian,
  split_parts,
  split_collection,
  dropped_z,
  dropped_m
};
inline constexpr std::size_t kShapeNotes = 18;
/// Rows of one kind of note that are remembered one by one.
inline constexpr std::size_t kMostNoted = 10'000;

class ShapeCollector {
 public:
  struct Tally {
    std::int64_t count = 0;
    std::vector<std::uint32_t> first_rows;  ///< at most kMostNoted
  };
  /// A note on the position of one row.
  struct Noted {
    std::uint32_t row = 0;
    ShapeNote note{};
  };
  struct Kept {
    Geometry geometry;
    std::vector<std::uint32_t> rows;  ///< the row of each feature; a row that was split stands there several times
    std::size_t features = 0;         ///< rows that it came from
  };

  /// `degrees`: coordinates beyond 180 and 90 are out of range, unless `swapped` says that they are exchanged, or they
  /// are longitudes up to 360: lines and polygons are cut at the 180th meridian (cut_at_antimeridian), points are
  /// turned where the layer has none west of Greenwich. `parts`: see ReadOptions.
  ShapeCollector(bool degrees, SwappedAxes swapped, Parts parts);

  /// Makes room for about so many points in all.
  void reserve_points(std::size_t rows);

  // Each call is one row.
  void add_point(double x, double y);
  void add_wkb(std::span<const std::uint8_t> bytes);
  /// As many rows as there are points, each as add_point, when all of them are kept as they are; otherwise none, and
  /// false.
  bool add_plain_points(std::span<const double> x, std::span<const double> y);
  void add_unusable(ShapeNote why);

  /// Another note on the row of the last call.
  void note_last(ShapeNote what);
  /// Decides about the points that wait to be exchanged (SwappedAxes::fitting) or turned; before anything is taken from
  /// here.
  void settle_axes();
  /// Gives rows that were set aside a place; once for each row, in the order of the rows.
  void place(std::span<const Noted> rows, std::span<const double> x, std::span<const double> y);

  [[nodiscard]] std::size_t rows() const { return m_rows; }
  [[nodiscard]] const Tally& tally(ShapeNote note) const { return m_tallies[static_cast<std::size_t>(note)]; }
  [[nodiscard]] Kept& kept(GeometryKind kind);
  [[nodiscard]] bool has_mostly_polygons() const { return m_polygons.features > m_points.features + m_lines.features; }
  /// Rows that were set aside or exchanged, the first kMostNoted of each kind of note; in order once axes are settled.
  [[nodiscard]] std::vector<Noted> noted() const;
  /// Rows out of range that would be within it with x and y exchanged.
  [[nodiscard]] std::int64_t in_range_when_swapped() const { return m_in_range_when_swapped; }

 private:
  // A point that comes later than its row, such as one whose coordinates were exchanged or turned.
  struct Late {
    std::uint32_t row = 0;
    double x = 0;
    double y = 0;
    ShapeNote why{};
  };

  [[nodiscard]] bool is_plain(double x, double y) const;
  void note(ShapeNote what) { note(what, m_rows); }
  void note(ShapeNote what, std::size_t row);
  bool in_order(std::span<const double> x, std::span<const double> y, ShapeNote& why);
  std::optional<ShapeNote> keep_shape();
  void keep(const Shape& shape);
  bool keep_members(std::span<const std::uint8_t> bytes);
  void insert(std::span<const Late> points);
  std::vector<std::uint8_t> linearised(std::span<const std::uint8_t> bytes);

  bool m_degrees;
  SwappedAxes m_swapped;
  Parts m_parts;
  std::vector<Late> m_waiting;
  std::size_t m_rows = 0;
  std::int64_t m_in_range_when_swapped = 0;
  Shape m_shape;
  Kept m_points;
  Kept m_lines;
  Kept m_polygons;
  std::array<Tally, kShapeNotes> m_tallies;
};

}  // namespace yaan
