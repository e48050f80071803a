#include "load/point_geojson.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <istream>
#include <memory>

#include "load/geojson_property.hpp"
#include "load/input_file.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace fs = std::filesystem;
namespace ondemand = simdjson::ondemand;

namespace {

constexpr std::size_t kBlockBytes = std::size_t{1} << 20;
constexpr std::size_t kBlocksAtOnce = 8;
constexpr std::size_t kMostHead = std::size_t{1} << 16;

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

struct Block {
  std::size_t rows = 0;
  std::vector<double> x;
  std::vector<double> y;
  std::vector<std::uint8_t> placed;  // 0: null geometry
  std::vector<GeoJsonProperty> properties;
};

class FeatureReader {
 public:
  /// `keys`: the properties as they stand between quotes in the file.
  FeatureReader(const std::vector<std::string>& keys, Block& block) : m_keys(keys), m_block(block) {
    m_block.properties.resize(keys.size());
  }

  void read(ondemand::object feature) {
    bool typed = false;
    bool with_properties = false;
    bool with_geometry = false;
    for (auto each : feature) {
      ondemand::field field = value_or_throw(each);
      const ondemand::raw_json_string key = field.key();
      if (once(key.unsafe_is_equal("type"), typed)) {
        if (value_or_throw(field.value().get_string()) != "Feature") throw UnusualGeoJson();
      } else if (once(key.unsafe_is_equal("properties"), with_properties)) {
        read_properties(field.value());
      } else if (once(key.unsafe_is_equal("geometry"), with_geometry)) {
        read_geometry(field.value());
      } else {
        throw UnusualGeoJson();
      }
    }
    if (!typed || !with_properties || !with_geometry) throw UnusualGeoJson();
    ++m_block.rows;
  }

 private:
  static bool once(bool is, bool& seen) {
    if (!is) return false;
    if (std::exchange(seen, true)) throw UnusualGeoJson();
    return true;
  }

  void read_properties(ondemand::value value) {
    std::size_t next = 0;
    if (!is_null(value)) {
      for (auto each : value_or_throw(value.get_object())) {
        ondemand::field field = value_or_throw(each);
        const ondemand::raw_json_string key = field.key();
        while (next < m_keys.size() && !key.unsafe_is_equal(std::string_view(m_keys[next])))
          m_block.properties[next++].push_null();
        if (next == m_keys.size()) throw UnusualGeoJson();
        m_block.properties[next++].push(field.value());
      }
    }
    for (; next < m_keys.size(); ++next) m_block.properties[next].push_null();
  }

  void read_geometry(ondemand::value value) {
    if (is_null(value)) return place(0, 0, false);
    bool typed = false;
    bool with_coordinates = false;
    std::array<double, 2> position{};
    for (auto each : value_or_throw(value.get_object())) {
      ondemand::field field = value_or_throw(each);
      const ondemand::raw_json_string key = field.key();
      if (once(key.unsafe_is_equal("type"), typed)) {
        if (value_or_throw(field.value().get_string()) != "Point") throw UnusualGeoJson();
      } else if (once(key.unsafe_is_equal("coordinates"), with_coordinates)) {
        std::size_t count = 0;
        for (auto coordinate : value_or_throw(field.value().get_array())) {
          if (count == position.size()) throw UnusualGeoJson();
          position[count++] = value_or_throw(coordinate.get_double());
        }
        if (count != position.size()) throw UnusualGeoJson();
      } else {
        throw UnusualGeoJson();
      }
    }
    if (!typed || !with_coordinates) throw UnusualGeoJson();
    place(position[0], position[1], true);
  }

  static bool is_null(ondemand::value& value) {
    return value_or_throw(value.type()) == ondemand::json_type::null && value_or_throw(value.is_null());
  }

  void place(double x, double y, bool placed) {
    m_block.x.push_back(x);
    m_block.y.push_back(y);
    m_block.placed.push_back(placed ? 1 : 0);
  }

  const std::vector<std::string>& m_keys;
  Block& m_block;
};

// `text`: features with commas between them.
Block read_block(std::string_view text, const std::vector<std::string>& keys) {
  std::string array;
  array.reserve(text.size() + 2 + simdjson::SIMDJSON_PADDING);
  array.append("[").append(text).append("]");
  Block block;
  FeatureReader reader(keys, block);
  ondemand::parser parser;
  ondemand::document document = value_or_throw(parser.iterate(array));
  for (auto each : value_or_throw(document.get_array())) {
    ondemand::value value = value_or_throw(each);
    reader.read(value_or_throw(value.get_object()));
  }
  if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) throw UnusualGeoJson();  // text follows the array
  return block;
}

