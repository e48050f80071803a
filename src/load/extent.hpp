#pragma once
// A layer cut down on reading: to the features that touch a box, and to the columns that were asked for.

#include <optional>
#include <string>
#include <vector>

#include "load/raw_layer.hpp"
#include "yaan/core/crs.hpp"
#include "yaan/core/geometry.hpp"

namespace yaan {

struct Extent {
  Box box;
  std::optional<Crs> crs;  ///< of the numbers; nothing: that of the layer
};

/// Whether the box could hold longitudes and latitudes, in some rows exchanged. Not an empty one.
bool looks_like_degrees(const Box& box);

/// "97.3,5.6,105.7,20.5" in degrees, or with a system as a fifth item. Throws UsageError.
Extent parse_extent(const std::string& text);

/// A box in another system that holds all of the extent, with a margin; nothing where that cannot be said, as beyond
/// the use of a projection.
std::optional<Box> box_around(const Extent& extent, const Crs& crs);

/// Leaves out the features whose box, in the system of the extent, does not touch it; counted as outside-extent.
/// Nothing happens without options.extent. Throws UsageError where the two systems cannot be compared.
void keep_within_extent(RawLayer& raw, const ReadOptions& options);

/// Which of the columns options.fields wants, those that are read anyway among them; those left out are counted as
/// left-out-column. Throws UsageError for a name that is no column.
std::vector<bool> wanted_columns(const std::vector<std::string>& names, const ReadOptions& options,
                                 const std::string& shown, const std::string& where, Diagnostics& diagnostics);

/// Leaves out the other columns; those that hold coordinates stay until finish().
void keep_fields(RawLayer& raw, const ReadOptions& options);

/// Of a feature that the extent leaves out, for the diagnostics.
inline constexpr std::string_view kOutsideExtent = "features that do not touch the extent were left out";

}  // namespace yaan
