#pragma once
// The one place that says which colour and which mark stand for what, for the window, the printed map and the reports.

#include <cstddef>
#include <cstdint>

#include "yaan/core/column.hpp"
#include "yaan/style/colour.hpp"

namespace yaan::style {

/// Colours that tell ranked regions apart: twelve, then again from the first (regions carry their number as well).
/// Each keeps a contrast of at least 3 to the land and to white digits on it. Any two differ by 20 in CIELAB (1976) at
/// the least; for readers without red or green cones by 10, the first six by 14 (Machado, Oliveira and Fernandes 2009).
inline constexpr std::size_t kRankColours = 12;
/// Rank 1 is the first colour; 0 and below is in no region: grey.
Colour rank_colour(std::int64_t rank);

/// What local statistics find: red for high, blue for low, their pale kin for outliers, greys for the rest, as GeoDa
/// and ArcGIS have it, in tones of ColorBrewer's RdBu (see ramp.hpp) that readers without red or green cones tell
/// apart. Tone::own: the colour of rank 1.
Colour tone_colour(Tone tone);
Colour nothing_there();  ///< a count of 0: hardly there, but no gap

Colour sea();  ///< sea and neighbouring countries
Colour land();
Colour border();     ///< between areas
Colour coast();      ///< around the land
Colour ink();        ///< titles and texts
Colour faint_ink();  ///< labels of areas, notes
Colour paper();      ///< side panels
Colour halo();       ///< around labels on the map
Colour rule();       ///< thin lines between things
Colour accent();     ///< what is selected or pointed at

/// Marks that tell categories apart where colour already tells regions apart.
enum class Mark { circle, triangle, square, diamond, star, cross, hexagon };
inline constexpr std::size_t kMarks = 7;
/// Of the n-th category, from 0; after the seventh they come again.
Mark mark_of(std::size_t category);

}  // namespace yaan::style
