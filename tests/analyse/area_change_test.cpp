// Two counts compared: as R does, by the definition, and what the method makes of them.
#include "yaan/analyse/area_change.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <stdexcept>
#include <tuple>

#include "area_samples.hpp"
#include "yaan/core/error.hpp"

namespace yaan {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

void expect_change(const CountChange& found, double p, double low, double high) {
  EXPECT_NEAR(found.p, p, 1e-10 * p);
  EXPECT_NEAR(found.low, low, 1e-7 * low);
  if (std::isinf(high))
    EXPECT_EQ(found.high, high);
  else
    EXPECT_NEAR(found.high, high, 1e-7 * high);
}

// R 4.2.2: poisson.test(c(after, before), c(later, earlier exposure)), estimate, p.value, conf.int. The first is the
// example of its help page.
TEST(CountChange, IsThatOfPoissonTestInR) {
  expect_change(count_change(21, 11, 800.0 / 3011, 0.95), 0.0796686330333295, 0.858426403391639, 4.27726594365407);
  EXPECT_NEAR(count_change(21, 11, 800.0 / 3011, 0.95).ratio, 1.9714880952381, 1e-12);
  expect_change(count_change(12, 30, 1, 0.95), 0.00791589733489674, 1.24296313506215, 5.36166848350777);
  expect_change(count_change(5, 0, 1, 0.95), 0.0625, 0, 1.09127910518255);
  expect_change(count_change(0, 7, 2.0 / 3, 0.95), 0.0016384, 2.16196277825286, kInfinity);
  expect_change(count_change(311, 250, 10 / 10.5, 0.95), 0.0471452602073573, 0.71172228342176, 1.00017540442998);
}

// R 4.2.2: fisher.test(matrix(c(after, Y - after, before, X - before), 2))$p.value. Its interval stops at 1e-4, so that
// here is from the same distribution, dhyper(s, Y, X, before + after) odds^s, by uniroot(tol = 1e-14).
TEST(CountChange, WithinTheWholeIsThatOfFisherTestInR) {
  expect_change(count_change_within(12, 30, 200, 260, 0.95), 0.0495873521285626, 0.98206148348404, 4.50252396632646);
  EXPECT_NEAR(count_change_within(12, 30, 200, 260, 0.95).ratio, (30.0 / 12) / (230.0 / 188), 1e-14);
  EXPECT_NEAR(count_change_within(12, 30, 200, 260, 0.95).expected, 42.0 * 260 / 460, 1e-12);
  expect_change(count_change_within(5, 0, 40, 60, 0.95), 0.00873993458676817, 0, 0.685031949842961);
  expect_change(count_change_within(0, 6, 100, 80, 0.95), 0.00692002622893147, 1.52896685416791, kInfinity);
  expect_change(count_change_within(3, 4, 8, 9, 0.95), 1, 0.13242965321775, 14.2666736764206);
  expect_change(count_change_within(120, 90, 1000, 1400, 0.95), 2.43592474594236e-06, 0.373940001570703,
                0.677302862138327);
}

/// The logarithm of n choose k, as a sum of logarithms.
long double log_choose(std::int64_t n, std::int64_t k) {
  long double sum = 0;
  for (std::int64_t i = 1; i <= k; ++i)
    sum += std::log(static_cast<long double>(n - k + i)) - std::log(static_cast<long double>(i));
  return sum;
}

/// By the definition: of all counts, those that are no likelier.
double full_sum(std::int64_t first, std::int64_t last, std::int64_t here,
                const std::function<long double(std::int64_t)>& log_weight) {
  long double all = 0, no_likelier = 0;
  const long double mine = log_weight(here);
  for (std::int64_t k = first; k <= last; ++k) {
    const long double one = std::exp(log_weight(k) - mine);
    all += one;
    if (one <= 1 + 1e-7L) no_likelier += one;
  }
  return static_cast<double>(no_likelier / all);
}

// Sums that stop where terms no longer matter leave nothing out, however small p is.
TEST(CountChange, IsTheSumOverAllCounts) {
  for (const auto& [before, after, exposure] :
       {std::tuple{12, 30, 1.0}, {500, 620, 0.8}, {0, 9, 3.0}, {900, 100, 1.0}, {3, 400, 40.0}, {700, 701, 1.0}}) {
    const std::int64_t both = before + after;
    const double p = full_sum(0, both, after, [&, log_odds = std::log(static_cast<long double>(exposure))](auto k) {
      return log_choose(both, k) + static_cast<long double>(k) * log_odds;
    });
    EXPECT_NEAR(count_change(before, after, exposure, 0.95).p, p, 1e-12 * p) << before << " to " << after;
    const std::int64_t whole_before = before + 700, whole_after = after + 1500;
    const double within = full_sum(0, both, after, [&](auto k) {
      return log_choose(both, k) + log_choose(whole_before + whole_after - both, whole_after - k);
    });
    EXPECT_NEAR(count_change_within(before, after, whole_before, whole_after, 0.95).p, within, 1e-12 * within)
        << before << " to " << after;
  }
}

// Counts of a thousand million need no memory and little time; there the normal distribution is as good.
TEST(CountChange, TakesBigCounts) {
  constexpr std::int64_t kMany = 900'000'000;
  const auto p_of = [](double z) { return std::erfc(std::abs(z) / std::sqrt(2.0)); };
  const CountChange plain = count_change(kMany, kMany + 90'000, 1, 0.95);
  EXPECT_NEAR(plain.p, p_of(90'000 / std::sqrt(2.0 * kMany + 90'000)), 1e-4 * plain.p);
  const CountChange held = count_change_within(kMany, kMany + 90'000, 3 * kMany, 3 * kMany, 0.95);
  const double error = std::sqrt(2.0 / kMany + 1.0 / kMany);  // of the logarithm: two counts here, two of the others
  EXPECT_NEAR(held.p, p_of(std::log(held.ratio) / error), 1e-3 * held.p);
  EXPECT_NEAR(std::log(held.low), std::log(held.ratio) - 1.959964 * error, 1e-3 * error);
  EXPECT_NEAR(std::log(held.high), std::log(held.ratio) + 1.959964 * error, 1e-3 * error);
}

// Nothing was there and nothing is: no evidence, and any ratio may be. One area that is the whole cannot differ from
// it.
TEST(CountChange, TellsNothingOfNothing) {
  for (const CountChange& change :
       {count_change(0, 0, 2, 0.9), count_change_within(0, 0, 5, 6, 0.9), count_change_within(7, 9, 7, 9, 0.9)}) {
    EXPECT_EQ(change.p, 1);
    EXPECT_EQ(change.low, 0);
    EXPECT_EQ(change.high, kInfinity);
  }
  EXPECT_TRUE(std::isnan(count_change(0, 0, 2, 0.9).ratio));
  EXPECT_THROW((void)count_change(-1, 0, 1, 0.9), std::invalid_argument);
  EXPECT_THROW((void)count_change(1, 0, 0, 0.9), std::invalid_argument);
  EXPECT_THROW((void)count_change_within(3, 0, 2, 4, 0.9), std::invalid_argument);
}

// The level is held whatever the rate, and the interval covers the ratio.
TEST(CountChange, HoldsItsLevelAndCovers) {
  std::mt19937 random(4);
  int wrong = 0, missed = 0;
  constexpr int kTrials = 4000;
  for (int trial = 0; trial < kTrials; ++trial) {
    const double rate = 1 + trial % 40;
    std::poisson_distribution<std::int64_t> early(rate), late(rate), doubled(2 * rate);
    const std::int64_t before = early(random);
    wrong += count_change(before, late(random), 1, 0.95).p <= 0.05;
    const CountChange change = count_change(before, doubled(random), 1, 0.95);
    missed += change.low > 2 || change.high < 2;
  }
  EXPECT_LE(wrong, 0.05 * kTrials + 45);  // exact tests are cautious; 45 is more than three standard errors
  EXPECT_LE(missed, 0.05 * kTrials + 45);
  EXPECT_GE(wrong, 40);  // but not asleep
}

MethodResult changed(const Layer& areas, const AreaChangeOptions& options, const Layer* before = nullptr,
                     const Layer* after = nullptr) {
  Progress progress;
  MethodInputs inputs;
  inputs.layers = {{"areas", &areas}};
  if (before != nullptr) inputs.layers["before"] = before;
  if (after != nullptr) inputs.layers["after"] = after;
  return area_change_method().run(inputs, options, progress);
}

using Counts = std::vector<std::int64_t>;

/// Squares in a row, the first code last.
Layer areas_with(const std::vector<std::pair<std::string, Counts>>& columns) {
  std::vector<std::string> codes;
  std::vector<std::pair<double, double>> corners;
  const std::size_t n = columns.front().second.size();
  for (std::size_t i = 0; i < n; ++i) {
    codes.push_back(std::string(1, static_cast<char>('a' + (n - 1 - i))));
    corners.emplace_back(1000.0 * static_cast<double>(i), 0);
  }
  Layer areas = squares(codes, corners, 1000);
  for (const auto& [name, counts] : columns) areas.set(Column::of(name, counts));
  return areas;
}

// All but the first doubled, as with a better survey; the first stayed, which is a loss against the others.
TEST(AreaChange, TellsGrowthOfTheWholeFromGrowthOfAnArea) {
  const Layer areas = areas_with({{"y1", {40, 30, 30, 50, 0}}, {"y2", {40, 60, 60, 100, 0}}});
  AreaChangeOptions options;
  options.counts = "y1, y2";
  const MethodResult plain = changed(areas, options);
  EXPECT_EQ(texts(column(plain, "change_mark")),
            (std::vector<std::string>{"not significant", "grown", "grown", "grown", "null"}));
  EXPECT_EQ(plain.diagnostics.count("whole-changed"), 1);
  EXPECT_NEAR(column(plain, "change_ratio").reals()[1], 2, 1e-15);
  EXPECT_NEAR(column(plain, "change_p").reals()[1], count_change(30, 60, 1, 0.95).p, 0);
  EXPECT_EQ(column(plain, "change_difference").integers()[3], 50);

  options.hold_total = true;
  const MethodResult held = changed(areas, options);
  EXPECT_EQ(texts(column(held, "change_mark")),
            (std::vector<std::string>{"shrunk", "not significant", "not significant", "not significant", "null"}));
  EXPECT_EQ(held.diagnostics.count("whole-changed"), 0);
  EXPECT_NEAR(column(held, "change_p").reals()[0], count_change_within(40, 40, 150, 260, 0.95).p, 0);
}

// p-values are adjusted together; the columns are about the last comparison.
TEST(AreaChange, ComparesSeveralSnapshots) {
  const Layer areas = areas_with({{"a", {10, 20, 30}}, {"b", {12, 25, 28}}, {"c", {30, 22, 31}}});
  AreaChangeOptions options;
  options.counts = "a,b;c";
  const MethodResult previous = changed(areas, options);
  const Layer& table = previous.layers.front();
  EXPECT_EQ(texts(table.column("from")), (std::vector<std::string>{"a", "a", "a", "b", "b", "b"}));
  EXPECT_EQ(texts(table.column("to")), (std::vector<std::string>{"b", "b", "b", "c", "c", "c"}));
  EXPECT_EQ(texts(table.column("area")), (std::vector<std::string>{"a", "b", "c", "a", "b", "c"}));
  EXPECT_EQ(table.column("before").integers(), (Counts{30, 20, 10, 28, 25, 12}));
  EXPECT_EQ(column(previous, "change_before").integers(), (Counts{12, 25, 28}));
  std::vector<double> p = table.column("p").reals();
  EXPECT_EQ(adjusted_p(p, Correction::benjamini_hochberg), table.column("p_adjusted").reals());
  options.compare_with = ChangeFrom::first;
  EXPECT_EQ(column(changed(areas, options), "change_before").integers(), (Counts{10, 20, 30}));
}

TEST(AreaChange, TakesPopulationAsWhatToExpect) {
  const Layer areas = areas_with({{"a", {10, 20}}, {"b", {40, 22}}, {"days_a", {5, 5}}, {"days_b", {20, 0}}});
  AreaChangeOptions options;
  options.counts = "a, b";
  options.populations = "days_a, days_b";
  const MethodResult result = changed(areas, options);
  EXPECT_EQ(column(result, "change_ratio").reals()[0], 1);
  EXPECT_EQ(column(result, "change_p").reals()[0], 1);
  EXPECT_TRUE(column(result, "change_p").is_null(1));
  EXPECT_EQ(result.diagnostics.count("zero-population"), 1);
}

// The map is of the marks, in the colours of the field; its legend says how p was found.
TEST(AreaChange, SaysOnMapsHowItWasFound) {
  const Layer areas = areas_with({{"a", {10, 20}}, {"b", {40, 22}}});
  AreaChangeOptions options;
  options.counts = "a, b";
  options.correction = Correction::bonferroni;
  const MethodResult result = changed(areas, options);
  const Column& mark = column(result, area_change_method().shown_field()->name);
  EXPECT_EQ(mark.name, "change_mark");
  EXPECT_EQ(mark.title.en, "Grown or shrunk (a to b)");
  EXPECT_EQ(mark.remark.en, "p at most 0.05, corrected by Bonferroni; exact, two-sided");
  EXPECT_EQ(column(result, "change_p_adjusted").remark.en, "corrected by Bonferroni; exact, two-sided");
  ASSERT_EQ(mark.classes.size(), 4U);
  EXPECT_EQ(mark.classes[0].tone, Tone::high);
  EXPECT_EQ(mark.classes[1].value, "shrunk");
  EXPECT_EQ(mark.classes[1].tone, Tone::low);
  EXPECT_EQ(mark.classes[3].tone, Tone::undefined);
}

TEST(AreaChange, CountsPointsOfTwoLayers) {
  const Layer areas = squares({"w", "e"}, {{0, 0}, {1000, 0}}, 1000);
  const Layer before = sites({{100, 100}, {200, 100}, {1500, 500}}, {"k", "k", "k"});
  const Layer after = sites({{100, 100}, {1500, 500}, {1600, 500}, {9e6, 0}}, {"k", "k", "k", "k"});
  const MethodResult result = changed(areas, {}, &before, &after);
  EXPECT_EQ(column(result, "change_before").integers(), (Counts{2, 1}));
  EXPECT_EQ(column(result, "change_after").integers(), (Counts{1, 2}));
  EXPECT_EQ(result.diagnostics.count("outside-every-area"), 1);
}

// Two lists of two places are most likely two survey areas.
TEST(AreaChange, DoubtsSnapshotsWithoutCommonGround) {
  Layer areas = areas_with({{"a", {199, 0, 0}}, {"b", {0, 201, 0}}, {"c", {0, 150, 40}}});
  AreaChangeOptions options;
  for (const bool hold : {false, true}) {
    options.hold_total = hold;
    options.counts = "a, b";
    EXPECT_EQ(changed(areas, options).diagnostics.count("no-common-ground"), 1);
    options.counts = "a, b, c";
    EXPECT_EQ(changed(areas, options).diagnostics.count("no-common-ground"), 1) << "from b to c one area has both";
    options.counts = "b, c";
    EXPECT_EQ(changed(areas, options).diagnostics.count("no-common-ground"), 0);
  }
  const std::vector<std::string> kinds(6, "k");
  const Layer west = sites(std::vector<std::pair<double, double>>(6, {2500, 500}), kinds);
  const Layer east = sites(std::vector<std::pair<double, double>>(6, {500, 500}), kinds);
  EXPECT_EQ(changed(areas, {}, &west, &east).diagnostics.count("no-common-ground"), 1);
  EXPECT_EQ(changed(areas, {}, &west, &west).diagnostics.count("no-common-ground"), 0);
}

// A hidden point counts in no area of 1 km2, or the count would tell where it is.
TEST(AreaChange, DoesNotTellOfHiddenPointsInSmallAreas) {
  const Layer areas = squares({"w"}, {{0, 0}}, 1000);
  const Layer before = sites({{100, 100}}, {"k"});
  Layer after = sites({{100, 100}, {300, 300}}, {"k", "k"});
  Column level("level", ColumnType::text);
  level.push("open");
  level.push("hidden");
  after.set(std::move(level));
  after.roles.publication = "level";
  EXPECT_EQ(column(changed(areas, {}, &before, &after), "change_after").integers(), (Counts{1}));
}

TEST(AreaChange, RefusesWhatCannotBeCompared) {
  Layer areas = areas_with({{"a", {1, 2}}, {"b", {3, -4}}});
  AreaChangeOptions options;
  EXPECT_THROW((void)changed(areas, options), UsageError);
  options.counts = "a";
  EXPECT_THROW((void)changed(areas, options), UsageError);
  options.counts = "a, c";
  EXPECT_THROW((void)changed(areas, options), UsageError);
  options.counts = "a, b";
  EXPECT_THROW((void)changed(areas, options), InputError);
  areas.set(Column::of("b", std::vector<double>{1.5, 2}));
  EXPECT_THROW((void)changed(areas, options), InputError);
  areas.set(Column::of("b", std::vector<double>{std::nan(""), 2}));
  const MethodResult result = changed(areas, options);
  EXPECT_EQ(result.diagnostics.count("missing-value"), 1);
  EXPECT_TRUE(column(result, "change_after").is_null(0));
  options.populations = "a";
  EXPECT_THROW((void)changed(areas, options), UsageError);
  options.populations = "a, a";
  options.hold_total = true;
  EXPECT_THROW((void)changed(areas, options), UsageError);
  const Layer points = sites({}, {});
  EXPECT_THROW((void)changed(areas, {}, &points), UsageError);
  options = {};
  options.counts = "a, a";
  EXPECT_THROW((void)changed(areas, options, &points, &points), UsageError);
}

/// Is asked to stop when the first area is compared.
class StoppedAtOnce : public Progress {
 public:
  void report(std::string_view stage, double /*fraction*/) override {
    if (stage == "comparing") cancel();
  }
};

TEST(AreaChange, CanBeStoppedBetweenAreas) {
  const Layer areas = areas_with({{"a", {10, 20}}, {"b", {40, 22}}});
  MethodInputs inputs;
  inputs.layers = {{"areas", &areas}};
  AreaChangeOptions options;
  options.counts = "a, b";
  StoppedAtOnce progress;
  EXPECT_THROW((void)area_change_method().run(inputs, options, progress), Cancelled);
}

TEST(AreaChange, DoubtsOneAreaThatIsTheWhole) {
  const Layer areas = areas_with({{"a", {10, 0}}, {"b", {40, 0}}});
  AreaChangeOptions options;
  options.counts = "a, b";
  EXPECT_EQ(changed(areas, options).diagnostics.count("one-area"), 0);
  options.hold_total = true;
  const MethodResult held = changed(areas, options);
  EXPECT_EQ(held.diagnostics.count("one-area"), 1);
  EXPECT_EQ(column(held, "change_p").reals()[0], 1);
}

// A title says more than the key of a layer or a column, where it tells the snapshots apart.
TEST(AreaChange, NamesSnapshotsByTheirTitles) {
  const Layer areas = squares({"w"}, {{0, 0}}, 1000);
  Layer before = sites({{100, 100}}, {"k"}), after = before;
  before.name = "before";
  after.name = "after";
  const auto heading = [&] { return column(changed(areas, {}, &before, &after), "change_mark").title; };
  EXPECT_EQ(heading().en, "Grown or shrunk (before to after)");
  before.title = {"Survey 2023", "สำรวจ 2566"};
  EXPECT_EQ(heading().en, "Grown or shrunk (Survey 2023 to after)");
  after.title = before.title;
  EXPECT_EQ(heading().en, "Grown or shrunk (before to after)");
  after.title = {"Survey 2024", ""};
  EXPECT_EQ(heading().en, "Grown or shrunk (Survey 2023 to Survey 2024)");
  EXPECT_TRUE(heading().th.ends_with("(สำรวจ 2566 ถึง Survey 2024)")) << heading().th;
}

}  // namespace
}  // namespace yaan
