#include "yaan/core/localized.hpp"

#include <fmt/format.h>

#include "yaan/core/error.hpp"

namespace yaan {

Language parse_language(std::string_view text) {
  if (text == "en") return Language::english;
  if (text == "th") return Language::thai;
  throw UsageError(fmt::format("unknown language \"{}\"", text), "use en or th");
}

}  // namespace yaan
