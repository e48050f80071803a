#include "style/number_classes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <stdexcept>

#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan::style {

namespace {

const Localized kByHand{"bounds given", "กำหนดช่วงเอง"};
const Localized kEachValue{"one class for each value", "แยกทุกค่า"};
const Localized kAboutOne{"fixed steps about 1", "ช่วงคงที่รอบ 1"};
const Localized kScores{"levels of 10, 5 and 1 %", "ระดับ 10, 5 และ 1 %"};
const Localized kProbabilities{"usual levels", "ระดับที่ใช้ทั่วไป"};

Localized words_of(Classing how) {
  switch (how) {
    case Classing::equal_interval: return {"equal intervals", "ช่วงเท่ากัน"};
    case Classing::quantile: return {"quantiles", "ควอนไทล์"};
    case Classing::fisher_jenks: return {"natural breaks (Fisher-Jenks)", "ช่วงธรรมชาติ (Fisher-Jenks)"};
  }
  return {};
}

std::vector<double> finite(std::span<const double> values) {
  std::vector<double> sorted;
  std::copy_if(values.begin(), values.end(), std::back_inserter(sorted), [](double v) { return std::isfinite(v); });
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

/// Thousands apart from five digits on; a few digits more than a reader compares.
std::string written(double value) {
  const double rounded = parse_double(fmt::format("{:.6g}", value)).value_or(value);
  if (std::abs(rounded) >= 10000 && std::abs(rounded) < 1e15 && rounded == std::trunc(rounded))
    return with_thousands(static_cast<std::int64_t>(rounded));
  return shortest(rounded);
}

Localized at_most(const std::string& bound) { return {fmt::format("up to {}", bound), fmt::format("ไม่เกิน {}", bound)}; }

Localized both(const std::string& text) { return {text, text}; }

/// The whole number of 10^power at or below the value.
double round_down(double value, int power) {
  for (double steps = std::floor(value / std::pow(10.0, power)) + 1;; --steps) {
    const double candidate = parse_double(fmt::format("{:.0f}e{}", steps, power)).value_or(value);
    if (candidate <= value) return candidate;
  }
}

/// Inner ends to three digits of the range, which leaves the widths as good as equal; the values are counted anew.
void shorten_bounds(Classes& classes, std::span<const double> values) {
  std::vector<double> bounds = {classes.lowest};
  const int power = static_cast<int>(std::floor(std::log10(classes.upper.back() - classes.lowest))) - 2;
  for (const double upper : classes.upper) {
    const double bound = upper == classes.upper.back() ? upper : round_down(upper, power);
    if (bound > bounds.back()) bounds.push_back(bound);
  }
  classes = classify_by(values, bounds);
}

/// Upper ends moved to the roundest numbers that part the same values; the ends of all outwards to two digits.
void round_bounds(Classes& classes, const std::vector<double>& sorted, bool whole) {
  for (std::size_t c = 0; c + 1 < classes.size(); ++c) {
    const auto next = std::upper_bound(sorted.begin(), sorted.end(), classes.upper[c]);
    const auto last = next == sorted.begin() ? next : next - 1;
    if (next != sorted.end()) classes.upper[c] = round_between(std::min(*last, classes.upper[c]), *next);
  }
  const double range = classes.upper.back() - classes.lowest;
  if (!(range > 0) || whole) return;  // whole numbers are told exactly
  const int power = static_cast<int>(std::floor(std::log10(range))) - 1;
  classes.lowest = round_down(classes.lowest, power);
  classes.upper.back() = -round_down(-classes.upper.back(), power);
}

bool whole(const Column& column) { return column.type() == ColumnType::integer; }

/// Words of classes whose ends touch; of whole numbers the next class begins one later.
std::vector<Localized> range_words(const Column& column, const Classes& classes) {
  std::vector<Localized> words;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    double low = c == 0 ? classes.lowest : classes.upper[c - 1];
    double high = classes.upper[c];
    if (whole(column)) {
      low = c > 0 ? std::floor(low) + 1 : std::ceil(low);
      high = std::floor(high);
    }
    const std::string from = written(low);
    const std::string to = written(high);
    if (from == to)
      words.push_back(both(to));
    else if (low < 0)  // a dash beside a minus is hard to read
      words.push_back({fmt::format("{} to {}", from, to), fmt::format("{} ถึง {}", from, to)});
    else
      words.push_back(both(fmt::format("{} – {}", from, to)));
  }
  return words;
}

std::vector<Colour> sequence_colours(const StyleWish& wish, std::size_t n) {
  const Ramp ramp = wish.ramp.value_or(Ramp::yellow_blue);
  const bool pale = ramp == Ramp::yellow_blue || ramp == Ramp::yellow_brown;
  if (!pale) return ramp_colours(ramp, n);
  constexpr double kFirst = 0.14;  // paler ones do not stand out from the land
  std::vector<Colour> colours;
  for (std::size_t i = 0; i < n; ++i)
    colours.push_back(ramp_colour(
        ramp, n == 1 ? 0.6 : kFirst + (0.95 - kFirst) * static_cast<double>(i) / static_cast<double>(n - 1)));
  return colours;
}

/// Colours of classes about a middle, which may reach from a low to a high end: as many steps on the longer side as the
/// ramp has room for.
std::vector<Colour> colours_about(const Classes& classes, double low, double high) {
  const auto low_end = [&](std::size_t c) { return c == 0 ? classes.lowest : classes.upper[c - 1]; };
  std::size_t below = 0;
  std::size_t above = 0;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    below += classes.upper[c] <= low ? 1 : 0;
    above += low_end(c) >= high ? 1 : 0;
  }
  const auto steps = static_cast<double>(std::max<std::size_t>({below, above, 1}));
  constexpr double kReach = 0.42;  // the darkest ends hide borders and names
  std::vector<Colour> colours;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    double share = 0.5;
    if (classes.upper[c] <= low) share -= kReach * static_cast<double>(below - c) / steps;
    if (low_end(c) >= high) share += kReach * static_cast<double>(c + 1 + above - classes.size()) / steps;
    colours.push_back(ramp_colour(Ramp::blue_red, share));
  }
  return colours;
}

