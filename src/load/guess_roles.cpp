#include "load/guess_roles.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

#include "load/year_text.hpp"
#include "yaan/core/column_roles.hpp"
#include "yaan/core/names.hpp"

namespace yaan {

namespace {

constexpr double kLeastScore = 0.4;
constexpr double kUnclear = 0.1;
constexpr std::size_t kEnoughRows = 5'000;

// What a header may say of a part, and how surely. Headers are compared without spaces, _ and -, in small letters.
struct HeaderWord {
  std::string_view role;
  std::string_view word;
  double score = 1;
};
constexpr HeaderWord kWords[] = {
    {"id", "id", 1},
    {"id", "siteid", 1},
    {"id", "uid", 1},
    {"id", "uuid", 1},
    {"id", "objectid", 0.8},
    {"id", "fid", 0.8},
    {"id", "gid", 0.8},
    {"id", "no", 0.6},
    {"id", "no.", 0.6},
    {"id", "รหัส", 0.9},
    {"id", "รหัสแหล่ง", 1},
    {"id", "ลำดับ", 0.7},
    {"id", "ลำดับที่", 0.7},
    {"id", "ที่", 0.5},
    {"name_th", "nameth", 1},
    {"name_th", "thainame", 1},
    {"name_th", "namethai", 1},
    {"name_th", "ชื่อ", 0.95},
    {"name_th", "ชื่อแหล่ง", 1},
    {"name_th", "ชื่อสถานที่", 1},
    {"name_th", "ชื่อภาษาไทย", 1},
    {"name_th", "ชื่อไทย", 1},
    {"name_th", "name", 0.8},
    {"name_th", "title", 0.6},
    {"name_en", "nameen", 1},
    {"name_en", "englishname", 1},
    {"name_en", "nameenglish", 1},
    {"name_en", "ชื่อภาษาอังกฤษ", 1},
    {"name_en", "ชื่ออังกฤษ", 1},
    {"name_en", "name", 0.8},
    {"name_en", "title", 0.6},
    {"category", "category", 1},
    {"category", "kind", 0.9},
    {"category", "type", 0.8},
    {"category", "class", 0.7},
    {"category", "ประเภท", 1},
    {"category", "หมวด", 0.9},
    {"category", "หมวดหมู่", 1},
    {"category", "ชนิด", 0.9},
    {"category", "กลุ่ม", 0.7},
    {"field", "field", 0.9},
    {"field", "uccnfield", 1},
    {"field", "creativefield", 1},
    {"field", "สาขา", 0.9},
    {"weight", "weight", 1},
    {"weight", "น้ำหนัก", 1},
    {"year", "year", 1},
    {"year", "yearce", 1},
    {"year", "century", 0.8},
    {"year", "ปี", 1},
    {"year", "ศตวรรษ", 0.8},
    {"year", "date", 0.6},
    {"year", "พ.ศ.", 1},
    {"year", "พ.ศ", 1},
    {"year", "พศ", 0.9},
    {"year", "ค.ศ.", 1},
    {"year", "founded", 0.8},
    {"year", "established", 0.8},
    {"year", "built", 0.7},
    {"year", "อายุสมัย", 0.6},
    {"year", "วันที่", 0.6},
    {"publication", "publication", 1},
    {"publication", "การเผยแพร่", 1},
    {"publication", "เผยแพร่", 0.9},
    {"code", "code", 0.9},
    {"code", "pcode", 1},
    {"code", "provincecode", 0.7},
    {"code", "รหัสจังหวัด", 0.7},
    {"code", "iso31662", 0.8},
    {"code", "tis1099", 0.8},
    {"code", "provcode", 0.8},
    {"area", "province", 0.9},
    {"area", "provincename", 0.9},
    {"area", "provincecode", 0.9},
    {"area", "changwat", 0.9},
    {"area", "จังหวัด", 1},
    {"area", "ชื่อจังหวัด", 1},
    {"area", "รหัสจังหวัด", 0.9},
    {"area", "district", 0.6},
    {"area", "amphoe", 0.6},
    {"area", "อำเภอ", 0.6},
    {"area", "ชื่ออำเภอ", 0.6},
    {"area", "ตำบล", 0.5},
    {"area", "ชื่อตำบล", 0.5},
    {"area", "prov", 0.8},
    {"area", "จ.", 0.6},
};

std::string header_key(std::string_view name) {
  std::string key;
  for (const char c : tidy_text(name))
    if (c != ' ' && c != '_' && c != '-') key += c;
  return key;
}

double header_score(std::string_view role, const std::string& key) {
  double best = 0;
  for (const HeaderWord& each : kWords) {
    if (each.role != role) continue;
    if (key == each.word) {
      best = std::max(best, each.score);
    } else if (each.word.size() >= 4 && (key.starts_with(each.word) || key.ends_with(each.word))) {
      best = std::max(best, 0.75 * each.score);
    }
  }
  return best;
}

// PROVINCE_THAI, ADM1_EN, AMP_NAM_T, ชื่อวัด (ไทย): whose name it is stands before the language.
double language_score(std::string_view role, std::string_view name) {
  constexpr std::array<std::string_view, 8> kThai = {"_th", " th", "(th)", "_thai", "thai", "_t", "_tn", "ไทย)"};
  constexpr std::array<std::string_view, 9> kEnglish = {"_en", " en",      "(en)", "_eng",  "english",
                                                        "_e",  "_english", "_nen", "อังกฤษ)"};
  const std::string tidy = tidy_text(name);
  const auto ends = [&](std::string_view end) { return tidy.size() > end.size() && tidy.ends_with(end); };
  const bool found = role == "name_th"   ? std::any_of(kThai.begin(), kThai.end(), ends)
                     : role == "name_en" ? std::any_of(kEnglish.begin(), kEnglish.end(), ends)
                                         : false;
  return found ? 0.7 : 0;
}

struct Values {
  std::size_t rows = 0;
  std::size_t count = 0;
  std::size_t thai = 0;
  std::size_t years = 0;
  std::size_t levels = 0;
  std::set<std::string> distinct;
};

Values look_at(const Column& column) {
  Values values;
  values.rows = std::min(column.size(), kEnoughRows);
  for (std::size_t row = 0; row < values.rows; ++row) {
    if (column.is_null(row)) continue;
    const std::string text = column.display(row);
    ++values.count;
    values.thai += has_thai(text) ? 1U : 0U;
    values.years += parse_year(text).has_value() ? 1U : 0U;
    values.levels += text == "open" || text == "hidden" || text == "coarsened" ? 1U : 0U;
    values.distinct.insert(text);
  }
  return values;
}

double value_score(std::string_view role, const Column& column, const Values& values) {
  if (values.count == 0) return 0.3;
  const auto share = [&](std::size_t n) { return static_cast<double>(n) / static_cast<double>(values.count); };
  const bool text = column.type() == ColumnType::text;
  const double distinct = share(values.distinct.size());
  if (role == "id") return distinct == 1 ? 1 : distinct > 0.95 ? 0.9 : 0.4;
  // Of the names of a province, a district and a subdistrict in one table, those that differ most are the row's own.
  const double own =
      (0.6 + 0.4 * distinct) * (0.5 + 0.5 * static_cast<double>(values.count) / static_cast<double>(values.rows));
  if (role == "name_th") return text ? own * (0.3 + 0.7 * share(values.thai)) : 0;
  if (role == "name_en") return text ? own * (0.3 + 0.7 * (1 - share(values.thai))) : 0;
  if (role == "category" || role == "field") return values.distinct.size() <= 50 ? 1 : 0.4;
  if (role == "weight") return text ? 0 : 1;
  if (role == "year") return 0.3 + 0.7 * share(values.years);
  if (role == "publication") return share(values.levels);
  if (role == "code") return distinct == 1 ? 1 : 0.5;
  return 1;
}

// Only what the whole header says: district_area is a quantity.
bool is_header_of_codes(std::string_view column) {
  constexpr std::array<std::string_view, 4> kEnds = {"_id", " id", "-id", "code"};
  const std::string tidy = tidy_text(column);
  if (tidy.starts_with("รหัส")) return true;
  if (std::any_of(kEnds.begin(), kEnds.end(), [&](std::string_view end) { return tidy.ends_with(end); })) return true;
  const std::string key = header_key(column);
  return std::any_of(std::begin(kWords), std::end(kWords), [&](const HeaderWord& each) {
    return key == each.word && each.role != "weight" && each.role != "year";
  });
}

}  // namespace

bool holds_codes(std::string_view column, const ReadOptions& options) {
  const std::vector<std::string>& keys = options.key_columns;
  return column == options.id_column || std::find(keys.begin(), keys.end(), column) != keys.end() ||
         is_header_of_codes(column);
}

std::vector<RoleGuess> guess_roles(const RawLayer& raw) {
  struct Candidate {
    double score = 0;
    std::size_t role = 0;
    std::size_t column = 0;
  };
  const bool areas = raw.has_shapes && raw.shapes.has_mostly_polygons();
  std::vector<Candidate> candidates;
  for (std::size_t c = 0; c < raw.columns.size(); ++c) {
    const Column& column = raw.columns[c];
    if (column.name == raw.x_column || column.name == raw.y_column) continue;
    const std::string key = header_key(column.name);
    std::optional<Values> values;  // looked at where the header says something
    for (std::size_t role = 0; role < kColumnRoles.size(); ++role) {
      const std::string_view part = kColumnRoles[role].key;
      if (areas && part == "area") continue;  // it is areas that points lie in
      const double header = std::max({header_score(part, key), language_score(part, column.name),
                                      areas && part.starts_with("name") ? 0.8 * header_score("area", key) : 0.0});
      if (header == 0) continue;
      if (!values) values = look_at(column);
      candidates.push_back({header * value_score(part, column, *values), role, c});
    }
  }
  std::stable_sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    return std::tuple(-a.score, a.role, a.column) < std::tuple(-b.score, b.role, b.column);
  });
  std::vector<RoleGuess> guesses(kColumnRoles.size());
  std::set<std::size_t> taken;
  for (const Candidate& each : candidates) {
    RoleGuess& guess = guesses[each.role];
    const std::string& name = raw.columns[each.column].name;
    if (!guess.column.empty()) {
      if (guess.score - each.score < kUnclear && guess.rival.empty() && !taken.contains(each.column))
        guess.rival = name;
      continue;
    }
    if (each.score < kLeastScore || taken.contains(each.column)) continue;
    guess = {std::string(kColumnRoles[each.role].key), name, each.score, {}};
    taken.insert(each.column);
  }
  std::erase_if(guesses, [](const RoleGuess& guess) { return guess.column.empty(); });
  return guesses;
}

}  // namespace yaan
