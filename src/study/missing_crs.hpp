#pragma once
// Which coordinate reference system a layer without one could have.

#include <string>
#include <vector>

#include "yaan/core/geometry.hpp"
#include "yaan/study/run.hpp"

namespace yaan {

/// The systems in use in Thailand that put `extent`, in unknown coordinates, inside `place`, a box of longitude and
/// latitude on WGS 84, in the order of how common they are: codes for --crs. Zones of UTM overlap, and an old datum
/// lies a few hundred metres away, so that several may fit: the choice is the user's.
std::vector<std::string> crs_candidates(const Box& extent, const Box& place);

/// Where a study lies: its areas, or all layers where it has none, as longitudes and latitudes on WGS 84.
Box place_of(const LayerMap& layers);

/// The box of coordinates without a twentieth of them at each end of each axis (at least one from 8 on): a mistyped or
/// exchanged position shall not decide where a layer lies.
Box bulk_of(const Geometry& geometry);

/// What to advise where the coordinates of `extent` are of unknown CRS: the systems that put them into `place`.
std::string crs_advice(const Box& extent, const Box& place);

/// Throws UsageError when the CRS that a file states was overridden although the study does not say so.
void refuse_overridden_crs(const Diagnostics& of_reading, const std::string& file);

/// Whether `crs` puts it there; a tenth of the place's size is allowed on each side.
bool lies_within(const Box& extent, const std::string& crs, const Box& place);

}  // namespace yaan
