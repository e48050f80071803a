#pragma once
// Coordinate reference systems and transformations, by PROJ with the network off. Coordinates are always x = easting or
// longitude, y = northing or latitude, whatever axis order the authority states.

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "yaan/core/units.hpp"

namespace yaan {

/// Indian 1975 to WGS 84 by the three parameters of the Royal Thai Survey Department.
inline constexpr std::array<double, 3> kThaiShift = {204.4798, 837.8940, 294.7765};

class Crs {
 public:
  enum class Kind {
    none,        ///< unknown: nothing may be measured
    geographic,  ///< longitude and latitude in degrees
    projected,   ///< a plane with a known unit
    local        ///< a plane of its own, in metres, tied to no place (`--crs local`)
  };

  /// Unknown.
  Crs();
  /// `EPSG:32647`, `OGC:CRS84`, WKT, PROJJSON, a PROJ string, or `local`. Throws UsageError when PROJ does not know it
  /// or when it is neither geographic nor projected.
  static Crs from_text(std::string_view text);
  /// WGS 84 longitude, latitude (OGC:CRS84), the CRS of GeoJSON.
  static Crs wgs84();
  static Crs local();
  /// Lambert azimuthal equal-area plane on WGS 84, in metres, centred there.
  static Crs laea(Degrees longitude, Degrees latitude);

  [[nodiscard]] Kind kind() const;
  [[nodiscard]] bool is_geographic() const { return kind() == Kind::geographic; }
  /// Geographic on the WGS 84 datum (EPSG:4326 or OGC:CRS84): usable as GeoJSON as it is.
  [[nodiscard]] bool is_wgs84() const;
  /// "WGS 84 / UTM zone 47N"; "unknown" and "local plane" for those kinds.
  [[nodiscard]] const std::string& name() const;
  /// "EPSG:32647", or "" when PROJ knows no code.
  [[nodiscard]] const std::string& code() const;
  /// WKT 2 (2019); "" for none and local.
  [[nodiscard]] const std::string& wkt() const;
  /// The text that from_text reads back to the same CRS: the code, else the WKT, else "local" or "".
  [[nodiscard]] std::string text() const;
  /// Metres in one unit of the plane; 1 for local, 0 for geographic and none.
  [[nodiscard]] double metres_per_unit() const;
  /// The shift of its datum to WGS 84 in metres along x, y and z of earth-centred coordinates, where this project
  /// chooses it: kThaiShift for systems on Indian 1975, for which PROJ's own choice (EPSG:1812) lands about 190 m
  /// elsewhere. Nothing for any other datum, and for a text that states its own shift.
  [[nodiscard]] std::optional<std::array<double, 3>> datum_shift() const;
  /// The system with another shift to WGS 84, stated in its WKT. Throws std::invalid_argument for kinds without a
  /// datum.
  [[nodiscard]] Crs with_shift(const std::array<double, 3>& metres) const;
  /// The same by an operation of the EPSG registry from this datum to WGS 84: "EPSG:1812". Throws UsageError when there
  /// is no such operation, or when it starts from another datum.
  [[nodiscard]] Crs with_operation(const std::string& operation) const;
  /// Same system (by PROJ's equivalence, axis order ignored).
  [[nodiscard]] bool same_as(const Crs& other) const;

 private:
  struct Definition;
  std::shared_ptr<const Definition> m_definition;  // immutable and shared: a Crs is copied with every layer
};

/// Takes coordinates from one CRS to another by PROJ's best operation for the area, without network grids.
/// Not thread-safe: one for each thread.
class Transformer {
 public:
  /// Throws InputError when no operation exists (one side unknown or local and the other not the same).
  Transformer(const Crs& from, const Crs& to);
  ~Transformer();
  Transformer(Transformer&&) noexcept;
  Transformer& operator=(Transformer&&) noexcept;

  /// In place. Points that cannot be transformed become NaN; returns how many.
  std::size_t apply(std::span<double> x, std::span<double> y) const;
  /// PROJ's description of the operation in use; "no operation" when both sides are the same.
  [[nodiscard]] std::string description() const;
  /// In metres, as the operation's authority states it; nothing where none does or several operations share the area.
  [[nodiscard]] std::optional<double> accuracy() const;

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace yaan
