// Each rule rejects exactly what its definition says.
#include "yaan/district/constrain.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "yaan/core/error.hpp"

namespace yaan {
namespace {

Layer random_points(std::mt19937& random) {
  Layer layer;
  layer.name = "sites";
  layer.crs = Crs::local();
  layer.geometry = Geometry::points({}, {});
  Column id("id", ColumnType::text);
  Column cluster("cluster", ColumnType::integer);
  Column kind("kind", ColumnType::text);
  Column weight("weight", ColumnType::real);
  Column area("area_code", ColumnType::text);
  for (int i = 0; i < 250; ++i) {
    id.push(std::to_string(i));
    const auto label = static_cast<std::int64_t>(random() % 30);
    layer.geometry.x.push_back(static_cast<double>(label % 6) * 1000 + static_cast<double>(random() % 400));
    layer.geometry.y.push_back(static_cast<double>(random() % 400));
    if (label < 4)
      cluster.push_null();
    else
      cluster.push(label / (label > 20 ? 3 : 1));
    const char* kinds[] = {"temple", "craft", "market", ""};
    kind.push(kinds[random() % 4]);
    weight.push(static_cast<double>(random() % 5));
    if (random() % 10 == 0)
      area.push_null();
    else
      area.push(label % 2 == 0 ? "A" : random() % 2 == 0 ? "B" : "C");
  }
  for (Column* column : {&id, &cluster, &kind, &weight, &area}) layer.set(*column);
  layer.roles.id = "id";
  layer.roles.category = "kind";
  layer.roles.weight = "weight";
  return layer;
}

struct Group {
  std::int64_t count = 0;
  double weight = 0;
  std::set<std::string> kinds;
  std::map<std::string, int> areas;
  std::pair<double, double> first{1e300, 1e300};
  std::string area, rejected;
};

/// The rules once more, plainly.
std::map<std::int64_t, Group> expected_groups(const Layer& points, const ConstrainOptions& o) {
  std::map<std::int64_t, Group> groups;
  const Column& cluster = points.column("cluster");
  for (std::size_t row = 0; row < points.size(); ++row) {
    if (cluster.is_null(row) || cluster.integers()[row] <= 0) continue;
    Group& g = groups[cluster.integers()[row]];
    ++g.count;
    g.weight += points.column("weight").reals()[row];
    if (const std::string kind = points.column("kind").display(row); !kind.empty()) g.kinds.insert(kind);
    if (!points.column("area_code").is_null(row)) ++g.areas[points.column("area_code").display(row)];
    g.first = std::min(g.first, {points.geometry.x[row], points.geometry.y[row]});
  }
  std::map<std::string, std::vector<std::pair<std::tuple<double, std::int64_t, std::pair<double, double>>, Group*>>> by;
  for (auto& [label, g] : groups) {
    int most = 0;
    for (const auto& [code, n] : g.areas)
      if (n > most) {
        most = n;
        g.area = code;
      }
    if (g.count < o.min_count)
      g.rejected = "min_count";
    else if (o.max_count != 0 && g.count > o.max_count)
      g.rejected = "max_count";
    else if (static_cast<std::int64_t>(g.kinds.size()) < o.min_kinds)
      g.rejected = "min_kinds";
    else if (g.weight < o.min_weight)
      g.rejected = "min_weight";
    else if (!g.area.empty())
      by[g.area].push_back({{-g.weight, -g.count, g.first}, &g});
  }
  for (auto& [area, list] : by) {
    std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::size_t i = 0; o.max_per_area != 0 && i < list.size(); ++i)
      if (i >= static_cast<std::size_t>(o.max_per_area)) list[i].second->rejected = "max_per_area";
  }
  return groups;
}

TEST(Constrain, EachRuleRejectsWhatItsDefinitionSays) {
  std::mt19937 random(41);
  std::map<std::string, int> seen;
  for (int round = 0; round < 60; ++round) {
    SCOPED_TRACE(round);
    const Layer points = random_points(random);
    ConstrainOptions options;
    options.min_count = static_cast<std::int64_t>(random() % 10);
    options.max_count = random() % 2 == 0 ? 0 : options.min_count + static_cast<std::int64_t>(random() % 15);
    options.min_kinds = static_cast<std::int64_t>(random() % 4);
    options.min_weight = static_cast<double>(random() % 20);
    options.max_per_area = static_cast<std::int64_t>(random() % 4);
    const auto expected = expected_groups(points, options);
    Progress progress;
    const MethodResult result = constrain_districts(points, nullptr, options, progress);
    const Layer& candidates = result.layers.at(0);
    ASSERT_EQ(candidates.size(), expected.size());
    std::map<std::int64_t, std::int64_t> number;
    std::pair<double, double> last{-1e300, -1e300};
    std::int64_t kept = 0;
    for (std::size_t c = 0; c < candidates.size(); ++c) {
      const std::int64_t before = candidates.column("cluster_before").integers()[c];
      const Group& g = expected.at(before);
      EXPECT_EQ(candidates.column("candidate").integers()[c], static_cast<std::int64_t>(c + 1));
      EXPECT_LE(last, g.first) << "numbered by the smallest member";
      last = g.first;
      EXPECT_EQ(candidates.column("count").integers()[c], g.count);
      EXPECT_EQ(candidates.column("weight").reals()[c], g.weight);
      EXPECT_EQ(candidates.column("kinds").integers()[c], static_cast<std::int64_t>(g.kinds.size()));
      EXPECT_EQ(candidates.column("area_code").display(c), g.area);
      EXPECT_EQ(candidates.column("rejected_by").display(c), g.rejected) << "cluster " << before;
      EXPECT_EQ(candidates.column("limit").is_null(c), g.rejected.empty());
      if (g.rejected == "max_count") {
        EXPECT_EQ(candidates.column("value").reals()[c], static_cast<double>(g.count));
        EXPECT_EQ(candidates.column("limit").reals()[c], static_cast<double>(options.max_count));
      }
      if (g.rejected == "max_per_area") {
        EXPECT_GT(candidates.column("value").reals()[c], candidates.column("limit").reals()[c]);
      }
      ++seen[g.rejected];
      if (g.rejected.empty()) number[before] = ++kept;
      EXPECT_EQ(candidates.column("cluster").display(c), g.rejected.empty() ? std::to_string(kept) : "");
    }
    const Column& before = points.column("cluster");
    for (std::size_t row = 0; row < points.size(); ++row) {
      const bool noise = before.is_null(row) || before.integers()[row] <= 0;
      const Group* g = noise ? nullptr : &expected.at(before.integers()[row]);
      EXPECT_EQ(result.columns[0].display(row),
                g != nullptr && g->rejected.empty() ? std::to_string(number[before.integers()[row]]) : "");
      EXPECT_EQ(result.columns[1].display(row), noise ? "" : before.display(row));
      EXPECT_EQ(result.columns[2].display(row), g != nullptr ? g->rejected : "");
    }
  }
  for (const char* rule : {"", "min_count", "max_count", "min_kinds", "min_weight", "max_per_area"})
    EXPECT_GT(seen[rule], 20) << rule;
}

TEST(Constrain, NothingIsLostWithBarriers) {
  std::mt19937 random(43);
  for (int round = 0; round < 10; ++round) {
    Layer points = random_points(random);
    Layer rivers;
    rivers.name = "rivers";
    rivers.crs = points.crs;
    rivers.geometry = Geometry::empty(GeometryKind::line);
    rivers.geometry.add_ring(std::vector<double>{-100, 7000}, std::vector<double>{150.5, 210.25});
    rivers.geometry.end_feature();
    ConstrainOptions options;
    options.min_count = 3;
    options.min_kinds = 2;
    options.link_distance = Metres{300};
    Progress progress;
    const MethodResult result = constrain_districts(points, &rivers, options, progress);
    const Layer& candidates = result.layers.at(0);
    std::int64_t kept = 0;
    std::int64_t rejected = 0;
    std::int64_t noise = 0;
    std::map<std::string, std::int64_t> members;
    for (std::size_t row = 0; row < points.size(); ++row) {
      const bool in = !result.columns[0].is_null(row);
      const bool out = !result.columns[2].is_null(row);
      EXPECT_FALSE(in && out);
      EXPECT_EQ(in || out, !result.columns[1].is_null(row));
      kept += in;
      rejected += out;
      noise += !in && !out;
      ++members[result.columns[0].display(row)];
      // A kept cluster is on one side of a straight river.
      if (in)
        for (std::size_t other = 0; other < row; ++other)
          if (result.columns[0].display(other) == result.columns[0].display(row)) {
            EXPECT_EQ(orientation(-100, 150.5, 7000, 210.25, points.geometry.x[row], points.geometry.y[row]),
                      orientation(-100, 150.5, 7000, 210.25, points.geometry.x[other], points.geometry.y[other]));
          }
    }
    EXPECT_EQ(kept + rejected + noise, static_cast<std::int64_t>(points.size()));
    std::int64_t counted = 0;
    std::map<std::int64_t, std::int64_t> pieces;
    for (std::size_t c = 0; c < candidates.size(); ++c) {
      counted += candidates.column("count").integers()[c];
      ++pieces[candidates.column("cluster_before").integers()[c]];
      if (!candidates.column("cluster").is_null(c)) {
        EXPECT_EQ(members[candidates.column("cluster").display(c)], candidates.column("count").integers()[c]);
      }
      EXPECT_FALSE(candidates.geometry.bounds(c).empty());
    }
    for (std::size_t c = 0; c < candidates.size(); ++c)
      EXPECT_EQ(candidates.column("pieces").integers()[c], pieces[candidates.column("cluster_before").integers()[c]]);
    EXPECT_EQ(counted, kept + rejected);
    EXPECT_GT(candidates.size(), pieces.size()) << "the river splits some";
  }
}

TEST(Constrain, WithoutRulesNothingIsRejected) {
  std::mt19937 random(47);
  const Layer points = random_points(random);
  Progress progress;
  const MethodResult result = constrain_districts(points, nullptr, ConstrainOptions{}, progress);
  EXPECT_EQ(result.columns[0].null_count(), result.columns[1].null_count());
  EXPECT_EQ(result.columns[2].null_count(), points.size());
}

TEST(Constrain, HiddenMembersAreCountedAndNotDrawn) {
  Layer points;
  points.name = "sites";
  points.crs = Crs::local();
  points.geometry = Geometry::points({0, 100, 0, 9000, 5000}, {0, 0, 100, 9000, 0});
  points.set(Column::of("cluster", std::vector<std::int64_t>{1, 1, 1, 1, 2}));
  Column level("level", ColumnType::text);
  for (const char* text : {"", "", "", "hidden", "hidden"}) level.push(text);
  points.set(level);
  points.roles.publication = "level";
  Progress progress;
  const Layer candidates = constrain_districts(points, nullptr, ConstrainOptions{}, progress).layers.at(0);
  EXPECT_EQ(candidates.column("count").integers(), (std::vector<std::int64_t>{4, 1}));
  EXPECT_LT(candidates.geometry.bounds(0).max_x, 1000);
  EXPECT_TRUE(candidates.geometry.bounds(1).empty());
}

TEST(Constrain, AMemberWithoutAPlaceIsSaid) {
  Layer points;
  points.name = "sites";
  points.crs = Crs::local();
  points.geometry = Geometry::points({0, std::numeric_limits<double>::quiet_NaN()}, {0, 0});
  points.set(Column::of("cluster", std::vector<std::int64_t>{7, 7}));
  Progress progress;
  const MethodResult result = constrain_districts(points, nullptr, ConstrainOptions{}, progress);
  EXPECT_EQ(result.columns[0].display(0), "1");
  EXPECT_EQ(result.columns[2].display(1), "no_position");
  EXPECT_EQ(result.diagnostics.count("unusable-position"), 1);
}

TEST(Constrain, RefusesRulesThatCannotBeTried) {
  std::mt19937 random(53);
  Layer points = random_points(random);
  Progress progress;
  ConstrainOptions options;
  options.min_count = 5;
  options.max_count = 4;
  EXPECT_THROW(constrain_districts(points, nullptr, options, progress), UsageError);
  options = {};
  options.min_kinds = 1;
  points.roles.category.clear();
  EXPECT_THROW(constrain_districts(points, nullptr, options, progress), UsageError);
  options = {};
  options.max_per_area = 1;
  Layer nowhere;
  nowhere.name = "t";
  nowhere.crs = Crs::local();
  nowhere.geometry = Geometry::points({0}, {0});
  nowhere.set(Column::of("cluster", std::vector<std::int64_t>{1}));
  EXPECT_THROW(constrain_districts(nowhere, nullptr, options, progress), UsageError);
}

}  // namespace
}  // namespace yaan