/// Without the classes at either end that no value is in.
std::vector<double> trimmed(std::vector<double> bounds, std::span<const double> values) {
  const auto within = [&](double low, double high, bool first) {
    return std::any_of(values.begin(), values.end(),
                       [&](double v) { return (first ? v >= low : v > low) && v <= high; });
  };
  while (bounds.size() > 2 && !within(bounds[bounds.size() - 2], bounds.back(), bounds.size() == 2)) bounds.pop_back();
  while (bounds.size() > 2 && !within(bounds[0], bounds[1], true)) bounds.erase(bounds.begin());
  return bounds;
}

NumberClasses by_hand(const Column& column, std::span<const double> values, const StyleWish& wish) {
  NumberClasses result;
  try {
    result.classes = classify_by(values, wish.bounds);
  } catch (const std::invalid_argument& wrong) {
    throw UsageError(fmt::format("the class bounds of {} cannot be used: {}", column.name, wrong.what()),
                     "give at least two numbers, from low to high");
  }
  result.method = kByHand;
  const bool about = column.colour_by == ColourBy::divergence || column.colour_by == ColourBy::score ||
                     column.colour_by == ColourBy::ratio;
  const double middle = column.colour_by == ColourBy::ratio ? 1 : 0;
  result.colours =
      about ? colours_about(result.classes, middle, middle) : sequence_colours(wish, result.classes.size());
  result.words = range_words(column, result.classes);
  return result;
}

NumberClasses by_sequence(const Column& column, std::span<const double> values, const StyleWish& wish) {
  NumberClasses result;
  const std::vector<double> sorted = finite(values);
  const Classing how = wish.classing.value_or(Classing::fisher_jenks);
  const std::set<double> distinct(sorted.begin(), sorted.end());
  if (distinct.size() <= wish.classes) {
    result.classes = classify(values, how, wish.classes);
    result.method = kEachValue;
    for (const double value : result.classes.upper) result.words.push_back(both(written(value)));
    result.colours = sequence_colours(wish, result.classes.size());
    return result;
  }
  const auto nothing = std::upper_bound(sorted.begin(), sorted.end(), 0.0);
  const bool zero =
      sorted.front() == 0 && nothing - sorted.begin() > 1 && wish.classes > 1 && how != Classing::equal_interval;
  const std::vector<double> rest(zero ? nothing : sorted.begin(), sorted.end());
  result.classes = classify(rest, how, wish.classes - (zero ? 1 : 0));
  if (how == Classing::equal_interval) {
    shorten_bounds(result.classes, rest);
  } else {
    round_bounds(result.classes, rest, whole(column));
  }
  result.words = range_words(column, result.classes);
  result.colours = sequence_colours(wish, result.classes.size());
  if (zero) {
    if (!whole(column)) {
      const std::string to = written(result.classes.upper.front());
      result.words.front() = {fmt::format("above 0 – {}", to), fmt::format("มากกว่า 0 – {}", to)};
    }
    result.classes.upper.insert(result.classes.upper.begin(), 0);
    result.words.insert(result.words.begin(), both("0"));
    result.colours.insert(result.colours.begin(), nothing_there());
    result.classes.lowest = 0;
  }
  result.method = words_of(how);
  return result;
}

