// Sites of two snapshots matched by their ids: what is the same, what opened and closed, and what that finds.
#include "analyse/same_sites.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <variant>

#include "area_samples.hpp"
#include "yaan/analyse/area_change.hpp"
#include "yaan/analyse/density_change.hpp"
#include "yaan/core/error.hpp"

namespace yaan {
namespace {

using Counts = std::vector<std::int64_t>;
using Places = std::vector<std::pair<double, double>>;

Layer listed(const std::string& name, const Places& places, const std::vector<std::string>& ids) {
  Layer layer = sites(places, std::vector<std::string>(places.size(), "k"));
  layer.name = name;
  Column column("id", ColumnType::text);
  for (const std::string& id : ids) column.push_or_null(id);
  layer.columns.push_back(std::move(column));
  layer.roles.id = "id";
  return layer;
}

bool anywhere(std::size_t /*before*/, std::size_t /*after*/) { return true; }

std::int64_t doubts(const Diagnostics& said) {
  std::int64_t count = 0;
  for (const Diagnostic& one : said.entries()) count += one.severity == Severity::doubt ? one.count : 0;
  return count;
}

std::int64_t counted(const MethodResult& result, const std::string& name) {
  for (const auto& [key, value] : result.summary)
    if (key == name) return std::get<std::int64_t>(value);
  return -1;
}

TEST(SameSites, AreThoseWithOneIdAtOnePlace) {
  const Layer before = listed("old", {{0, 0}, {1, 0}, {2, 0}, {3, 0}, {4, 0}, {5, 0}}, {"a", "b", "", "d", "d", "f"});
  const Layer after = listed("new", {{5, 0}, {9, 0}, {0, 0}, {3, 0}, {2, 0}}, {"f", "b", "a", "d", ""});
  const auto near = [&](std::size_t i, std::size_t j) {
    return std::abs(before.geometry.x[i] - after.geometry.x[j]) < 1;
  };
  Diagnostics said;
  const SameSites same = same_sites(before, after, near, said);
  EXPECT_EQ(same.before, (std::vector<std::uint8_t>{1, 0, 0, 0, 0, 1}));
  EXPECT_EQ(same.after, (std::vector<std::uint8_t>{1, 0, 1, 0, 0}));
  EXPECT_EQ(said.count("repeated-id"), 2);
  EXPECT_EQ(said.count("moved-site"), 1);
  EXPECT_EQ(doubts(said), 2) << "one that moved is no doubt, ids that are no ids are";
}

TEST(SameSites, DoubtsListsThatAreNumberedAnew) {
  const Layer before = listed("old", {{0, 0}, {1, 0}, {2, 0}}, {"1", "2", "3"});
  const Layer after = listed("new", {{2, 0}, {1, 0}, {0, 0}}, {"1", "2", "3"});
  const auto near = [&](std::size_t i, std::size_t j) { return before.geometry.x[i] == after.geometry.x[j]; };
  Diagnostics said;
  (void)same_sites(before, after, near, said);
  EXPECT_EQ(doubts(said), 2) << "those at the ends; the one in the middle has its number still";
}

TEST(SameSites, NeedIds) {
  const Layer some = listed("old", {{0, 0}}, {"1"});
  Layer nameless = some;
  nameless.roles.id = "";
  Diagnostics said;
  EXPECT_THROW((void)same_sites(some, nameless, anywhere, said), UsageError);
  EXPECT_THROW((void)same_sites(nameless, some, anywhere, said), UsageError);
  suggest_matching("method", some, nameless, anywhere, said);
  EXPECT_EQ(said.count("same-ids"), 0);
  suggest_matching("method", some, some, anywhere, said);
  EXPECT_EQ(said.count("same-ids"), 1);
}

std::int64_t doubted(const std::vector<SitesAtPlace>& places) {
  Diagnostics said;
  doubt_no_common_ground(places, "new", "nowhere", said);
  EXPECT_EQ(doubts(said), said.count("no-common-ground"));
  return said.count("no-common-ground");
}

TEST(SameSites, DoubtsListsWithoutCommonGround) {
  EXPECT_EQ(doubted({{199, 0}, {0, 201}, {0, 0}}), 1);
  EXPECT_EQ(doubted({{5, 0}, {0, 5}}), 1);
  EXPECT_EQ(doubted({{500'000'000, 0}, {0, 900'000'000}}), 1);
  EXPECT_EQ(doubted({{199, 1}, {0, 201}}), 0) << "one place has both";
  EXPECT_EQ(doubted({{4, 0}, {0, 300}}), 0) << "too few to tell";
  EXPECT_EQ(doubted({{300, 0}}), 0) << "an empty list is another matter";
  EXPECT_EQ(doubted({}), 0);
  std::vector<SitesAtPlace> alone;  // a place that holds one site cannot hold both
  for (int i = 0; i < 50; ++i) alone.push_back({i % 2, 1 - i % 2});
  EXPECT_EQ(doubted(alone), 0);
}

// With each site of either list by lot, lists that are parted are doubted once in a hundred times at most.
TEST(SameSites, SeldomDoubtsWhatChanceParts) {
  std::mt19937 random(5);
  for (const int most : {1, 2, 3, 4}) {
    std::int64_t falsely = 0;
    for (int trial = 0; trial < 2000; ++trial) {
      std::vector<SitesAtPlace> places(8);
      for (int site = 0; site < 8 * most; ++site)
        ++(random() % 2 == 0 ? places[static_cast<std::size_t>(site % 8)].before
                             : places[static_cast<std::size_t>(site % 8)].after);
      falsely += doubted(places);
    }
    EXPECT_LE(falsely, 20 + 14) << most;  // three standard errors
  }
}

MethodResult compared(const Layer& areas, const Layer& before, const Layer& after, const AreaChangeOptions& options) {
  MethodInputs inputs;
  inputs.layers = {{"areas", &areas}, {"before", &before}, {"after", &after}};
  Progress progress;
  return area_change_method().run(inputs, options, progress);
}

/// 40 sites of the west stay, 9 more open and one closes; of the east 30 stay and 5 open and close. One moves from the
/// west to the east.
struct Town {
  Layer areas = squares({"west", "east"}, {{0, 0}, {1000, 0}}, 1000);
  Layer before, after;
  Town() {
    Places old_places, new_places;
    std::vector<std::string> old_ids, new_ids;
    const auto add = [](Places& places, std::vector<std::string>& ids, double x, int count, const std::string& prefix) {
      for (int i = 0; i < count; ++i) {
        places.emplace_back(x + i, 500);
        ids.push_back(prefix + std::to_string(i));
      }
    };
    for (const auto& [places, ids] : {std::pair{&old_places, &old_ids}, {&new_places, &new_ids}}) {
      add(*places, *ids, 100, 40, "w");
      add(*places, *ids, 1100, 30, "e");
    }
    add(old_places, old_ids, 500, 1, "shut west ");
    add(old_places, old_ids, 1500, 5, "shut east ");
    add(old_places, old_ids, 600, 1, "moved ");
    add(new_places, new_ids, 1600, 1, "moved ");
    add(new_places, new_ids, 700, 9, "new west ");
    add(new_places, new_ids, 1700, 5, "new east ");
    before = listed("old", old_places, old_ids);
    after = listed("new", new_places, new_ids);
  }
};

TEST(AreaChange, OfMatchedSitesIsOfWhatOpenedAndClosed) {
  const Town town;
  AreaChangeOptions options;
  options.match_ids = true;
  const MethodResult result = compared(town.areas, town.before, town.after, options);
  EXPECT_EQ(column(result, "change_opened").integers(), (Counts{9, 6}));
  EXPECT_EQ(column(result, "change_closed").integers(), (Counts{2, 5}));
  EXPECT_EQ(column(result, "change_before").integers(), (Counts{42, 35}));
  EXPECT_EQ(column(result, "change_difference").integers(), (Counts{7, 1}));
  EXPECT_EQ(result.diagnostics.count("moved-site"), 1);
  // McNemar's exact test: binom.test(9, 11)$p.value and binom.test(6, 11)$p.value in R.
  EXPECT_NEAR(column(result, "change_p").reals()[0], 0.0654296875, 1e-12);
  EXPECT_NEAR(column(result, "change_p").reals()[1], 1, 1e-12);
  EXPECT_NEAR(column(result, "change_expected").reals()[0], 40 + 5.5, 1e-12);
  EXPECT_NEAR(column(result, "change_ratio").reals()[0], 4.5, 1e-12);
  options.hold_total = true;  // fisher.test(matrix(c(9, 6, 2, 5), 2))$p.value
  const MethodResult held = compared(town.areas, town.before, town.after, options);
  EXPECT_NEAR(column(held, "change_p").reals()[0], 0.361455108359133, 1e-10);
  EXPECT_TRUE(column(compared(town.areas, town.before, town.after, {}), "change_opened").is_null(0));
}

// The same sites in both lists are the best evidence of no change that there is; an empty area tells nothing.
TEST(AreaChange, SaysWhereNothingOpenedOrClosed) {
  const Town town;
  const Layer areas = squares({"west", "east", "north"}, {{0, 0}, {1000, 0}, {0, 1000}}, 1000);
  AreaChangeOptions options;
  options.match_ids = true;
  const MethodResult same = compared(areas, town.before, town.before, options);
  EXPECT_EQ(texts(column(same, "change_mark")),
            (std::vector<std::string>{"nothing opened or closed", "nothing opened or closed", "null"}));
  EXPECT_EQ(column(same, "change_before").integers(), (Counts{42, 35, 0}));
  EXPECT_TRUE(column(same, "change_p").is_null(0));
  EXPECT_EQ(counted(same, "tested"), 0);
  EXPECT_EQ(counted(same, "untouched"), 2);
  EXPECT_EQ(doubts(same.diagnostics), 0);
  const Layer& table = same.layers.front();
  EXPECT_EQ(texts(table.column("area")), (std::vector<std::string>{"east", "west"}));
  EXPECT_EQ(table.column("opened").integers(), (Counts{0, 0}));
  EXPECT_EQ(table.column("closed").integers(), (Counts{0, 0}));
  EXPECT_TRUE(table.column("p").is_null(0));
  EXPECT_TRUE(table.column("p_adjusted").is_null(0));
  EXPECT_EQ(texts(table.column("mark")), (std::vector<std::string>(2, "nothing opened or closed")));
}

// It is no test, so it makes no other area's p larger or smaller, and legends name it where it can be alone.
TEST(AreaChange, CountsUntouchedAreasInNoCorrection) {
  const Town town;
  Layer before = town.before, after = town.after;
  for (Layer* layer : {&before, &after}) {
    layer->geometry.x.push_back(500);
    layer->geometry.y.push_back(1500);
    for (Column& column : layer->columns) column.push("north");
  }
  const Layer areas = squares({"west", "east", "north"}, {{0, 0}, {1000, 0}, {0, 1000}}, 1000);
  AreaChangeOptions options;
  options.match_ids = true;
  options.correction = Correction::bonferroni;
  const MethodResult result = compared(areas, before, after, options);
  EXPECT_EQ(texts(column(result, "change_mark")),
            (std::vector<std::string>{"not significant", "not significant", "nothing opened or closed"}));
  EXPECT_NEAR(column(result, "change_p_adjusted").reals()[0], 2 * 0.0654296875, 1e-12);
  EXPECT_EQ(counted(result, "tested"), 2);
  EXPECT_EQ(counted(result, "untouched"), 1);
  const auto names_it = [](const Column& mark) {
    return std::any_of(mark.classes.begin(), mark.classes.end(),
                       [](const ColumnClass& known) { return known.value == "nothing opened or closed"; });
  };
  EXPECT_TRUE(names_it(column(result, "change_mark")));
  options.match_ids = false;
  const MethodResult unmatched = compared(areas, before, after, options);
  EXPECT_EQ(counted(unmatched, "untouched"), -1);
  EXPECT_FALSE(names_it(column(unmatched, "change_mark")));
  EXPECT_FALSE(names_it(unmatched.layers.front().column("mark")));
}

// Whether a site may be shown is no matter of whether it is there. Both areas are so small that what is not open counts
// in neither.
TEST(AreaChange, TakesAnotherPublicationLevelForNoChange) {
  const Town town;
  Layer before = town.before, after = town.after;
  for (Layer* layer : {&before, &after}) {
    Column level("level", ColumnType::text);
    for (std::size_t row = 0; row < layer->size(); ++row)  // the west's stayers were hidden, the last stayer now is
      level.push((layer == &before && row < 40) || (layer == &after && row == 69) ? "hidden" : "open");
    layer->set(std::move(level));
    layer->roles.publication = "level";
  }
  AreaChangeOptions options;
  options.match_ids = true;
  const MethodResult result = compared(town.areas, before, after, options);
  EXPECT_EQ(column(result, "change_before").integers(), (Counts{2, 35}));
  EXPECT_EQ(column(result, "change_after").integers(), (Counts{49, 35}));
  EXPECT_EQ(column(result, "change_opened").integers(), (Counts{9, 6}));
  EXPECT_EQ(column(result, "change_closed").integers(), (Counts{2, 5}));
  EXPECT_NEAR(column(result, "change_p").reals()[0], 0.0654296875, 1e-12);
}

TEST(AreaChange, RefusesToMatchWhatHasNoSites) {
  const Town town;
  AreaChangeOptions options;
  options.match_ids = true;
  options.populations = "a, b";
  EXPECT_THROW((void)compared(town.areas, town.before, town.after, options), UsageError);
  Layer areas = town.areas;
  areas.set(Column::of("a", Counts{1, 2}));
  MethodInputs inputs;
  inputs.layers = {{"areas", &areas}};
  options.populations = "";
  options.counts = "a, a";
  Progress progress;
  EXPECT_THROW((void)area_change_method().run(inputs, options, progress), UsageError);
}

MethodResult surfaces(const Layer& before, const Layer& after, bool match, std::int64_t seed = 1) {
  MethodInputs inputs;
  inputs.layers = {{"points", &after}, {"before", &before}};
  DensityChangeOptions options;
  options.kernel = Kernel::quartic;
  options.bandwidth = Metres{200};
  options.cell_size = Metres{100};
  options.permutations = 99;
  options.match_ids = match;
  options.seed = seed;
  Progress progress;
  return density_change_method().run(inputs, options, progress);
}

/// 150 sites of which some close and as many open anywhere; `planted` more open at one place.
std::pair<Layer, Layer> years(unsigned seed, int planted) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> place(0, 1000);
  std::normal_distribution<double> scatter(0, 60);
  Places old_places, new_places;
  std::vector<std::string> old_ids, new_ids;
  for (int i = 0; i < 165; ++i) {
    const std::pair<double, double> at(place(random), place(random));
    if (i < 150) {
      old_places.push_back(at);
      old_ids.push_back(std::to_string(i));
    }
    if (i >= 15) {
      new_places.push_back(at);
      new_ids.push_back(std::to_string(i));
    }
  }
  for (int i = 0; i < planted; ++i) {
    new_places.emplace_back(500 + scatter(random), 500 + scatter(random));
    new_ids.push_back("planted " + std::to_string(i));
  }
  return {listed("old", old_places, old_ids), listed("new", new_places, new_ids)};
}

TEST(DensityChangeMethod, LooksAtMatchedSitesForTheTestAlone) {
  const auto [before, after] = years(1, 12);
  const MethodResult all = surfaces(before, after, false), matched = surfaces(before, after, true);
  EXPECT_EQ(counted(matched, "before"), 150);
  EXPECT_EQ(counted(matched, "after"), 162);
  EXPECT_EQ(counted(matched, "opened"), 27);
  EXPECT_EQ(counted(matched, "closed"), 15);
  EXPECT_EQ(counted(all, "opened"), -1);
  EXPECT_EQ(all.diagnostics.count("same-ids"), 135);
  EXPECT_EQ(column(all, "change_before_km2").reals(), column(matched, "change_before_km2").reals());
  EXPECT_EQ(column(all, "change_after_km2").reals(), column(matched, "change_after_km2").reals());
}

// A site that was coarsened or hidden since is still there: it neither opened nor closed.
TEST(DensityChangeMethod, TakesNoChangeOfPublicationForAMove) {
  const auto [before, made] = years(2, 0);
  Layer after = made;
  Column level("level", ColumnType::text);
  for (std::size_t row = 0; row < after.size(); ++row)
    level.push(row % 5 == 0 ? "coarsened" : row % 5 == 1 ? "hidden" : "open");
  after.set(std::move(level));
  after.roles.publication = "level";
  const MethodResult open = surfaces(before, made, true), closed = surfaces(before, after, true);
  EXPECT_EQ(closed.diagnostics.count("moved-site"), 0);
  EXPECT_EQ(counted(closed, "closed"), counted(open, "closed"));
  EXPECT_LE(counted(closed, "opened"), counted(open, "opened")) << "hidden ones that opened are in no density";
}

// A list to which sites are only added has nothing to compare the new ones with.
TEST(DensityChangeMethod, DoubtsSitesThatOnlyOpen) {
  const Layer before = listed("old", {{0, 0}, {300, 300}}, {"a", "b"});
  const Layer after = listed("new", {{0, 0}, {300, 300}, {600, 0}}, {"a", "b", "c"});
  for (const auto& [first, second] : {std::pair{&before, &after}, {&after, &before}}) {
    const MethodResult result = surfaces(*first, *second, true);
    EXPECT_EQ(result.diagnostics.count("one-way"), 1);
    EXPECT_EQ(result.diagnostics.count("nothing-opened-or-closed"), 0);
    EXPECT_TRUE(column(result, "change_p").is_null(0));
  }
  const MethodResult same = surfaces(before, before, true);
  EXPECT_EQ(same.diagnostics.count("one-way"), 0);
  EXPECT_EQ(same.diagnostics.count("nothing-opened-or-closed"), 1);
  EXPECT_EQ(doubts(same.diagnostics), 0);
  EXPECT_TRUE(column(same, "change_p").is_null(0));
}

// All sites were coarsened since: they are drawn elsewhere, on the same ground.
TEST(DensityChangeMethod, DoubtsNoGroundOfCoarsenedSites) {
  Layer before = listed("old", Places(20, {98.98, 18.79}), std::vector<std::string>(20));
  before.crs = Crs::from_text("EPSG:4326");
  Layer after = before;
  Column level("level", ColumnType::text);
  for (std::size_t row = 0; row < after.size(); ++row) level.push("coarsened");
  after.set(std::move(level));
  after.roles.publication = "level";
  const MethodResult result = surfaces(before, after, false);
  EXPECT_EQ(counted(result, "after"), 20);
  EXPECT_EQ(column(result, "change_before_km2").reals()[0], 0) << "the old ones stand beyond the bandwidth";
  EXPECT_EQ(result.diagnostics.count("no-common-ground"), 0);
}

// The level of a map is held, and a planted dozen is found far more often than where all sites are taken as new ones.
TEST(DensityChangeMethod, FindsMoreWhereSitesAreMatched) {
  constexpr int kMaps = 100;
  int falsely = 0, found = 0, found_unmatched = 0;
  const auto any = [](const MethodResult& result) { return counted(result, "grown") + counted(result, "shrunk") > 0; };
  for (unsigned map = 0; map < kMaps; ++map) {
    const auto seed = static_cast<std::int64_t>(map);
    const auto [before, after] = years(map, 0);
    falsely += any(surfaces(before, after, true, seed));
    const auto [old_list, new_list] = years(map, 12);
    found += any(surfaces(old_list, new_list, true, seed));
    found_unmatched += any(surfaces(old_list, new_list, false, seed));
  }
  EXPECT_LE(falsely, 12);  // 5 expected, 3.2 standard errors
  EXPECT_GE(found, 4 * std::max(found_unmatched, 5));
  RecordProperty("falsely", falsely);
  RecordProperty("found", found);
  RecordProperty("found_unmatched", found_unmatched);
}

}  // namespace
}  // namespace yaan
