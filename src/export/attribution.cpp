#include "yaan/export/attribution.hpp"

#include <algorithm>
#include <filesystem>

namespace yaan {

std::vector<std::string> attribution_lines(std::span<const Source> sources, Language language) {
  std::vector<std::string> lines;
  for (const Source& source : sources) {
    std::string line = source.title.in(language);
    if (!source.attribution.empty()) line += (line.empty() ? "" : ": ") + source.attribution;
    if (line.empty()) line = std::filesystem::path(source.path).filename().string();
    if (!source.licence.empty()) line += (line.empty() ? "(" : " (") + source.licence + ")";
    if (!line.empty() && std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(line);
  }
  return lines;
}

}  // namespace yaan
