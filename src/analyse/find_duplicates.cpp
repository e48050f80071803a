#include "yaan/analyse/find_duplicates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <string_view>
#include <tuple>
#include <utility>

#include "analyse/point_set.hpp"
#include "yaan/analyse/nearest.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/names.hpp"
#include "yaan/core/parallel.hpp"
#include "yaan/core/publication.hpp"
#include "yaan/core/stable_ids.hpp"

namespace yaan {

namespace {

constexpr std::size_t kMostPairs = 20'000'000;
constexpr std::size_t kBlock = std::size_t{1} << 12;

// The names of a site as they stand and as keys, one for each language.
struct Names {
  std::vector<std::string> tidy;
  std::vector<std::string> keys;
};

std::vector<Names> names_of(const Layer& points, bool normalise) {
  std::vector<const Column*> columns;
  for (const std::string& role : {points.roles.name_th, points.roles.name_en})
    if (const Column* column = role.empty() ? nullptr : points.find(role)) columns.push_back(column);
  if (columns.empty())
    throw UsageError(fmt::format("nobody says which column of layer {} holds the names", points.name),
                     "name it as the part name_th or name_en of its columns");
  std::vector<Names> names(points.size());
  parallel_blocks(points.size(), kBlock, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t row = begin; row < end; ++row)
      for (const Column* column : columns) {
        const std::string name = column->display(row);
        names[row].tidy.push_back(normalise ? tidy_text(name) : name);
        names[row].keys.push_back(normalise ? name_key(name, NameKind::site) : name);
      }
  });
  return names;
}

// The place of each row in the order of ids, shorter ones first, which does not depend on the order of the list.
std::vector<std::uint32_t> ranks_by_id(const std::vector<std::string>& ids) {
  std::vector<std::uint32_t> rows(ids.size());
  std::iota(rows.begin(), rows.end(), 0U);
  std::stable_sort(rows.begin(), rows.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::pair(ids[a].size(), std::string_view(ids[a])) < std::pair(ids[b].size(), std::string_view(ids[b]));
  });
  std::vector<std::uint32_t> rank(ids.size());
  for (std::uint32_t place = 0; place < rows.size(); ++place) rank[rows[place]] = place;
  return rank;
}

// Of the names in the language in which they are most alike. Nothing is said of sites without a name.
double similarity_of(const Names& a, const Names& b) {
  double most = 0;
  for (std::size_t i = 0; i < a.keys.size(); ++i)
    if (!a.keys[i].empty() && !b.keys[i].empty()) most = std::max(most, name_similarity(a.keys[i], b.keys[i]));
  return most;
}

}  // namespace

std::string_view to_string(DuplicatePair::Kind kind) {
  using Kind = DuplicatePair::Kind;
  return kind == Kind::exact ? "exact" : kind == Kind::same_name ? "same-name" : "similar-name";
}

std::vector<DuplicatePair> find_duplicates(const Layer& points, const std::vector<std::string>& ids,
                                           const FindDuplicatesOptions& options, std::int64_t& left_out,
                                           Progress& progress) {
  const std::vector<Names> names = names_of(points, options.normalise);
  const std::vector<std::uint32_t> rank = ranks_by_id(ids);
  // A distance to a site that may not be shown would tell where it lies.
  const Geometry places = shown_points(points, NotOpen::leave_out, left_out);
  const std::vector<PointPair> near =
      pairs_within(places.x, places.y, points.crs, options.within, progress, kMostPairs);
  const double reach = checked_ground_length(points.crs, options.within, "within");
  std::vector<std::vector<DuplicatePair>> found(block_count(near.size(), kBlock));
  progress.report("comparing names", 0.5);
  parallel_blocks(near.size(), kBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t block) {
    for (std::size_t i = begin; i < end; ++i) {
      const Names& a = names[near[i].a];
      const Names& b = names[near[i].b];
      DuplicatePair pair{near[i].a, near[i].b, near[i].distance, similarity_of(a, b), 0, {}};
      if (pair.similarity < options.similarity || pair.similarity == 0) continue;
      if (rank[pair.first] > rank[pair.second]) std::swap(pair.first, pair.second);
      pair.score = pair.similarity * (1 - pair.distance / (2 * reach));
      pair.kind = pair.distance == 0 && a.tidy == b.tidy ? DuplicatePair::Kind::exact
                  : pair.similarity == 1                 ? DuplicatePair::Kind::same_name
                                                         : DuplicatePair::Kind::similar_name;
      found[block].push_back(pair);
    }
  });
  std::vector<DuplicatePair> pairs;
  for (const std::vector<DuplicatePair>& block : found) pairs.insert(pairs.end(), block.begin(), block.end());
  const auto order = [&](const DuplicatePair& pair) {
    return std::tuple(-pair.score, rank[pair.first], rank[pair.second]);
  };
  std::sort(pairs.begin(), pairs.end(),
            [&](const DuplicatePair& p, const DuplicatePair& q) { return order(p) < order(q); });
  return pairs;
}

