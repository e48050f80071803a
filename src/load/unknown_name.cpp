#include "load/unknown_name.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "yaan/core/layer.hpp"

namespace yaan {

UsageError unknown_name(const std::string& shown, std::string_view kind, const std::string& name,
                        const std::vector<std::string>& words, const std::string& listed) {
  const std::string near = nearest_word(name, words);
  return UsageError(
      fmt::format("{} has no {} \"{}\"", shown, kind, name),
      fmt::format("{}the {}s are {}", near.empty() ? "" : fmt::format("did you mean {}? ", near), kind, listed));
}

UsageError unknown_name(const std::string& shown, std::string_view kind, const std::string& name,
                        const std::vector<std::string>& names) {
  return unknown_name(shown, kind, name, names, fmt::format("{}", fmt::join(names, ", ")));
}

}  // namespace yaan
