#include "yaan/district/districts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "analyse/point_set.hpp"
#include "district/centre.hpp"
#include "district/composition.hpp"
#include "district/district_fields.hpp"
#include "district/draw_outlines.hpp"
#include "district/field_table.hpp"
#include "district/members.hpp"
#include "district/spacing.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/geodesy.hpp"
#include "yaan/core/numbers.hpp"
#include "yaan/core/parallel.hpp"
#include "yaan/core/publication.hpp"

namespace yaan {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kBlock = 4;  // districts differ in size

void describe_provinces(const Layer& points, const Members& members, FieldTable& table) {
  const Column* codes = points.find("area_code");
  if (codes == nullptr) {
    for (const char* name : {"province_codes", "province_shares", "province_en", "province_th"}) table.push_null(name);
    return;
  }
  const auto counts = counts_by(*codes, members.rows);
  StringList list;
  DoubleList shares;
  for (const auto& [code, count] : counts) {
    list.push_back(code);
    shares.push_back(static_cast<double>(count) / static_cast<double>(members.rows.size()));
  }
  const auto name_of_main = [&](std::string_view column_name) -> std::string {
    const Column* names = points.find(column_name);
    if (names == nullptr || counts.empty()) return {};
    for (const std::uint32_t row : members.rows)
      if (codes->display(row) == counts.front().first) return names->display(row);
    return {};
  };
  table.push("province_codes", std::move(list));
  table.push("province_shares", std::move(shares));
  table.push_or_null("province_en", name_of_main("area_name_en"));
  table.push_or_null("province_th", name_of_main("area_name_th"));
}

void describe_categories(const Layer& points, const Members& members, FieldTable& table) {
  if (points.roles.category.empty()) {
    for (const char* name : {"categories", "category_counts", "shannon_diversity", "dominant_category"})
      table.push_null(name);
    return;
  }
  const auto counts = counts_by(points.column(points.roles.category), members.rows);
  StringList kinds;
  IntList numbers;
  for (const auto& [kind, count] : counts) {
    kinds.push_back(kind);
    numbers.push_back(count);
  }
  table.push("categories", std::move(kinds));
  table.push("category_counts", std::move(numbers));
  table.push("shannon_diversity", shannon_diversity(counts));
  table.push_or_null("dominant_category", counts.empty() ? std::string() : counts.front().first);
}

/// What district-significance said of the clusters. Other settings, or a rule that took members away since, make
/// another district than the one that was tested.
class TestedClusters {
 public:
  explicit TestedClusters(const Layer& points) : m_tested(points.find("tested_cluster")) {
    if (m_tested != nullptr && m_tested->type() != ColumnType::integer) m_tested = nullptr;
    for (std::size_t row = 0; m_tested != nullptr && row < points.size(); ++row)
      if (!m_tested->is_null(row)) ++m_count[m_tested->integers()[row]];
    for (std::size_t field = 0; field < kFields.size(); ++field) {
      const Column* values = points.find(kFields[field].second);
      m_values[field] = values != nullptr && values->type() == ColumnType::real ? values : nullptr;
    }
  }

  void describe(const Members& members, FieldTable& table) {
    const bool same = is_tested(members);
    (same ? m_same : m_other) += 1;
    for (std::size_t field = 0; field < kFields.size(); ++field) {
      if (same && m_values[field] != nullptr && !m_values[field]->is_null(members.rows.front())) {
        table.push(kFields[field].first, m_values[field]->reals()[members.rows.front()]);
      } else {
        table.push_null(kFields[field].first);
      }
    }
  }

  /// Legends say of the districts what they said of the points.
  void hand_on_remarks(std::vector<Column>& columns) const {
    for (std::size_t field = 0; field < kFields.size(); ++field)
      for (Column& column : columns)
        if (m_same > 0 && m_values[field] != nullptr && column.name == kFields[field].first)
          column.remark = m_values[field]->remark;
  }

