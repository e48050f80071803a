#include "load/any_left.hpp"

#include <fmt/format.h>

#include <cstdint>

#include "yaan/core/error.hpp"

namespace yaan {

void check_any_left(const ReadResult& result, const std::string& shown, const ReadOptions& options,
                    bool axes_exchanged) {
  if (result.layer.size() > 0) return;
  if (result.diagnostics.count("outside-extent") > 0)
    throw InputError(fmt::format("no feature of {} touches the extent {}", shown, options.extent),
                     "an extent is min_x,min_y,max_x,max_y: longitudes first; yaan inspect says where the layer lies");
  std::string reasons;
  std::int64_t lost = 0;
  for (const Diagnostic& entry : result.diagnostics.entries()) {
    if (entry.severity != Severity::skipped || entry.code == "long-row") continue;
    lost += entry.count;
    reasons += fmt::format("{}{} {}", reasons.empty() ? "" : ", ", entry.count, entry.code);
  }
  if (lost == 0) return;
  throw InputError(fmt::format("none of the {} features of {} can be used: {}", lost, shown, reasons),
                   axes_exchanged ? "longitude and latitude seem to be exchanged; --swapped-axes all exchanges them"
                                  : "look at it with yaan inspect; the CRS or the coordinate columns may be wrong");
}

}  // namespace yaan
