#include "yaan/style/layer_style.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "style/number_classes.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan::style {

namespace {

const Localized kNoValue{"no data", "ไม่มีข้อมูล"};
const Localized kOutside{"outside the bounds", "นอกช่วงที่กำหนด"};

/// Paints the features by the index of their legend entry.
LayerStyle painted(const Column& column, std::vector<LegendEntry> legend, std::vector<std::uint32_t> entries,
                   std::span<const std::uint8_t> shown) {
  LayerStyle style;
  for (std::size_t row = 0; row < entries.size(); ++row) {
    LegendEntry& entry = legend[entries[row]];
    if (shown.empty() || shown[row] != 0) ++entry.count;
    style.colours.push_back(entry.colour);
    style.marks.push_back(entry.mark);
  }
  style.entries = std::move(entries);
  style.legend = std::move(legend);
  style.title = column.title.empty() ? Localized{column.name, column.name} : column.title;
  return style;
}

/// Takes the last entry away where no feature that is shown has it. Features that are not shown keep their index, so
/// only entries that nobody at all has may go.
void drop_unused_end(LayerStyle& style) {
  const auto last = static_cast<std::uint32_t>(style.legend.size() - 1);
  if (std::find(style.entries.begin(), style.entries.end(), last) == style.entries.end()) style.legend.pop_back();
}

/// What the features without a value are.
Localized null_words(const Column& column) {
  const auto null = std::find_if(column.classes.begin(), column.classes.end(),
                                 [](const ColumnClass& known) { return known.value.empty(); });
  if (null != column.classes.end()) return null->title;
  return column.null_title.empty() ? kNoValue : column.null_title;
}

struct Look {
  Colour colour;
  Mark mark = Mark::circle;
};

Look look_of(std::int64_t number) {
  const std::int64_t turn = number <= 0 ? 0 : (number - 1) / static_cast<std::int64_t>(kRankColours);
  return {rank_colour(number), mark_of(static_cast<std::size_t>(turn))};
}

/// The values of a category in the order of the legend: by the wish, by the column, the others by number or bytes.
/// Those that have a colour of their own are there even where no feature has them.
std::vector<std::string> ordered_values(const Column& column, const StyleWish& wish) {
  std::vector<std::string> order;
  const auto listed = [&](const std::string& value) {
    return std::find(order.begin(), order.end(), value) != order.end();
  };
  std::map<std::string, bool, std::less<>> present;
  std::map<double, std::string> numbers;
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (column.is_null(row)) continue;
    if (const auto number = column.number(row))
      numbers.emplace(*number, column.display(row));
    else
      present.emplace(column.texts()[row], true);
  }
  for (const auto& [value, title] : wish.titles)
    if (present.contains(value)) order.push_back(value);
  for (const ColumnClass& known : column.classes)
    if (!known.value.empty() && !listed(known.value) && (known.tone != Tone::own || present.contains(known.value)))
      order.push_back(known.value);
  for (const auto& [value, unused] : present)
    if (!listed(value)) order.push_back(value);
  for (const auto& [number, text] : numbers)
    if (!listed(text)) order.push_back(text);
  return order;
}

const ColumnClass* class_named(const Column& column, std::string_view value) {
  const auto at = std::find_if(column.classes.begin(), column.classes.end(),
                               [&](const ColumnClass& known) { return known.value == value; });
  return at == column.classes.end() ? nullptr : &*at;
}

LegendEntry entry_of(const Column& column, const StyleWish& wish, const std::string& value, std::size_t place) {
  const ColumnClass* known = class_named(column, value);
  const auto words =
      std::find_if(wish.titles.begin(), wish.titles.end(), [&](const auto& t) { return t.first == value; });
  LegendEntry entry;
  entry.title = words != wish.titles.end() ? words->second : known != nullptr ? known->title : Localized{value, value};
  if (known != nullptr && known->tone != Tone::own) {
    entry.colour = tone_colour(known->tone);
    entry.quiet = known->tone == Tone::quiet;
    return entry;
  }
  const auto number = column.type() == ColumnType::integer ? parse_int(value) : std::nullopt;
  const Look look = look_of(number.value_or(static_cast<std::int64_t>(place) + 1));
  entry.colour = look.colour;
  entry.mark = look.mark;
  return entry;
}

LayerStyle by_category(const Column& column, const StyleWish& wish, std::span<const std::uint8_t> shown) {
  std::map<std::string, std::uint32_t, std::less<>> index;
  std::vector<LegendEntry> legend;
  for (const std::string& value : ordered_values(column, wish)) {
    index.emplace(value, static_cast<std::uint32_t>(legend.size()));
    legend.push_back(entry_of(column, wish, value, legend.size()));
  }
  const bool toned = std::any_of(column.classes.begin(), column.classes.end(),
                                 [](const ColumnClass& known) { return known.tone != Tone::own; });
  // Features in no region are grey everywhere; where a word is missing, nothing is said.
  const bool unsaid = toned || column.type() == ColumnType::text;
  legend.push_back(
      {null_words(column), unsaid ? tone_colour(Tone::undefined) : rank_colour(0), Mark::circle, 0, unsaid, false});
  std::vector<std::uint32_t> entries;
  entries.reserve(column.size());
  for (std::size_t row = 0; row < column.size(); ++row)
    entries.push_back(column.is_null(row) ? static_cast<std::uint32_t>(legend.size() - 1)
                                          : index.at(column.display(row)));
  LayerStyle style = painted(column, std::move(legend), std::move(entries), shown);
  drop_unused_end(style);
  return style;
}

