#include "app/cli/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "yaan/core/numbers.hpp"

namespace yaan::cli {

namespace {

/// For reading: four digits are enough; --json and the run record have all.
std::string shown(const Value& value) {
  if (std::holds_alternative<std::int64_t>(value)) return with_thousands(std::get<std::int64_t>(value));
  if (!std::holds_alternative<double>(value)) return to_string(value);
  const double number = std::get<double>(value);
  return std::abs(number) >= 1000 && std::abs(number) < 1e15 ? with_thousands(std::llround(number))
                                                             : fmt::format("{:.4g}", number);
}

/// "median_m" 386.2 as "median 386.2 m": units end the names of summaries as they do those of columns.
std::string named(std::string name, const Value& value) {
  const bool chance = name == "p" || name.starts_with("p_") || name.ends_with("_p");
  if (const double* p = std::get_if<double>(&value); chance && p != nullptr && *p >= 0 && *p < 1e-4) {
    std::replace(name.begin(), name.end(), '_', ' ');
    return name + " < 0.0001";
  }
  std::string unit;
  for (const std::string_view ending : {"_per_km2", "_km2", "_m"})
    if (name.ends_with(ending)) {
      name.resize(name.size() - ending.size());
      unit = ending;
      break;
    }
  std::string text = fmt::format("{} {}{}", name, shown(value), unit);
  std::replace(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(name.size()), '_', ' ');
  std::replace(text.end() - static_cast<std::ptrdiff_t>(unit.size()), text.end(), '_', ' ');
  return text;
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
      counts += fmt::format("{}{}", counts.empty() ? "" : ", ", named(name, value));
    text += fmt::format("{}{}  {}\n", console.bold(method), std::string(widest - method.size(), ' '),
                        wrapped(counts, 100, widest + 2));
  }
  if (!result.diagnostics.empty()) text += console.bold("to know") + "\n" + text_report(result.diagnostics);
  bool heading = false;
  for (const WrittenOutput& output : result.outputs) {
    if (output.path.empty()) continue;
    if (!heading) text += console.bold("wrote") + "\n";
    heading = true;
    text += fmt::format("  {:>9} {:<8}  {}\n", with_thousands(static_cast<std::int64_t>(output.features)),
                        output.kind == "table" ? "rows" : "features", printable(output.path.string()));
  }
  text += fmt::format("{:.2f} s (load {:.2f}, compute {:.2f}, write {:.2f}), peak memory {:.0f} MB\n",
                      result.load_seconds + result.compute_seconds + result.write_seconds, result.load_seconds,
                      result.compute_seconds, result.write_seconds, static_cast<double>(result.peak_bytes) / 1e6);
  return text;
}

}  // namespace yaan::cli
