#include "load/osm_sites.hpp"

#include <cpl_vsi.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <ogrsf_frmts.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <unordered_map>

#include "load/gdal_progress.hpp"
#include "load/gdal_session.hpp"
#include "load/input_file.hpp"
#include "load/osm_tags.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/names.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

namespace fs = std::filesystem;

namespace {

const std::vector<std::string> kNameKeys = {"name", "name:th", "name:en"};

// A closed way with one of these may be a round street as well.
bool says_nothing_of_area(const std::string& key) {
  constexpr std::array<std::string_view, 7> kLines = {"highway", "railway", "waterway", "barrier",
                                                      "power",   "route",   "ref"};
  return key.starts_with("name") || std::find(kLines.begin(), kLines.end(), key) != kLines.end();
}

// What GDAL's driver makes of an extract, in the form of its osmconf.ini. The keys are those that is_key() lets pass.
std::string driver_settings(const std::vector<TagRule>& rules) {
  std::vector<std::string> areas = {"amenity", "building", "historic", "landuse", "leisure",
                                    "natural", "office",   "place",    "shop",    "tourism"};
  for (const std::string& key : keys_of(rules, false))
    if (!says_nothing_of_area(key)) areas.push_back(key);
  std::vector<std::string> attributes = kNameKeys;
  for (const std::string& key : keys_of(rules))
    if (std::find(attributes.begin(), attributes.end(), key) == attributes.end()) attributes.push_back(key);
  std::string text = fmt::format("closed_ways_are_polygons={}\nattribute_name_laundering=no\nreport_all_tags=yes\n",
                                 fmt::join(areas, ","));
  for (const char* layer : {"points", "lines", "multipolygons", "multilinestrings", "other_relations"})
    text += fmt::format("[{}]\nosm_id=yes\nother_tags=no\nattributes={}\n", layer, fmt::join(attributes, ","));
  return text;
}

/// The settings as a file in memory, which the driver wants.
class SettingsFile {
 public:
  explicit SettingsFile(std::string text)
      : m_text(std::move(text)), m_place(fmt::format("{}.osmconf.ini", kMemoryRoot)) {
    VSILFILE* file =
        VSIFileFromMemBuffer(m_place.c_str(), reinterpret_cast<GByte*>(m_text.data()), m_text.size(), FALSE);
    if (file == nullptr) throw std::bad_alloc();
    VSIFCloseL(file);
  }
  ~SettingsFile() { VSIUnlink(m_place.c_str()); }
  SettingsFile(const SettingsFile&) = delete;
  SettingsFile& operator=(const SettingsFile&) = delete;
  [[nodiscard]] const std::string& place() const { return m_place; }

 private:
  std::string m_text;
  std::string m_place;
};

bool has_latin(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
}

/// Takes the features of all layers of the driver, as they come.
class SiteReader {
 public:
  SiteReader(RawLayer& raw, std::vector<TagRule> rules)
      : m_raw(raw), m_rules(std::move(rules)), m_keys(keys_of(m_rules)) {
    std::vector<std::string> names = {"id", "category", "name", "name_th", "name_en"};
    for (const std::string& key : m_keys)
      if (std::find(kNameKeys.begin(), kNameKeys.end(), key) == kNameKeys.end()) m_shown_keys.push_back(key);
    names.insert(names.end(), m_shown_keys.begin(), m_shown_keys.end());
    for (std::string& name : usable_names(std::move(names), raw.where, raw.diagnostics))
      m_raw.columns.emplace_back(std::move(name), ColumnType::text);
  }

  [[nodiscard]] const std::vector<TagRule>& rules() const { return m_rules; }
  [[nodiscard]] std::uint64_t seen() const { return m_seen; }

  void take(const OGRFeature& feature, const std::string& layer) {
    ++m_seen;
    const auto value = [&](const std::string& key) -> std::string_view {
      const int index = index_of(feature, key);
      return index >= 0 && feature.IsFieldSetAndNotNull(index) != 0 ? feature.GetFieldAsString(index) : "";
    };
    const std::string_view category = category_of(m_rules, value);
    if (category.empty()) return count_values(value);
    const bool area = layer == "multipolygons";
    const std::string id = id_of(feature, layer);
    if (!area && layer != "points") {
      m_raw.diagnostics.add(Severity::skipped, "osm-line", m_raw.where,
                            "ways and relations that the tags choose, but that are no areas, were set aside", 1, id);
      return;
    }
    push(id, category, value);
    if (area) {
      add_area(feature, id);
    } else {
      add_node(feature);
    }
    ++m_raw.rows;
  }

