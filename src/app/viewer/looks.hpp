#pragma once
// The one place that says which colour stands for what, for the map, the table and the legend alike.

#include "app/viewer/view_state.hpp"
#include "yaan/render/map_painter.hpp"

namespace yaan::viewer::looks {

style::Colour district(std::int64_t rank);  ///< grey for rank 0: in no district
style::Colour district_fill(std::int64_t rank);
style::Colour ground();  ///< sea and neighbours
style::Colour province();
style::Colour province_line();
style::Colour plain_site();
style::Colour coloured_border();  ///< around what has colours that say something
style::Colour halo();
style::Colour district_label();
style::Colour province_label();
style::Colour selection();

/// Everything that does not depend on the language, handed to the painter.
/// `over_pictures`: borders must be seen on any colour.
void give_areas(const MapState& map, bool over_pictures, render::MapPainter& painter);
void give_coloured_areas(const MapState& map, bool over_pictures, render::MapPainter& painter);
void give_districts(const MapState& map, render::MapPainter& painter);
void give_sites(const MapState& map, render::MapPainter& painter);
void give_selection(const MapState& map, const ViewState& view, render::MapPainter& painter);
void give_labels(const MapState& map, const ViewState& view, render::MapPainter& painter);

}  // namespace yaan::viewer::looks
