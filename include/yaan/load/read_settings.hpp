#pragma once
// The settings of ReadOptions that users give, each described once: the keys of a layer in a study, the options of the
// command line and the schema derive from here.

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "yaan/load/read.hpp"

namespace yaan {

struct ReadSetting {
  std::string_view key;              ///< in a study: "swapped_axes"; on the command line --swapped-axes
  std::string_view word;             ///< what the option takes: COLUMN
  std::string_view help;             ///< one phrase
  std::vector<std::string> choices;  ///< empty: any text
  bool of_tables = false;            ///< has no meaning for a layer of areas
  bool of_pictures = false;          ///< has a meaning for a backdrop
  std::function<std::string(const ReadOptions&)> get;         ///< "" when it is not set
  std::function<void(ReadOptions&, const std::string&)> set;  ///< Throws UsageError for a value that cannot be
};

std::span<const ReadSetting> read_settings();

}  // namespace yaan