std::vector<std::uint32_t> first_duplicates(const std::vector<std::string>& ids,
                                            const std::vector<DuplicatePair>& pairs) {
  const std::vector<std::uint32_t> rank = ranks_by_id(ids);
  std::vector<std::uint32_t> first(rank.size());
  std::iota(first.begin(), first.end(), 0U);
  const auto root = [&](std::uint32_t row) {
    while (first[row] != row) row = first[row] = first[first[row]];
    return row;
  };
  for (const DuplicatePair& pair : pairs) {
    const std::uint32_t a = root(pair.first);
    const std::uint32_t b = root(pair.second);
    (rank[a] < rank[b] ? first[b] : first[a]) = rank[a] < rank[b] ? a : b;
  }
  for (std::uint32_t row = 0; row < first.size(); ++row) first[row] = root(row);
  return first;
}

namespace {

Layer table_of(const Layer& points, const std::vector<std::string>& ids, const std::vector<DuplicatePair>& pairs) {
  Layer table;
  table.name = find_duplicates_method().makes;
  table.geometry = Geometry::empty(GeometryKind::none);
  table.geometry.rows = pairs.size();
  table.sources = points.sources;
  for (const OutputField& field : find_duplicates_method().makes_fields) table.columns.push_back(make_column(field));
  for (const DuplicatePair& pair : pairs) {
    table.columns[0].push(std::string_view(ids[pair.first]));
    table.columns[1].push(std::string_view(ids[pair.second]));
    table.columns[2].push(std::string_view(points.feature_name(pair.first, Language::thai)));
    table.columns[3].push(std::string_view(points.feature_name(pair.second, Language::thai)));
    table.columns[4].push(pair.distance);
    table.columns[5].push(pair.similarity);
    table.columns[6].push(pair.score);
    table.columns[7].push(to_string(pair.kind));
  }
  return table;
}

MethodResult run_find_duplicates(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const FindDuplicatesOptions&>(any_options);
  const Layer& points = inputs.layer("points");
  MethodResult result;
  report_unusable(points, "points without a usable position have no neighbours", result.diagnostics);
  const std::vector<std::string> ids = stable_ids(points);
  std::int64_t left_out = 0;
  const std::vector<DuplicatePair> pairs = find_duplicates(points, ids, options, left_out, progress);
  if (left_out > 0)
    result.diagnostics.add(Severity::note, "not-open", points.name,
                           "points that are not open for publication are in no pair", left_out);
  const std::vector<std::uint32_t> first = first_duplicates(ids, pairs);
  std::vector<double> score(points.size(), 0);
  for (const DuplicatePair& pair : pairs)
    for (const std::uint32_t row : {pair.first, pair.second}) score[row] = std::max(score[row], pair.score);

  for (const OutputField& field : find_duplicates_method().adds) result.columns.push_back(make_column(field));
  std::int64_t repeated = 0;
  for (std::uint32_t row = 0; row < points.size(); ++row) {
    if (first[row] == row) {
      result.columns[0].push_null();
    } else {
      result.columns[0].push(std::string_view(ids[first[row]]));
      ++repeated;
    }
    result.columns[1].push(score[row]);
  }
  result.layers.push_back(table_of(points, ids, pairs));
  const auto count = [&](DuplicatePair::Kind kind) {
    return static_cast<std::int64_t>(
        std::count_if(pairs.begin(), pairs.end(), [&](const DuplicatePair& pair) { return pair.kind == kind; }));
  };
  result.summary = {{"points", static_cast<std::int64_t>(points.size())},
                    {"pairs", static_cast<std::int64_t>(pairs.size())},
                    {"exact", count(DuplicatePair::Kind::exact)},
                    {"same-name", count(DuplicatePair::Kind::same_name)},
                    {"similar-name", count(DuplicatePair::Kind::similar_name)},
                    {"repeated", repeated}};
  return result;
}

Method describe_find_duplicates() {
  Method method;
  method.name = "find-duplicates";
  method.stage = "analyse";
  method.title = {"Sites listed twice", "แหล่งที่ซ้ำกัน"};
  method.summary = "Lists pairs of points that are likely the same site: near each other and called alike.";
  method.description =
      "Two points are a pair when they lie within `within` of each other on the ground and their names are at least "
      "`similarity` alike, in Thai or in English, whichever is more alike. Names are compared by a key that titles "
      "(วัด, "
      "Wat ...), brackets, spaces, Thai digits, the order of Thai marks and the ways of writing Thai in Latin letters "
      "do not change: Wat Phra That and Wat Prathat are the same. Similarity is 1 less the number of mistakes (a "
      "letter "
      "missing, added, changed, or two neighbours exchanged) divided by the length of the longer key.\n\n"
      "The score is the similarity times 1 less half of the share of `within` that lies between the two: 1 for the "
      "same name at the same place, 0.5 for the same name at the farthest. A pair is `exact` at the same place and "
      "under the same name, `same-name` when the keys are the same, else `similar-name`. The table `pairs` has the "
      "likeliest first. In the points, `duplicate_of` is the first id, shorter ones before longer ones, of all "
      "points that pairs link to this one.\n\n"
      "Nothing is left out of the points: what to merge is for people to decide, see `yaan check`. Points without a "
      "name, and those that are not open for publication, are never in a pair. Linear expected time and that of the "
      "pairs within the distance.";
  method.citation =
      "Optimal string alignment: Damerau, F. J. (1964): A technique for computer detection and correction of spelling "
      "errors. Communications of the ACM 7, 171-176.";
  method.example =
      "find-duplicates data/creative_assets.csv --x longitude --y latitude --crs EPSG:4326 --within 500m -o "
      "assets_with_duplicates.geojson";
  method.inputs = {{"points", GeometryKind::point, RoleNeed::required, "the sites"}};
  Parameter within = parameter(&FindDuplicatesOptions::within, "within", ParameterKind::length,
                               "How far two entries of one site may lie apart.");
  within.minimum = 0;
  within.minimum_excluded = true;
  within.slider_minimum = 10;
  within.slider_maximum = 2000;
  within.title = {"Within", "ภายในระยะ"};
  Parameter similarity = parameter(&FindDuplicatesOptions::similarity, "similarity", ParameterKind::real,
                                   "Least similarity of the names; 1 for the same key.");
  similarity.minimum = 0;
  similarity.maximum = 1;
  similarity.slider_minimum = 0.5;
  similarity.slider_maximum = 1;
  similarity.title = {"Similarity of names", "ความคล้ายของชื่อ"};
  Parameter normalise = parameter(&FindDuplicatesOptions::normalise, "normalise", ParameterKind::flag,
                                  "Compare names by their keys; without, as they stand, letter by letter.");
  normalise.title = {"Compare by keys", "เทียบโดยไม่สนใจวิธีสะกด"};
  method.parameters = {std::move(within), std::move(similarity), std::move(normalise)};
  method.adds = {{"duplicate_of",
                  ColumnType::text,
                  "",
                  "Id of the first point that is likely the same site; null for the first one and for single ones.",
                  {"Duplicate of", "ซ้ำกับ"},
                  ColourBy::none,
                  true},
                 {"duplicate_score",
                  ColumnType::real,
                  "share",
                  "Score of the likeliest pair that the point is in; 0 for none.",
                  {"Score of duplicate", "คะแนนความซ้ำ"},
                  ColourBy::sequence,
                  false}};
  method.makes = "pairs";
  method.makes_table = true;
  const OutputField text = {"", ColumnType::text, "", "", {}, ColourBy::none, false};
  const auto field = [&](const char* name, ColumnType type, const char* unit, const char* help, Localized title) {
    OutputField made = text;
    made.name = name;
    made.type = type;
    made.unit = unit;
    made.help = help;
    made.title = std::move(title);
    return made;
  };
  method.makes_fields = {
      field("first", ColumnType::text, "", "Id of the point that comes first.", {"First", "รายการแรก"}),
      field("second", ColumnType::text, "", "Id of the other point.", {"Second", "รายการที่สอง"}),
      field("first_name", ColumnType::text, "", "Name of the first point.", {"Name of the first", "ชื่อรายการแรก"}),
      field("second_name", ColumnType::text, "", "Name of the other point.", {"Name of the second", "ชื่อรายการที่สอง"}),
      field("distance_m", ColumnType::real, "m", "Distance on the ground between the two.", {"Distance", "ระยะทาง"}),
      field("similarity", ColumnType::real, "share", "Similarity of the names: 1 for the same key.",
            {"Similarity", "ความคล้าย"}),
      field("score", ColumnType::real, "share", "Similarity, less up to a half by distance.", {"Score", "คะแนน"}),
      field("kind", ColumnType::text, "", "exact, same-name or similar-name.", {"Kind", "ประเภท"})};
  method.default_options = [] { return std::any(FindDuplicatesOptions{}); };
  method.run = run_find_duplicates;
  return method;
}

}  // namespace

const Method& find_duplicates_method() {
  static const Method method = describe_find_duplicates();
  return method;
}

}  // namespace yaan
