#include "yaan/analyse/colocation_quotient.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "analyse/colocated_points.hpp"
#include "analyse/few_permutations.hpp"
#include "analyse/global_result.hpp"
#include "yaan/core/parallel.hpp"
#include "yaan/core/random.hpp"

namespace yaan {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kMostBlocks = 64;  // each keeps sums of all pairs of kinds

void add_row(const SpatialWeights& weights, std::size_t i, std::span<const std::uint32_t> kind, double* to) {
  for (std::uint64_t l = weights.begin[i]; l < weights.begin[i + 1]; ++l)
    to[kind[weights.neighbour[l]]] += weights.weight[l];
}

/// What the draws give for every pair of kinds.
struct Permuted {
  std::vector<TailCounts> tails;
  std::vector<double> sum;

  explicit Permuted(std::size_t pairs) : tails(pairs), sum(pairs, 0) {}
  void see(std::size_t pair, double count, double observed, double room) {
    tails[pair].at_least += count >= observed - room;
    tails[pair].at_most += count <= observed + room;
    sum[pair] += count;
  }
  void add(const Permuted& other) {
    for (std::size_t pair = 0; pair < sum.size(); ++pair) {
      tails[pair].at_least += other.tails[pair].at_least;
      tails[pair].at_most += other.tails[pair].at_most;
      sum[pair] += other.sum[pair];
    }
  }
};

/// Shuffles kinds and counts, draw after draw.
class Shuffler {
 public:
  Shuffler(const SpatialWeights& weights, std::span<const std::uint32_t> kind, std::uint32_t kinds,
           const std::vector<double>& observed, const ColocationOptions& options)
      : m_weights(weights), m_kind(kind), m_kinds(kinds), m_observed(observed), m_options(options), m_room(kinds, 1) {
    for (const std::uint32_t k : kind) ++m_room[k];
    for (double& room : m_room) room *= 1e-10;
  }

  /// All kinds over all points.
  [[nodiscard]] Permuted all(Progress& progress) const {
    return draws(progress, [&](std::uint32_t draw, std::vector<std::uint32_t>& kind, Permuted& seen) {
      kind.assign(m_kind.begin(), m_kind.end());
      shuffle(kind, kAll, draw);
      const std::vector<double> counts = colocations(m_weights, kind, m_kinds);
      for (std::size_t pair = 0; pair < counts.size(); ++pair)
        seen.see(pair, counts[pair], m_observed[pair], m_room[pair / m_kinds]);
    });
  }

  /// The other kinds over the other points: of the pairs from `own` on.
  [[nodiscard]] Permuted others(std::uint32_t own, Progress& progress) const {
    std::vector<std::uint32_t> item_of_other, label;
    std::vector<std::size_t> members;
    for (std::uint32_t i = 0; i < m_kind.size(); ++i) {
      if (m_kind[i] == own) {
        members.push_back(i);
        continue;
      }
      item_of_other.push_back(i);
      label.push_back(m_kind[i]);
    }
    return draws(progress, [&](std::uint32_t draw, std::vector<std::uint32_t>& kind, Permuted& seen) {
      std::vector<std::uint32_t> moved = label;
      shuffle(moved, kAll - 1 - own, draw);
      if (kind.empty()) kind.assign(m_kind.begin(), m_kind.end());
      for (std::size_t i = 0; i < moved.size(); ++i) kind[item_of_other[i]] = moved[i];
      std::vector<double> counts(m_kinds, 0);
      for (const std::size_t i : members) add_row(m_weights, i, kind, counts.data());
      for (std::uint32_t b = 0; b < m_kinds; ++b) {
        const std::size_t pair = std::size_t{own} * m_kinds + b;
        seen.see(pair, counts[b], m_observed[pair], m_room[own]);
      }
    });
  }

 private:
  static constexpr std::uint64_t kAll = ~std::uint64_t{0};  // no item has this number

  void shuffle(std::vector<std::uint32_t>& labels, std::uint64_t stream, std::uint32_t draw) const {
    RandomStream random(static_cast<std::uint64_t>(m_options.seed), stream, draw);
    for (std::size_t i = labels.size(); i > 1; --i)
      std::swap(labels[i - 1], labels[random.below(static_cast<std::uint32_t>(i))]);
  }

