#include "yaan/district/constrain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "analyse/point_set.hpp"
#include "district/composition.hpp"
#include "district/constrain_fields.hpp"
#include "district/field_table.hpp"
#include "district/members.hpp"
#include "district/outline.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

constexpr std::size_t kBlock = 16;  // candidates

struct Broken {
  std::string rule;
  double value = 0;
  double limit = 0;
};

struct Candidate {
  std::int64_t cluster_before = 0;
  std::vector<std::uint32_t> rows;
  double weight = 0;
  std::int64_t kinds = 0;
  std::int64_t pieces = 1;  ///< that its cluster fell into
  std::string area;
  std::optional<Broken> broken;
  std::int64_t cluster = 0;
};

void check_options(const Layer& points, const ConstrainOptions& options) {
  if (options.max_count > 0 && options.max_count < options.min_count)
    throw UsageError(fmt::format("max_count is {}, but must not be below min_count, which is {}", options.max_count,
                                 options.min_count));
  if (options.min_kinds > 0 && points.roles.category.empty())
    throw UsageError(fmt::format("layer {} has no categories, so kinds cannot be counted", points.name),
                     "say which column holds the category, such as --column category=kind");
  if (options.max_per_area > 0 && points.find("area_code") == nullptr)
    throw UsageError(fmt::format("layer {} has no column area_code, so max_per_area cannot be kept", points.name),
                     "run assign-areas first");
}

// The label of each usable point that is in a cluster; 0 for the rest.
std::vector<std::int64_t> usable_labels(const Layer& points, Diagnostics& diagnostics) {
  const Column& column = cluster_column(points);
  const bool geographic = points.crs.is_geographic();
  std::vector<std::int64_t> labels(points.size(), 0);
  for (std::size_t row = 0; row < labels.size(); ++row) {
    if (column.is_null(row) || column.integers()[row] <= 0) continue;
    if (usable_position(points.geometry.x[row], points.geometry.y[row], geographic)) {
      labels[row] = column.integers()[row];
    } else {
      diagnostics.add(Severity::skipped, "unusable-position", points.name,
                      "points without a usable position are in no candidate, whatever their cluster", 1,
                      points.feature_id(row));
    }
  }
  return labels;
}

// In the order of their smallest member by (x, y), then of the cluster.
std::vector<Candidate> candidates_of(const Layer& points, std::span<const std::int64_t> labels,
                                     const std::vector<std::uint32_t>& piece) {
  std::map<std::pair<std::int64_t, std::uint32_t>, Candidate> found;
  std::map<std::int64_t, std::int64_t> pieces;
  for (std::uint32_t row = 0; row < labels.size(); ++row) {
    if (labels[row] == 0) continue;
    const auto [at, fresh] = found.try_emplace({labels[row], piece.empty() ? 0 : piece[row]});
    at->second.cluster_before = labels[row];
    at->second.rows.push_back(row);
    pieces[labels[row]] += fresh ? 1 : 0;
  }
  std::vector<std::tuple<double, double, std::int64_t, Candidate*>> order;
  for (auto& [key, candidate] : found) {
    candidate.pieces = pieces[candidate.cluster_before];
    const auto place = [&](std::uint32_t row) { return std::pair(points.geometry.x[row], points.geometry.y[row]); };
    const std::uint32_t first =
        *std::min_element(candidate.rows.begin(), candidate.rows.end(),
                          [&](std::uint32_t a, std::uint32_t b) { return place(a) < place(b); });
    order.emplace_back(place(first).first, place(first).second, candidate.cluster_before, &candidate);
  }
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return std::tie(std::get<0>(a), std::get<1>(a), std::get<2>(a)) <
           std::tie(std::get<0>(b), std::get<1>(b), std::get<2>(b));
  });
  std::vector<Candidate> candidates;
  candidates.reserve(order.size());
  for (const auto& entry : order) candidates.push_back(std::move(*std::get<3>(entry)));
  return candidates;
}

