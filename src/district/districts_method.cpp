// The description of the method `districts`.
#include "district/district_fields.hpp"
#include "yaan/district/districts.hpp"

namespace yaan {

std::vector<OutputField> district_fields() {
  using enum ColumnType;
  return {
      {"district_id",
       text,
       "",
       "Identifier within this result: D and the rank.",
       {"District", "รหัสย่าน"},
       ColourBy::category,
       false},
      {"rank",
       integer,
       "",
       "Rank by weight, then by count, then by cluster number; 1 is the largest.",
       {"Rank", "อันดับ"},
       ColourBy::none,
       false},
      {"cluster",
       integer,
       "",
       "Number of the cluster that the district was made from.",
       {"Cluster", "กลุ่ม"},
       ColourBy::none,
       false},
      {"name_en",
       text,
       "",
       "English name of the central member.",
       {"Name (English)", "ชื่อ (อังกฤษ)"},
       ColourBy::none,
       true},
      {"name_th", text, "", "Thai name of the central member.", {"Name (Thai)", "ชื่อ (ไทย)"}, ColourBy::none, true},
      {"count", integer, "", "Members of the district.", {"Sites", "จำนวนแหล่ง"}, ColourBy::sequence, false},
      {"weight",
       real,
       "",
       "Sum of the members' weights; equal to the count without a weight column.",
       {"Weight", "น้ำหนัก"},
       ColourBy::sequence,
       false},
      {"centre_id",
       text,
       "",
       "Identifier of the central member: the one nearest to the geometric median.",
       {"Central site", "แหล่งศูนย์กลาง"},
       ColourBy::none,
       true},
      {"centre_lon",
       real,
       "degrees",
       "Longitude of the central member, WGS 84 (x in a local plane).",
       {"Centre longitude", "ลองจิจูดศูนย์กลาง"},
       ColourBy::none,
       true},
      {"centre_lat",
       real,
       "degrees",
       "Latitude of the central member, WGS 84 (y in a local plane).",
       {"Centre latitude", "ละติจูดศูนย์กลาง"},
       ColourBy::none,
       true},
      {"outline_method",
       text,
       "",
       "How the outline was made, with its lengths.",
       {"Outline", "วิธีสร้างขอบเขต"},
       ColourBy::none,
       true},
      {"area_km2",
       real,
       "km2",
       "Area of the outline on the WGS 84 ellipsoid.",
       {"Area", "พื้นที่"},
       ColourBy::sequence,
       true},
      {"density_per_km2", real, "1/km2", "Count divided by area.", {"Density", "ความหนาแน่น"}, ColourBy::sequence, true},
      {"province_codes",
       text_list,
       "",
       "Codes of the areas in which members lie, the largest share first.",
       {"Provinces", "จังหวัด"},
       ColourBy::none,
       true},
      {"province_shares",
       real_list,
       "share",
       "Share of the members in each of those areas; they add up to 1 with the members outside every area.",
       {"Shares", "สัดส่วน"},
       ColourBy::none,
       true},
      {"province_en",
       text,
       "",
       "English name of the area with the largest share.",
       {"Province (English)", "จังหวัด (อังกฤษ)"},
       ColourBy::none,
       true},
      {"province_th",
       text,
       "",
       "Thai name of the area with the largest share.",
       {"Province (Thai)", "จังหวัด (ไทย)"},
       ColourBy::none,
       true},
      {"mean_nn_distance_m",
       real,
       "m",
       "Mean ground distance from a member to its nearest other member.",
       {"Mean nearest-neighbour distance", "ระยะเพื่อนบ้านใกล้สุดเฉลี่ย"},
       ColourBy::sequence,
       true},
      {"categories",
       text_list,
       "",
       "Categories among the members, the most frequent first.",
       {"Categories", "ประเภท"},
       ColourBy::none,
       true},
      {"category_counts",
       integer_list,
       "",
       "Members of each of those categories.",
       {"Category counts", "จำนวนตามประเภท"},
       ColourBy::none,
       true},
      {"shannon_diversity",
       real,
       "nats",
       "Shannon's diversity of the categories; 0 for one category.",
       {"Diversity", "ความหลากหลาย"},
       ColourBy::sequence,
       true},
      {"dominant_category",
       text,
       "",
       "The most frequent category; ties go to the first in byte order.",
       {"Dominant category", "ประเภทหลัก"},
       ColourBy::category,
       true},
      {"p",
       real,
       "",
       "p by district-significance, where that ran before and tested a district of the same members; else null.",
       {"p-value", "ค่า p"},
       ColourBy::probability,
       true},
      {"false_discovery_rate",
       real,
       "share",
       "Its false discovery rate; null likewise.",
       {"False discovery rate", "อัตราการค้นพบเท็จ"},
       ColourBy::probability,
       true},
  };
}

std::vector<OutputField> district_point_fields() {
  return {
      {"district_id",
       ColumnType::text,
       "",
       "District of the site; null outside every district.",
       {"District", "รหัสย่าน"},
       ColourBy::category,
       true},
      {"district_rank",
       ColumnType::integer,
       "",
       "Rank of that district.",
       {"District rank", "อันดับย่าน"},
       ColourBy::none,
       true},
  };
}

const Method& districts_method() {
  static const Method method = [] {
    Method m;
    m.name = "districts";
    m.stage = "district";
    m.title = {"Districts", "ย่าน"};
    m.summary = "Turn clusters of points into districts: outline, centre, name, make-up and rank.";
    m.description =
        "Each cluster becomes one district. Districts are ranked by weight, then by count, then by cluster number. "
        "Their centre is the member nearest to the weighted geometric median, and the district bears its name.\n\n"
        "The outline is one of: `concave`, the concave hull of the members with border edges of at most `max_edge` "
        "(GEOS); `convex`, their convex hull; `buffer`, the union of discs of `buffer_radius` about them; `density`, "
        "the region where the sum over the members of the quartic kernel (1 - d^2 / b^2)^2, d the distance and b the "
        "`bandwidth`, is at least the highest level at which the region holds `member_share` of the members (on "
        "squares of a tenth of the bandwidth, linear between); `voronoi`, the ground nearer to a member than to any "
        "other open site of the layer, up to `reach` from it (of sites on one spot, the district of highest rank owns "
        "it). Hulls and contours are widened by `margin`. An outline without area (all members on one line or one "
        "spot) is replaced by the union of discs, and `outline_method` says so.\n\n"
        "With a `boundary`, outlines are cut to the union of its polygons. A district without any ground there (an "
        "island that a simplified boundary leaves out) keeps its outline as it is; the diagnostics count it as "
        "`outside-boundary`, and members beyond the border that their outline was cut to as `member-outside-boundary`. "
        "Then ground within several outlines goes, with `overlap` `nearest_member`, to the district whose nearest "
        "shown member is nearest (of members on one spot, the one of the higher rank), or, with `lower_rank_yields`, "
        "to the district of highest rank. Members whose ground went to another district are counted as "
        "`member-on-other-ground`. A district without any ground left has no outline, says so in `outline_method`, and "
        "is counted as `no-ground-left`. Areas are measured last, on the WGS 84 ellipsoid, margin included; the "
        "density follows from them.\n\n"
        "Shapes and names are made from members that may be shown; counts are of all members. The mean "
        "nearest-neighbour distance is a ground distance. Shannon's diversity is over the categories, in nats. Where "
        "`district-significance` ran before with the settings of the clusters, each district has its `p` and "
        "`false_discovery_rate`; null where its members are not those of a tested district, which is counted as "
        "`not-as-tested`.";
    m.citation =
        "Duckham, M., Kulik, L., Worboys, M., Galton, A. (2008) Efficient generation of simple polygons for "
        "characterizing the shape of a set of points in the plane. Pattern Recognition 41(10), 3224-3236. Silverman, "
        "B. W. (1986) Density Estimation for Statistics and Data Analysis, eq. 4.5. Guibas, L., Stolfi, J. (1985) "
        "Primitives for the manipulation of general subdivisions and the computation of Voronoi diagrams. ACM "
        "Transactions on Graphics 4(2), 74-123. Vardi, Y., Zhang, C.-H. (2000) The multivariate L1-median and "
        "associated data depth. PNAS 97(4), 1423-1426. Shannon, C. E. (1948) A mathematical theory of communication. "
        "Bell System Technical Journal 27, 379-423.";
    m.example = "districts sites.geojson --outline concave --max-edge 2km -o districts.geojson";
    m.inputs = {{"points", GeometryKind::point, RoleNeed::required,
                 "points with an integer column cluster, such as dbscan adds"},
                {"boundary", GeometryKind::polygon, RoleNeed::optional,
                 "polygons, such as provinces, that outlines are cut to"}};
    Parameter outline = parameter(&DistrictOptions::outline, "outline", ParameterKind::choice,
                                  "How the outline is made.", {"concave", "buffer", "convex", "density", "voronoi"});
    outline.title = {"Outline", "ขอบเขต"};
    Parameter max_edge = parameter(&DistrictOptions::max_edge, "max_edge", ParameterKind::length,
                                   "Longest border edge of a concave hull, where that leaves it in one piece.");
    max_edge.title = {"Longest edge", "ขอบยาวที่สุด"};
    max_edge.minimum = 0;
    max_edge.minimum_excluded = true;
    max_edge.slider_minimum = 100;
    max_edge.slider_maximum = 20000;
    Parameter margin = parameter(&DistrictOptions::margin, "margin", ParameterKind::length,
                                 "Width by which a hull is grown beyond its members.");
    margin.title = {"Margin", "ระยะเผื่อ"};
    margin.minimum = 0;
    margin.slider_maximum = 2000;
    Parameter radius = parameter(&DistrictOptions::buffer_radius, "buffer_radius", ParameterKind::length,
                                 "Radius of the discs of a buffered union.");
    radius.title = {"Disc radius", "รัศมีวงกลม"};
    radius.minimum = 0;
    radius.minimum_excluded = true;
    radius.slider_minimum = 50;
    radius.slider_maximum = 5000;
    Parameter bandwidth = parameter(&DistrictOptions::bandwidth, "bandwidth", ParameterKind::length,
                                    "Distance at which the kernel of a density contour ends.");
    bandwidth.title = {"Bandwidth", "แบนด์วิดท์"};
    bandwidth.minimum = 0;
    bandwidth.minimum_excluded = true;
    bandwidth.slider_minimum = 100;
    bandwidth.slider_maximum = 10000;
    Parameter share = parameter(&DistrictOptions::member_share, "member_share", ParameterKind::real,
                                "Share of the members that a density contour encloses.");
    share.title = {"Share enclosed", "สัดส่วนที่ล้อมไว้"};
    share.minimum = 0;
    share.minimum_excluded = true;
    share.maximum = 1;
    share.slider_minimum = 0.5;
    share.slider_maximum = 1;
    Parameter reach =
        parameter(&DistrictOptions::reach, "reach", ParameterKind::length, "How far Voronoi cells go from their site.");
    reach.title = {"Reach of cells", "ระยะไกลสุดของเซลล์"};
    reach.minimum = 0;
    reach.minimum_excluded = true;
    reach.slider_minimum = 100;
    reach.slider_maximum = 10000;
    Parameter overlap = parameter(&DistrictOptions::overlap, "overlap", ParameterKind::choice,
                                  "Whose is the ground within several outlines: everybody's, that of the district with "
                                  "the nearest member, or that of the district of highest rank.",
                                  {"keep", "nearest_member", "lower_rank_yields"});
    overlap.title = {"Overlaps", "พื้นที่ซ้อนทับ"};
    m.parameters = {outline, max_edge, margin, radius, bandwidth, share, reach, overlap};
    m.adds = district_point_fields();
    m.makes = "districts";
    m.makes_fields = district_fields();
    name_nulls(m.adds, {"outside every district", "อยู่นอกทุกย่าน"});
    m.default_options = [] { return std::any(DistrictOptions{}); };
    m.run = [](const MethodInputs& inputs, const std::any& options, Progress& progress) {
      return find_districts(inputs.layer("points"), std::any_cast<const DistrictOptions&>(options), progress,
                            inputs.find("boundary"), inputs.memory);
    };
    return m;
  }();
  return method;
}

}  // namespace yaan
