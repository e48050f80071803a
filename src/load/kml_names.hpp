#pragma once
// Names of the data of a KML, which GDAL makes plain: each byte beyond letters and digits becomes _, so that Thai names
// of one length become one column, and all values but the last are lost.

#include <filesystem>
#include <map>
#include <memory>
#include <string>

namespace yaan {

/// A copy of the file in GDAL's memory, with plain words in the place of such names; gone with the object.
class KmlWithPlainNames {
 public:
  /// Null where every name is plain. `<Data name="...">` alone: names of schemas GDAL keeps. Linear.
  static std::unique_ptr<KmlWithPlainNames> of(const std::filesystem::path& file);
  ~KmlWithPlainNames();
  KmlWithPlainNames(const KmlWithPlainNames&) = delete;
  KmlWithPlainNames& operator=(const KmlWithPlainNames&) = delete;

  [[nodiscard]] const std::string& place() const { return m_place; }
  /// The name that a column of the copy stands for; the column's own name where it is none of the plain words.
  [[nodiscard]] std::string name_of(const std::string& column) const;

 private:
  KmlWithPlainNames() = default;

  std::string m_text;
  std::string m_place;
  std::map<std::string, std::string> m_names;  // by plain word
};

}  // namespace yaan
