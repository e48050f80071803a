// Names on the map panel, none over another.

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>
#include <string>
#include <utility>

#include "export/print_map_page.hpp"
#include "yaan/style/label_layout.hpp"

namespace yaan {

namespace {

using text::Weight;

constexpr double kLine = 1.22;      // line to line, in ems
constexpr double kBaseline = 0.92;  // from the top of a line down to its baseline

// A text on one or more lines, measured.
struct Block {
  std::vector<std::string> lines;
  double size = 0;
  double width = 0;
  [[nodiscard]] double height() const { return static_cast<double>(lines.size()) * kLine * size; }
};

Block block_of(const Page& page, std::vector<std::string> lines, double size) {
  Block block{std::move(lines), size, 0};
  for (const std::string& line : block.lines)
    block.width = std::max(block.width, page.canvas.engine().measure(line, size));
  return block;
}

// On as many lines as its length needs, at most three, of about the same length.
Block wrapped(const Page& page, const std::string& name, double size, double max_width) {
  const auto& engine = page.canvas.engine();
  const double whole = engine.measure(name, size);
  if (whole <= max_width) return block_of(page, {name}, size);
  constexpr std::size_t kMostLines = 3;
  for (double width = std::max(max_width * 0.6, whole / 2); width <= max_width; width *= 1.08) {
    auto lines = engine.wrap(name, size, Weight::regular, width);
    Block block = block_of(page, lines, size);
    if (lines.size() <= 2 && block.width <= max_width) return block;
  }
  auto lines = engine.wrap(name, size, Weight::regular, max_width);
  if (lines.size() > kMostLines) {
    for (std::size_t i = kMostLines; i < lines.size(); ++i) lines[kMostLines - 1] += ' ' + lines[i];
    lines.resize(kMostLines);
  }
  for (std::string& line : lines) line = engine.fitted(line, size, Weight::regular, max_width);
  return block_of(page, std::move(lines), size);
}

void paint_block(const Page& page, const Block& block, const Box& box, Align align, style::Colour ink,
                 style::Colour halo) {
  const double x = align == Align::left ? box.min_x : align == Align::right ? box.max_x : (box.min_x + box.max_x) / 2;
  double y = box.min_y + kBaseline * block.size;
  for (const std::string& line : block.lines) {
    page.canvas.text(line, x, y, block.size, ink, Weight::regular, align, halo, 2.4 * page.unit);
    y += kLine * block.size;
  }
}

// The share of a box that lies in a polygon, by a grid of points.
double share_inside(const Geometry& polygons, std::size_t feature, const Box& box) {
  constexpr int kAcross = 7;
  constexpr int kDown = 3;
  int hits = 0;
  for (int i = 0; i < kAcross; ++i)
    for (int j = 0; j < kDown; ++j)
      if (locate(polygons, feature, box.min_x + box.width() * (i + 0.5) / kAcross,
                 box.min_y + box.height() * (j + 0.5) / kDown) == Inside::inside)
        ++hits;
  return hits / static_cast<double>(kAcross * kDown);
}

// A free place for the block near the widest place of an area, mostly inside it.
std::optional<Box> place_in_area(const Page& page, std::size_t feature, const style::LabelPoint& middle,
                                 const Block& block, const std::vector<Box>& taken) {
  constexpr double kLeastInside = 0.85;
  constexpr int kRings = 6;
  for (int ring = 0; ring <= kRings; ++ring)
    for (int i = -ring; i <= ring; ++i)
      for (int j = -ring; j <= ring; ++j) {
        if (std::max(std::abs(i), std::abs(j)) != ring) continue;
        const double x = middle.x + j * 7 * page.unit;
        const double y = middle.y + i * 5 * page.unit;
        const Box box{x - block.width / 2, y - block.height() / 2, x + block.width / 2, y + block.height() / 2};
        if (style::is_free(box, page.panel, taken, 1.5 * page.unit) &&
            share_inside(page.areas, feature, box) >= kLeastInside)
          return box;
      }
  return std::nullopt;
}

// Ink and halo of an area's name: quiet on the land, strong on ground of any colour.
std::pair<style::Colour, style::Colour> name_colours(const Page& page, std::size_t area) {
  const bool over_shapes = page.map.coloured.layer != nullptr && !page.areas_coloured() && !page.points_coloured();
  if (!page.map.backdrops.empty() || over_shapes) return {style::ink(), style::halo().with_alpha(235)};
  if (!page.areas_coloured()) return {style::faint_ink(), style::land().with_alpha(210)};
  const style::Colour fill = page.map.coloured.look.colours[area];
  const bool dark = style::contrast(fill, style::ink()) < style::contrast(fill, style::paper());
  return {dark ? style::paper() : style::ink(), fill.with_alpha(210)};
}

// a, b, ... z, aa, ab, ...
std::string key_of(std::size_t index) {
  std::string key;
  for (std::size_t left = index + 1; left > 0; left = (left - 1) / 26)
    key.insert(key.begin(), static_cast<char>('a' + (left - 1) % 26));
  return key;
}

// One try at the names or letters of some sites; those that find room are painted and taken.
class SiteNames {
 public:
  SiteNames(const Page& page, std::vector<Box> taken)
      : m_page(page),
        m_frame{page.panel.min_x + kEdge * page.unit, page.panel.min_y + kEdge * page.unit,
                page.panel.max_x - kEdge * page.unit, page.panel.max_y - kEdge * page.unit},
        m_taken(std::move(taken)) {}

