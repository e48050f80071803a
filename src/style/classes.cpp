#include "yaan/style/classes.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace yaan::style {

namespace {

struct Distinct {
  std::vector<double> values;  // ascending
  std::vector<double> counts;
};

Distinct distinct_of(const std::vector<double>& sorted) {
  Distinct distinct;
  for (const double value : sorted) {
    if (distinct.values.empty() || distinct.values.back() != value) {
      distinct.values.push_back(value);
      distinct.counts.push_back(0);
    }
    distinct.counts.back() += 1;
  }
  return distinct;
}

std::vector<double> equal_bounds(const Distinct& distinct, std::size_t wanted) {
  const double low = distinct.values.front();
  const double high = distinct.values.back();
  std::vector<double> upper;
  for (std::size_t i = 1; i < wanted; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(wanted);
    const double bound = low * (1 - share) + high * share;
    if (bound < high && (upper.empty() || bound > upper.back())) upper.push_back(bound);
  }
  upper.push_back(high);
  return upper;
}

std::vector<double> quantile_bounds(const std::vector<double>& sorted, std::size_t wanted) {
  std::vector<double> upper;
  for (std::size_t i = 1; i <= wanted; ++i) {
    // The i-th bound is the value of rank ceil(i n / k) (Hyndman and Fan 1996, type 1); ties may make two the same.
    const std::size_t rank = (i * sorted.size() + wanted - 1) / wanted;
    const double bound = sorted[std::max<std::size_t>(rank, 1) - 1];
    if (upper.empty() || bound > upper.back()) upper.push_back(bound);
  }
  return upper;
}

// Sums of the first n values and squares, about the mean, so that large values with small differences keep their
// digits.
class Spread {
 public:
  explicit Spread(const Distinct& distinct)
      : m_count(distinct.values.size() + 1), m_sum(m_count.size()), m_square(m_count.size()) {
    double total = 0;
    double weight = 0;
    for (std::size_t i = 0; i < distinct.values.size(); ++i) {
      weight += distinct.counts[i];
      total += (distinct.values[i] - distinct.values[0]) * distinct.counts[i];
    }
    const double middle = distinct.values[0] + total / weight;
    for (std::size_t i = 0; i < distinct.values.size(); ++i) {
      const double v = distinct.values[i] - middle;
      m_count[i + 1] = m_count[i] + distinct.counts[i];
      m_sum[i + 1] = m_sum[i] + v * distinct.counts[i];
      m_square[i + 1] = m_square[i] + v * v * distinct.counts[i];
    }
  }
  // Squared deviations from their mean of the values first to last, both included.
  [[nodiscard]] double within(std::size_t first, std::size_t last) const {
    const double n = m_count[last + 1] - m_count[first];
    const double sum = m_sum[last + 1] - m_sum[first];
    return std::max(0.0, m_square[last + 1] - m_square[first] - sum * sum / n);
  }

 private:
  std::vector<double> m_count;
  std::vector<double> m_sum;
  std::vector<double> m_square;
};

// One row of the dynamic programme: best[j] is the least spread of the values up to j in one class more than `before`.
// The best place of the last cut never moves left as j grows, so halving j halves the places to try.
struct Row {
  const Spread& spread;
  const std::vector<double>& before;
  std::vector<double>& best;
  std::vector<std::size_t>& cut;  // first value of the last class

  void fill(std::size_t from, std::size_t to, std::size_t cut_from, std::size_t cut_to) const {
    if (from > to) return;
    const std::size_t j = from + (to - from) / 2;
    std::size_t chosen = cut_from;
    double least = INFINITY;
    for (std::size_t first = cut_from; first <= std::min(j, cut_to); ++first) {
      const double sum = before[first - 1] + spread.within(first, j);
      if (sum < least) {
        least = sum;
        chosen = first;
      }
    }
    best[j] = least;
    cut[j] = chosen;
    if (j > from) fill(from, j - 1, cut_from, chosen);
    fill(j + 1, to, chosen, cut_to);
  }
};

std::vector<double> jenks_bounds(const Distinct& distinct, std::size_t wanted) {
  const std::size_t m = distinct.values.size();
  const Spread spread(distinct);
  std::vector<double> best(m);
  for (std::size_t j = 0; j < m; ++j) best[j] = spread.within(0, j);
  std::vector<std::vector<std::size_t>> cuts(wanted);
  for (std::size_t k = 1; k < wanted; ++k) {
    std::vector<double> next(m, INFINITY);
    cuts[k].assign(m, 0);
    Row{spread, best, next, cuts[k]}.fill(k, m - 1, k, m - 1);
    best = std::move(next);
  }
  std::vector<double> upper{distinct.values.back()};
  std::size_t last = m - 1;
  for (std::size_t k = wanted - 1; k >= 1; --k) {
    last = cuts[k][last] - 1;
    upper.push_back(distinct.values[last]);
  }
  std::reverse(upper.begin(), upper.end());
  return upper;
}

void count(Classes& classes, std::span<const double> values) {
  classes.counts.assign(classes.size(), 0);
  classes.left_out = 0;
  for (const double value : values) {
    const std::size_t c = class_of(classes, value);
    if (c < classes.size()) {
      ++classes.counts[c];
    } else {
      ++classes.left_out;
    }
  }
}

}  // namespace

Classes classify(std::span<const double> values, Classing how, std::size_t wanted) {
  if (wanted == 0) throw std::invalid_argument("a map needs at least one class");
  std::vector<double> sorted;
  std::copy_if(values.begin(), values.end(), std::back_inserter(sorted), [](double v) { return std::isfinite(v); });
  Classes classes;
  classes.left_out = values.size();
  if (sorted.empty()) return classes;
  std::sort(sorted.begin(), sorted.end());
  const Distinct distinct = distinct_of(sorted);
  classes.lowest = distinct.values.front();
  if (distinct.values.size() <= wanted) {
    classes.upper = distinct.values;
  } else {
    switch (how) {
      case Classing::equal_interval: classes.upper = equal_bounds(distinct, wanted); break;
      case Classing::quantile: classes.upper = quantile_bounds(sorted, wanted); break;
      case Classing::fisher_jenks: classes.upper = jenks_bounds(distinct, wanted); break;
    }
  }
  count(classes, values);
  return classes;
}

Classes classify_by(std::span<const double> values, std::span<const double> bounds) {
  if (bounds.size() < 2) throw std::invalid_argument("class bounds need a lower end and at least one upper end");
  for (std::size_t i = 0; i < bounds.size(); ++i)
    if (!std::isfinite(bounds[i]) || (i > 0 && bounds[i] <= bounds[i - 1]))
      throw std::invalid_argument("class bounds are finite and ascend");
  Classes classes;
  classes.lowest = bounds.front();
  classes.upper.assign(bounds.begin() + 1, bounds.end());
  count(classes, values);
  return classes;
}

std::size_t class_of(const Classes& classes, double value) {
  if (classes.upper.empty() || !(value >= classes.lowest)) return classes.size();
  const auto at = std::lower_bound(classes.upper.begin(), classes.upper.end(), value);
  return static_cast<std::size_t>(at - classes.upper.begin());
}

}  // namespace yaan::style
