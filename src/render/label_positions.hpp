#pragma once
// Which labels of a map are shown, and where on the screen.

#include <cstdint>
#include <vector>

#include "yaan/render/map_painter.hpp"

namespace yaan::render {

/// Size of a drawn label, in framebuffer pixels.
struct LabelSize {
  double width = 0;
  double height = 0;
};

struct PlacedLabel {
  std::uint32_t label = 0;  ///< index into the labels
  double left = 0;          ///< of the text's box, framebuffer pixels from the top left corner, whole numbers
  double top = 0;
};

/// The labels that fit, by style::lay_out_labels: those beside their place first, off the marks; then the centred ones,
/// off the first. `sizes` has one entry for each label (std::invalid_argument otherwise); a label of width 0 or wider
/// than its room is left out. `marks` are places whose discs of `mark_radius` design pixels stay free.
std::vector<PlacedLabel> place_labels(const std::vector<MapLabel>& labels, const std::vector<LabelSize>& sizes,
                                      const std::vector<PlanePoint>& marks, double mark_radius, const Camera& camera,
                                      double pixel_ratio);

}  // namespace yaan::render