/// The values about 0 that are neither less nor more: of whole numbers 0 alone, else a twentieth of what only one value
/// in twenty goes beyond, to one digit. Large enough for what is next to nothing, too small to hide a loss.
double middle_of(std::span<const double> sizes, bool whole) {
  if (whole || sizes.empty()) return 0;
  const double large = sizes[(sizes.size() - 1) * 95 / 100];
  const double share = large / 20;
  return round_down(share, static_cast<int>(std::floor(std::log10(share))));
}

struct Mirrored {
  std::vector<double> bounds;
  double low = 0, high = 0;  ///< ends of the class in the middle
};

/// Ends of classes that lie as far below 0 as above, the middle one (where `wanted` is odd) small. Values on one side
/// alone have all classes there.
Mirrored mirrored(std::span<const double> values, Classing how, std::size_t wanted, bool whole) {
  std::vector<double> sizes;
  bool below = false, above = false;
  for (const double value : values)
    if (std::isfinite(value) && value != 0) {
      sizes.push_back(std::abs(value));
      below = below || value < 0;
      above = above || value > 0;
    }
  std::sort(sizes.begin(), sizes.end());
  if (sizes.empty()) return {{-1, 1}, -1, 1};
  if (wanted == 1) return {{-sizes.back(), sizes.back()}, -sizes.back(), sizes.back()};
  Mirrored result;
  const double middle = wanted % 2 == 0 ? 0 : middle_of(sizes, whole);
  sizes.erase(sizes.begin(), std::upper_bound(sizes.begin(), sizes.end(), middle));
  const bool both = below && above;
  Classes classes = classify(sizes, how, both ? wanted / 2 : wanted - wanted % 2);
  round_bounds(classes, sizes, whole);
  // A class holds its upper end, so that of whole numbers -10 is as far as 10 where the class begins above -10.5.
  const auto less = [&](double size) { return whole ? -std::floor(size) - 0.5 : -size; };
  result.bounds.push_back(less(classes.upper.back()));
  for (std::size_t c = classes.size() - 1; c-- > 0;) result.bounds.push_back(less(classes.upper[c]));
  if (wanted % 2 != 0) {
    result.low = less(middle);
    result.high = middle;
    if (result.low > result.bounds.back()) result.bounds.push_back(result.low);
  }
  result.bounds.push_back(middle);
  for (const double upper : classes.upper) result.bounds.push_back(upper);
  return result;
}

NumberClasses about_zero(const Column& column, std::span<const double> values, const StyleWish& wish) {
  NumberClasses result;
  const Classing how = wish.classing.value_or(Classing::fisher_jenks);
  const Mirrored ends = mirrored(values, how, wish.classes, whole(column));
  result.classes = classify_by(values, trimmed(ends.bounds, values));
  result.colours = colours_about(result.classes, ends.low, ends.high);
  result.words = range_words(column, result.classes);
  result.method = words_of(how);
  return result;
}

