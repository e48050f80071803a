#pragma once
// A small study on disk: two provinces, a dozen sites about two towns, one of them hidden.

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

namespace yaan {

inline std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

/// Every file below the folder, hidden ones too, with its bytes.
inline std::map<std::string, std::string> files_below(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  if (!std::filesystem::exists(folder)) return files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file())
      files[std::filesystem::relative(entry.path(), folder).string()] = bytes_of(entry.path());
  return files;
}

class SmallStudy {
 public:
  SmallStudy() {
    std::string name = (std::filesystem::temp_directory_path() / "yaan-study-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    m_folder = name;
    write(
        "provinces.geojson",
        R"({"type":"FeatureCollection","features":[)"
        R"({"type":"Feature","properties":{"code":"W","name_en":"West","name_th":"ตะวันตก"},"geometry":{"type":"Polygon","coordinates":[[[99.99,18.0],[100.0,18.0],[100.0,18.01],[99.99,18.01],[99.99,18.0]]]}},)"
        R"({"type":"Feature","properties":{"code":"E","name_en":"East","name_th":"ตะวันออก"},"geometry":{"type":"Polygon","coordinates":[[[100.0,18.0],[100.4,18.0],[100.4,18.01],[100.0,18.01],[100.0,18.0]]]}}]})");
    std::string sites = "id,name_en,name_th,category,lon,lat,publication\n";
    const auto add = [&](const std::string& id, const std::string& category, double lon, double lat,
                         const char* level) {
      std::ostringstream row;
      row.precision(9);
      row << id << ",Site " << id << ",แหล่ง " << id << "," << category << "," << lon << "," << lat << "," << level
          << "\n";
      sites += row.str();
    };
    for (int i = 0; i < 5; ++i) add("w" + std::to_string(i), "temple", 99.992 + 0.001 * i, 18.004, "open");
    add("w5-secret-kiln", "craft", 99.9975, 18.00437, "hidden");
    for (int i = 0; i < 5; ++i) add("e" + std::to_string(i), i < 2 ? "craft" : "", 100.3 + 0.001 * i, 18.005, "open");
    add("stray", "temple", 100.15, 18.0025, "open");
    add("abroad", "temple", 101.5, 18.0, "open");
    write("sites.csv", sites);
    write("study.json", text());
  }
  ~SmallStudy() {
    std::error_code ignored;
    std::filesystem::remove_all(m_folder, ignored);
  }
  SmallStudy(const SmallStudy&) = delete;
  SmallStudy& operator=(const SmallStudy&) = delete;

  static std::string text() {
    return R"({"yaan_study":1,"title":{"en":"Small"},
      "layers":{"provinces":{"file":"provinces.geojson"},
                "sites":{"file":"sites.csv","x":"lon","y":"lat","crs":"EPSG:4326"}},
      "analyses":[{"method":"assign-areas","points":"sites","areas":"provinces"},
                  {"method":"dbscan","points":"sites","radius":"200m","min_points":3},
                  {"method":"districts","points":"sites"}],
      "outputs":[{"layer":"districts","file":"districts.geojson"},{"layer":"sites","file":"tables/sites.csv"},
                 {"table":"areas","file":"areas.csv"},
                 {"map":"cities","file":"map-{city}.png","width":400,"height":400}]})";
  }
  [[nodiscard]] const std::filesystem::path& folder() const { return m_folder; }
  [[nodiscard]] std::filesystem::path file() const { return m_folder / "study.json"; }
  void write(const std::string& name, const std::string& content) const {
    std::ofstream(m_folder / name, std::ios::binary) << content;
  }

 private:
  std::filesystem::path m_folder;
};

}  // namespace yaan