  [[nodiscard]] std::string name_of(const MapSite& site) const {
    return m_page.map.sites->layer().feature_name(site.feature, m_page.map.language);
  }

  // Returns the sites that found no room.
  std::vector<const MapSite*> paint_names(const std::vector<const MapSite*>& sites, double max_width) {
    // Names in a row want a wider space between them than lines do.
    const double pad = 2.5 * m_page.unit;
    std::vector<Block> blocks;
    std::vector<style::LabelWish> wishes;
    for (const MapSite* site : sites) {
      blocks.push_back(wrapped(m_page, name_of(*site), 16 * m_page.unit, max_width));
      wishes.push_back(wish_of(*site, blocks.back(), 5 * m_page.unit - pad));
      wishes.back().width += 2 * pad;
    }
    const auto boxes = style::lay_out_labels(wishes, m_frame, m_taken, 1 * m_page.unit);
    std::vector<const MapSite*> without;
    for (std::size_t i = 0; i < sites.size(); ++i) {
      if (!boxes[i]) {
        without.push_back(sites[i]);
        continue;
      }
      m_taken.push_back(*boxes[i]);
      const Align align = boxes[i]->min_x > wishes[i].x   ? Align::left
                          : boxes[i]->max_x < wishes[i].x ? Align::right
                                                          : Align::middle;
      paint_block(m_page, blocks[i], {boxes[i]->min_x + pad, boxes[i]->min_y, boxes[i]->max_x - pad, boxes[i]->max_y},
                  align, style::ink(), style::halo().with_alpha(235));
    }
    return without;
  }

  // A place for the site's letter: beside its mark, or farther off with a line to it. Nothing where there is no room.
  std::optional<Box> place_key(const MapSite& site) {
    constexpr double kWidest = 19;  // two letters
    const Block room{{""}, kKeySize * m_page.unit, kWidest * m_page.unit};
    for (const double away : {2.0, 10.0, 20.0}) {
      const auto box =
          style::lay_out_labels({wish_of(site, room, away * m_page.unit)}, m_frame, m_taken, 0.5 * m_page.unit)[0];
      if (!box || crosses_a_mark(site, *box)) continue;
      m_taken.push_back(*box);
      return box;
    }
    return std::nullopt;
  }

  void paint_leader(const MapSite& site, const Box& box) const {
    const double x = (box.min_x + box.max_x) / 2;
    const double y = (box.min_y + box.max_y) / 2;
    const double site_x = m_page.sites.x[site.feature];
    const double site_y = m_page.sites.y[site.feature];
    const double length = std::hypot(x - site_x, y - site_y);
    const double from = m_page.site_radius();
    const double to = length - 9 * m_page.unit;
    if (to - from < 5 * m_page.unit) return;
    const double dx = (x - site_x) / length;
    const double dy = (y - site_y) / length;
    for (const auto& [colour, width] : {std::pair(style::halo(), 2.6), std::pair(style::faint_ink(), 1.1)})
      m_page.canvas.line(site_x + from * dx, site_y + from * dy, site_x + to * dx, site_y + to * dy, colour,
                         width * m_page.unit);
  }

  void paint_key(const std::string& key, const Box& box) const {
    const double size = kKeySize * m_page.unit;
    m_page.canvas.text(key, (box.min_x + box.max_x) / 2, box.min_y + kBaseline * size, size, style::ink(), Weight::bold,
                       Align::middle, style::halo().with_alpha(235), 2.2 * m_page.unit);
  }

