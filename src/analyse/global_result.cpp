#include "analyse/global_result.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <optional>

#include "analyse/few_permutations.hpp"

namespace yaan {

namespace {

OutputField field(const char* name, ColumnType type, const char* help, Localized title, bool nullable) {
  return {name, type, "", help, std::move(title), ColourBy::none, nullable};
}

/// Fills the columns one after the other and keeps what is there for the summary.
class RowWriter {
 public:
  RowWriter(const Method& method, MethodResult& result) : m_method(method), m_result(result) {
    Layer table;
    table.name = method.makes;
    table.geometry = Geometry::empty(GeometryKind::none);
    table.geometry.rows = 1;
    m_result.layers.push_back(std::move(table));
  }

  void add(Value value) {
    Column column = make_column(next());
    if (const auto* text = std::get_if<std::string>(&value)) column.push(std::string_view(*text));
    if (const auto* whole = std::get_if<std::int64_t>(&value)) column.push(*whole);
    if (const auto* real = std::get_if<double>(&value)) column.push(*real);
    if (!column.is_null(0)) m_result.summary.emplace_back(column.name, std::move(value));
    m_result.layers.front().columns.push_back(std::move(column));
  }
  void add_nothing() {
    Column column = make_column(next());
    column.push_null();
    m_result.layers.front().columns.push_back(std::move(column));
  }
  /// A variance with its z-score and p-value.
  void add_inference(const GlobalStatistic& statistic, double variance, PValue convention) {
    const double z = z_of(statistic.value, statistic.expected, variance);
    add(variance);
    add(z);
    add(p_of_z(z, convention));
  }
  [[nodiscard]] std::size_t left() const {
    return m_method.makes_fields.size() - m_result.layers.front().columns.size();
  }

 private:
  const OutputField& next() { return m_method.makes_fields.at(m_result.layers.front().columns.size()); }

