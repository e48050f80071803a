#include "app/viewer/viewer.hpp"

#include "app/viewer/project.hpp"
#include "app/viewer/screenshot.hpp"
#include "app/viewer/window.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/parallel.hpp"
#include "yaan/export/whole_file.hpp"
#include "yaan/text/engine.hpp"

namespace yaan {

namespace {

constexpr int kSmallestWidth = 720;
constexpr int kSmallestHeight = 480;
constexpr int kLargestSide = 8192;

void check_size(const ViewerOptions& options) {
  if (options.width >= kSmallestWidth && options.width <= kLargestSide && options.height >= kSmallestHeight &&
      options.height <= kLargestSide)
    return;
  throw UsageError("the size " + std::to_string(options.width) + "x" + std::to_string(options.height) +
                       " is out of range: width " + std::to_string(kSmallestWidth) + " to " +
                       std::to_string(kLargestSide) + ", height " + std::to_string(kSmallestHeight) + " to " +
                       std::to_string(kLargestSide),
                   "try --size 1600x1000");
}

}  // namespace

int run_viewer(const ViewerOptions& options, Progress& progress) {
  check_size(options);
  WritePolicy policy;
  policy.overwrite = options.overwrite;
  policy.inputs = options.files;
  const bool windowed = options.screenshot.empty();
  if (windowed && !viewer::has_display())
    throw UsageError("no display: neither DISPLAY nor WAYLAND_DISPLAY is set",
                     "use --screenshot FILE to draw the window into a picture, or start it from a desktop session");
  if (!windowed) check_target(options.screenshot, policy);
  if (options.threads > 0) set_thread_count(options.threads);

  viewer::Project project = viewer::open_project(options, progress);
  const text::Engine engine;
  if (windowed) {
    viewer::run_window(
        options, engine,
        [&](std::function<void()> wake) {
          return std::make_unique<viewer::Session>(std::move(project), std::move(wake), progress);
        },
        progress);
    return 0;
  }
  viewer::Session session(std::move(project), {}, progress);
  const Picture picture = viewer::draw_screenshot(options, engine, session);
  WholeFile file(options.screenshot, policy);
  file.write(encode_png(picture));
  file.commit();
  return 0;
}

}  // namespace yaan
