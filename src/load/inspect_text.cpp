// The report of inspect for a terminal.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "yaan/core/database_name.hpp"
#include "yaan/core/numbers.hpp"
#include "yaan/core/utf8.hpp"
#include "yaan/load/inspect.hpp"

namespace yaan {

namespace {

constexpr std::size_t kWidth = 100;

// Marks above and below a letter take no column of their own.
bool is_mark(char32_t c) {
  return c == 0x0E31 || (c >= 0x0E34 && c <= 0x0E3A) || (c >= 0x0E47 && c <= 0x0E4E) || (c >= 0x0300 && c <= 0x036F) ||
         (c >= 0x200B && c <= 0x200F);
}

std::size_t columns_of(char32_t c) {
  if (is_mark(c)) return 0;
  const bool wide = (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
                    (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFF00 && c <= 0xFF60) || c >= 0x1F300;
  return wide ? 2 : 1;
}

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    width += columns_of(point.value);
    at += point.bytes;
  }
  return width;
}

// A control character of the data could drive the terminal.
std::string printable(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    const bool control = point.value < 0x20 || (point.value >= 0x7F && point.value < 0xA0);
    append_utf8(plain, control ? U' ' : point.value);
    at += point.bytes;
  }
  return plain;
}

// Cut between letters with their marks, with "..." in the last columns.
std::string clipped(std::string_view text, std::size_t width) {
  std::string plain = printable(text);
  if (width_of(plain) <= width) return plain;
  std::size_t used = 0;
  std::size_t at = 0;
  while (at < plain.size()) {
    const CodePoint point = code_point_at(plain, at);
    if (used + columns_of(point.value) > width - 3) break;
    used += columns_of(point.value);
    at += point.bytes;
  }
  return plain.substr(0, at) + "...";
}

std::string padded(std::string_view text, std::size_t width) {
  std::string cell = clipped(text, width);
  cell.append(width - width_of(cell), ' ');
  return cell;
}

// Words in lines of at most kWidth columns: the first behind `start`, the following ones indented.
std::string wrapped(std::string_view start, std::string_view text, std::size_t indent) {
  const std::string plain = printable(text);
  const std::string margin(indent, ' ');
  std::string out;
  std::string line(start);
  bool first = true;
  std::size_t at = 0;
  while (at < plain.size()) {
    const std::size_t space = std::min(plain.find(' ', at), plain.size());
    const std::string word = clipped(std::string_view(plain).substr(at, space - at), kWidth - indent);
    at = space + 1;
    if (!first && width_of(line) + 1 + width_of(word) > kWidth) {
      out += line + "\n";
      line = margin;
      first = true;
    }
    line += (first ? "" : " ") + word;
    first = false;
  }
  return out + line;
}

std::string count(std::size_t n) { return with_thousands(static_cast<std::int64_t>(n)); }

std::string kind_text(const LayerReport& layer) {
  const std::string features = count(layer.features) + (layer.features == 1 ? " feature" : " features");
  if (layer.kind == GeometryKind::none) return features + ", no geometry";
  std::string text = fmt::format("{}, {} usable as {}", features, count(layer.usable), to_string(layer.kind));
  if (layer.kind != GeometryKind::point) text += fmt::format(", {} vertices", count(layer.vertices));
  return text;
}

std::string crs_text(const Crs& crs) {
  if (crs.kind() != Crs::Kind::none && crs.name() == "unknown") return "defined in the file, without a name";
  return crs.code().empty() ? crs.name() : fmt::format("{} ({})", crs.name(), crs.code());
}

std::string values_text(const FieldReport& field) {
  if (!field.minimum.empty())
    return field.minimum == field.maximum ? field.minimum : field.minimum + " to " + field.maximum;
  std::string text;
  for (const std::string& sample : field.samples) text += (text.empty() ? "" : " | ") + sample;
  return text;
}

