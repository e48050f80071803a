#pragma once
// A layer on the wire.

#include <cstdint>
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

/// A layer as it came, not checked yet.
class UnpackedLayer {
 public:
  explicit UnpackedLayer(Unpacker& wire);
  /// Checks columns and coordinates, in parallel, and makes them a layer. Call it once. Throws CorruptAnswer,
  /// Cancelled.
  Layer build(const Progress& progress);

 private:
  struct UnpackedColumn {
    Column head;  ///< name, unit, title, help; no values
    ColumnType type = ColumnType::text;
    std::vector<std::uint8_t> valid;
    std::vector<std::int64_t> integers;  ///< of integers and their lists
    std::vector<double> reals;           ///< of reals and their lists
    std::vector<std::int32_t> days;
    std::string bytes;                     ///< of texts and their lists
    std::vector<std::uint64_t> ends;       ///< of texts: in bytes; of lists: in items
    std::vector<std::uint64_t> item_ends;  ///< of lists of texts: in bytes
  };
  static UnpackedColumn unpack_column(Unpacker& wire);
  static Column build_column(UnpackedColumn&& unpacked);
  void check_geometry() const;

  Layer m_head;
  std::uint64_t m_rows = 0;
  GeometryKind m_kind = GeometryKind::none;
  std::vector<double> m_x;
  std::vector<double> m_y;
  std::vector<std::uint64_t> m_feature_parts;
  std::vector<std::uint64_t> m_part_rings;
  std::vector<std::uint64_t> m_ring_vertices;
  std::vector<UnpackedColumn> m_columns;
};

}  // namespace yaan
