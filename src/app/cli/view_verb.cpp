#include "app/cli/read_options.hpp"
#include "app/cli/verb.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"

#ifdef YAAN_HAS_VIEWER
#include "app/viewer/viewer.hpp"
#endif

namespace yaan::cli {

namespace {

#ifdef YAAN_HAS_VIEWER
void read_size(const std::string& text, ViewerOptions& options) {
  const auto cross = text.find('x');
  const auto width = cross == std::string::npos ? std::nullopt : parse_int(text.substr(0, cross));
  const auto height = cross == std::string::npos ? std::nullopt : parse_int(text.substr(cross + 1));
  if (!width || !height || *width < 1 || *height < 1 || *width > 16384 || *height > 16384)
    throw UsageError("--size is \"" + text + "\", but must be WIDTHxHEIGHT in pixels", "such as --size 1600x1000");
  options.width = static_cast<int>(*width);
  options.height = static_cast<int>(*height);
}

int run(const Arguments& arguments, Console& console) {
  ViewerOptions options;
  for (const std::string& file : arguments.all("FILE")) options.files.emplace_back(file);
  options.read = settings_from(arguments, "");
  options.screenshot = arguments.text("screenshot");
  if (arguments.has("size")) read_size(arguments.text("size"), options);
  options.language = parse_language(arguments.text("language", "en"));
  options.colour = arguments.text("colour");
  options.threads = threads_of(arguments);
  options.overwrite = arguments.has("overwrite");
  options.trace = arguments.text("trace");
  return run_viewer(options, console.progress());
}
#else
int run(const Arguments& /*arguments*/, Console& /*console*/) {
  throw UsageError("this yaan was built without the map window", "build it with -DYAAN_BUILD_VIEWER=ON");
}
#endif

}  // namespace

Verb view_verb() {
  Verb verb;
  verb.name = "view";
  verb.summary = "open a study or layers in the map window";
  verb.details = "With --screenshot it draws the same window into a picture, with no display needed, and ends.";
  verb.positionals = {{"FILE", "one study, or any number of layers", true, true, {}}};
  verb.options = setting_options("", true);
  for (const Option& option : std::vector<Option>{
           {"language", "", "WORD", "language of the window (en, th; default en)", {"en", "th"}, false},
           {"colour", "", "COLUMN", "column that colours the map at first", {}, false},
           {"screenshot", "", "PNG", "picture to write", {}, false},
           {"size", "", "WxH", "size of window or picture in pixels (default 1600x1000)", {}, false},
           overwrite_option(),
           threads_option(),
           {"trace", "", "FILE", "append every change of what is shown to this file, for tests", {}, false}})
    verb.options.push_back(option);
  verb.examples = {"view data/thailand.json", "view data/thailand.json --screenshot thailand.png --size 1600x1000"};
  verb.run = run;
  return verb;
}

}  // namespace yaan::cli
