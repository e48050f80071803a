// The panel beside the map: title, list of regions, names behind letters, legend, sources.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "export/print_map_page.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

namespace {

using style::Colour;
using text::Weight;

const Localized kKeysTitle{"By letter on the map", "ชื่อตามตัวอักษรบนแผนที่"};
constexpr double kMargin = 36;
constexpr double kKeyRow = 23;
constexpr double kSection = 40;  // a line and a heading
constexpr std::size_t kMostKeyColumns = 2;

double left_of(const Page& page) { return page.side.min_x + kMargin * page.unit; }
double right_of(const Page& page) { return page.side.max_x - kMargin * page.unit; }
double width_of(const Page& page) { return right_of(page) - left_of(page); }

double paint_heading(const Page& page, double y) {
  const double size = 36 * page.unit;
  for (const std::string& line :
       page.canvas.engine().wrap(page.say(page.map.title), size, Weight::bold, width_of(page))) {
    page.canvas.text(line, left_of(page), y + size, size, style::ink(), Weight::bold);
    y += 1.3 * size;
  }
  const double small = 19 * page.unit;
  y += 6 * page.unit;
  if (!page.map.subtitle.empty())
    for (const std::string& line :
         page.canvas.engine().wrap(page.say(page.map.subtitle), small, Weight::regular, width_of(page))) {
      page.canvas.text(line, left_of(page), y + small, small, style::faint_ink());
      y += 1.45 * small;
    }
  return y + 10 * page.unit;
}

// Foot: the sources, from the bottom up. Returns where it begins.
double paint_sources(const Page& page) {
  const double size = 15 * page.unit;
  std::vector<std::string> lines;
  for (const std::string& source : page.map.sources)
    for (std::string& line : page.canvas.engine().wrap(source, size, Weight::regular, width_of(page)))
      lines.push_back(std::move(line));
  double y = page.side.max_y - 26 * page.unit - static_cast<double>(lines.size()) * 1.4 * size;
  const double top = y;
  if (!lines.empty()) page.canvas.line(left_of(page), y, right_of(page), y, style::rule(), 1.5 * page.unit);
  y += 8 * page.unit;
  for (const std::string& line : lines) {
    page.canvas.text(line, left_of(page), y + size, size, style::faint_ink());
    y += 1.4 * size;
  }
  return top - 14 * page.unit;
}

struct LegendRow {
  std::string title;
  style::Mark mark = style::Mark::circle;
  Colour colour;
  std::size_t count = 0;  // sites in the picture
};

std::vector<LegendRow> legend_rows(const Page& page) {
  if (page.map.coloured.layer != nullptr) {  // sites are plain dots there
    if (page.content.sites.empty() || page.map.sites_title.empty()) return {};
    return {{page.say(page.map.sites_title), style::Mark::circle, style::ink(), page.content.sites.size()}};
  }
  std::vector<LegendRow> kinds;
  for (std::size_t c = 0; c < page.content.categories.size(); ++c)
    kinds.push_back({page.content.categories[c].title, style::mark_of(c), style::ink(), 0});
  LegendRow outside{page.say(page.map.outside_title), style::Mark::circle, style::rank_colour(0), 0};
  for (const MapSite& site : page.content.sites) {
    if (site.category < kinds.size()) ++kinds[site.category].count;
    if (site.rank <= 0) ++outside.count;
  }
  std::erase_if(kinds, [](const LegendRow& kind) { return kind.count == 0; });
  if (!page.map.town) kinds.clear();
  const bool told_apart = !page.map.site_rank_column.empty() && !outside.title.empty();
  if (outside.count > 0 && told_apart) kinds.push_back(std::move(outside));
  return kinds;
}

// Marks of the categories in two columns, above `bottom`. Returns where it begins.
double paint_legend(const Page& page, double bottom) {
  const auto entries = legend_rows(page);
  if (entries.empty()) return bottom;
  const double row = 31 * page.unit;
  const std::size_t rows = (entries.size() + 1) / 2;
  const bool headed = page.map.town && page.map.coloured.layer == nullptr && !page.map.marks_title.empty();
  const double top = bottom - static_cast<double>(rows) * row - (headed ? 48 : 16) * page.unit;
  const double first = headed ? paint_section(page, page.say(page.map.marks_title), top) : top + 8 * page.unit;
  const double size = 17 * page.unit;
  const double column = width_of(page) / 2;
  const auto& engine = page.canvas.engine();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const double x = left_of(page) + (i / rows > 0 ? column : 0);
    const double middle = first + (static_cast<double>(i % rows) + 0.5) * row;
    page.canvas.mark(entries[i].mark, x + 11 * page.unit, middle, 9 * page.unit, entries[i].colour, style::paper(),
                     0.5 * page.unit);
    const std::string count = with_thousands(static_cast<std::int64_t>(entries[i].count));
    const double room = (entries.size() == 1 ? 2 * column : column) - 54 * page.unit - engine.measure(count, size);
    const double base = middle + 0.35 * size;
    const double width = page.canvas.text(engine.fitted(entries[i].title, size, Weight::regular, room),
                                          x + 32 * page.unit, base, size, style::ink());
    page.canvas.text(count, x + 32 * page.unit + width + 10 * page.unit, base, size, style::faint_ink());
  }
  return top - 10 * page.unit;
}