  /// "amenity has cafe (3), school (2); religion is on no feature".
  [[nodiscard]] std::string values_seen() const {
    constexpr std::size_t kShown = 5;
    std::string text;
    for (const std::string& key : m_keys) {
      const auto found = m_values.find(key);
      text += text.empty() ? "" : "; ";
      if (found == m_values.end()) {
        text += fmt::format("{} is on no feature", key);
        continue;
      }
      std::vector<std::pair<std::int64_t, std::string>> ranked;
      for (const auto& [word, count] : found->second) ranked.emplace_back(-count, word);
      std::sort(ranked.begin(), ranked.end());
      ranked.resize(std::min(ranked.size(), kShown));
      text += fmt::format("{} has ", key);
      for (std::size_t i = 0; i < ranked.size(); ++i)
        text += fmt::format("{}{} ({})", i == 0 ? "" : ", ", ranked[i].second, -ranked[i].first);
    }
    return text;
  }

 private:
  // By the definition of the feature's layer, looked up once for each.
  int index_of(const OGRFeature& feature, const std::string& key) {
    std::unordered_map<std::string, int>& known = m_indices[feature.GetDefnRef()];
    const auto [at, fresh] = known.try_emplace(key, -1);
    if (fresh) at->second = feature.GetFieldIndex(key.c_str());
    return at->second;
  }

  std::string id_of(const OGRFeature& feature, const std::string& layer) {
    const auto text = [&](const char* field) -> std::string {
      const int index = index_of(feature, field);
      return index >= 0 && feature.IsFieldSetAndNotNull(index) != 0 ? feature.GetFieldAsString(index) : "";
    };
    if (layer == "points") return "n" + text("osm_id");
    if (layer == "lines") return "w" + text("osm_id");
    const std::string way = text("osm_way_id");
    return way.empty() ? "r" + text("osm_id") : "w" + way;
  }

  template <class Value>
  void push(const std::string& id, std::string_view category, const Value& value) {
    const std::string_view name = value("name");
    const std::string_view thai = value("name:th");
    const std::string_view english = value("name:en");
    std::size_t at = 0;
    const auto put = [&](std::string_view text) {
      Column& column = m_raw.columns[at++];
      if (text.empty()) return column.push_null();
      column.push(text);
    };
    put(id);
    put(category);
    put(name);
    put(!thai.empty() ? thai : has_thai(name) ? name : std::string_view());
    put(!english.empty() ? english : !has_thai(name) && has_latin(name) ? name : std::string_view());
    for (const std::string& key : m_shown_keys) put(value(key));
  }

  void add_node(const OGRFeature& feature) {
    const OGRGeometry* geometry = feature.GetGeometryRef();
    if (geometry == nullptr || geometry->getGeometryType() != wkbPoint || geometry->IsEmpty() != 0)
      return m_raw.shapes.add_unusable(ShapeNote::null);
    m_raw.shapes.add_point(geometry->toPoint()->getX(), geometry->toPoint()->getY());
  }

  void add_area(const OGRFeature& feature, const std::string& id) {
    const OGRGeometry* area = feature.GetGeometryRef();
    std::unique_ptr<OGRGeometry> made;
    if (area != nullptr && area->IsEmpty() == 0)
      made.reset(OGRGeometry::FromHandle(OGR_G_PointOnSurface(OGRGeometry::ToHandle(const_cast<OGRGeometry*>(area)))));
    if (!made || made->IsEmpty() != 0) return m_raw.shapes.add_unusable(ShapeNote::unreadable_geometry);
    m_raw.shapes.add_point(made->toPoint()->getX(), made->toPoint()->getY());
    m_raw.diagnostics.add(Severity::note, "osm-area", m_raw.where, "areas became a point within each", 1, id);
  }

  template <class Value>
  void count_values(const Value& value) {
    constexpr std::size_t kMostValues = 1000;
    for (const std::string& key : m_keys) {
      const std::string_view text = value(key);
      if (text.empty()) continue;
      auto& counts = m_values[key];
      if (const auto at = counts.find(text); at != counts.end()) {
        ++at->second;
      } else if (counts.size() < kMostValues) {
        counts.emplace(text, 1);
      }
    }
  }

