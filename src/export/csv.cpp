#include "yaan/export/csv.hpp"

#include <cmath>
#include <fstream>
#include <vector>

#include "yaan/core/antimeridian.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"
#include "yaan/core/utf8.hpp"

namespace yaan {

namespace {

constexpr std::size_t kBlockBytes = 64 * 1024;
constexpr std::size_t kRowsBetweenPolls = 4096;
constexpr int kMostDecimals = 15;

/// Would a spreadsheet take the text for a formula?
bool looks_like_formula(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return false;
  const std::string_view rest = text.substr(first);
  if (std::string_view("=+-@\t\r\n").find(rest.front()) != std::string_view::npos) return !parse_double(text);
  for (const std::string_view wide : {"\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"})  // full-width
    if (rest.starts_with(wide)) return true;
  return false;
}

void append_cell(std::string& out, std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void append_text(std::string& out, std::string_view raw) {
  std::string text = replace_invalid_utf8(raw);
  if (looks_like_formula(text)) text.insert(0, "'");
  append_cell(out, text);
}

bool is_text(const Column& column) {
  return column.type() == ColumnType::text || column.type() == ColumnType::text_list;
}

struct Headings {
  bool coordinates = false;
  std::string x;
  std::string y;
};

Headings headings_of(const Layer& layer) {
  Headings headings;
  const bool earth = layer.crs.is_geographic();
  headings.x = earth ? "longitude" : "x";
  headings.y = earth ? "latitude" : "y";
  headings.coordinates = layer.geometry.kind == GeometryKind::point && layer.find(headings.x) == nullptr &&
                         layer.find(headings.y) == nullptr;
  return headings;
}

std::string heading_line(const Layer& layer, const Headings& headings) {
  std::string line;
  if (headings.coordinates) line = headings.x + ',' + headings.y;
  for (const Column& column : layer.columns) {
    if (!line.empty()) line += ',';
    append_text(line, column.name);
  }
  return line + "\r\n";
}

void append_row(std::string& out, const Layer& layer, std::size_t row, bool coordinates, int decimals) {
  const std::size_t start = out.size();
  if (coordinates) {
    const double x = layer.geometry.x[row];
    const double y = layer.geometry.y[row];
    const bool there = std::isfinite(x) && std::isfinite(y);
    if (there) out += fixed_trimmed(layer.crs.is_geographic() ? wrapped_longitude(x) : x, decimals);
    out += ',';
    if (there) out += fixed_trimmed(y, decimals);
  }
  bool first = !coordinates;
  for (const Column& column : layer.columns) {
    if (!first) out += ',';
    first = false;
    if (is_text(column))
      append_text(out, column.display(row));
    else
      append_cell(out, column.display(row));
  }
  // A record of one empty cell would read as no record at all.
  if (out.size() == start) out += "\"\"";
  out += "\r\n";
}

}  // namespace

std::uint64_t stream_csv(ByteSink& sink, const PublishedLayer& published, const CsvOptions& options,
                         Progress& progress) {
  if (options.decimals < 0 || options.decimals > kMostDecimals)
    throw UsageError("a table cannot have " + std::to_string(options.decimals) + " decimals",
                     "use 0 to " + std::to_string(kMostDecimals));
  const Layer& layer = published.layer();
  const Headings headings = headings_of(layer);
  const std::string stage = "writing " + layer.name;
  std::string block = options.byte_order_mark ? "\xEF\xBB\xBF" : "";
  block += heading_line(layer, headings);
  for (std::size_t row = 0; row < layer.size(); ++row) {
    if (row % kRowsBetweenPolls == 0) {
      progress.throw_if_cancelled();
      progress.report(stage, static_cast<double>(row) / static_cast<double>(layer.size()));
    }
    append_row(block, layer, row, headings.coordinates, options.decimals);
    if (block.size() < kBlockBytes) continue;
    sink.write(block);
    block.clear();
  }
  sink.write(block);
  progress.throw_if_cancelled();
  progress.report(stage, 1);
  return layer.size();
}

std::uint64_t write_csv(WholeFile& file, const PublishedLayer& layer, const CsvOptions& options, Progress& progress) {
  const std::uint64_t rows = stream_csv(file, layer, options, progress);
  file.finish([&](const std::filesystem::path& written) {
    const std::uint64_t counted = count_records(written);
    if (counted != rows + 1)
      throw OutputError("cannot write '" + file.target().string() + "': " + std::to_string(counted) + " of " +
                        std::to_string(rows + 1) + " lines arrived on the disk");
  });
  return rows;
}

std::uint64_t count_records(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw OutputError("cannot read '" + file.string() + "' back");
  std::vector<char> block(kBlockBytes);
  std::uint64_t records = 0;
  bool quoted = false;
  bool open = false;  // bytes since the last line end
  while (stream) {
    stream.read(block.data(), static_cast<std::streamsize>(block.size()));
    for (std::streamsize i = 0; i < stream.gcount(); ++i) {
      const char c = block[static_cast<std::size_t>(i)];
      if (c == '"') quoted = !quoted;
      open = quoted || c != '\n';
      if (!open) ++records;
    }
  }
  if (quoted) throw OutputError("'" + file.string() + "' ends within quotes");
  return records + (open ? 1 : 0);
}

}  // namespace yaan