  /// Sums of blocks in their order, so that the last digits do not depend on the threads.
  template <class Draw>
  [[nodiscard]] Permuted draws(Progress& progress, const Draw& draw) const {
    const auto count = static_cast<std::size_t>(m_options.permutations);
    const std::size_t block = std::max<std::size_t>(8, block_count(count, kMostBlocks));
    std::vector<Permuted> parts(block_count(count, block), Permuted(m_observed.size()));
    parallel_blocks(count, block, progress, [&](std::size_t begin, std::size_t end, std::size_t part) {
      std::vector<std::uint32_t> room;
      for (std::size_t d = begin; d < end; ++d) {
        progress.throw_if_cancelled();
        draw(static_cast<std::uint32_t>(d), room, parts[part]);
      }
    });
    Permuted together(m_observed.size());
    for (const Permuted& part : parts) together.add(part);
    return together;
  }

  const SpatialWeights& m_weights;
  std::span<const std::uint32_t> m_kind;
  std::uint32_t m_kinds;
  const std::vector<double>& m_observed;
  const ColocationOptions& m_options;
  std::vector<double> m_room;  // of each kind: counts that differ by less are equal
};

void take(ColocationQuotient& pair, const Permuted& permuted, std::size_t at, const ColocationOptions& options) {
  pair.mean_permuted = permuted.sum[at] / static_cast<double>(options.permutations);
  pair.p = p_of_counts(permuted.tails[at], options.permutations, options.p_value);
}

}  // namespace

std::vector<double> colocations(const SpatialWeights& weights, std::span<const std::uint32_t> kind,
                                std::uint32_t kinds) {
  std::vector<double> counts(std::size_t{kinds} * kinds, 0);
  for (std::size_t i = 0; i < weights.size(); ++i)
    add_row(weights, i, kind, counts.data() + std::size_t{kind[i]} * kinds);
  return counts;
}

std::vector<ColocationQuotient> colocation_quotients(const SpatialWeights& weights, std::span<const std::uint32_t> kind,
                                                     std::uint32_t kinds, ColocationShuffle shuffle,
                                                     const ColocationOptions& options, Progress& progress) {
  const auto n = static_cast<std::int64_t>(kind.size());
  const std::vector<double> counts = colocations(weights, kind, kinds);
  std::vector<std::int64_t> members(kinds, 0), linked(kinds, 0);
  for (std::size_t i = 0; i < kind.size(); ++i) {
    ++members[kind[i]];
    linked[kind[i]] += weights.degree(i) > 0;
  }
  const std::int64_t present = kinds - std::count(members.begin(), members.end(), 0);
  const bool test = options.permutations > 0 && n >= 3 && present >= 2;
  const Shuffler shuffler(weights, kind, kinds, counts, options);
  const Permuted of_all = test ? shuffler.all(progress) : Permuted(0);
  std::vector<ColocationQuotient> pairs;
  for (std::uint32_t a = 0; a < kinds; ++a) {
    progress.report("permuting", 0.3 + 0.7 * a / kinds);
    const bool alone = shuffle == ColocationShuffle::all || present < 3 || members[a] == 0;
    const Permuted of_others = test && !alone ? shuffler.others(a, progress) : Permuted(0);
    for (std::uint32_t b = 0; b < kinds; ++b) {
      const std::size_t at = std::size_t{a} * kinds + b;
      ColocationQuotient pair{
          a, b, members[a], members[b] - (a == b ? 1 : 0), counts[at], kNan, kNan, ColocationShuffle::all, kNan, kNan};
      pair.others = std::max<std::int64_t>(0, pair.others);
      if (n > 1)
        pair.expected = static_cast<double>(linked[a]) * static_cast<double>(pair.others) / static_cast<double>(n - 1);
      if (pair.expected > 0) pair.quotient = pair.count / pair.expected;
      if (!alone && a != b) pair.shuffle = ColocationShuffle::others;
      if (test && pair.expected > 0)
        take(pair, pair.shuffle == ColocationShuffle::all ? of_all : of_others, at, options);
      pairs.push_back(pair);
    }
  }
  return pairs;
}

namespace {

Layer table_of(const ColocatedPoints& points, const std::vector<ColocationQuotient>& pairs,
               const std::vector<double>& adjusted, const GlobalColocationOptions& options,
               std::map<std::string, std::int64_t>& marks) {
  const Method& method = colocation_quotient_method();
  Layer table;
  table.name = method.makes;
  table.geometry = Geometry::empty(GeometryKind::none);
  table.geometry.rows = pairs.size();
  for (const OutputField& field : method.makes_fields) table.columns.push_back(make_column(field));
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const ColocationQuotient& pair = pairs[i];
    table.columns[0].push(std::string_view(points.names[pair.a]));
    table.columns[1].push(std::string_view(points.names[pair.b]));
    table.columns[2].push(pair.members);
    table.columns[3].push(pair.others);
    const double numbers[] = {pair.count, pair.expected, pair.quotient};
    for (std::size_t c = 0; c < std::size(numbers); ++c) table.columns[4 + c].push(numbers[c]);
    if (std::isnan(pair.p)) {
      for (std::size_t c = 7; c < table.columns.size(); ++c) table.columns[c].push_null();
      continue;
    }
    table.columns[7].push(pair.mean_permuted);
    table.columns[8].push(choice_name(method, "shuffle", static_cast<std::size_t>(pair.shuffle)));
    table.columns[9].push(pair.p);
    table.columns[10].push(adjusted[i]);
    const std::string mark = adjusted[i] > options.significance ? "not significant"
                             : pair.count > pair.mean_permuted  ? "gather"
                                                                : "apart";
    ++marks[mark];
    table.columns[11].push(std::string_view(mark));
  }
  return table;
}