  void report(Diagnostics& diagnostics) const {
    if (m_count.empty() || m_other == 0) return;
    if (m_same == 0)
      diagnostics.add(Severity::doubt, "not-as-tested", "districts",
                      "no district has the members of one that district-significance tested, so none has a p: its "
                      "kind, radius or min_points are not those of these clusters, or a rule changed them since",
                      m_other);
    else
      diagnostics.add(Severity::note, "not-as-tested", "districts",
                      "districts have other members than those that district-significance tested, and no p", m_other);
  }

 private:
  static constexpr std::array<std::pair<const char*, const char*>, 2> kFields = {
      {{"p", "district_p"}, {"false_discovery_rate", "district_fdr"}}};

  [[nodiscard]] bool is_tested(const Members& members) const {
    if (m_tested == nullptr || members.rows.empty() || m_tested->is_null(members.rows.front())) return false;
    const std::int64_t cluster = m_tested->integers()[members.rows.front()];
    return m_count.at(cluster) == members.rows.size() &&
           std::all_of(members.rows.begin(), members.rows.end(), [&](std::uint32_t row) {
             return !m_tested->is_null(row) && m_tested->integers()[row] == cluster;
           });
  }

  const Column* m_tested;  // null: nothing was tested
  std::array<const Column*, 2> m_values{};
  std::map<std::int64_t, std::size_t> m_count;  // members of each tested cluster
  std::int64_t m_same = 0, m_other = 0;
};

void describe_centre(const Layer& points, const Shown& shown, const std::vector<double>& weights, FieldTable& table) {
  if (shown.rows.empty()) {
    for (const char* name : {"name_en", "name_th", "centre_id", "centre_lon", "centre_lat"}) table.push_null(name);
    return;
  }
  std::vector<double> weight;
  for (const std::uint32_t member : shown.rows) weight.push_back(weights[member]);
  const std::size_t centre = central_member(shown.plane_x, shown.plane_y, weight);
  const std::uint32_t row = shown.rows[centre];
  table.push_or_null("name_en", points.feature_name(row, Language::english));
  table.push_or_null("name_th", points.feature_name(row, Language::thai));
  table.push_or_null("centre_id", points.feature_id(row));
  table.push("centre_lon", shown.positions.x[centre]);
  table.push("centre_lat", shown.positions.y[centre]);
}

double mean_spacing(const Positions& positions, const Members& members) {
  std::vector<std::array<double, 3>> places;
  places.reserve(members.rows.size());
  for (const std::uint32_t row : members.rows)
    places.push_back(positions.geographic ? earth_centred(positions.x[row], positions.y[row])
                                          : std::array<double, 3>{positions.x[row], positions.y[row], 0.0});
  const double chord = mean_nearest_neighbour_distance(std::move(places));
  return positions.geographic && std::isfinite(chord) ? ground_distance_of(chord).value : chord;
}

void check_options(const DistrictOptions& options) {
  if (!(options.member_share > 0 && options.member_share <= 1))
    throw UsageError(
        fmt::format("member_share is {}, but must be more than 0 and at most 1", shortest(options.member_share)));
  if (options.outline == OutlineMethod::voronoi && !(options.reach.value >= 0.1 && options.reach.value <= 1e6))
    throw UsageError(fmt::format("reach is {}, but must be between 0.1m and 1000km", to_string(Length(options.reach))));
}

// Open sites outside every district. Those that may not be shown where they are have no Voronoi cell: it would tell.
Positions sites_of_none(const Positions& positions, const std::vector<Publication>& levels,
                        const std::vector<std::int64_t>& rank_of_row) {
  Positions sites;
  sites.geographic = positions.geographic;
  for (std::size_t row = 0; row < rank_of_row.size(); ++row)
    if (rank_of_row[row] == 0 && levels[row] == Publication::open &&
        usable_position(positions.x[row], positions.y[row], positions.geographic)) {
      sites.x.push_back(positions.x[row]);
      sites.y.push_back(positions.y[row]);
    }
  return sites;
}

std::vector<Column> rank_columns(const std::vector<std::int64_t>& rank_of_row) {
  const auto fields = district_point_fields();
  Column ids = make_column(fields[0]);
  Column ranks = make_column(fields[1]);
  for (const std::int64_t rank : rank_of_row) {
    if (rank == 0) {
      ids.push_null();
      ranks.push_null();
    } else {
      ids.push(std::string_view(fmt::format("D{}", rank)));
      ranks.push(rank);
    }
  }
  std::vector<Column> columns;
  columns.push_back(std::move(ids));
  columns.push_back(std::move(ranks));
  return columns;
}

}  // namespace

