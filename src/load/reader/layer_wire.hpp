#pragma once
// A layer on the wire.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "load/reader/wire.hpp"
#include "yaan/core/layer.hpp"
#include "yaan/core/progress.hpp"

namespace yaan {

void travel_crs(Packer& wire, Crs& crs);
void travel_crs(Unpacker& wire, Crs& crs);

void travel_source(Packer& wire, Source& source);
void travel_source(Unpacker& wire, Source& source);

void pack_layer(Packer& wire, Layer& layer);

/// A layer as views of the answer, not checked yet.
class UnpackedLayer {
 public:
  explicit UnpackedLayer(Unpacker& wire);
  /// Copies and checks, columns and coordinates in parallel. `mapped`: the answer is a file in memory, whose pages are
  /// given up on the way. Throws CorruptAnswer, Cancelled.
  Layer build(bool mapped, const Progress& progress);

 private:
  struct ColumnView {
    Column head;  ///< name, unit, title, help; no values
    ColumnType type = ColumnType::text;
    std::span<const std::uint8_t> valid;
    std::span<const std::int64_t> integers;  ///< of integers and their lists
    std::span<const double> reals;           ///< of reals and their lists
    std::span<const std::int32_t> days;
    std::span<const char> bytes;               ///< of texts and their lists
    std::span<const std::uint64_t> ends;       ///< of texts: in bytes; of lists: in items
    std::span<const std::uint64_t> item_ends;  ///< of lists of texts: in bytes
  };
  static ColumnView view_column(Unpacker& wire);
  static Column build_column(const ColumnView& view);
  void check_geometry() const;

  Layer m_head;
  std::uint64_t m_rows = 0;
  GeometryKind m_kind = GeometryKind::none;
  std::span<const double> m_x;
  std::span<const double> m_y;
  std::span<const std::uint64_t> m_feature_parts;
  std::span<const std::uint64_t> m_part_rings;
  std::span<const std::uint64_t> m_ring_vertices;
  std::vector<ColumnView> m_columns;
};

}  // namespace yaan
