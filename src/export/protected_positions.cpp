#include "export/protected_positions.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

namespace {

constexpr double kDegreeTolerance = 5e-6;  // the half of the fifth decimal, about half a metre
constexpr double kWidestDegrees = 6e-4;    // three decimals written
constexpr double kPlaneTolerance = 0.5;
constexpr double kWidestPlane = 1.0;
constexpr double kSameDegrees = 2e-8;  // a reprojection there and back
constexpr double kSamePlane = 1e-3;

bool by_x_then_y(const Position& a, const Position& b) { return a.x != b.x ? a.x < b.x : a.y < b.y; }

/// How far a number with so many decimals may lie from the one that it was rounded from.
double degree_tolerance(int decimals) {
  if (decimals < 3) return 0;
  return std::max(kDegreeTolerance, 0.51 * std::pow(10.0, -decimals));
}
double plane_tolerance(int decimals) { return decimals == 0 ? kWidestPlane : kPlaneTolerance; }

template <class Accept>
bool any_near(const std::vector<Position>& sorted, double x, double width, Accept&& accept) {
  const auto from = std::lower_bound(sorted.begin(), sorted.end(), x - width,
                                     [](const Position& position, double value) { return position.x < value; });
  for (auto at = from; at != sorted.end() && at->x <= x + width; ++at)
    if (accept(*at)) return true;
  return false;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

WrittenNumber as_written(double value) {
  const std::string text = shortest(value);
  if (text.find('e') != std::string::npos) return {value, std::abs(value) < 1 ? 17 : 0};
  const auto point = text.find('.');
  return {value, point == std::string::npos ? 0 : static_cast<int>(text.size() - point - 1)};
}

std::vector<WrittenNumber> coordinates_in(std::string_view text) {
  std::vector<WrittenNumber> numbers;
  for (std::size_t at = 0; at < text.size();) {
    if (!is_digit(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && is_digit(text[end])) ++end;
    const std::size_t whole = end - at;
    std::size_t decimals = 0;
    if (end + 1 < text.size() && text[end] == '.' && is_digit(text[end + 1])) {
      std::size_t last = end + 1;
      while (last < text.size() && is_digit(text[last])) ++last;
      decimals = last - end - 1;
      end = last;
    }
    const bool negative = at > 0 && text[at - 1] == '-';
    if ((decimals >= 3 || whole >= 5) && end - at < 40)
      if (const auto value = parse_double(text.substr(at, end - at)))
        numbers.push_back({negative ? -*value : *value, static_cast<int>(decimals)});
    at = end;
  }
  return numbers;
}

void ProtectedPositions::add(std::span<const Position> own, std::span<const Position> degrees, bool own_is_degrees) {
  m_degrees.insert(m_degrees.end(), degrees.begin(), degrees.end());
  if (!own_is_degrees) {
    m_plane.insert(m_plane.end(), own.begin(), own.end());
  } else {
    m_degrees.insert(m_degrees.end(), own.begin(), own.end());  // of another datum, perhaps
  }
  for (const std::vector<Position>& forms : plane_forms(degrees))
    m_plane.insert(m_plane.end(), forms.begin(), forms.end());
}

void ProtectedPositions::exempt(const Position& position) { m_exempt.push_back(position); }

void ProtectedPositions::prepare() {
  for (auto* positions : {&m_degrees, &m_plane, &m_exempt}) {
    std::erase_if(*positions, [](const Position& p) { return !std::isfinite(p.x) || !std::isfinite(p.y); });
    std::sort(positions->begin(), positions->end(), by_x_then_y);
    const auto same = [](const Position& a, const Position& b) { return a.x == b.x && a.y == b.y; };
    positions->erase(std::unique(positions->begin(), positions->end(), same), positions->end());
  }
}

bool ProtectedPositions::may_be_x(double x) const {
  const auto any = [](const Position&) { return true; };
  return any_near(m_degrees, x, kWidestDegrees, any) || any_near(m_plane, x, kWidestPlane, any);
}

bool ProtectedPositions::is_exempt(double x, double y) const {
  return any_near(m_exempt, x, kSamePlane, [&](const Position& open) {
    const double same = std::abs(open.x) <= 360 && std::abs(open.y) <= 90 ? kSameDegrees : kSamePlane;
    return std::abs(open.x - x) <= same && std::abs(open.y - y) <= same;
  });
}

bool ProtectedPositions::betrayed_by(const WrittenNumber& x, const WrittenNumber& y) const {
  const double width_x = degree_tolerance(x.decimals);
  const double width_y = degree_tolerance(y.decimals);
  const bool degrees =
      any_near(m_degrees, x.value, width_x, [&](const Position& p) { return std::abs(p.y - y.value) <= width_y; });
  const double plane_y = plane_tolerance(y.decimals);
  const bool plane = !degrees && any_near(m_plane, x.value, plane_tolerance(x.decimals),
                                          [&](const Position& p) { return std::abs(p.y - y.value) <= plane_y; });
  return (degrees || plane) && !is_exempt(x.value, y.value);
}

bool ProtectedPositions::betrayed_by(std::span<const WrittenNumber> numbers) const {
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (!may_be_x(numbers[i].value)) continue;
    for (std::size_t j = 0; j < numbers.size(); ++j)
      if (i != j && betrayed_by(numbers[i], numbers[j])) return true;
  }
  return false;
}

std::vector<std::vector<Position>> plane_forms(std::span<const Position> degrees) {
  std::map<std::string, std::vector<std::size_t>> by_plane;
  for (std::size_t i = 0; i < degrees.size(); ++i) {
    if (!std::isfinite(degrees[i].x) || !std::isfinite(degrees[i].y)) continue;
    by_plane["EPSG:3857"].push_back(i);
    const int zone = static_cast<int>(std::floor((degrees[i].x + 180) / 6));
    for (int near = zone - 1; near <= zone + 1; ++near) {
      const int number = (near % 60 + 60) % 60 + 1;
      by_plane["EPSG:" + std::to_string((degrees[i].y < 0 ? 32700 : 32600) + number)].push_back(i);
    }
  }
  std::vector<std::vector<Position>> forms(degrees.size());
  for (const auto& [code, indices] : by_plane) {
    std::vector<double> x;
    std::vector<double> y;
    for (const std::size_t i : indices) {
      x.push_back(degrees[i].x);
      y.push_back(degrees[i].y);
    }
    Transformer(Crs::wgs84(), Crs::from_text(code)).apply(x, y);
    for (std::size_t k = 0; k < indices.size(); ++k) forms[indices[k]].push_back({x[k], y[k]});
  }
  return forms;
}

}  // namespace yaan