 private:
  static constexpr double kKeySize = 15;
  static constexpr double kEdge = 8;  // between a name and the edge of the panel

  // Would the line from the site to its letter run over another site?
  [[nodiscard]] bool crosses_a_mark(const MapSite& site, const Box& box) const {
    const double x = m_page.sites.x[site.feature];
    const double y = m_page.sites.y[site.feature];
    const double dx = (box.min_x + box.max_x) / 2 - x;
    const double dy = (box.min_y + box.max_y) / 2 - y;
    return std::any_of(m_page.content.sites.begin(), m_page.content.sites.end(), [&](const MapSite& other) {
      if (other.feature == site.feature) return false;
      const double px = m_page.sites.x[other.feature] - x;
      const double py = m_page.sites.y[other.feature] - y;
      const double along = std::clamp((px * dx + py * dy) / (dx * dx + dy * dy), 0.0, 1.0);
      // Marks that lie on the site itself are no crossing.
      return along > 0.25 && std::hypot(px - along * dx, py - along * dy) < m_page.site_radius();
    });
  }

  [[nodiscard]] style::LabelWish wish_of(const MapSite& site, const Block& block, double away) const {
    return {m_page.sites.x[site.feature], m_page.sites.y[site.feature], block.width, block.height(),
            m_page.site_radius() + away,  site.rank > 0 ? 2.0 : 1.0};
  }

  const Page& m_page;
  Box m_frame;
  std::vector<Box> m_taken;
};

}  // namespace

void paint_area_labels(const Page& page, const std::vector<Box>& obstacles) {
  if (page.map.areas == nullptr) return;
  struct Area {
    std::size_t feature;
    style::LabelPoint middle;
  };
  std::vector<Area> areas;
  for (std::size_t f = 0; f < page.areas.size(); ++f)
    if (const auto middle = style::label_point(page.areas, f)) areas.push_back({f, *middle});
  std::stable_sort(areas.begin(), areas.end(),
                   [](const Area& a, const Area& b) { return a.middle.radius > b.middle.radius; });
  const double size = 15 * page.unit;
  std::vector<Box> taken = obstacles;
  for (const Area& area : areas) {
    const std::string name = page.map.areas->layer().feature_name(area.feature, page.map.language);
    const Block one_line = block_of(page, {name}, size);
    const Block two_lines = wrapped(page, name, size, 0.75 * one_line.width);
    for (const Block* block : {&one_line, &two_lines}) {
      if (block == &two_lines && two_lines.lines.size() != 2) continue;
      const auto box = place_in_area(page, area.feature, area.middle, *block, taken);
      if (!box) continue;
      const auto [ink, halo] = name_colours(page, area.feature);
      paint_block(page, *block, *box, Align::middle, ink, halo);
      // Names in a row want a wider space between them than lines do.
      const double space = 4 * page.unit;
      taken.push_back({box->min_x - space, box->min_y, box->max_x + space, box->max_y});
      break;
    }
  }
}

SiteLabels paint_site_labels(const Page& page, std::vector<Box> obstacles, std::size_t most_keys) {
  SiteNames names(page, std::move(obstacles));
  std::vector<const MapSite*> sites;
  for (const MapSite& site : page.content.sites) sites.push_back(&site);
  auto left = names.paint_names(sites, 240 * page.unit);
  left = names.paint_names(left, 150 * page.unit);  // narrower, on more lines
  // Letters run from north to south, so that an eye that looks for one knows where.
  std::stable_sort(left.begin(), left.end(), [&](const MapSite* a, const MapSite* b) {
    return std::pair(page.sites.y[a->feature], page.sites.x[a->feature]) <
           std::pair(page.sites.y[b->feature], page.sites.x[b->feature]);
  });
  SiteLabels labels;
  std::vector<std::pair<const MapSite*, Box>> placed;
  for (const MapSite* site : left) {
    const auto box = placed.size() < most_keys ? names.place_key(*site) : std::nullopt;
    if (box) {
      placed.emplace_back(site, *box);
    } else {
      ++labels.unnamed;
    }
  }
  for (const auto& [site, box] : placed) names.paint_leader(*site, box);
  for (const auto& [site, box] : placed) {
    labels.keyed.push_back({key_of(labels.keyed.size()), names.name_of(*site), site->rank, site->category});
    names.paint_key(labels.keyed.back().key, box);
  }
  return labels;
}

}  // namespace yaan