std::string fields_text(const LayerReport& layer) {
  constexpr std::size_t kName = 22;
  constexpr std::size_t kType = 16;
  constexpr std::size_t kNulls = 11;
  std::string out = fmt::format("    {}  {}  {:>11}  values\n", padded("field", kName), padded("type", kType), "nulls");
  for (const FieldReport& field : layer.fields) {
    std::string line =
        fmt::format("    {}  {}  {:>11}  {}", padded(field.name, kName), padded(to_string(field.type), kType),
                    count(field.nulls), clipped(values_text(field), kWidth - 10 - kName - kType - kNulls));
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

std::string diagnostic_text(const Diagnostic& entry) {
  std::string text = fmt::format("{:<8}  {}: {} ({})", to_string(entry.severity), entry.code, entry.message,
                                 with_thousands(entry.count));
  for (std::size_t i = 0; i < entry.features.size(); ++i) text += (i == 0 ? ": " : ", ") + entry.features[i];
  if (entry.count > static_cast<std::int64_t>(entry.features.size()) && !entry.features.empty()) text += ", ...";
  return text;
}

std::string layer_text(const LayerReport& layer) {
  std::string out = "\n  " + clipped("layer " + layer.name, kWidth - 2) + "\n";
  out += fmt::format("    {}\n", kind_text(layer));
  if (!layer.x_column.empty())
    out += "    " +
           clipped(fmt::format("coordinates in the columns {} and {}", layer.x_column, layer.y_column), kWidth - 4) +
           "\n";
  if (layer.kind != GeometryKind::none) {
    out += "    " + clipped("CRS     " + crs_text(layer.crs), kWidth - 4) + "\n";
    const int decimals = layer.crs.is_geographic() ? 6 : 2;
    if (!layer.extent.empty())
      out += fmt::format("    extent  x {} to {}, y {} to {}\n", fixed_trimmed(layer.extent.min_x, decimals),
                         fixed_trimmed(layer.extent.max_x, decimals), fixed_trimmed(layer.extent.min_y, decimals),
                         fixed_trimmed(layer.extent.max_y, decimals));
  }
  if (!layer.fields.empty()) out += fields_text(layer);
  for (const Diagnostic& entry : layer.diagnostics.entries()) out += wrapped("    ", diagnostic_text(entry), 14) + "\n";
  return out;
}

std::string bands_text(const Raster& raster) {
  std::string text;
  for (std::size_t b = 0; b < raster.bands.size() && b < 12; ++b) {
    const RasterBand& band = raster.bands[b];
    text += fmt::format("{}{} ({}", text.empty() ? "" : ", ", band.meaning, band.type);
    if (band.nodata) text += fmt::format(", {} is no data", shortest(*band.nodata));
    text += ")";
  }
  if (raster.bands.size() > 12) text += fmt::format(" and {} more", raster.bands.size() - 12);
  return text;
}

std::string raster_text(const Raster& raster) {
  std::string out =
      fmt::format("\n  picture of {} x {} pixels\n", with_thousands(raster.width), with_thousands(raster.height));
  out += wrapped("    ", "bands   " + bands_text(raster), 12) + "\n";
  out +=
      fmt::format("    stored  {}, {}\n", raster.compression.empty() ? "not compressed" : printable(raster.compression),
                  raster.overviews == 0   ? "no overviews"
                  : raster.overviews == 1 ? "1 overview"
                                          : fmt::format("{} overviews", raster.overviews));
  out += "    " + clipped("CRS     " + crs_text(raster.crs), kWidth - 4) + "\n";
  if (!raster.placed_by.empty()) {
    const int decimals = raster.crs.is_geographic() ? 6 : 2;
    const std::string unit = raster.crs.is_geographic() ? " degrees" : "";
    out += fmt::format("    placed  by {}\n", raster.placed_by);
    out += fmt::format("    extent  x {} to {}, y {} to {}\n", fixed_trimmed(raster.extent.min_x, decimals),
                       fixed_trimmed(raster.extent.max_x, decimals), fixed_trimmed(raster.extent.min_y, decimals),
                       fixed_trimmed(raster.extent.max_y, decimals));
    out += fmt::format("    pixel   {} x {}{}\n", fixed_trimmed(raster.pixel_width, decimals + 2),
                       fixed_trimmed(raster.pixel_height, decimals + 2), unit);
  }
  for (const Diagnostic& entry : raster.diagnostics.entries())
    out += wrapped("    ", diagnostic_text(entry), 14) + "\n";
  return out;
}

std::string guesses_text(const FileReport& report, const LayerReport& layer) {
  if (layer.roles.empty()) return {};
  std::string scores;
  for (const RoleGuess& guess : layer.roles) {
    scores += fmt::format("{}{} {:.2f}", scores.empty() ? "" : ", ", guess.role, guess.score);
    if (!guess.rival.empty()) scores += fmt::format(" (or is it {}?)", guess.rival);
  }
  return wrapped("    ", "in a study, with the parts of columns guessed from headers and values: " + scores, 6) + "\n" +
         "      " + printable(study_fragment(report, layer)) + "\n";
}

}  // namespace

std::string to_text(const FileReport& report) {
  std::string out = clipped(report.path, kWidth) + "\n";
  out += names_database(report.path) ? fmt::format("  {}\n", report.format)
                                     : fmt::format("  {}, {} bytes\n", report.format, count(report.bytes));
  out += fmt::format("  sha256 {}\n", report.sha256);
  if (report.layers.empty() && report.rasters.empty()) out += "  no layers\n";
  for (const LayerReport& layer : report.layers) out += layer_text(layer) + guesses_text(report, layer);
  for (const Raster& raster : report.rasters)
    out += raster_text(raster) + "    in a study, as a backdrop under the maps:\n      " +
           printable(study_fragment(report, raster)) + "\n";
  return out;
}

}  // namespace yaan