/// The two-sided 10, 5 and 1 % of the standard normal distribution, on either side, whatever the values: maps compare.
NumberClasses scores(std::span<const double> values) {
  NumberClasses result;
  const std::vector<double> sorted = finite(values);
  const std::vector<double> bounds = {std::min(-3.0, sorted.front()), -2.58, -1.96, -1.65, 1.65, 1.96, 2.58,
                                      std::max(3.0, sorted.back())};
  const Classes all = classify_by(values, bounds);
  const std::vector<Colour> colours = colours_about(all, -1.65, 1.65);
  result.classes = classify_by(values, trimmed(bounds, values));
  for (const double upper : result.classes.upper) {
    const std::size_t c = class_of(all, upper);
    const std::string from = c == 0 ? std::string() : shortest(bounds[c]);
    const std::string to = shortest(bounds[c + 1]);
    result.colours.push_back(colours[c]);
    if (c == 0)
      result.words.push_back({fmt::format("below {}", to), fmt::format("ต่ำกว่า {}", to)});
    else if (c + 1 == all.size())
      result.words.push_back({fmt::format("above {}", from), fmt::format("สูงกว่า {}", from)});
    else if (bounds[c] < 0)
      result.words.push_back({fmt::format("{} to {}", from, to), fmt::format("{} ถึง {}", from, to)});
    else
      result.words.push_back(both(fmt::format("{} – {}", from, to)));
  }
  result.method = kScores;
  return result;
}

NumberClasses about_one(const Column& column, std::span<const double> values, const StyleWish& wish) {
  NumberClasses result;
  const std::vector<double> sorted = finite(values);
  std::vector<double> bounds;
  if (wish.classing) {
    std::vector<double> logs;
    for (const double value : sorted)
      if (value > 0) logs.push_back(std::log2(value));
    for (const double bound : mirrored(logs, *wish.classing, wish.classes, false).bounds)
      bounds.push_back(parse_double(fmt::format("{:.3g}", std::exp2(bound))).value_or(std::exp2(bound)));
    if (!sorted.empty()) bounds.front() = std::min(bounds.front(), sorted.front());
    if (!sorted.empty()) bounds.back() = std::max(bounds.back(), sorted.back());
    result.method = words_of(*wish.classing);
  } else {
    const double least = sorted.empty() ? 0 : std::min(0.0, sorted.front());
    bounds = {least, 0.25, 0.5, 0.8, 1.25, 2, 4};
    if (const double most = sorted.empty() ? 0 : sorted.back(); most > bounds.back())
      bounds.push_back(round_between(most, most * 1.1));
    result.method = kAboutOne;
  }
  result.classes = classify_by(values, trimmed(bounds, values));
  // The steps have their colours whichever of them are there.
  const Classes all = classify_by(values, std::vector<double>{0, 0.25, 0.5, 0.8, 1.25, 2, 4, 5});
  const std::vector<Colour> colours = wish.classing ? std::vector<Colour>() : colours_about(all, 1, 1);
  if (wish.classing) {
    result.colours = colours_about(result.classes, 1, 1);
  } else {
    for (const double upper : result.classes.upper)
      result.colours.push_back(colours[std::min(class_of(all, std::min(upper, 5.0)), colours.size() - 1)]);
  }
  result.words = range_words(column, result.classes);
  return result;
}

NumberClasses probabilities(std::span<const double> values, const StyleWish& wish) {
  NumberClasses result;
  const std::vector<double> bounds = {0, 0.001, 0.01, 0.05, 0.1, 1};
  result.classes = classify_by(values, bounds);
  const std::vector<Colour> strong = sequence_colours(wish, bounds.size() - 2);
  result.colours.assign(strong.rbegin(), strong.rend());
  result.colours.push_back(tone_colour(Tone::quiet));
  for (std::size_t c = 0; c + 1 < result.classes.size(); ++c)
    result.words.push_back(at_most(shortest(result.classes.upper[c])));
  result.words.push_back({"above 0.1", "มากกว่า 0.1"});
  result.method = kProbabilities;
  return result;
}

}  // namespace

NumberClasses number_classes(const Column& column, std::span<const double> values, const StyleWish& wish) {
  if (!wish.bounds.empty()) return by_hand(column, values, wish);
  if (finite(values).empty()) return {};
  switch (column.colour_by) {
    case ColourBy::divergence: return about_zero(column, values, wish);
    case ColourBy::score: return wish.classing ? about_zero(column, values, wish) : scores(values);
    case ColourBy::ratio: return about_one(column, values, wish);
    case ColourBy::probability:
      if (!wish.classing) return probabilities(values, wish);
      break;
    default: break;
  }
  return by_sequence(column, values, wish);
}

}  // namespace yaan::style