MethodResult run_colocation_quotient(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const GlobalColocationOptions&>(any_options);
  const Layer& layer = inputs.layer("points");
  MethodResult result;
  const ColocatedPoints points = colocated_points(layer, layer.geometry, options, result.diagnostics, progress);
  const auto pairs = colocation_quotients(points.weights, points.kind, static_cast<std::uint32_t>(points.names.size()),
                                          options.shuffle, options, progress);
  std::vector<double> p;
  p.reserve(pairs.size());
  for (const ColocationQuotient& pair : pairs) p.push_back(pair.p);
  const std::vector<double> adjusted = adjusted_p(p, options.correction);
  doubt_few_permutations({p, adjusted, options.permutations, options.p_value, options.correction, options.significance},
                         layer.name, result.diagnostics);
  std::map<std::string, std::int64_t> marks;
  result.layers.push_back(table_of(points, pairs, adjusted, options, marks));
  result.layers.front().sources = layer.sources;
  const std::int64_t present =
      static_cast<std::int64_t>(points.names.size()) - std::count(points.members.begin(), points.members.end(), 0);
  const Method& method = colocation_quotient_method();
  result.summary = {{"points", static_cast<std::int64_t>(layer.size())},
                    {"n", static_cast<std::int64_t>(points.size())},
                    {"kinds", present},
                    {"islands", static_cast<std::int64_t>(points.islands.size())},
                    {"permutations", options.permutations},
                    {"p_value", choice_name(method, "p_value", static_cast<std::size_t>(options.p_value))},
                    {"correction", choice_name(method, "correction", static_cast<std::size_t>(options.correction))}};
  for (const auto& [mark, count] : marks) result.summary.emplace_back(mark, count);
  if (points.size() < 3)
    result.diagnostics.add(Severity::doubt, "too-few-features", layer.name,
                           "fewer than 3 points have a kind and a place: there is nothing to test");
  else if (present < 2)
    result.diagnostics.add(Severity::doubt, "one-kind", layer.name,
                           "all points are of one kind: its quotient is 1, and there is nothing to test");
  return result;
}

std::vector<OutputField> fields() {
  const auto field = [](const char* name, ColumnType type, const char* help, Localized title, ColourBy colour,
                        bool nullable) {
    return OutputField{name, type, "", help, std::move(title), colour, nullable};
  };
  constexpr ColumnType kReal = ColumnType::real, kInteger = ColumnType::integer, kText = ColumnType::text;
  constexpr ColourBy kNone = ColourBy::none;
  return {
      field("kind", kText, "The kind whose surroundings are looked at.", {"Kind", "ประเภท"}, kNone, false),
      field("other_kind", kText, "The kind that is looked for.", {"Other kind", "อีกประเภท"}, kNone, false),
      field("members", kInteger, "Points of the kind.", {"Points", "จำนวนแหล่ง"}, kNone, false),
      field("others", kInteger, "Points of the other kind; of the kind itself one less.",
            {"Points of the other", "จำนวนแหล่งของอีกประเภท"}, kNone, false),
      field("count", kReal,
            "Weights of the other kind around points of the kind: with one nearest, how many have it next.",
            {"Neighbours", "จำนวนเพื่อนบ้าน"}, kNone, false),
      field("expected", kReal, "Their number if kinds were mixed: members with neighbours x others / (n - 1).",
            {"Expected", "ค่าคาดหมาย"}, kNone, true),
      field("clq", kReal, "Colocation quotient: count by expected; above 1 the kind has more of the other around it.",
            {"Colocation quotient", "ดัชนีการอยู่ร่วมพื้นที่"}, ColourBy::ratio, true),
      field("mean_permuted", kReal, "Mean of the count over the permutations.", {"Mean (permuted)", "ค่าเฉลี่ย (สับ)"},
            kNone, true),
      field("shuffle", kText, "What changed places: others (the points of the kind kept theirs) or all.",
            {"Shuffled", "สิ่งที่สับ"}, kNone, true),
      field("p", kReal, "p-value by permutation, before any correction.", {"p", "p"}, kNone, true),
      field("p_adjusted", kReal, "The p-value adjusted for the number of pairs.", {"Adjusted p", "p ที่ปรับแล้ว"},
            ColourBy::probability, true),
      field("mark", kText,
            "gather or apart where the adjusted p-value is at most the significance, else not significant.",
            {"Gather or apart", "รวมกลุ่มหรือแยกกัน"}, ColourBy::category, true)};
}