// Where the first feature after `from` begins, or npos: `,{"type":"Feature"` with any spaces. Within a string a quote
// behind a brace would end it, so that what follows could not be JSON.
std::size_t feature_after(std::string_view text, std::size_t from) {
  for (std::size_t brace = text.find('{', from); brace != std::string_view::npos; brace = text.find('{', brace + 1)) {
    std::size_t at = brace + 1;
    const auto take = [&](std::string_view word) {
      while (at < text.size() && is_space(text[at])) ++at;
      if (text.substr(at, word.size()) != word) return false;
      at += word.size();
      return true;
    };
    if (!take("\"type\"") || !take(":") || !take("\"Feature\"")) continue;
    std::size_t before = brace;
    while (before > from && is_space(text[before - 1])) --before;
    if (before > from && text[before - 1] == ',') return brace;
  }
  return std::string_view::npos;
}

// The text before the features: its end is where they begin.
struct Head {
  std::string name;
  std::size_t size = 0;
};

bool is_longitude_latitude(simdjson::dom::element crs) {
  std::string_view type;
  std::string_view name;
  if (crs["type"].get(type) != simdjson::SUCCESS || crs["properties"]["name"].get(name) != simdjson::SUCCESS)
    return false;
  return type == "name" && name == "urn:ogc:def:crs:OGC:1.3:CRS84";
}

Head parse_head(std::string_view start, const std::string& stem) {
  std::size_t at = start.find("\"features\"");
  if (at == std::string_view::npos) throw UnusualGeoJson();
  at += 10;
  while (at < start.size() && (is_space(start[at]) || start[at] == ':')) ++at;
  if (at >= start.size() || start[at] != '[') throw UnusualGeoJson();
  Head head{stem, at + 1};
  simdjson::dom::parser parser;
  simdjson::dom::object members;
  const std::string whole = std::string(start.substr(0, head.size)) + "]}";
  // Only where this is the array of the collection itself do these two brackets close everything.
  if (parser.parse(whole).get(members) != simdjson::SUCCESS) throw UnusualGeoJson();
  bool collection = false;
  for (const auto& [key, value] : members) {
    std::string_view text;
    if (key == "type") {
      collection = value.get(text) == simdjson::SUCCESS && text == "FeatureCollection";
    } else if (key == "name") {
      if (value.get(text) != simdjson::SUCCESS || text.empty()) throw UnusualGeoJson();
      head.name = text;
    } else if (key == "crs") {
      if (!is_longitude_latitude(value)) throw UnusualGeoJson();
    } else if (key != "features") {
      throw UnusualGeoJson();
    }
  }
  if (!collection) throw UnusualGeoJson();
  return head;
}

// The file from `begin`, a part at a time.
class Parts {
 public:
  Parts(const fs::path& file, std::size_t begin) : m_in(open_input(file)), m_rest(input_size(file) - begin) {
    m_in->seekg(static_cast<std::streamoff>(begin));
  }

  /// Adds to what the last call left over; false at the end.
  bool more(std::string& text) {
    const std::size_t wanted = std::min(m_rest, kBlockBytes * kBlocksAtOnce);
    const std::size_t before = text.size();
    text.resize(before + wanted);
    m_in->read(text.data() + before, static_cast<std::streamsize>(wanted));
    if (static_cast<std::size_t>(m_in->gcount()) != wanted) throw UnusualGeoJson();
    m_rest -= wanted;
    return wanted > 0;
  }
  [[nodiscard]] bool at_end() const { return m_rest == 0; }
  [[nodiscard]] std::size_t rest() const { return m_rest; }

 private:
  std::unique_ptr<std::istream> m_in;
  std::size_t m_rest;
};

// Cuts the brackets that close the array and the collection.
void cut_tail(std::string& text) {
  for (const char bracket : {'}', ']'}) {
    while (!text.empty() && is_space(text.back())) text.pop_back();
    if (text.empty() || text.back() != bracket) throw UnusualGeoJson();
    text.pop_back();
  }
}

std::vector<std::string_view> cut_into_blocks(std::string_view text, std::size_t& used, bool last) {
  std::vector<std::string_view> blocks;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t next = begin + kBlockBytes < text.size() ? feature_after(text, begin + kBlockBytes) : text.npos;
    if (next == text.npos) break;
    blocks.push_back(text.substr(begin, text.rfind(',', next) - begin));
    begin = next;
  }
  if (last) {
    blocks.push_back(text.substr(begin));
    begin = text.size();
  }
  used = begin;
  return blocks;
}