/// A unit as people write it; "" where the title says it already or there is none.
Localized unit_words(const Column& column) {
  static const std::map<std::string, Localized, std::less<>> words_of_unit = {
      {"m", {"metres", "เมตร"}},  {"km", {"kilometres", "กิโลเมตร"}},   {"m2", {"m²", "ตร.ม."}},
      {"km2", {"km²", "ตร.กม."}}, {"1/km2", {"per km²", "ต่อ ตร.กม."}}, {"share", {"share, 0 to 1", "สัดส่วน 0 ถึง 1"}}};
  if (column.unit.empty()) return {};
  const auto at = words_of_unit.find(column.unit);
  const Localized words = at == words_of_unit.end() ? Localized{column.unit, column.unit} : at->second;
  const bool said = column.title.en.find(words.en) != std::string::npos;
  return said ? Localized{} : words;
}

Localized breaks_words(const Localized& method, const Column& column) {
  const Localized unit = unit_words(column);
  if (unit.empty()) return method;
  return {fmt::format("{} · {}", unit.en, method.en), fmt::format("{} · {}", unit.th, method.th)};
}

LayerStyle by_number(const Column& column, const StyleWish& wish, std::span<const std::uint8_t> shown) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> values;  // of the features that are shown
  for (std::size_t row = 0; row < column.size(); ++row)
    values.push_back(!shown.empty() && shown[row] == 0 ? kNone : column.number(row).value_or(kNone));
  const NumberClasses found = number_classes(column, values, wish);
  std::vector<LegendEntry> legend;
  for (std::size_t c = 0; c < found.classes.size(); ++c)
    legend.push_back({found.words[c], found.colours[c], Mark::circle, 0, false, false});
  const auto outside = static_cast<std::uint32_t>(legend.size());
  legend.push_back({kOutside, rank_colour(0), Mark::circle, 0, false, false});
  legend.push_back({null_words(column), tone_colour(Tone::undefined), Mark::circle, 0, true, false});
  std::vector<std::uint32_t> entries;
  entries.reserve(values.size());
  bool any_outside = false;
  for (const double value : values) {
    const bool none = !std::isfinite(value);
    entries.push_back(none ? outside + 1 : static_cast<std::uint32_t>(class_of(found.classes, value)));
    any_outside = any_outside || entries.back() == outside;
  }
  if (!any_outside) {
    legend.erase(legend.begin() + outside);
    for (std::uint32_t& entry : entries) entry = std::min(entry, outside);
  }
  LayerStyle style = painted(column, std::move(legend), std::move(entries), shown);
  style.ranked = true;
  drop_unused_end(style);
  if (found.classes.size() > 0) style.notes.push_back(breaks_words(found.method, column));
  return style;
}

}  // namespace

std::vector<std::uint32_t> drawing_order(const LayerStyle& style) {
  std::vector<std::uint32_t> order(style.colours.size());
  std::iota(order.begin(), order.end(), 0U);
  if (style.legend.empty()) return order;
  const auto depth = [&](std::uint32_t feature) {
    const std::uint32_t entry = style.entries[feature];
    const LegendEntry& look = style.legend[entry];
    const auto place = static_cast<std::size_t>(style.ranked ? entry : style.legend.size() - entry);
    return std::pair(look.hatched ? 0 : look.quiet ? 1 : 2, place);
  };
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return depth(a) < depth(b); });
  return order;
}

LayerStyle style_of(const Layer& layer, const StyleWish& wish, std::span<const std::uint8_t> shown) {
  if (wish.column.empty()) {
    LayerStyle style;
    style.colours.assign(layer.size(), rank_colour(1));
    style.marks.assign(layer.size(), Mark::circle);
    return style;
  }
  if (wish.classes == 0 || wish.classes > kMostClasses)
    throw UsageError(fmt::format("the number of classes is {}", wish.classes),
                     fmt::format("ask for 1 to {} classes", kMostClasses));
  const Column& column = layer.column(wish.column);
  LayerStyle style;
  switch (column.type()) {
    case ColumnType::text: style = by_category(column, wish, shown); break;
    case ColumnType::integer:
    case ColumnType::real:
      style =
          column.colour_by == ColourBy::category ? by_category(column, wish, shown) : by_number(column, wish, shown);
      break;
    default:
      throw UsageError(
          fmt::format("{} of {} cannot colour a map: it is a {}", column.name, layer.name, to_string(column.type())),
          "name a column of numbers or texts");
  }
  if (!column.remark.empty()) style.notes.push_back(column.remark);
  return style;
}

}  // namespace yaan::style
