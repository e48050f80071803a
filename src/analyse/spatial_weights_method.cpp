#include <fmt/format.h>

#include "analyse/autocorrelation_parameters.hpp"
#include "analyse/weighted_features.hpp"
#include "yaan/core/stable_ids.hpp"

namespace yaan {

namespace {

Layer table_of(const Layer& features, const WeightedFeatures& made) {
  Layer table;
  table.name = spatial_weights_method().makes;
  table.geometry = Geometry::empty(GeometryKind::none);
  table.sources = features.sources;
  for (const OutputField& field : spatial_weights_method().makes_fields) table.columns.push_back(make_column(field));
  const std::vector<std::string> ids = stable_ids(features);
  for (std::size_t i = 0; i < made.row.size(); ++i) {
    const auto to = made.weights.neighbours(i);
    const auto weight = made.weights.weights(i);
    for (std::size_t l = 0; l < to.size(); ++l) {
      table.columns[0].push(std::string_view(ids[made.row[i]]));
      table.columns[1].push(std::string_view(ids[made.row[to[l]]]));
      table.columns[2].push(weight[l]);
    }
    if (!to.empty()) continue;
    table.columns[0].push(std::string_view(ids[made.row[i]]));
    table.columns[1].push_null();
    table.columns[2].push_null();
  }
  table.geometry.rows = table.columns[0].size();
  return table;
}

void summary_of(const WeightsSummary& summary, std::size_t n, std::vector<std::pair<std::string, Value>>& to) {
  to = {{"features", static_cast<std::int64_t>(n)},
        {"links", summary.links},
        {"components", summary.components},
        {"islands", static_cast<std::int64_t>(summary.islands.size())},
        {"symmetric", std::string(summary.symmetric ? "yes" : "no")},
        {"least_neighbours", summary.least},
        {"mean_neighbours", summary.mean},
        {"most_neighbours", summary.most}};
}

MethodResult run_spatial_weights(const MethodInputs& inputs, const std::any& any_options, Progress& progress) {
  const auto& options = std::any_cast<const SpatialWeightsOptions&>(any_options);
  const Layer& features = inputs.layer("features");
  MethodResult result;
  WeightedFeatures made = weighted_features(features, nullptr, options, result.diagnostics, progress);
  apply_style(made.weights, options.style);
  const WeightsSummary summary = summarise(made.weights);
  for (const std::uint32_t island : summary.islands)
    result.diagnostics.add(Severity::doubt, "islands", features.name, "features have no neighbours", 1,
                           features.feature_id(made.row[island]));
  std::vector<std::int64_t> item(features.size(), -1);
  for (std::size_t i = 0; i < made.row.size(); ++i) item[made.row[i]] = static_cast<std::int64_t>(i);
  for (const OutputField& field : spatial_weights_method().adds) result.columns.push_back(make_column(field));
  for (const std::int64_t at : item) {
    if (at < 0) {
      for (Column& column : result.columns) column.push_null();
      continue;
    }
    const auto i = static_cast<std::size_t>(at);
    result.columns[0].push(static_cast<std::int64_t>(made.weights.degree(i)));
    result.columns[1].push(static_cast<std::int64_t>(summary.component[i]));
  }
  result.layers.push_back(table_of(features, made));
  summary_of(summary, features.size(), result.summary);
  return result;
}

Method describe_spatial_weights() {
  Method method;
  method.name = "spatial-weights";
  method.stage = "analyse";
  method.title = {"Spatial weights", "น้ำหนักเชิงพื้นที่"};
  method.summary = "Lists who is whose neighbour, and with what weight, for the statistics of spatial autocorrelation.";
  method.description =
      "**queen**: areas whose borders meet at a point or along a stretch. **rook**: areas whose borders run together "
      "along a "
      "stretch, more than ten times `snap` long in all. Borders meet where they come within `snap` of each other, "
      "anywhere on "
      "them: unlike spdep and PySAL, which compare vertices, a corner on the middle of a neighbour's edge is a touch, "
      "and so "
      "are simplified borders that no longer share vertices. Areas in degrees meet across the antimeridian.\n\n"
      "**distance_band**: features within `distance`. **nearest**: that many nearest ones; of several at the distance "
      "of the "
      "last place their positions decide. **inverse_distance**: those within `distance`, weight d^-power with d in "
      "metres and "
      "at least 1. **kernel**: weight K(d / bandwidth) with K(u) for u up to 1: uniform 1/2, triangular 1 - u, "
      "epanechnikov "
      "3/4 (1 - u²), quartic 15/16 (1 - u²)², gaussian exp(-u²/2) / √(2π). An adaptive bandwidth is the distance of "
      "the last "
      "of the nearest. Areas are measured between the centroids of their shapes, on the ground for layers in degrees. "
      "Without a distance it is the least at which each feature has a neighbour, and a note says how much that is.\n\n"
      "**order**: features that many links away. **style**: binary leaves the weights as they are; row divides those "
      "of a "
      "feature by their sum; variance divides them by the root of their sum of squares and then scales all to add up "
      "to the "
      "number of features with neighbours.\n\n"
      "The summary tells links, components (sets that links hold together), islands (features without neighbours), "
      "whether "
      "each link is there both ways, and the least, mean and most neighbours. An island has one row in the table, "
      "without "
      "`to`. Other methods take the table in their role `weights`; it is written as `.gal` or `.gwt` too, and files of "
      "these "
      "kinds are read as such a table. Features that are not open for publication take no part: they are nobody's "
      "neighbour, in no row of the table, and "
      "null.\n\n"
      "Pitfalls: queen or rook weights of a country with islands leave some areas alone; nearest weights leave none "
      "alone but "
      "are not symmetric. Time: expected linear in edges, links and features.";
  method.citation =
      "Cliff, A. D. and Ord, J. K. (1981): Spatial Processes: Models and Applications. London, Pion. "
      "Variance-stabilising "
      "style: Tiefelsdorf, M., Griffith, D. A. and Boots, B. (1999): A variance-stabilizing coding scheme for spatial "
      "link "
      "matrices. Environment and Planning A 31, 165-180.";
  method.example = "spatial-weights data/provinces.geojson --neighbours queen -o neighbours.csv";
  method.inputs = {{"features", GeometryKind::none, RoleNeed::required, "the areas, points or lines"}};
  method.parameters = weights_parameters<SpatialWeightsOptions>();
  method.adds = {{"weights_neighbours",
                  ColumnType::integer,
                  "",
                  "Neighbours of the feature; null where it is not open.",
                  {"Neighbours", "จำนวนเพื่อนบ้าน"},
                  ColourBy::sequence,
                  true},
                 {"weights_component",
                  ColumnType::integer,
                  "",
                  "Number of the set of features that links hold together; null where it is not open.",
                  {"Component", "กลุ่มที่เชื่อมกัน"},
                  ColourBy::category,
                  true}};
  method.makes = "weights";
  method.makes_table = true;
  method.makes_fields = {
      {"from", ColumnType::text, "", "Id of a feature.", {"From", "จาก"}, ColourBy::none, false},
      {"to", ColumnType::text, "", "Id of a neighbour; null for an island.", {"To", "ถึง"}, ColourBy::none, true},
      {"weight",
       ColumnType::real,
       "",
       "Weight of the link; null for an island.",
       {"Weight", "น้ำหนัก"},
       ColourBy::none,
       true}};
  method.default_options = [] { return std::any(SpatialWeightsOptions{}); };
  method.run = run_spatial_weights;
  return method;
}

}  // namespace

const Method& spatial_weights_method() {
  static const Method method = describe_spatial_weights();
  return method;
}

}  // namespace yaan