  RawLayer& m_raw;
  std::vector<TagRule> m_rules;
  std::vector<std::string> m_keys;
  std::vector<std::string> m_shown_keys;
  std::unordered_map<const OGRFeatureDefn*, std::unordered_map<std::string, int>> m_indices;
  std::map<std::string, std::map<std::string, std::int64_t, std::less<>>> m_values;  // of features not chosen
  std::uint64_t m_seen = 0;
};

GDALDatasetUniquePtr open_extract(const fs::path& file, const std::vector<std::string>& options) {
  initialise_gdal();
  const char* drivers[] = {"OSM", nullptr};
  std::vector<const char*> words;
  words.reserve(options.size() + 1);
  for (const std::string& option : options) words.push_back(option.c_str());
  words.push_back(nullptr);
  return GDALDatasetUniquePtr(GDALDataset::Open(file.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR,
                                                drivers, words.data(), nullptr));
}

void throw_failures(const GdalMessages& messages, const std::string& shown, RawLayer& raw) {
  for (const GdalMessage& message : messages.all()) {
    if (message.failure && message.text.find("osm_tmp") != std::string::npos)
      throw InputError(fmt::format("{} has more nodes than fit in memory", shown),
                       "cut out the region or the tags that are wanted first, for instance with osmium tags-filter");
    if (message.failure)
      throw InputError(fmt::format("reading {} failed: {}", shown, message.text),
                       "the file may be damaged; get it again from where it came");
    raw.diagnostics.add(Severity::doubt, "reader-warning", raw.where, message.text);
  }
}

}  // namespace

void refuse_idle_tags(FileFormat format, const std::string& shown, const ReadOptions& options) {
  if (!options.tags.empty() && !is_osm(format))
    throw UsageError(fmt::format("{} is of the format {}, in which tags choose nothing", shown, to_string(format)),
                     "leave tags out; they are for .osm and .osm.pbf");
}

std::vector<std::string> osm_open_options(const fs::path& file, FileFormat format) {
  // The driver keeps nodes by their number, in memory up to a bound and in a file beyond it, which is forbidden here.
  // It takes the bound at once, so it should not be far too large.
  const std::uint64_t megabytes = 64 + 8 * (input_size(file) >> 20U);
  std::vector<std::string> options = {fmt::format("MAX_TMPFILE_SIZE={}", megabytes), "COMPRESS_NODES=YES"};
  // Files of editors have negative numbers and no order, which its own index cannot take.
  if (format == FileFormat::osm_xml) options.emplace_back("USE_CUSTOM_INDEXING=NO");
  return options;
}

RawLayer read_osm_sites(const fs::path& file, FileFormat format, const std::string& shown, const ReadOptions& options,
                        Progress& progress) {
  if (!options.layer.empty())
    throw UsageError(fmt::format("{}: tags choose among all layers of the extract, so a layer has no use", shown),
                     "leave one of the two out");
  RawLayer raw;
  raw.name = fs::path(shown).stem().string();
  raw.shown = shown;
  raw.where = fs::path(shown).filename().string();
  raw.has_shapes = true;
  raw.crs = choose_crs(Crs::from_text("EPSG:4326"), options, raw.where, raw.diagnostics);
  raw.shapes = ShapeCollector(raw.crs.is_geographic(), options.swapped_axes, options.parts);
  SiteReader sites(raw, parse_tag_rules(options.tags));
  const SettingsFile settings(driver_settings(sites.rules()));
  std::vector<std::string> driver_options = osm_open_options(file, format);
  driver_options.push_back("CONFIG_FILE=" + settings.place());
  const GdalMessages messages;
  const GDALDatasetUniquePtr extract = open_extract(file, driver_options);
  if (!extract) {
    throw_failures(messages, shown, raw);
    throw InputError(fmt::format("{} cannot be read as {}", shown, to_string(format)),
                     "the file may be damaged; get it again from where it came");
  }
  const std::string stage = fmt::format("reading {}", raw.where);
  GdalProgress told{progress, stage};
  OGRLayer* layer = nullptr;
  while (const OGRFeatureUniquePtr feature{extract->GetNextFeature(&layer, nullptr, &GdalProgress::tell, &told)}) {
    sites.take(*feature, layer->GetName());
    check_rows(raw.rows, shown, options);
  }
  progress.throw_if_cancelled();
  throw_failures(messages, shown, raw);
  if (raw.rows == 0)
    throw InputError(fmt::format("none of the {} features with tags in {} is one that tags chooses",
                                 with_thousands(static_cast<std::int64_t>(sites.seen())), shown),
                     sites.values_seen());
  if (sites.seen() > raw.rows)
    raw.diagnostics.add(Severity::note, "osm-not-chosen", raw.where, "features with other tags were left out",
                        static_cast<std::int64_t>(sites.seen() - raw.rows) - raw.diagnostics.count("osm-line"));
  return raw;
}

}  // namespace yaan
