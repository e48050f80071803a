#pragma once
// How a file is to be read, as options of a verb.

#include <string>
#include <vector>

#include "app/cli/verb.hpp"
#include "yaan/load/read.hpp"

namespace yaan::cli {

/// One option for each of read_settings(), called prefix + key; without those of tables where `tables` is false.
std::vector<Option> setting_options(const std::string& prefix, bool tables);

/// What the arguments say. Throws UsageError for a value that cannot be, and when only one of x and y is given.
ReadOptions settings_from(const Arguments& arguments, const std::string& prefix);

}  // namespace yaan::cli
