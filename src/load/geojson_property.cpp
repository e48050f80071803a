#include "load/geojson_property.hpp"

#include <algorithm>
#include <limits>

namespace yaan {

namespace ondemand = simdjson::ondemand;

namespace {

// The words that a date or time may hold: a text of nothing else may be one for GDAL.
bool may_be_date(std::string_view text) {
  constexpr std::string_view kLetters = "0123456789-/:.+ TZtz";
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return kLetters.find(c) != std::string_view::npos; });
}

}  // namespace

void GeoJsonProperty::push_null() {
  switch (m_kind) {
    case Kind::real: m_reals.push_back(std::numeric_limits<double>::quiet_NaN()); break;
    case Kind::truth:
    case Kind::integer: m_integers.push_back(0); break;
    case Kind::text: m_texts.push_back({}); break;
    case Kind::none: break;
  }
  m_valid.push_back(0);
}

void GeoJsonProperty::push(ondemand::value value) {
  switch (value_or_throw(value.type())) {
    case ondemand::json_type::null:
      if (!value.is_null()) throw UnusualGeoJson();
      return push_null();
    case ondemand::json_type::boolean:
      become(Kind::truth);
      m_integers.push_back(value_or_throw(value.get_bool()) ? 1 : 0);
      break;
    case ondemand::json_type::number: push(value_or_throw(value.get_number())); break;
    case ondemand::json_type::string: push(value_or_throw(value.get_string())); break;
    default: throw UnusualGeoJson();
  }
  m_valid.push_back(1);
}

void GeoJsonProperty::append(GeoJsonProperty&& next) {
  if (next.m_kind == Kind::none) {
    for (std::size_t i = 0; i < next.m_valid.size(); ++i) push_null();
    return;
  }
  become(next.m_kind == Kind::integer && m_kind == Kind::real ? Kind::real : next.m_kind);
  if (m_kind == Kind::real) next.become(Kind::real);
  m_integers.insert(m_integers.end(), next.m_integers.begin(), next.m_integers.end());
  m_reals.insert(m_reals.end(), next.m_reals.begin(), next.m_reals.end());
  m_bytes.append(next.m_texts.bytes());
  const std::uint64_t before = m_ends.empty() ? 0 : m_ends.back();
  for (const std::uint64_t end : next.m_texts.ends()) m_ends.push_back(before + end);
  m_valid.insert(m_valid.end(), next.m_valid.begin(), next.m_valid.end());
  m_surely_text = m_surely_text || next.m_surely_text;
}

Column GeoJsonProperty::column(std::string name) && {
  switch (m_kind) {
    case Kind::truth:
    case Kind::integer: return Column::of(std::move(name), std::move(m_integers), std::move(m_valid));
    case Kind::real: return Column::of(std::move(name), std::move(m_reals), std::move(m_valid));
    case Kind::text:
      if (!m_surely_text) throw UnusualGeoJson();
      return Column::of(std::move(name), StringValues::of(std::move(m_bytes), std::move(m_ends)), std::move(m_valid));
    case Kind::none: break;
  }
  Column nulls(std::move(name), ColumnType::text);
  for (std::size_t i = 0; i < m_valid.size(); ++i) nulls.push_null();
  return nulls;
}

void GeoJsonProperty::push(ondemand::number number) {
  if (number.is_int64()) {
    // GDAL takes these two for numbers beyond them, and doubts them.
    using Limits = std::numeric_limits<std::int64_t>;
    if (number.get_int64() == Limits::min() || number.get_int64() == Limits::max()) throw UnusualGeoJson();
    if (m_kind == Kind::real) return m_reals.push_back(static_cast<double>(number.get_int64()));
    become(Kind::integer);
    return m_integers.push_back(number.get_int64());
  }
  if (!number.is_double()) throw UnusualGeoJson();  // beyond 64 bits
  become(Kind::real);
  m_reals.push_back(number.get_double());
}

void GeoJsonProperty::push(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) throw UnusualGeoJson();
  become(Kind::text);
  m_texts.push_back(text);
  m_surely_text = m_surely_text || !may_be_date(text);
}

void GeoJsonProperty::become(Kind kind) {
  if (m_kind == kind) return;
  if (m_kind == Kind::integer && kind == Kind::real) {
    for (std::size_t i = 0; i < m_integers.size(); ++i)
      m_reals.push_back(m_valid[i] == 0 ? std::numeric_limits<double>::quiet_NaN()
                                        : static_cast<double>(m_integers[i]));
    m_integers.clear();
    m_kind = kind;
    return;
  }
  if (m_kind != Kind::none) throw UnusualGeoJson();
  m_kind = kind;
  const std::size_t nulls = m_valid.size();
  if (kind == Kind::real) m_reals.assign(nulls, std::numeric_limits<double>::quiet_NaN());
  if (kind == Kind::truth || kind == Kind::integer) m_integers.assign(nulls, 0);
  if (kind == Kind::text) {
    m_ends.assign(nulls, 0);
    for (std::size_t i = 0; i < nulls; ++i) m_texts.push_back({});
  }
}

}  // namespace yaan
