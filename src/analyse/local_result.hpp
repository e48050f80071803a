#pragma once
// Columns of a statistic that each feature has for itself: scores, p-values raw and adjusted, and the mark on the map.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "analyse/weighted_features.hpp"
#include "yaan/core/method.hpp"

namespace yaan {

/// One entry for each item. NaN where the feature was not tested.
struct LocalScores {
  std::vector<double> value;
  std::vector<double> expected;
  std::vector<double> variance;
  std::vector<TailCounts> tails;  ///< empty without permutations
};

struct LocalTests {
  std::vector<double> z;
  std::vector<double> p_z;       ///< of z
  std::vector<double> p;         ///< by permutation where there was one, else p_z
  std::vector<double> adjusted;  ///< for the number of features
};
LocalTests local_tests(const LocalScores& scores, const LocalOptions& options);

/// The six columns that every local statistic has after its own: PREFIX_expected, _variance, _z, _p_z, _p, _p_adjusted.
std::vector<OutputField> test_fields(const std::string& prefix);
/// The column of marks, last of all: PREFIX_cluster, of which maps show `marks` and what is not significant.
OutputField cluster_field(const std::string& prefix, std::string help, Localized title, std::vector<ColumnClass> marks);

/// Columns of the features, filled item by item: features that are no items, and NaN and "", are null.
class LocalColumns {
 public:
  LocalColumns(const Method& method, const Layer& features, const Observations& observations);
  /// What the marks are about, for the legend and the summary; without, the variable of the options.
  void about(Localized subject) { m_subject = std::move(subject); }

  void add(std::span<const double> values);
  void add_words(const std::function<std::string_view(std::size_t item)>& word);
  void add_tests(const LocalScores& scores, const LocalTests& tests);
  /// Marks by the adjusted p-value: mark(item) where it is at most the level, else "not significant"; "" where there is
  /// none. The titles of all columns name what they are about, the remarks for the legend the weights, and that of the
  /// marks the level, the correction and what p is. Counts each mark in the summary.
  void add_clusters(const LocalTests& tests, const LocalOptions& options,
                    const std::function<std::string_view(std::size_t item)>& mark);
  /// All that local Moran has, of one variable or of two: value, lag, quadrant, tests and cluster. `quadrant` counts 2
  /// for a high feature and 1 for high neighbours. Islands become null.
  void add_quadrants(LocalScores scores, std::vector<double> lag, const std::vector<std::uint8_t>& quadrant,
                     const LocalOptions& options);
  /// All columns null.
  void add_nothing();
  /// The columns, the summary, and a doubt where more permutations could mark more.
  [[nodiscard]] MethodResult finish(const LocalOptions& options, Diagnostics diagnostics);

 private:
  Column& next();

  const Method& m_method;
  const Layer& m_features;
  const Observations& m_observations;
  Localized m_subject;
  Diagnostics m_few;                 // of the permutations
  std::vector<std::int64_t> m_item;  // of each row, or -1
  MethodResult m_result;
  std::vector<std::pair<std::string, std::int64_t>> m_marks;
};

}  // namespace yaan
