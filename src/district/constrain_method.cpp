// The description of the method `constrain-districts`.
#include "district/constrain_fields.hpp"
#include "yaan/district/constrain.hpp"

namespace yaan {

// clang-format off: a table reads by rows
std::vector<OutputField> constrained_point_fields() {
  using enum ColumnType;
  return {
      {"cluster",
       integer,
       "",
       "Number of the kept cluster, from 1; null for noise and for members of rejected clusters.",
       {"Cluster", "กลุ่ม"},
       ColourBy::category,
       true},
      {"cluster_before",
       integer,
       "",
       "Number of the cluster before the rules; null for noise.",
       {"Cluster before", "กลุ่มเดิม"},
       ColourBy::none,
       true},
      {"rejected_by",
       text,
       "",
       "Rule that rejected the point's cluster, or no_position for a point that cannot be placed; null for kept and "
       "noise.",
       {"Rejected by", "ไม่ผ่านเกณฑ์"},
       ColourBy::category,
       true},
  };
}

std::vector<OutputField> candidate_fields() {
  using enum ColumnType;
  return {
      {"candidate",
       integer,
       "",
       "Number of the candidate, from 1 by its smallest member in the order of x, then y.",
       {"Candidate", "ย่านที่พิจารณา"},
       ColourBy::none,
       false},
      {"cluster_before",
       integer,
       "",
       "Number of the cluster that it was, or was split from.",
       {"Cluster before", "กลุ่มเดิม"},
       ColourBy::none,
       false},
      {"cluster",
       integer,
       "",
       "Number of the kept cluster; null for a rejected one.",
       {"Cluster", "กลุ่ม"},
       ColourBy::none,
       true},
      {"pieces",
       integer,
       "",
       "Pieces into which barriers split that cluster; 1 for a whole one.",
       {"Pieces", "จำนวนส่วน"},
       ColourBy::none,
       false},
      {"count", integer, "", "Members of the candidate.", {"Sites", "จำนวนแหล่ง"}, ColourBy::sequence, false},
      {"weight",
       real,
       "",
       "Sum of the members' weights; equal to the count without a weight column.",
       {"Weight", "น้ำหนัก"},
       ColourBy::sequence,
       false},
      {"kinds",
       integer,
       "",
       "Distinct categories among the members.",
       {"Kinds", "จำนวนประเภท"},
       ColourBy::sequence,
       true},
      {"area_code",
       text,
       "",
       "Code of the area with the most members; ties go to the first in byte order.",
       {"Area code", "รหัสพื้นที่"},
       ColourBy::none,
       true},
      {"rejected_by",
       text,
       "",
       "Rule that rejected the candidate; null for a kept one.",
       {"Rejected by", "ไม่ผ่านเกณฑ์"},
       ColourBy::category,
       true},
      {"value",
       real,
       "",
       "What the rule measured: members, kinds, weight, or the rank within the area.",
       {"Value", "ค่า"},
       ColourBy::none,
       true},
      {"limit", real, "", "The rule's limit.", {"Limit", "เกณฑ์"}, ColourBy::none, true},
  };
}
// clang-format on

namespace {

std::vector<Parameter> constrain_parameters() {
  Parameter min_count = parameter(&ConstrainOptions::min_count, "min_count", ParameterKind::integer,
                                  "Members that a cluster must have at least; 0 for no such rule.");
  min_count.title = {"At least so many sites", "จำนวนแหล่งขั้นต่ำ"};
  min_count.slider_maximum = 50;
  Parameter max_count = parameter(&ConstrainOptions::max_count, "max_count", ParameterKind::integer,
                                  "Members that a cluster may have at most; 0 for no such rule.");
  max_count.title = {"At most so many sites", "จำนวนแหล่งสูงสุด"};
  max_count.slider_maximum = 500;
  Parameter min_kinds = parameter(&ConstrainOptions::min_kinds, "min_kinds", ParameterKind::integer,
                                  "Distinct categories that a cluster must have at least; 0 for no such rule.");
  min_kinds.title = {"At least so many kinds", "จำนวนประเภทขั้นต่ำ"};
  min_kinds.slider_maximum = 10;
  Parameter min_weight = parameter(&ConstrainOptions::min_weight, "min_weight", ParameterKind::real,
                                   "Total weight that a cluster must have at least; 0 for no such rule.");
  min_weight.title = {"At least so much weight", "น้ำหนักรวมขั้นต่ำ"};
  min_weight.slider_maximum = 100;
  Parameter max_per_area = parameter(&ConstrainOptions::max_per_area, "max_per_area", ParameterKind::integer,
                                     "Clusters kept in one area at most, the best by weight; 0 for no such rule.");
  max_per_area.title = {"At most so many in an area", "จำนวนย่านสูงสุดต่อพื้นที่"};
  max_per_area.slider_maximum = 10;
  Parameter link = parameter(
      &ConstrainOptions::link_distance, "link_distance", ParameterKind::length,
      "With barriers, ground distance within which members are linked, normally the radius of the clustering.");
  link.title = {"Link distance", "ระยะเชื่อม"};
  link.minimum_excluded = true;
  link.slider_minimum = 50;
  link.slider_maximum = 10000;
  std::vector<Parameter> parameters = {min_count, max_count, min_kinds, min_weight, max_per_area, link};
  for (Parameter& p : parameters) p.minimum = 0;
  return parameters;
}

Method describe_constrain() {
  Method m;
  m.name = "constrain-districts";
  m.stage = "district";
  m.title = {"Constrained districts", "ย่านตามเกณฑ์"};
  m.summary = "Keep the clusters that follow a planner's rules, and say by which rule the others were rejected.";
  m.description =
      "With `barriers` (rivers, motorways) clusters are first split: two members of a cluster are linked when they are "
      "within `link_distance` of each other on the ground and the straight segment between them has no point in common "
      "with a barrier, ends included; members on one spot are always linked. The pieces are the connected components "
      "of these links. The test is exact for the coordinates given. With the radius of the clustering as "
      "`link_distance`, a cluster of dbscan falls apart at barriers alone; a shorter one also splits clusters with "
      "wider gaps, which `short-link-distance` in the diagnostics counts. Without barriers each cluster is one "
      "piece.\n\n"
      "Each piece is a candidate, numbered from 1 by its smallest member in the order of x, then y. The rules are "
      "tried in this order, and the first one that is broken rejects the candidate: `min_count`; `max_count` (a larger "
      "cluster is rejected, not split); `min_kinds`, distinct categories; `min_weight`; `max_per_area`. The area of a "
      "candidate is the `area_code` of most of its members, ties going to the first code in byte order; of an area's "
      "candidates that keep all other rules the best stay: largest weight, then most members, then the lowest number. "
      "Candidates without a code keep that last rule.\n\n"
      "The points get the column `cluster` anew: kept candidates numbered again from 1, null for noise and for members "
      "of rejected ones, whose rule is in `rejected_by`. The layer `candidates` has every candidate with its figures, "
      "the rule that rejected it, what the rule measured and its limit. Run it after dbscan (and assign-areas, for "
      "`max_per_area`) and before districts. Figures are of all members, shapes from those that may be shown.";
  m.citation =
      "Tung, A. K. H., Hou, J., Han, J. (2001) Spatial clustering in the presence of obstacles. ICDE 2001, 359-367. "
      "Crossings: Shewchuk, J. R. (1997) Adaptive precision floating-point arithmetic and fast robust geometric "
      "predicates. Discrete & Computational Geometry 18, 305-363.";
  m.example = "constrain-districts clusters.geojson --column category=category --min-kinds 3 -o candidates.geojson";
  m.inputs = {
      {"points", GeometryKind::point, RoleNeed::required, "points with an integer column cluster, such as dbscan adds"},
      {"barriers", GeometryKind::line, RoleNeed::optional,
       "lines, such as rivers and motorways, that no cluster may cross"}};
  m.parameters = constrain_parameters();
  m.adds = constrained_point_fields();
  m.makes = "candidates";
  m.makes_fields = candidate_fields();
  m.adds.front().null_title = {"in no cluster", "ไม่อยู่ในกลุ่มใด"};
  m.default_options = [] { return std::any(ConstrainOptions{}); };
  m.run = [](const MethodInputs& inputs, const std::any& options, Progress& progress) {
    return constrain_districts(inputs.layer("points"), inputs.find("barriers"),
                               std::any_cast<const ConstrainOptions&>(options), progress);
  };
  return m;
}

}  // namespace

const Method& constrain_districts_method() {
  static const Method method = describe_constrain();
  return method;
}

}  // namespace yaan
