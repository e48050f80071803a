#include "load/gdal_session.hpp"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_http.h>
#include <gdal_frmts.h>
#include <ogr_srs_api.h>
#include <ogrsf_frmts.h>

#include <mutex>

namespace yaan {

namespace {

// A GeoJSON may name its CRS by a web address, which GDAL would fetch.
CPLHTTPResult* refuse_fetch(const char*, CSLConstList, GDALProgressFunc, void*, CPLHTTPFetchWriteFunc, void*, void*) {
  auto* result = static_cast<CPLHTTPResult*>(CPLCalloc(1, sizeof(CPLHTTPResult)));
  result->nStatus = 1;
  result->pszErrBuf = CPLStrdup("the network is not used");
  return result;
}

}  // namespace

void initialise_gdal() {
  static std::once_flag once;
  std::call_once(once, [] {
    RegisterOGRShape();
    RegisterOGRGeoJSON();
    RegisterOGRTopoJSON();
    RegisterOGRGeoPackage();
    RegisterOGRFlatGeobuf();
    RegisterOGRLIBKML();
    RegisterOGRXLSX();
    RegisterOGROSM();
    GDALRegister_GTiff();
    GDALRegister_MEM();  // into which rasters are warped
    OSRSetPROJEnableNetwork(0);
    CPLHTTPSetFetchCallback(&refuse_fetch, nullptr);
  });
}

GdalMessages::GdalMessages() { CPLPushErrorHandlerEx(&GdalMessages::keep, this); }
GdalMessages::~GdalMessages() { CPLPopErrorHandler(); }

void CPL_STDCALL GdalMessages::keep(CPLErr level, CPLErrorNum /*number*/, const char* text) {
  if (level != CE_Warning && level != CE_Failure) return;
  auto* self = static_cast<GdalMessages*>(CPLGetErrorHandlerUserData());
  std::vector<GdalMessage>& all = self->m_messages;
  const bool failure = level == CE_Failure;
  if (all.size() < kMaxMessages || (failure && all.size() == kMaxMessages)) {
    all.push_back({failure, text});
    return;
  }
  ++self->m_more;
  if (failure) all.back().text = text;
}

std::string GdalMessages::first() const {
  for (const GdalMessage& message : m_messages)
    if (message.failure) return message.text;
  return m_messages.empty() ? std::string() : m_messages.front().text;
}

void GdalMessages::clear() {
  m_messages.clear();
  m_more = 0;
}

GdalOption::GdalOption(const char* key, const char* value) : m_key(key) {
  if (const char* before = CPLGetThreadLocalConfigOption(key, nullptr)) {
    m_before = before;
    m_had_value = true;
  }
  CPLSetThreadLocalConfigOption(key, value);
}

GdalOption::~GdalOption() { CPLSetThreadLocalConfigOption(m_key.c_str(), m_had_value ? m_before.c_str() : nullptr); }

}  // namespace yaan
