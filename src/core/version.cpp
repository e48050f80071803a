#include "yaan/core/version.hpp"

namespace yaan {

std::string_view version() { return YAAN_VERSION; }

}  // namespace yaan
