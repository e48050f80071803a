#include "yaan/style/layer_style.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>

#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan::style {

namespace {

const Localized kNoValue{"no value", "ไม่มีข้อมูล"};

struct Look {
  Colour colour;
  Mark mark = Mark::circle;
};

// Paints the features by the index of their legend entry; those beyond the legend have no value.
LayerStyle painted(std::vector<LegendEntry> legend, const std::vector<std::size_t>& entry_of) {
  LayerStyle style;
  const std::size_t none = legend.size();
  legend.push_back({kNoValue, rank_colour(0), Mark::circle, 0});
  for (const std::size_t entry : entry_of) {
    LegendEntry& shown = legend[std::min(entry, none)];
    ++shown.count;
    style.colours.push_back(shown.colour);
    style.marks.push_back(shown.mark);
  }
  if (legend.back().count == 0) legend.pop_back();
  style.legend = std::move(legend);
  return style;
}

Look look_of(std::int64_t number) {
  const std::int64_t turn = number <= 0 ? 0 : (number - 1) / static_cast<std::int64_t>(kRankColours);
  return {rank_colour(number), mark_of(static_cast<std::size_t>(turn))};
}

LayerStyle by_category(const Column& column, const StyleWish& wish) {
  std::vector<std::string> order;
  if (column.type() == ColumnType::text) {
    std::map<std::string, bool> present;
    for (std::size_t row = 0; row < column.size(); ++row)
      if (!column.is_null(row)) present.emplace(column.texts()[row], true);
    for (const auto& [value, title] : wish.titles)
      if (present.erase(value) != 0) order.push_back(value);
    for (const auto& [value, unused] : present) order.push_back(value);
  } else {
    std::map<double, std::string> present;
    for (std::size_t row = 0; row < column.size(); ++row)
      if (const auto number = column.number(row)) present.emplace(*number, column.display(row));
    for (const auto& [number, text] : present) order.push_back(text);
  }
  std::map<std::string, std::size_t, std::less<>> index;
  std::vector<LegendEntry> legend;
  for (const std::string& value : order) {
    const auto words =
        std::find_if(wish.titles.begin(), wish.titles.end(), [&](const auto& t) { return t.first == value; });
    const auto number = column.type() == ColumnType::integer ? parse_int(value) : std::nullopt;
    const Look look = look_of(number.value_or(static_cast<std::int64_t>(legend.size()) + 1));
    index.emplace(value, legend.size());
    legend.push_back({words != wish.titles.end() ? words->second : Localized{value, value}, look.colour, look.mark, 0});
  }
  std::vector<std::size_t> entry_of;
  for (std::size_t row = 0; row < column.size(); ++row)
    entry_of.push_back(column.is_null(row) ? legend.size() : index.at(column.display(row)));
  return painted(std::move(legend), entry_of);
}

// Classes of one width that lie as far below 0 as above.
std::vector<double> bounds_about_zero(const std::vector<double>& values, std::size_t classes) {
  double reach = 0;
  for (const double value : values)
    if (std::isfinite(value)) reach = std::max(reach, std::abs(value));
  if (reach == 0) reach = 1;
  std::vector<double> bounds;
  for (std::size_t i = 0; i <= classes; ++i)
    bounds.push_back(i == classes ? reach : reach * (2 * static_cast<double>(i) / static_cast<double>(classes) - 1));
  return bounds;
}

// Bounds for people: four digits are enough to tell the classes of a map apart.
std::string rounded(double value) { return shortest(parse_double(fmt::format("{:.4g}", value)).value_or(value)); }

LayerStyle by_number(const Column& column, const StyleWish& wish) {
  std::vector<double> values;
  for (std::size_t row = 0; row < column.size(); ++row)
    values.push_back(column.number(row).value_or(std::numeric_limits<double>::quiet_NaN()));
  const bool both_sides = column.colour_by == ColourBy::divergence;
  Classes classes;
  if (!wish.bounds.empty()) {
    try {
      classes = classify_by(values, wish.bounds);
    } catch (const std::invalid_argument& wrong) {
      throw UsageError(fmt::format("the class bounds of {} cannot be used: {}", column.name, wrong.what()),
                       "give at least two numbers, from low to high");
    }
  } else if (both_sides) {
    classes = classify_by(values, bounds_about_zero(values, wish.classes));
  } else {
    classes = classify(values, wish.classing, wish.classes);
  }
  const auto colours = ramp_colours(both_sides ? Ramp::balance : wish.ramp, classes.size());
  std::vector<LegendEntry> legend;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    const std::string low = rounded(c == 0 ? classes.lowest : classes.upper[c - 1]);
    const std::string high = rounded(classes.upper[c]);
    std::string words = low == high ? low : fmt::format("{} – {}", low, high);
    if (!column.unit.empty()) words += fmt::format(" {}", column.unit);
    legend.push_back({{words, words}, colours[c], Mark::circle, 0});
  }
  std::vector<std::size_t> entry_of;
  entry_of.reserve(values.size());
  for (const double value : values) entry_of.push_back(class_of(classes, value));
  return painted(std::move(legend), entry_of);
}

}  // namespace

LayerStyle style_of(const Layer& layer, const StyleWish& wish) {
  if (wish.column.empty()) {
    LayerStyle style;
    style.colours.assign(layer.size(), rank_colour(1));
    style.marks.assign(layer.size(), Mark::circle);
    return style;
  }
  if (wish.classes == 0) throw UsageError("the number of classes is 0", "ask for 1 class or more");
  const Column& column = layer.column(wish.column);
  switch (column.type()) {
    case ColumnType::text: return by_category(column, wish);
    case ColumnType::integer:
    case ColumnType::real:
      return column.colour_by == ColourBy::category ? by_category(column, wish) : by_number(column, wish);
    default:
      throw UsageError(
          fmt::format("{} of {} cannot colour a map: it is a {}", column.name, layer.name, to_string(column.type())),
          "name a column of numbers or texts");
  }
}

}  // namespace yaan::style
