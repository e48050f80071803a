#pragma once
// The kinds of file that a map is printed to.

#include <string_view>

namespace yaan {

enum class MapFormat {
  png,  ///< pixels
  svg,  ///< shapes in pixels; texts are outlines that look the same everywhere, with the letters beneath for search
  pdf   ///< one page at 96 pixels an inch, its texts can be searched and copied
};

/// By the extension, in small letters; png for any other one.
MapFormat map_format_of(std::string_view file_name);

}  // namespace yaan
