#include "analyse/area_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "yaan/core/error.hpp"
#include "yaan/core/names.hpp"

namespace yaan {

namespace {

struct OtherName {
  std::string_view other;
  std::string_view official;
};
// Names in daily use that no rule of spelling leads to; official names as the Royal Institute writes them.
constexpr std::array kOtherNames = {OtherName{"กรุงเทพ", "กรุงเทพมหานคร"},
                                    OtherName{"กรุงเทพฯ", "กรุงเทพมหานคร"},
                                    OtherName{"กทม", "กรุงเทพมหานคร"},
                                    OtherName{"Krung Thep", "Bangkok"},
                                    OtherName{"Krung Thep Maha Nakhon", "Bangkok"},
                                    OtherName{"อยุธยา", "พระนครศรีอยุธยา"},
                                    OtherName{"Ayutthaya", "Phra Nakhon Si Ayutthaya"},
                                    OtherName{"โคราช", "นครราชสีมา"},
                                    OtherName{"Korat", "Nakhon Ratchasima"}};

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// Columns of fixed width cut long names: one is the start of the other and most of it.
bool is_cut(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  constexpr std::size_t kLeast = 12;  // characters; short names begin alike by chance
  return b.starts_with(a) && characters(a) >= kLeast && 5 * characters(a) >= 4 * characters(b);
}

}  // namespace

std::string_view to_string(NameFound found) {
  switch (found) {
    case NameFound::code: return "code";
    case NameFound::exact: return "exact";
    case NameFound::variant: return "variant";
    case NameFound::suggested: return "suggested";
    case NameFound::ambiguous: return "ambiguous";
    case NameFound::unknown: return "unknown";
    case NameFound::empty: return "empty";
  }
  return "";
}

std::string AreaNames::tidy(std::string_view text) const { return m_normalise ? tidy_text(text) : std::string(text); }

std::string AreaNames::key_of(std::string_view name) const {
  return m_normalise ? name_key(name, NameKind::area) : std::string(name);
}

void AreaNames::add(Index& index, const std::string& key, std::int32_t area) {
  if (key.empty()) return;
  Rows& rows = index[key];
  if (rows.empty() || rows.back() != area) rows.push_back(area);
}

AreaNames::AreaNames(const Layer& areas, const std::vector<std::string>& parents, bool normalise)
    : m_normalise(normalise), m_parents(areas.size()) {
  std::vector<const Column*> names;
  for (const std::string& role : {areas.roles.name_th, areas.roles.name_en})
    if (const Column* column = role.empty() ? nullptr : areas.find(role)) names.push_back(column);
  std::vector<const Column*> codes;
  for (const std::string& role : {areas.roles.code, areas.roles.id})
    if (const Column* column = role.empty() ? nullptr : areas.find(role)) codes.push_back(column);
  if (names.empty() && codes.empty())
    throw UsageError(fmt::format("the areas of layer {} have neither names nor codes", areas.name),
                     "say which columns hold them: name_th, name_en, code");
  for (const std::string& parent : parents) static_cast<void>(areas.column(parent));  // throws for an unknown one
  for (std::size_t row = 0; row < areas.size(); ++row) {
    const auto area = static_cast<std::int32_t>(row);
    for (const Column* column : codes) add(m_codes, tidy(column->display(row)), area);
    for (const Column* column : names) {
      const std::string name = column->display(row);
      add(m_exact, tidy(name), area);
      add(m_keys, key_of(name), area);
      if (!m_normalise) continue;
      for (const OtherName& other : kOtherNames)
        if (key_of(other.official) == key_of(name)) add(m_keys, key_of(other.other), area);
    }
    for (const std::string& parent : parents) {
      m_parents[row].push_back(key_of(areas.column(parent).display(row)));
      for (const OtherName& other : kOtherNames)
        if (key_of(other.official) == m_parents[row].back()) m_parents[row].push_back(key_of(other.other));
    }
  }
}

AreaNames::Rows AreaNames::in_parent(const Rows& rows, const std::string& parent_key) const {
  if (parent_key.empty()) return rows;
  Rows inside;
  for (const std::int32_t row : rows) {
    const auto& parents = m_parents[static_cast<std::size_t>(row)];
    if (parents.empty() || std::find(parents.begin(), parents.end(), parent_key) != parents.end())
      inside.push_back(row);
  }
  return inside;
}

NameMatch AreaNames::find(std::string_view name, std::string_view parent, double least) const {
  const std::string text = tidy(name);
  if (text.empty()) return {NameFound::empty, -1, 0};
  const std::string parent_key = parent.empty() ? std::string() : key_of(parent);
  const std::string key = key_of(name);
  struct Way {
    const Index& index;
    const std::string& text;
    NameFound found;
  };
  for (const Way& way : {Way{m_codes, text, NameFound::code}, Way{m_exact, text, NameFound::exact},
                         Way{m_keys, key, NameFound::variant}}) {
    const auto at = way.index.find(way.text);
    if (at == way.index.end()) continue;
    const Rows rows = in_parent(at->second, parent_key);
    if (rows.size() == 1) return {way.found, rows.front(), 1};
    if (rows.size() > 1) return {NameFound::ambiguous, rows.front(), 1};
  }
  Rows cut;
  for (const auto& [other, rows] : m_keys) {
    if (!m_normalise || !is_cut(key, other)) continue;
    for (const std::int32_t row : in_parent(rows, parent_key))
      if (std::find(cut.begin(), cut.end(), row) == cut.end()) cut.push_back(row);
  }
  if (cut.size() == 1) return {NameFound::variant, cut.front(), 1};
  NameMatch best;
  if (least > 1) return best;  // no similarity is above 1
  for (const auto& [other, rows] : m_keys) {
    const Rows inside = in_parent(rows, parent_key);
    if (inside.empty()) continue;
    const double score = name_similarity(key, other);
    if (score < least || score <= best.score) continue;
    best = {inside.size() == 1 ? NameFound::suggested : NameFound::ambiguous, inside.front(), score};
  }
  return best;
}

}  // namespace yaan
