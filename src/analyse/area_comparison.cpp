#include "analyse/area_comparison.hpp"

namespace yaan {

CountChange not_tested() {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  return {kNan, kNan, kNan, kNan, kNan};
}

namespace {

Comparison compared(const AreaSnapshots& seen, std::size_t from, std::size_t to, const AreaChangeOptions& options,
                    const Progress& progress) {
  Comparison comparison;
  comparison.from = from;
  comparison.to = to;
  comparison.areas.resize(seen.row.size());
  std::vector<std::size_t> usable;
  for (std::size_t i = 0; i < seen.row.size(); ++i) {
    AreaChange& area = comparison.areas[i];
    area.before = seen.count[from][i];
    area.after = seen.count[to][i];
    const double earlier = seen.population[from][i], later = seen.population[to][i];
    if (!seen.closed.empty()) {
      area.closed = seen.closed[i];
      area.opened = seen.opened[i];
    }
    if (area.before < 0 || area.after < 0 || !(earlier > 0) || !(later > 0)) continue;
    usable.push_back(i);
    comparison.before += area.before;
    comparison.after += area.after;
    comparison.less += area.less();
    comparison.more += area.more();
    comparison.population_before += earlier;
    comparison.population_after += later;
  }
  for (const std::size_t i : usable) {
    AreaChange& area = comparison.areas[i];
    if (area.less() + area.more() == 0) continue;  // nothing to tell
    progress.throw_if_cancelled();                 // big counts take a while
    area.test =
        options.hold_total
            ? count_change_within(area.less(), area.more(), comparison.less, comparison.more, options.confidence)
            : count_change(area.less(), area.more(), seen.population[to][i] / seen.population[from][i],
                           options.confidence);
  }
  if (!usable.empty())
    comparison.whole =
        count_change(comparison.less, comparison.more,
                     options.populations.empty() ? 1 : comparison.population_after / comparison.population_before,
                     options.confidence);
  return comparison;
}

}  // namespace

std::vector<Comparison> comparisons_of(const AreaSnapshots& seen, const AreaChangeOptions& options,
                                       Progress& progress) {
  std::vector<Comparison> all;
  for (std::size_t to = 1; to < seen.count.size(); ++to) {
    progress.report("comparing", static_cast<double>(to) / static_cast<double>(seen.count.size()));
    all.push_back(compared(seen, options.compare_with == ChangeFrom::first ? 0 : to - 1, to, options, progress));
  }
  std::vector<double> p;
  for (const Comparison& comparison : all)
    for (const AreaChange& area : comparison.areas) p.push_back(area.test.p);
  p = adjusted_p(p, options.correction);
  std::size_t next = 0;
  for (Comparison& comparison : all)
    for (AreaChange& area : comparison.areas) area.adjusted = p[next++];
  return all;
}

}  // namespace yaan
