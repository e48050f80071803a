#include "app/cli/report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "yaan/core/numbers.hpp"

namespace yaan::cli {

namespace {

std::string shown(const Value& value) {
  return std::holds_alternative<std::int64_t>(value) ? with_thousands(std::get<std::int64_t>(value)) : to_string(value);
}

std::string spaced(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

}  // namespace

std::string text_report(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& entry : diagnostics.entries()) {
    std::string line = entry.where.empty() ? entry.message : fmt::format("{}: {}", entry.where, entry.message);
    if (!entry.features.empty())
      line += fmt::format(" ({}{})", fmt::join(entry.features, ", "),
                          entry.count > static_cast<std::int64_t>(entry.features.size()) ? ", ..." : "");
    text += fmt::format("  {:<9}{:>9}  {}\n", to_string(entry.severity), with_thousands(entry.count),
                        wrapped(printable(line), 100, 22));
  }
  return text;
}

std::string text_report(const RunResult& result, const Console& console) {
  std::string text;
  std::size_t widest = 0;
  for (const auto& [method, summary] : result.steps) widest = std::max(widest, method.size());
  for (const auto& [method, summary] : result.steps) {
    std::string counts;
    for (const auto& [name, value] : summary)
      counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", spaced(name), shown(value));
    text += fmt::format("{}{}  {}\n", console.bold(method), std::string(widest - method.size(), ' '), counts);
  }
  if (!result.diagnostics.empty()) text += console.bold("to know") + "\n" + text_report(result.diagnostics);
  bool heading = false;
  for (const WrittenOutput& output : result.outputs) {
    if (output.path.empty()) continue;
    if (!heading) text += console.bold("wrote") + "\n";
    heading = true;
    text += fmt::format("  {:>9} {:<8}  {}\n", with_thousands(static_cast<std::int64_t>(output.features)),
                        output.kind == "table" ? "rows"
                        : output.kind == "map" ? "sites"
                                               : "features",
                        printable(output.path.string()));
  }
  text += fmt::format("{:.2f} s (load {:.2f}, compute {:.2f}, write {:.2f}), peak memory {:.0f} MB\n",
                      result.load_seconds + result.compute_seconds + result.write_seconds, result.load_seconds,
                      result.compute_seconds, result.write_seconds, static_cast<double>(result.peak_bytes) / 1e6);
  return text;
}

}  // namespace yaan::cli
