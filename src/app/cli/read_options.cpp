#include "app/cli/read_options.hpp"

#include <fmt/format.h>

#include "yaan/core/error.hpp"
#include "yaan/load/read_settings.hpp"
#include "yaan/study/registry.hpp"

namespace yaan::cli {

namespace {

std::string option_name(const std::string& prefix, const ReadSetting& setting) {
  return prefix + option_of(setting.key).substr(2);
}

}  // namespace

std::vector<Option> setting_options(const std::string& prefix, bool tables) {
  std::vector<Option> options;
  for (const ReadSetting& setting : read_settings())
    if (tables || !setting.of_tables)
      options.push_back({option_name(prefix, setting), "", std::string(setting.word), std::string(setting.help),
                         setting.choices, false});
  return options;
}

ReadOptions settings_from(const Arguments& arguments, const std::string& prefix) {
  ReadOptions options;
  for (const ReadSetting& setting : read_settings()) {
    const std::string name = option_name(prefix, setting);
    if (!arguments.has(name)) continue;
    try {
      setting.set(options, arguments.text(name));
    } catch (const UsageError& error) {
      throw UsageError(fmt::format("--{}: {}", name, error.what()), error.advice());
    }
  }
  if (options.x_column.empty() != options.y_column.empty())
    throw UsageError(fmt::format("--{0}x and --{0}y belong together", prefix), "give both columns");
  return options;
}

}  // namespace yaan::cli
