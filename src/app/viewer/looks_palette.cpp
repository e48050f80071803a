// Which of the project's colours stands for what in the window.
#include "app/viewer/looks.hpp"
#include "yaan/style/palette.hpp"

namespace yaan::viewer::looks {

style::Colour district(std::int64_t rank) { return style::rank_colour(rank); }
style::Colour district_fill(std::int64_t rank) { return style::rank_colour(rank).with_alpha(64); }
style::Colour ground() { return style::sea(); }
style::Colour province() { return style::land(); }
style::Colour province_line() { return style::border(); }
style::Colour coloured_border() { return style::ink().with_alpha(150); }
style::Colour plain_site() { return style::accent(); }
style::Colour halo() { return style::halo(); }
style::Colour district_label() { return style::ink(); }
style::Colour province_label() { return style::faint_ink(); }
style::Colour selection() { return style::ink(); }

}  // namespace yaan::viewer::looks