  const Method& m_method;
  MethodResult& m_result;
};

constexpr double kVerdictLevel = 0.05;
constexpr const char* kNotTold = "cannot be told from chance";

/// What the test says in words, whatever the convention of the p-values in the table. Nothing where it could not say.
std::optional<std::string> verdict_of(const GlobalWords& words, const GlobalStatistic& statistic,
                                      const PermutationTest& test) {
  if (test.permutations == 0) {
    const double z = z_of(statistic.value, statistic.expected, statistic.variance_randomised);
    const double p = p_of_z(z, PValue::two_sided);
    if (std::isnan(p)) return std::nullopt;
    return p > kVerdictLevel ? kNotTold : z > 0 ? words.above : words.below;
  }
  if (test.unmoved() || 2.0 / static_cast<double>(test.permutations + 1) > kVerdictLevel) return std::nullopt;
  if (p_of_counts(test.counts, test.permutations, PValue::two_sided) > kVerdictLevel) return kNotTold;
  return test.counts.at_least < test.counts.at_most ? words.above : words.below;
}

}  // namespace

std::vector<OutputField> global_fields(const GlobalWords& words) {
  using T = ColumnType;
  std::vector<OutputField> fields = {
      field("variable", T::text, "Column that was looked at.", {"Variable", "ตัวแปร"}, false),
      {"verdict",
       T::text,
       "",
       fmt::format("In words, by a two-sided test at 5 %, permuted or without permutations randomised: {}, {}, or {}.",
                   words.above, words.below, kNotTold),
       {"Verdict", "ผลการทดสอบ"},
       ColourBy::none,
       true},
      field("n", T::integer, "Features with a value.", {"Features", "จำนวนพื้นที่"}, false),
      field("links", T::integer, "Links from a feature to a neighbour.", {"Links", "จำนวนการเชื่อม"}, false),
      field("islands", T::integer, "Features without neighbours.", {"Islands", "พื้นที่โดดเดี่ยว"}, false),
      field("weights", T::text, "The weights in a few words.", {"Weights", "น้ำหนัก"}, false),
      field("p_value", T::text, "What a p-value is: two_sided or folded.", {"p-value", "ค่า p"}, false),
      field(words.column, T::real, words.definition, words.title, true),
      field("expected", T::real, "Its expectation without autocorrelation.", {"Expected", "ค่าคาดหมาย"}, true)};
  if (words.normal) {
    fields.push_back(field("variance_normal", T::real,
                           "Its variance where the values are draws of a normal distribution.",
                           {"Variance (normal)", "ความแปรปรวน (ปกติ)"}, true));
    fields.push_back(field("z_normal", T::real, "Value less expectation, by the root of that variance.",
                           {"z (normal)", "z (ปกติ)"}, true));
    fields.push_back(field("p_normal", T::real, "p-value of that z.", {"p (normal)", "p (ปกติ)"}, true));
  }
  for (OutputField& more : std::vector<OutputField>{
           field("variance_randomised", T::real, "Its variance where the values are in random order.",
                 {"Variance (randomised)", "ความแปรปรวน (สุ่ม)"}, true),
           field("z_randomised", T::real, "Value less expectation, by the root of that variance.",
                 {"z (randomised)", "z (สุ่ม)"}, true),
           field("p_randomised", T::real, "p-value of that z.", {"p (randomised)", "p (สุ่ม)"}, true),
           field("permutations", T::integer, "Random orders that were tried.", {"Permutations", "จำนวนการสับเปลี่ยน"},
                 true),
           field("mean_permuted", T::real, "Mean of the statistic over them.", {"Mean (permuted)", "ค่าเฉลี่ย (สับ)"},
                 true),
           field("variance_permuted", T::real, "Variance of the statistic over them.",
                 {"Variance (permuted)", "ความแปรปรวน (สับ)"}, true),
           field("p_permuted", T::real, "p-value by the ranks among them.", {"p (permuted)", "p (สับ)"}, true)})
    fields.push_back(std::move(more));
  return fields;
}

MethodResult global_result(const Method& method, const GlobalWords& words, const Layer& features,
                           const Observations& observations, const AutocorrelationOptions& options,
                           const std::string& variable, const GlobalStatistic* statistic, const PermutationTest& test) {
  MethodResult result;
  RowWriter row(method, result);
  result.layers.front().sources = features.sources;
  row.add(variable);
  const auto verdict = statistic == nullptr ? std::nullopt : verdict_of(words, *statistic, test);
  verdict ? row.add(*verdict) : row.add_nothing();
  row.add(static_cast<std::int64_t>(observations.size()));
  row.add(static_cast<std::int64_t>(observations.weights.links()));
  row.add(static_cast<std::int64_t>(observations.islands.size()) + observations.islands_left_out);
  row.add(observations.weights_title.en);
  row.add(choice_name(method, "p_value", static_cast<std::size_t>(options.p_value)));
  if (statistic == nullptr) {
    while (row.left() > 0) row.add_nothing();
    return result;
  }
  row.add(statistic->value);
  row.add(statistic->expected);
  if (words.normal) row.add_inference(*statistic, statistic->variance_normal, options.p_value);
  row.add_inference(*statistic, statistic->variance_randomised, options.p_value);
  if (test.permutations == 0) {
    while (row.left() > 0) row.add_nothing();
    return result;
  }
  const double p = p_of_counts(test.counts, test.permutations, options.p_value);
  row.add(test.permutations);
  row.add(test.mean);
  row.add(test.variance);
  row.add(p);
  // The verdict is two-sided whatever p is.
  const std::array<double, 1> two_sided = {p_of_counts(test.counts, test.permutations, PValue::two_sided)};
  if (!test.unmoved())
    doubt_few_permutations(
        {two_sided, two_sided, test.permutations, PValue::two_sided, Correction::none, kVerdictLevel}, features.name,
        result.diagnostics);
  return result;
}

double variance_of_terms(double difference, double terms) {
  constexpr double kRounding = 1e-12;
  return difference <= kRounding * terms ? 0 : difference;  // NaN stays
}

void doubt_constant(const GlobalStatistic& statistic, const PermutationTest& test, const Layer& features,
                    Diagnostics& diagnostics) {
  if (statistic.variance_randomised == 0 && test.unmoved())
    diagnostics.add(Severity::doubt, "constant-statistic", features.name,
                    "the statistic is the same in every order of the values: there is nothing to test");
}

std::string choice_name(const Method& method, const char* parameter, std::size_t choice) {
  return method.find_parameter(parameter)->choices.at(choice);
}

}  // namespace yaan