Method describe_colocation_quotient() {
  Method method;
  method.name = "colocation-quotient";
  method.stage = "analyse";
  method.title = {"Colocation quotient", "ดัชนีการอยู่ร่วมพื้นที่ของประเภท"};
  method.summary = "Tells which kinds of points gather with which, as a matrix: colocation quotients.";
  method.description =
      "CLQ(a→b) = (C(a→b) / Nₐ) / (N′_b / (N - 1)): the share of kind b around the points of kind a, by the share of b "
      "among all other points. C is the number of a whose nearest point is a b; where several are equally near each "
      "has its "
      "share. N′_b is N_b, and of a with itself one less. 1: as if kinds were mixed; 2: twice as often. It is not "
      "symmetric: "
      "craft shops may all lie beside temples and few temples beside craft shops. With `nearest` k above 1, `around "
      "distance` "
      "and `decay gaussian` C is a mean over several neighbours, weights of a point adding up to 1.\n\n"
      "The table has a row for each pair of kinds. p is by permutation. With shuffle `others` the points of a keep "
      "their "
      "kind and the other kinds are shuffled over the other points: it asks which of the others a prefers, whether or "
      "not a "
      "clusters by itself. Where that leaves nothing to shuffle, from a kind to itself and with two kinds, and with "
      "shuffle "
      "`all`, all kinds are shuffled over all points. The column shuffle tells which it was. The quotient is the same "
      "for "
      "both, so a pair may have a quotient below 1 and gather still: where a kind lies mostly among its own, compare "
      "count "
      "with mean_permuted.\n\n"
      "Use it for the mixing of kinds in a city; the points show where there are any sites at all, so density does not "
      "matter. Pitfalls: k² pairs are k² tests, so read p_adjusted. A kind with fewer than about ten points has "
      "quotients "
      "that jump with each neighbour. The nearest of a site outside town is far away: `around distance` leaves those "
      "without "
      "neighbours out and counts them. Sites that share one position are at distance 0 of one another. Permuted "
      "p-values "
      "never agree across programs digit by digit.\n\n"
      "Points without a kind or a usable position take no part and are counted. A k of n or more becomes n - 1. One "
      "kind "
      "alone has the quotient 1 and no p. Counts are of all points, also those not open for publication. At most 100 "
      "kinds. "
      "Time: permutations times (links + kinds x points).";
  method.citation =
      "Leslie, T. F. and Kronenfeld, B. J. (2011): The colocation quotient: a new measure of spatial association "
      "between "
      "categorical subsets of points. Geographical Analysis 43, 306-326. Shuffling the others: Kronenfeld, B. J. and "
      "Leslie, "
      "T. F. (2015): Restricted random labeling: testing for between-group interaction after controlling for joint "
      "population "
      "and within-group spatial structure. Journal of Geographical Systems 17, 1-28. Kernel: Cromley, R. G., Hanink, "
      "D. M. and "
      "Bentley, G. C. (2014): Geographically weighted colocation quotients: specification and application. The "
      "Professional "
      "Geographer 66, 138-148.";
  method.example =
      "colocation-quotient data/creative_assets.csv --x longitude --y latitude --crs EPSG:4326 --variable category -o "
      "kinds_by_kinds.csv";
  method.inputs = {{"points", GeometryKind::point, RoleNeed::required, "the points with their kinds"}};
  method.parameters = colocation_parameters<GlobalColocationOptions>();
  method.parameters.push_back(
      titled(parameter(&GlobalColocationOptions::shuffle, "shuffle", ParameterKind::choice,
                       "What a permutation shuffles: the other kinds over the other points, or all kinds over all.",
                       {"others", "all"}),
             {"Shuffle", "สิ่งที่สับเปลี่ยน"}));
  method.makes = "colocations";
  method.makes_table = true;
  method.makes_fields = fields();
  method.default_options = [] { return std::any(GlobalColocationOptions{}); };
  method.run = run_colocation_quotient;
  return method;
}

}  // namespace

const Method& colocation_quotient_method() {
  static const Method method = describe_colocation_quotient();
  return method;
}

}  // namespace yaan
