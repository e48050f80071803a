#include "district/draw_outlines.hpp"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <utility>

#include "district/kept_outlines.hpp"
#include "district/outline.hpp"
#include "district/share_ground.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

constexpr std::size_t kBlock = 4;  // districts differ in size

std::string district_name(std::size_t d) { return fmt::format("D{}", d + 1); }

Sites all_sites(const std::vector<Shown>& districts, const Positions& others) {
  Sites sites;
  sites.positions.geographic = others.geographic;
  const auto add = [&](const Positions& positions, std::uint32_t district) {
    sites.positions.x.insert(sites.positions.x.end(), positions.x.begin(), positions.x.end());
    sites.positions.y.insert(sites.positions.y.end(), positions.y.begin(), positions.y.end());
    sites.district.resize(sites.positions.x.size(), district);
  };
  for (std::size_t d = 0; d < districts.size(); ++d) add(districts[d].positions, static_cast<std::uint32_t>(d));
  add(others, Sites::kNone);
  return sites;
}

Outlines draw_each(const std::vector<Shown>& districts, const Positions& others, const DistrictOptions& options,
                   MethodMemory* memory, const Progress& progress) {
  const bool cells = options.outline == OutlineMethod::voronoi;
  Sites sites;
  std::vector<std::vector<std::uint32_t>> about;
  if (cells) {
    sites = all_sites(districts, others);
    about = sites_about(sites, districts.size(), options.reach.value, progress);
  }
  KeptOutlines kept(cells ? nullptr : memory, options);  // cells depend on the neighbours too
  std::vector<std::shared_ptr<const DrawnOutline>> drawn(districts.size());
  parallel_blocks(districts.size(), kBlock, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t d = begin; d < end; ++d) {
      progress.throw_if_cancelled();
      if (districts[d].rows.empty()) continue;
      const Shown& shown = districts[d];
      drawn[d] = kept.find(shown.positions);
      if (drawn[d]) continue;
      const Ground ground(shown.positions);
      Outline outline = cells ? outline_of_cells(merged_cells(sites, about[d], static_cast<std::uint32_t>(d), ground,
                                                              options.reach.value),
                                                 shown.plane_x, shown.plane_y, options)
                              : outline_of(shown.plane_x, shown.plane_y, options);
      drawn[d] = std::make_shared<const DrawnOutline>(
          DrawnOutline{shown.positions, ground.from_plane(std::move(outline.polygons)), std::move(outline.method)});
    }
  });
  kept.keep(drawn);
  const Geometry nothing;
  Outlines outlines;
  outlines.polygons = Geometry::empty(GeometryKind::polygon);
  for (const auto& outline : drawn) {
    append_feature(outline ? outline->polygons : nothing, 0, outlines.polygons);
    outlines.method.push_back(outline ? outline->method : "");
  }
  return outlines;
}

// Shown members that the last step left on ground that is not their district's.
void count_lost(const SharedGround& ground, std::size_t d, const Shown& shown, const Layer& points,
                std::string_view code, std::string_view message, Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < shown.rows.size(); ++i)
    if (ground.lost(d, shown.positions.x[i], shown.positions.y[i]))
      diagnostics.add(Severity::doubt, code, points.name, message, 1, points.feature_id(shown.rows[i]));
}

}  // namespace

Outlines draw_outlines(const std::vector<Shown>& districts, const Positions& others, const DistrictOptions& options,
                       const Layer* boundary, const Layer& points, MethodMemory* memory, Progress& progress,
                       Diagnostics& diagnostics) {
  progress.report("drawing districts", 0.1);
  Outlines outlines = draw_each(districts, others, options, memory, progress);
  if (boundary == nullptr && options.overlap == Overlap::keep) return outlines;

  SharedGround ground(std::move(outlines.polygons), others.geographic);
  if (boundary != nullptr) {
    progress.report("cutting districts to the boundary", 0.5);
    const Crs crs = others.geographic ? Crs::wgs84() : points.crs;
    std::optional<Layer> moved;
    if (!boundary->crs.same_as(crs)) moved = reprojected(*boundary, crs);
    ground.clip((moved ? *moved : *boundary).geometry, progress);
    for (std::size_t d = 0; d < districts.size(); ++d) {
      if (ground.fate()[d].outside)
        diagnostics.add(Severity::doubt, "outside-boundary", "districts",
                        "districts have no ground within the boundary, and their outlines were left as they are", 1,
                        district_name(d));
      if (ground.fate()[d].cut)
        count_lost(ground, d, districts[d], points, "member-outside-boundary",
                   "members lie beyond the boundary that their district's outline was cut to", diagnostics);
    }
  }
  if (options.overlap != Overlap::keep) {
    progress.report("resolving overlaps", 0.6);
    if (options.overlap == Overlap::lower_rank_yields) {
      ground.yield_to_earlier(progress);
    } else {
      std::vector<const Positions*> members;
      members.reserve(districts.size());
      for (const Shown& shown : districts) members.push_back(&shown.positions);
      ground.share_by_nearest(members, progress);
    }
    for (std::size_t d = 0; d < districts.size(); ++d) {
      const Fate& fate = ground.fate()[d];
      if (fate.given_away)
        diagnostics.add(Severity::doubt, "no-ground-left", "districts",
                        "districts have no outline, because other districts hold all of their ground", 1,
                        district_name(d));
      if (fate.yielded || fate.given_away)
        count_lost(ground, d, districts[d], points, "member-on-other-ground",
                   "members lie on ground that another district keeps", diagnostics);
    }
  }
  for (std::size_t d = 0; d < districts.size(); ++d) {
    const Fate& fate = ground.fate()[d];
    std::string& method = outlines.method[d];
    if (fate.about_pole) {
      method += "; about a pole, not cut";
      diagnostics.add(Severity::doubt, "about-pole", "districts",
                      "outlines about a pole were neither cut to the boundary nor kept from overlapping", 1,
                      district_name(d));
    }
    if (fate.cut) method += "; cut to the boundary";
    if (fate.outside) method += "; outside the boundary, not cut";
    if (fate.yielded) method += "; without the ground of other districts";
    if (fate.given_away) method += "; all ground held by other districts";
  }
  outlines.polygons = ground.take();
  return outlines;
}

}  // namespace yaan
