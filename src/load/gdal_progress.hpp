#pragma once
// Progress for what GDAL does between two features.

#include <cpl_port.h>

#include <string>

#include "yaan/core/progress.hpp"

namespace yaan {

/// Given to GDAL as (GdalProgress::tell, address); both references outlive it. GDAL stops when somebody cancels.
struct GdalProgress {
  Progress& progress;
  const std::string& stage;

  static int CPL_STDCALL tell(double fraction, const char* /*text*/, void* self) {
    const auto& told = *static_cast<GdalProgress*>(self);
    told.progress.report(told.stage, fraction);
    return told.progress.cancelled() ? FALSE : TRUE;
  }
};

}  // namespace yaan
