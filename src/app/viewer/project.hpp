#pragma once
// Files as the viewer opens them.

#include "app/viewer/session.hpp"
#include "app/viewer/viewer.hpp"

namespace yaan::viewer {

/// A study with its layers and steps, or plain layers. A layer of points opened as a plain file gets the default dbscan
/// and districts steps. Throws UsageError for no file and for a study beside other files, and what loading throws.
Project open_project(const ViewerOptions& options, Progress& progress);

}  // namespace yaan::viewer