MethodResult find_districts(const Layer& points, const DistrictOptions& options, Progress& progress,
                            const Layer* boundary, MethodMemory* memory) {
  check_options(options);
  progress.throw_if_cancelled();
  MethodResult result;
  const Positions positions = positions_of(points);
  const std::vector<double> weights = point_weights(points, result.diagnostics);
  const std::vector<Publication> levels = publication_levels(points);
  const std::vector<Members> districts = ranked_clusters(points, positions, weights, result.diagnostics);
  std::vector<Shown> shown;
  std::vector<std::int64_t> rank_of_row(points.size(), 0);
  std::int64_t in_districts = 0;
  for (const Members& members : districts) {
    for (const std::uint32_t row : members.rows) rank_of_row[row] = static_cast<std::int64_t>(shown.size() + 1);
    in_districts += static_cast<std::int64_t>(members.rows.size());
    shown.push_back(shown_members(members.rows, levels, positions));
  }
  parallel_blocks(shown.size(), kBlock, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t d = begin; d < end; ++d) lay_flat(shown[d]);
  });
  Outlines outlines = draw_outlines(shown, sites_of_none(positions, levels, rank_of_row), options, boundary, points,
                                    memory, progress, result.diagnostics);

  TestedClusters tested(points);
  FieldTable table(district_fields());
  for (std::size_t d = 0; d < districts.size(); ++d) {
    progress.throw_if_cancelled();
    progress.report("describing districts", 0.7 + 0.3 * static_cast<double>(d) / static_cast<double>(districts.size()));
    const Members& members = districts[d];
    const auto rank = static_cast<std::int64_t>(d + 1);
    const auto count = static_cast<std::int64_t>(members.rows.size());
    if (shown[d].rows.empty())
      result.diagnostics.add(Severity::note, "district-not-shown", "districts",
                             "districts of hidden sites alone have no outline, centre and name", 1,
                             fmt::format("D{}", rank));

    table.push("district_id", std::string_view(fmt::format("D{}", rank)));
    table.push("rank", rank);
    table.push("cluster", members.cluster);
    describe_centre(points, shown[d], weights, table);
    table.push("count", count);
    table.push("weight", members.weight);
    table.push_or_null("outline_method", outlines.method[d]);
    const double area = shown[d].rows.empty()
                            ? kNone
                            : area_km2(outlines.polygons.select({static_cast<std::uint32_t>(d)}), positions.geographic);
    table.push("area_km2", area);
    table.push("density_per_km2", area > 0 ? static_cast<double>(count) / area : kNone);
    describe_provinces(points, members, table);
    table.push("mean_nn_distance_m", mean_spacing(positions, members));
    describe_categories(points, members, table);
    tested.describe(members, table);
  }
  tested.report(result.diagnostics);

  Layer layer;
  layer.name = "districts";
  layer.crs = positions.geographic ? Crs::wgs84() : points.crs;
  layer.geometry = std::move(outlines.polygons);
  layer.columns = table.take();
  tested.hand_on_remarks(layer.columns);
  layer.sources = points.sources;
  layer.roles.id = "district_id";
  layer.roles.name_en = "name_en";
  layer.roles.name_th = "name_th";
  layer.roles.category = "dominant_category";
  layer.roles.weight = "weight";
  result.layers.push_back(std::move(layer));
  result.columns = rank_columns(rank_of_row);
  result.summary = {{"points", static_cast<std::int64_t>(points.size())},
                    {"districts", static_cast<std::int64_t>(districts.size())},
                    {"in_districts", in_districts}};
  return result;
}

}  // namespace yaan
