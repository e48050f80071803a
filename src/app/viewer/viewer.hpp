#pragma once
// The map window, and its picture without a display.

#include <filesystem>
#include <string>
#include <vector>

#include "yaan/core/localized.hpp"
#include "yaan/core/progress.hpp"
#include "yaan/load/read.hpp"

namespace yaan {

struct ViewerOptions {
  std::vector<std::filesystem::path> files;  ///< one study, or any number of layers
  ReadOptions read;                          ///< of layers that no study describes
  std::filesystem::path screenshot;          ///< empty: open a window
  int width = 1600;                          ///< of the window or the picture, pixels
  int height = 1000;
  Language language = Language::english;
  std::string colour;    ///< column that colours the map at first; "": as the study says
  unsigned threads = 0;  ///< 0: one per processor
  bool overwrite = false;
  std::filesystem::path trace;  ///< for tests: every change of what is shown is written to this file
};

/// Opens the window and returns 0 when it is closed, or writes the screenshot. Throws UsageError for no file, a size
/// out of range, an existing screenshot without `overwrite`, or no display; OutputError without usable OpenGL;
/// InputError and UsageError as loading and analysing do.
int run_viewer(const ViewerOptions& options, Progress& progress);

}  // namespace yaan
