// What the colours of a map mean: the name of the column, its classes with counts, and how they came about.

#include <algorithm>
#include <cmath>

#include "export/print_map_page.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

namespace {

using text::Weight;

constexpr double kRow = 31;
constexpr double kSwatch = 38;
constexpr double kSize = 18;
constexpr double kTitle = 20;
constexpr double kNote = 15;

void paint_sign(const Page& page, const style::LegendEntry& entry, double x, double middle) {
  const double u = page.unit;
  if (page.points_coloured()) {
    page.canvas.mark(entry.mark, x + kSwatch / 2 * u, middle, (entry.hatched ? 5 : 8) * u, entry.colour,
                     style::ink().with_alpha(150), 0.5 * u);
    return;
  }
  const Box box{x, middle - 10 * u, x + kSwatch * u, middle + 10 * u};
  page.canvas.fill_box(box, entry.colour);
  if (entry.hatched) {
    Geometry shape = Geometry::empty(GeometryKind::polygon);
    shape.add_ring(std::vector{box.min_x, box.max_x, box.max_x, box.min_x, box.min_x},
                   std::vector{box.min_y, box.min_y, box.max_y, box.max_y, box.min_y});
    shape.end_part();
    shape.end_feature();
    page.canvas.hatch(shape, 0, style::faint_ink().with_alpha(150), 7 * u, 0.8 * u);
  }
  page.canvas.stroke_box(box, style::ink().with_alpha(150), 0.9 * u);
}

void paint_row(const Page& page, const style::LegendEntry& entry, double middle) {
  const auto [left, right] = side_columns(page);
  const double u = page.unit;
  paint_sign(page, entry, left, middle);
  const double base = middle + 0.35 * kSize * u;
  const double count = page.canvas.text(with_thousands(static_cast<std::int64_t>(entry.count)), right, base,
                                        (kSize - 1) * u, style::faint_ink(), Weight::regular, Align::right);
  const double x = left + (kSwatch + 14) * u;
  page.canvas.text(
      page.canvas.engine().fitted(page.say(entry.title), kSize * u, Weight::regular, right - x - count - 14 * u), x,
      base, kSize * u, style::ink());
}

std::vector<std::string> note_lines(const Page& page) {
  const auto [left, right] = side_columns(page);
  std::vector<std::string> lines;
  for (const Localized& note : page.map.coloured.look.notes)
    for (std::string& line :
         page.canvas.engine().wrap(page.say(note), kNote * page.unit, Weight::regular, right - left))
      lines.push_back(std::move(line));
  return lines;
}

}  // namespace

double paint_colour_legend(const Page& page, double top, double bottom) {
  if (page.map.coloured.layer == nullptr) return top;
  const style::LayerStyle& look = page.map.coloured.look;
  const auto [left, right] = side_columns(page);
  const double u = page.unit;
  page.canvas.line(left, top, right, top, style::rule(), 1.5 * u);
  double y = top + 14 * u;
  const double counted = page.canvas.text(page.say(page.map.coloured.count_word), right, y + kTitle * u, kNote * u,
                                          style::faint_ink(), Weight::regular, Align::right);
  for (const std::string& line :
       page.canvas.engine().wrap(page.say(look.title), kTitle * u, Weight::bold, right - left - counted - 16 * u)) {
    page.canvas.text(line, left, y + kTitle * u, kTitle * u, style::ink(), Weight::bold);
    y += 1.35 * kTitle * u;
  }
  y += 8 * u;
  const std::vector<std::string> notes = note_lines(page);
  const double for_notes = (static_cast<double>(notes.size()) * 1.45 * kNote + 24) * u;
  const auto rows = static_cast<std::size_t>(std::max(1.0, std::floor((bottom - y - for_notes) / (kRow * u))));
  const std::size_t shown = look.legend.size() <= rows ? look.legend.size() : rows - 1;
  for (std::size_t i = 0; i < shown; ++i, y += kRow * u) paint_row(page, look.legend[i], y + kRow / 2 * u);
  if (shown < look.legend.size()) {
    page.canvas.text(and_more(page, look.legend.size() - shown), left + (kSwatch + 14) * u, y + 0.7 * kRow * u,
                     (kSize - 1) * u, style::faint_ink());
    y += kRow * u;
  }
  y += 8 * u;
  for (const std::string& line : notes) {
    page.canvas.text(line, left, y + kNote * u, kNote * u, style::faint_ink());
    y += 1.45 * kNote * u;
  }
  return y + 16 * u;
}

}  // namespace yaan
