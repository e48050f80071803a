#include "analyse/local_result.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>

#include "analyse/few_permutations.hpp"
#include "analyse/global_result.hpp"
#include "analyse/mark_words.hpp"
#include "yaan/analyse/multiple_testing.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

LocalTests local_tests(const LocalScores& scores, const LocalOptions& options) {
  const std::size_t n = scores.value.size();
  LocalTests tests;
  for (std::size_t i = 0; i < n; ++i) {
    tests.z.push_back(z_of(scores.value[i], scores.expected[i], scores.variance[i]));
    tests.p_z.push_back(p_of_z(tests.z[i], options.p_value));
  }
  tests.p = tests.p_z;
  if (!scores.tails.empty())
    for (std::size_t i = 0; i < n; ++i)
      tests.p[i] = std::isnan(scores.value[i]) ? scores.value[i]
                                               : p_of_counts(scores.tails[i], options.permutations, options.p_value);
  tests.adjusted = adjusted_p(tests.p, options.correction);
  return tests;
}

std::vector<OutputField> test_fields(const std::string& prefix) {
  const auto field = [&](const char* name, const char* help, Localized title, ColourBy colour) {
    return OutputField{prefix + name, ColumnType::real, "", help, std::move(title), colour, true};
  };
  return {field("_expected", "Its expectation without autocorrelation.", {"Expected", "ค่าคาดหมาย"}, ColourBy::none),
          field("_variance", "Its variance without autocorrelation.", {"Variance", "ความแปรปรวน"}, ColourBy::none),
          field("_z", "Value less expectation, by the root of the variance.", {"z-score", "คะแนน z"}, ColourBy::score),
          field("_p_z", "p-value of that z, before any correction.", {"p of z", "p ของ z"}, ColourBy::none),
          field("_p", "p-value by permutation (of z where there was none), before any correction.", {"p", "p"},
                ColourBy::none),
          field("_p_adjusted", "The p-value adjusted for the number of features.", {"Adjusted p", "p ที่ปรับแล้ว"},
                ColourBy::probability)};
}

OutputField cluster_field(const std::string& prefix, std::string help, Localized title,
                          std::vector<ColumnClass> marks) {
  return {prefix + "_cluster", ColumnType::text,   "",   std::move(help),
          std::move(title),    ColourBy::category, true, with_quiet(std::move(marks))};
}

LocalColumns::LocalColumns(const Method& method, const Layer& features, const Observations& observations)
    : m_method(method), m_features(features), m_observations(observations), m_item(features.size(), -1) {
  for (std::size_t i = 0; i < observations.row.size(); ++i) m_item[observations.row[i]] = static_cast<std::int64_t>(i);
}

Column& LocalColumns::next() {
  m_result.columns.push_back(make_column(m_method.adds.at(m_result.columns.size())));
  Column& column = m_result.columns.back();
  column.reserve(m_item.size());
  if (column.null_title.empty() && !m_method.adds.back().classes.empty())  // what the marks say of such features
    column.null_title = m_method.adds.back().classes.back().title;
  return column;
}

void LocalColumns::add(std::span<const double> values) {
  Column& column = next();
  for (const std::int64_t item : m_item) {
    if (item < 0)
      column.push_null();
    else
      column.push(values[static_cast<std::size_t>(item)]);
  }
}

void LocalColumns::add_words(const std::function<std::string_view(std::size_t)>& word) {
  Column& column = next();
  for (const std::int64_t item : m_item) {
    const std::string_view text = item < 0 ? std::string_view() : word(static_cast<std::size_t>(item));
    if (text.empty())
      column.push_null();
    else
      column.push(text);
  }
}

void LocalColumns::add_tests(const LocalScores& scores, const LocalTests& tests) {
  for (const std::vector<double>* values :
       {&scores.expected, &scores.variance, &tests.z, &tests.p_z, &tests.p, &tests.adjusted})
    add(*values);
}

namespace {

/// What p is: which tails, and of how many permutations.
Localized convention_words(const LocalOptions& options) {
  const bool folded = options.p_value == PValue::folded;
  const Localized tails =
      folded ? Localized{"folded (the smaller tail)", "ทางเดียว (หางที่เล็กกว่า)"} : Localized{"two-sided", "สองทาง"};
  if (options.permutations == 0) return {tails.en + ", of z", tails.th + " จาก z"};
  const std::string count = with_thousands(options.permutations);
  return {fmt::format("{}, {} permutations", tails.en, count), fmt::format("{} สับเปลี่ยน {} ครั้ง", tails.th, count)};
}

}  // namespace