void measure(const Layer& points, const Positions& positions, std::span<const double> weights,
             std::vector<Candidate>& candidates, const Progress& progress) {
  const Column* kinds = points.roles.category.empty() ? nullptr : &points.column(points.roles.category);
  const Column* areas = points.find("area_code");
  parallel_blocks(candidates.size(), kBlock, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t c = begin; c < end; ++c) {
      progress.throw_if_cancelled();
      Candidate& candidate = candidates[c];
      sort_by_place(candidate.rows, points, positions, weights);
      for (const std::uint32_t row : candidate.rows) candidate.weight += weights[row];
      if (kinds != nullptr) candidate.kinds = static_cast<std::int64_t>(counts_by(*kinds, candidate.rows).size());
      if (areas != nullptr)
        if (const auto counts = counts_by(*areas, candidate.rows); !counts.empty()) candidate.area = counts[0].first;
    }
  });
}

void apply_rules(std::vector<Candidate>& candidates, const ConstrainOptions& options) {
  for (Candidate& candidate : candidates) {
    const auto count = static_cast<std::int64_t>(candidate.rows.size());
    const auto reject = [&](const char* rule, auto value, auto limit) {
      candidate.broken = Broken{rule, static_cast<double>(value), static_cast<double>(limit)};
    };
    if (count < options.min_count) {
      reject("min_count", count, options.min_count);
    } else if (options.max_count > 0 && count > options.max_count) {
      reject("max_count", count, options.max_count);
    } else if (candidate.kinds < options.min_kinds) {
      reject("min_kinds", candidate.kinds, options.min_kinds);
    } else if (candidate.weight < options.min_weight) {
      reject("min_weight", candidate.weight, options.min_weight);
    }
  }
  if (options.max_per_area == 0) return;
  std::map<std::string, std::vector<Candidate*>> by_area;  // each in the order of the numbers
  for (Candidate& candidate : candidates)
    if (!candidate.broken && !candidate.area.empty()) by_area[candidate.area].push_back(&candidate);
  for (auto& [area, inside] : by_area) {
    std::stable_sort(inside.begin(), inside.end(), [](const Candidate* a, const Candidate* b) {
      return a->weight != b->weight ? a->weight > b->weight : a->rows.size() > b->rows.size();
    });
    for (auto place = static_cast<std::size_t>(options.max_per_area); place < inside.size(); ++place)
      inside[place]->broken =
          Broken{"max_per_area", static_cast<double>(place + 1), static_cast<double>(options.max_per_area)};
  }
}

Geometry hulls(const Layer& points, const Positions& positions, const std::vector<Candidate>& candidates,
               const Progress& progress) {
  const std::vector<Publication> levels = publication_levels(points);
  std::vector<Geometry> drawn(candidates.size());
  DistrictOptions options;
  options.outline = OutlineMethod::convex;
  parallel_blocks(candidates.size(), kBlock, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t c = begin; c < end; ++c) {
      progress.throw_if_cancelled();
      Shown shown = shown_members(candidates[c].rows, levels, positions);
      if (shown.rows.empty()) continue;
      const Ground ground = lay_flat(shown);
      drawn[c] = ground.from_plane(outline_of(shown.plane_x, shown.plane_y, options).polygons);
    }
  });
  Geometry all = Geometry::empty(GeometryKind::polygon);
  for (const Geometry& polygons : drawn) append_feature(polygons, 0, all);
  return all;
}

Layer candidate_layer(const Layer& points, const Positions& positions, const std::vector<Candidate>& candidates,
                      const Progress& progress) {
  FieldTable table(candidate_fields());
  for (std::size_t c = 0; c < candidates.size(); ++c) {
    const Candidate& candidate = candidates[c];
    table.push("candidate", static_cast<std::int64_t>(c + 1));
    table.push("cluster_before", candidate.cluster_before);
    table.push("pieces", candidate.pieces);
    table.push("count", static_cast<std::int64_t>(candidate.rows.size()));
    table.push("weight", candidate.weight);
    if (points.roles.category.empty())
      table.push_null("kinds");
    else
      table.push("kinds", candidate.kinds);
    table.push_or_null("area_code", candidate.area);
    if (candidate.broken) {
      table.push_null("cluster");
      table.push("rejected_by", std::string_view(candidate.broken->rule));
      table.push("value", candidate.broken->value);
      table.push("limit", candidate.broken->limit);
    } else {
      table.push("cluster", candidate.cluster);
      for (const char* name : {"rejected_by", "value", "limit"}) table.push_null(name);
    }
  }
  Layer layer;
  layer.name = "candidates";
  layer.crs = positions.geographic ? Crs::wgs84() : points.crs;
  layer.geometry = hulls(points, positions, candidates, progress);
  layer.columns = table.take();
  layer.sources = points.sources;
  layer.roles.id = "candidate";
  layer.roles.weight = "weight";
  return layer;
}