void paint_region_row(const Page& page, const MapRegion& region, double y, double row, bool two_lines) {
  const double size = 19 * page.unit;
  const double small = 15.5 * page.unit;
  const double middle = y + row / 2;
  const double base = middle + 0.35 * size;
  paint_badge(page, left_of(page) + 14 * page.unit, middle, 13 * page.unit, region.rank);
  const double count_width =
      page.canvas.text(region.count, right_of(page), base, 17 * page.unit, style::ink(), Weight::regular, Align::right);
  const double left = left_of(page) + 42 * page.unit;
  const double room = right_of(page) - left - count_width - 16 * page.unit;
  const auto& engine = page.canvas.engine();
  if (two_lines && !region.detail.empty()) {
    page.canvas.text(engine.fitted(region.name, size, Weight::bold, room), left, middle - 1 * page.unit, size,
                     style::ink(), Weight::bold);
    page.canvas.text(engine.fitted(region.detail, small, Weight::regular, room), left, middle + 19 * page.unit, small,
                     style::faint_ink());
    return;
  }
  const std::string name = engine.fitted(region.name, size, Weight::bold, region.detail.empty() ? room : 0.68 * room);
  const double width = page.canvas.text(name, left, base, size, style::ink(), Weight::bold);
  if (region.detail.empty()) return;
  const double gap = 12 * page.unit;
  page.canvas.text(engine.fitted(region.detail, small, Weight::regular, room - width - gap), left + width + gap, base,
                   small, style::faint_ink());
}

// Rows of letters that fit into the room, the last row kept for how many more there are.
std::size_t key_rows_in(const Page& page, const Box& room) {
  const double height = room.height() - (kSection + kKeyRow) * page.unit;
  return static_cast<std::size_t>(std::max(0.0, std::floor(height / (kKeyRow * page.unit))));
}

// Returns where the list ends.
double paint_regions(const Page& page, double top, double bottom) {
  const auto& regions = page.content.regions;
  if (regions.empty()) return top;
  double y = paint_section(page, page.say(page.map.regions_title), top);
  const double room = bottom - y;
  const auto fit = [&](double row) { return static_cast<std::size_t>(std::max(0.0, std::floor(room / row))); };
  const bool two_lines = regions.size() <= fit(54 * page.unit);
  // A country's list breathes where there is room; a town keeps the room for the names of its sites.
  const double ample = page.map.town ? 54 * page.unit : room / static_cast<double>(regions.size());
  const double row = two_lines ? std::clamp(ample, 54 * page.unit, 66 * page.unit) : 34 * page.unit;
  std::size_t shown = std::min(regions.size(), fit(row));
  if (shown < regions.size() && shown > 0) --shown;  // room for the last line
  for (std::size_t i = 0; i < shown; ++i) {
    paint_region_row(page, regions[i], y, row, two_lines);
    y += row;
  }
  if (shown == regions.size()) return y;
  page.canvas.text(and_more(page, regions.size() - shown), left_of(page) + 42 * page.unit, y + 22 * page.unit,
                   17 * page.unit, style::faint_ink());
  return bottom;
}

}  // namespace

std::string and_more(const Page& page, std::size_t more) {
  return page.map.language == Language::thai ? fmt::format("และอีก {}", more) : fmt::format("and {} more", more);
}

double paint_section(const Page& page, const std::string& title, double y) {
  page.canvas.line(left_of(page), y, right_of(page), y, style::rule(), 1.5 * page.unit);
  page.canvas.text(title, left_of(page), y + 28 * page.unit, 17 * page.unit, style::faint_ink(), Weight::bold);
  return y + kSection * page.unit;
}

std::pair<double, double> side_columns(const Page& page) { return {left_of(page), right_of(page)}; }

Box paint_side(const Page& page) {
  page.canvas.fill_box(page.side, style::paper());
  page.canvas.line(page.side.min_x, 0, page.side.min_x, page.side.max_y, style::rule(), 2 * page.unit);
  const double top = paint_heading(page, page.side.min_y + 28 * page.unit);
  const double bottom = paint_legend(page, paint_sources(page));
  const double under = paint_colour_legend(page, top, bottom);
  const double end = paint_regions(page, under, bottom);
  return {left_of(page), end + 14 * page.unit, right_of(page), bottom};
}

std::size_t most_keys_in(const Page& page, const Box& room) { return kMostKeyColumns * key_rows_in(page, room); }

void paint_keys(const Page& page, const Box& room, const SiteLabels& labels) {
  if (labels.keyed.empty()) return;
  const double row = kKeyRow * page.unit;
  const double first = paint_section(page, page.say(kKeysTitle), room.min_y);
  // One column, where names are not cut, as long as it reaches.
  const std::size_t columns = labels.keyed.size() <= key_rows_in(page, room) ? 1 : kMostKeyColumns;
  const std::size_t rows = (labels.keyed.size() + columns - 1) / columns;
  const double gap = 18 * page.unit;
  const double column = (room.width() + gap) / static_cast<double>(columns);
  const double size = 15 * page.unit;
  const double indent = 30 * page.unit;
  for (std::size_t i = 0; i < labels.keyed.size(); ++i) {
    const std::size_t column_of_key = i / rows;
    const double x = room.min_x + static_cast<double>(column_of_key) * column;
    const double base = first + (static_cast<double>(i % rows) + 0.72) * row;
    page.canvas.text(labels.keyed[i].key, x + indent - 8 * page.unit, base, size, style::ink(), Weight::bold,
                     Align::right);
    page.canvas.text(page.canvas.engine().fitted(labels.keyed[i].name, size, Weight::regular, column - gap - indent),
                     x + indent, base, size, style::ink());
  }
  if (labels.unnamed == 0) return;
  page.canvas.text(and_more(page, labels.unnamed), room.min_x + indent,
                   first + (static_cast<double>(rows) + 0.72) * row, size, style::faint_ink());
}

}  // namespace yaan
