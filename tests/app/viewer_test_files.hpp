#pragma once
// A small study on disk for the viewer's tests: one area, three groups of sites that a larger radius joins.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace yaan::viewer {

/// A folder of its own that goes with it.
class StudyFolder {
 public:
  StudyFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "yaan-viewer-XXXXXX").string();
    m_folder = mkdtemp(name.data());
    write("areas.geojson", R"({"type":"FeatureCollection","features":[{"type":"Feature",
      "properties":{"code":"TH-1","name_en":"North 100% ##area","name_th":"จังหวัดเหนือ"},
      "geometry":{"type":"Polygon","coordinates":[[[100,18],[101,18],[101,19],[100,19],[100,18]]]}}]})");
    // Groups of five about 300 m apart; the groups lie about 3 km from each other.
    std::string sites = "id,name_en,name_th,category,longitude,latitude\n";
    int number = 0;
    for (int group = 0; group < 3; ++group)
      for (int i = 0; i < 5; ++i, ++number)
        sites += "s" + std::to_string(number) + ",Site " + std::to_string(number) + " 50%s,ปู่ย่า " +
                 std::to_string(number) + ",temple," + std::to_string(100.5 + 0.03 * group + 0.002 * (i % 3)) + "," +
                 std::to_string(18.5 + 0.002 * (i / 3)) + "\n";
    sites += "far,Far away,ไกล,market,100.1,18.1\n";
    write("sites.csv", sites);
    write("study.json", R"({"yaan_study":1,"title":{"en":"Test study","th":"ทดสอบ"},
      "layers":{"areas":{"file":"areas.geojson"},
                "sites":{"file":"sites.csv","x":"longitude","y":"latitude","crs":"EPSG:4326"}},
      "analyses":[{"method":"assign-areas","points":"sites","areas":"areas","within":"5km"},
                  {"method":"dbscan","points":"sites","radius":"500m","min_points":3},
                  {"method":"districts","points":"sites","output":"districts"}],
      "outputs":[]})");
  }
  ~StudyFolder() { std::filesystem::remove_all(m_folder); }
  StudyFolder(const StudyFolder&) = delete;
  StudyFolder& operator=(const StudyFolder&) = delete;

  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return m_folder / name; }
  /// A study of twenty-five squares, hot in a corner, with local Moran and nothing else; also what it prints.
  [[nodiscard]] std::filesystem::path lisa_study(const std::string& colour = "{}") const {
    std::string features;
    for (int i = 0; i < 25; ++i) {
      const double west = 100 + 0.1 * (i % 5);
      const double south = 18 + 0.1 * (i / 5);
      const auto corner = [](double x, double y) { return "[" + std::to_string(x) + "," + std::to_string(y) + "]"; };
      features += std::string(i == 0 ? "" : ",") + R"({"type":"Feature","properties":{"id":"q)" + std::to_string(i) +
                  R"(","name_en":"Square )" + std::to_string(i) + R"(","value":)" +
                  std::to_string((i % 5 < 3 && i / 5 < 3 ? 9.0 : 1.0) + 0.2 * (i % 4)) +
                  R"(},"geometry":{"type":"Polygon","coordinates":[[)" + corner(west, south) + "," +
                  corner(west + 0.1, south) + "," + corner(west + 0.1, south + 0.1) + "," + corner(west, south + 0.1) +
                  "," + corner(west, south) + "]]}}";
    }
    write("squares.geojson", R"({"type":"FeatureCollection","features":[)" + features + "]}");
    write("lisa.json",
          R"({"yaan_study":1,"title":{"en":"LISA","th":"ลิซา"},"layers":{"squares":{"file":"squares.geojson"}},
      "analyses":[{"method":"local-moran","features":"squares","variable":"value"}],
      "outputs":[{"map":"country","file":"lisa.png","colour":)" +
              colour + "}]}");
    return m_folder / "lisa.json";
  }
  [[nodiscard]] std::filesystem::path study() const { return m_folder / "study.json"; }

 private:
  void write(const std::string& name, const std::string& text) const { std::ofstream(m_folder / name) << text; }
  std::filesystem::path m_folder;
};

}  // namespace yaan::viewer
