#include "load/gdal_crs.hpp"

#include <cpl_conv.h>
#include <fmt/format.h>
#include <ogr_spatialref.h>

#include <memory>
#include <string_view>

#include "yaan/core/error.hpp"

namespace yaan {

Crs crs_of_reference(const OGRSpatialReference* stated, std::string& unusable) {
  // GeoPackage writes "Undefined geographic SRS" and the like for an unknown one.
  if (stated == nullptr || stated->GetName() == nullptr || std::string_view(stated->GetName()).starts_with("Undefined"))
    return {};
  // Heights are left out, and so is their axis: a GeoJSON with heights states EPSG:4979.
  const std::unique_ptr<OGRSpatialReference> reference(stated->Clone());
  reference->DemoteTo2D(nullptr);
  const char* authority = reference->GetAuthorityName(nullptr);
  const char* code = reference->GetAuthorityCode(nullptr);
  if (authority != nullptr && code != nullptr) {
    try {
      return Crs::from_text(fmt::format("{}:{}", authority, code));
    } catch (const UsageError&) {  // a code that PROJ does not know: the definition itself may do
    }
  }
  char* wkt = nullptr;
  const char* const options[] = {"FORMAT=WKT2_2019", nullptr};
  const OGRErr error = reference->exportToWkt(&wkt, options);
  const std::string text = wkt != nullptr ? wkt : "";
  CPLFree(wkt);
  try {
    if (error == OGRERR_NONE && !text.empty()) return Crs::from_text(text);
  } catch (const UsageError&) {  // geocentric, vertical, or beyond PROJ
  }
  unusable = reference->GetName();
  return {};
}

}  // namespace yaan