void LocalColumns::add_clusters(const LocalTests& tests, const LocalOptions& options,
                                const std::function<std::string_view(std::size_t)>& mark) {
  std::map<std::string, std::int64_t> counts;
  add_words([&](std::size_t item) -> std::string_view {
    if (std::isnan(tests.adjusted[item])) return {};
    const std::string_view word = tests.adjusted[item] <= options.significance ? mark(item) : "not significant";
    ++counts[std::string(word)];
    return word;
  });
  m_marks.assign(counts.begin(), counts.end());
  doubt_few_permutations(
      {tests.p, tests.adjusted, options.permutations, options.p_value, options.correction, options.significance},
      m_features.name, m_few);
  const Localized adjusted = joined(correction_words(options.correction), convention_words(options));
  // The adjusted p-values stand before the marks.
  Column& marks = m_result.columns.back();
  Column& p_adjusted = m_result.columns[m_result.columns.size() - 2];
  p_adjusted.remark = adjusted;
  marks.remark = level_words(options.significance, adjusted);
  if (m_subject.empty()) {
    const Column* variable = m_features.find(options.variable);
    m_subject = variable == nullptr || variable->title.empty() ? Localized{options.variable, options.variable}
                                                               : variable->title;
  }
  // Any of the columns may colour a map, whose legend must say what it is about.
  for (Column& column : m_result.columns) {
    if (!m_subject.empty())
      column.title = {fmt::format("{}: {}", column.title.en, m_subject.in(Language::english)),
                      fmt::format("{}: {}", column.title.th, m_subject.in(Language::thai))};
    if (!m_observations.weights_title.empty())
      column.remark =
          column.remark.empty() ? m_observations.weights_title : joined(column.remark, m_observations.weights_title);
  }
}

void LocalColumns::add_quadrants(LocalScores scores, std::vector<double> lag, const std::vector<std::uint8_t>& quadrant,
                                 const LocalOptions& options) {
  static constexpr std::array<std::string_view, 4> kQuadrants = {"Low-Low", "Low-High", "High-Low", "High-High"};
  for (const std::uint32_t island : m_observations.islands)
    for (std::vector<double>* values : {&scores.value, &scores.expected, &scores.variance, &lag})
      (*values)[island] = std::numeric_limits<double>::quiet_NaN();
  const LocalTests tests = local_tests(scores, options);
  const auto word = [&](std::size_t item) {
    return std::isnan(scores.value[item]) ? std::string_view() : kQuadrants[quadrant[item]];
  };
  add(scores.value);
  add(lag);
  add_words(word);
  add_tests(scores, tests);
  add_clusters(tests, options, word);
}

void LocalColumns::add_nothing() {
  while (m_result.columns.size() < m_method.adds.size()) {
    Column& column = next();
    for (std::size_t row = 0; row < m_item.size(); ++row) column.push_null();
  }
}

MethodResult LocalColumns::finish(const LocalOptions& options, Diagnostics diagnostics) {
  const auto choice = [&](const char* parameter, auto value) {
    return choice_name(m_method, parameter, static_cast<std::size_t>(value));
  };
  auto& summary = m_result.summary;
  if (!m_subject.empty()) summary.emplace_back("variable", m_subject.in(Language::english));
  if (!m_observations.weights_title.empty()) summary.emplace_back("weights", m_observations.weights_title.en);
  summary.emplace_back("features", static_cast<std::int64_t>(m_item.size()));
  summary.emplace_back("n", static_cast<std::int64_t>(m_observations.size()));
  summary.emplace_back("islands",
                       static_cast<std::int64_t>(m_observations.islands.size()) + m_observations.islands_left_out);
  summary.emplace_back("permutations", options.permutations);
  if (options.permutations > 0) summary.emplace_back("draws", choice("draws", options.draws));
  summary.emplace_back("p_value", choice("p_value", options.p_value));
  summary.emplace_back("correction", choice("correction", options.correction));
  for (const auto& [word, count] : m_marks) summary.emplace_back(word, count);
  m_result.diagnostics = std::move(diagnostics);
  m_result.diagnostics.merge(m_few);
  return std::move(m_result);
}

}  // namespace yaan