// The properties of the first feature, by their keys between quotes.
std::vector<std::string> keys_of_first(std::string_view text) {
  std::size_t end = feature_after(text, 1);
  end = end == text.npos ? text.size() : text.rfind(',', end);
  simdjson::dom::parser parser;
  simdjson::dom::object properties;
  if (parser.parse(std::string(text.substr(0, end)))["properties"].get(properties) != simdjson::SUCCESS)
    throw UnusualGeoJson();
  std::vector<std::string> keys;
  for (const auto& [key, value] : properties) {
    const bool plain = !key.empty() && std::none_of(key.begin(), key.end(), [](char c) {
      return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
    });
    if (!plain || std::find(keys.begin(), keys.end(), key) != keys.end()) throw UnusualGeoJson();
    keys.emplace_back(key);
  }
  return keys;
}

struct Joined {
  std::vector<std::string> keys;
  std::vector<GeoJsonProperty> properties;
};

void append(Joined& joined, std::vector<Block>& blocks, RawLayer& raw) {
  for (const Block& block : blocks) {
    const bool all = std::find(block.placed.begin(), block.placed.end(), 0) == block.placed.end();
    const bool added = all && raw.shapes.add_plain_points(block.x, block.y);
    for (std::size_t i = added ? block.rows : 0; i < block.rows; ++i) {
      if (block.placed[i] != 0) {
        raw.shapes.add_point(block.x[i], block.y[i]);
      } else {
        raw.shapes.add_unusable(ShapeNote::null);
      }
    }
    raw.rows += block.rows;
  }
  parallel_blocks(joined.properties.size(), 1, [&](std::size_t p, std::size_t, std::size_t) {
    for (Block& block : blocks) joined.properties[p].append(std::move(block.properties[p]));
  });
}

RawLayer read_plain(const fs::path& file, const std::string& shown, const ReadOptions& options, Progress& progress) {
  std::string start(std::min<std::size_t>(input_size(file), kMostHead), '\0');
  open_input(file)->read(start.data(), static_cast<std::streamsize>(start.size()));
  const Head head = parse_head(start, fs::path(shown).stem().string());
  RawLayer raw;
  raw.name = head.name;
  raw.shown = shown;
  raw.where = fs::path(shown).filename().string();
  raw.crs = choose_crs(Crs::from_text("EPSG:4326"), options, raw.where, raw.diagnostics);
  raw.shapes = ShapeCollector(raw.crs.is_geographic(), options.swapped_axes, options.parts);
  raw.has_shapes = true;
  Parts parts(file, head.size);
  const std::string stage = fmt::format("reading {}", raw.where);
  const auto total = static_cast<double>(parts.rest());
  Joined joined;
  std::string text;
  for (bool first = true; parts.more(text); first = false) {
    if (first) text.erase(0, text.find_first_not_of(" \t\r\n"));
    if (parts.at_end()) cut_tail(text);
    if (first) {
      joined.keys = keys_of_first(text);
      joined.properties.resize(joined.keys.size());
      check_fields(joined.keys.size(), shown, options);
    }
    std::size_t used = 0;
    const std::vector<std::string_view> pieces = cut_into_blocks(text, used, parts.at_end());
    std::vector<Block> blocks(pieces.size());
    parallel_blocks(pieces.size(), 1, progress,
                    [&](std::size_t i, std::size_t, std::size_t) { blocks[i] = read_block(pieces[i], joined.keys); });
    append(joined, blocks, raw);
    check_rows(raw.rows, shown, options);
    text.erase(0, used);
    if (text.size() > options.max_unpacked_bytes) throw UnusualGeoJson();
    progress.report(stage, 1 - static_cast<double>(parts.rest()) / total);
  }
  if (raw.rows == 0) throw UnusualGeoJson();
  const std::vector<std::string> names = usable_names(joined.keys, raw.where, raw.diagnostics);
  for (std::size_t c = 0; c < names.size(); ++c)
    raw.columns.push_back(std::move(joined.properties[c]).column(names[c]));
  return raw;
}

}  // namespace

std::optional<RawLayer> read_point_geojson(const fs::path& file, const std::string& shown, const ReadOptions& options,
                                           Progress& progress) {
  constexpr int kNesting = 5;  // brackets to the coordinates of a point
  // What these options mean for a file that holds geometries is said in one place.
  if (options.max_nesting < kNesting || !options.layer.empty() || !options.x_column.empty() ||
      !options.y_column.empty())
    return std::nullopt;
  try {
    return read_plain(file, shown, options, progress);
  } catch (const UnusualGeoJson&) {
    return std::nullopt;
  }
}

}  // namespace yaan
