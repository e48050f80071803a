#pragma once
// The panels of the window, one file each. Each draws into the current ImGui window or pane.

#include "app/viewer/frame.hpp"

namespace yaan::viewer {

void draw_top_bar(const Frame& frame);
/// Sliders and choices made from the descriptions of the methods' parameters, and the counts of the answer.
void draw_analysis_panel(const Frame& frame);
/// A box and a slider for each picture under the map; nothing without any.
void draw_backdrop_panel(const Frame& frame);
/// Which column colours the map; nothing where there is no choice.
void draw_colour_panel(const Frame& frame);
void draw_district_table(const Frame& frame);
/// Over the map, in its lower right corner. (left, top, right, bottom) is the map pane.
void draw_legend(const Frame& frame, const WidgetPlace& map_pane);
/// What lies under the pointer.
void draw_tooltip(const Frame& frame);

/// A slider, a choice or a box for one parameter; asks for the change. `name` is the widget's for tests.
void draw_parameter(const Frame& frame, std::size_t step, const Parameter& parameter);
/// Whether draw_parameter has a widget for it.
bool has_widget(const Parameter& parameter);

/// Values of 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times powers of ten from `low` to `high`, both ends and `current`
/// included, rising: what a slider of a length offers. 0 <= low < high; from 0 the next stop is about a 200th of high.
std::vector<double> slider_stops(double low, double high, double current);

}  // namespace yaan::viewer