std::vector<Column> point_columns(const Layer& points, std::span<const std::int64_t> labels,
                                  const std::vector<Candidate>& candidates) {
  std::vector<const Candidate*> candidate_of(points.size(), nullptr);
  for (const Candidate& candidate : candidates)
    for (const std::uint32_t row : candidate.rows) candidate_of[row] = &candidate;
  std::vector<Column> columns;
  for (const OutputField& field : constrained_point_fields()) columns.push_back(make_column(field));
  const Column& before = points.column("cluster");
  for (std::size_t row = 0; row < points.size(); ++row) {
    const Candidate* candidate = candidate_of[row];
    if (candidate != nullptr && !candidate->broken)
      columns[0].push(candidate->cluster);
    else
      columns[0].push_null();
    const bool labelled = !before.is_null(row) && before.integers()[row] > 0;
    if (labelled)
      columns[1].push(before.integers()[row]);
    else
      columns[1].push_null();
    if (candidate != nullptr && candidate->broken)
      columns[2].push(candidate->broken->rule);
    else if (labelled && labels[row] == 0)
      columns[2].push("no_position");
    else
      columns[2].push_null();
  }
  return columns;
}

std::vector<std::pair<std::string, Value>> summary_of(const Layer& points, const std::vector<Candidate>& candidates) {
  std::map<std::string, std::int64_t, std::less<>> rejected;
  std::map<std::int64_t, bool> split;
  std::int64_t kept = 0;
  std::int64_t members = 0;
  for (const Candidate& candidate : candidates) {
    split[candidate.cluster_before] = candidate.pieces > 1;
    if (candidate.broken) {
      ++rejected[candidate.broken->rule];
    } else {
      ++kept;
      members += static_cast<std::int64_t>(candidate.rows.size());
    }
  }
  std::vector<std::pair<std::string, Value>> summary = {
      {"points", static_cast<std::int64_t>(points.size())},
      {"clusters_before", static_cast<std::int64_t>(split.size())},
      {"split",
       std::int64_t{std::count_if(split.begin(), split.end(), [](const auto& entry) { return entry.second; })}},
      {"candidates", static_cast<std::int64_t>(candidates.size())},
      {"clusters", kept},
      {"in_clusters", members}};
  for (const char* rule : {"min_count", "max_count", "min_kinds", "min_weight", "max_per_area"})
    summary.emplace_back(fmt::format("rejected_by_{}", rule), rejected[rule]);
  return summary;
}

}  // namespace

MethodResult constrain_districts(const Layer& points, const Layer* barriers, const ConstrainOptions& options,
                                 Progress& progress) {
  progress.throw_if_cancelled();
  check_options(points, options);
  MethodResult result;
  const Positions positions = positions_of(points);
  const std::vector<double> weights = point_weights(points, result.diagnostics);
  const std::vector<std::int64_t> labels = usable_labels(points, result.diagnostics);

  Pieces pieces;
  if (barriers != nullptr) {
    progress.report("splitting clusters at barriers", 0.1);
    std::optional<Layer> moved;
    if (!barriers->crs.same_as(points.crs)) moved = reprojected(*barriers, points.crs);
    pieces = split_at_barriers(points.geometry.x, points.geometry.y, labels, points.crs,
                               (moved ? *moved : *barriers).geometry, options.link_distance, progress);
    if (pieces.loose > 0)
      result.diagnostics.add(Severity::doubt, "short-link-distance", points.name,
                             fmt::format("clusters have members farther than link_distance ({}) from all others, and "
                                         "would fall into pieces without any barrier",
                                         to_string(options.link_distance)),
                             pieces.loose);
  }
  progress.report("trying the rules", 0.5);
  std::vector<Candidate> candidates = candidates_of(points, labels, pieces.piece);
  measure(points, positions, weights, candidates, progress);
  apply_rules(candidates, options);
  std::int64_t kept = 0;
  for (Candidate& candidate : candidates)
    if (!candidate.broken) candidate.cluster = ++kept;

  progress.report("drawing candidates", 0.8);
  result.columns = point_columns(points, labels, candidates);
  result.layers.push_back(candidate_layer(points, positions, candidates, progress));
  result.summary = summary_of(points, candidates);
  return result;
}

}  // namespace yaan
