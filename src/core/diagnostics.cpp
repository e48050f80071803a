#include "yaan/core/diagnostics.hpp"

#include <algorithm>

namespace yaan {

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::note: return "note";
    case Severity::repaired: return "repaired";
    case Severity::skipped: return "skipped";
    case Severity::doubt: return "doubt";
  }
  return "";
}

namespace {

Diagnostic& find_or_make(std::vector<Diagnostic>& entries, const Diagnostic& wanted) {
  const auto same = std::find_if(entries.begin(), entries.end(), [&](const Diagnostic& entry) {
    return entry.code == wanted.code && entry.where == wanted.where && entry.message == wanted.message;
  });
  if (same != entries.end()) return *same;
  entries.push_back(wanted);
  entries.back().count = 0;
  entries.back().features.clear();
  return entries.back();
}

}  // namespace

void Diagnostics::add(Severity severity, std::string_view code, std::string_view where, std::string_view message,
                      std::int64_t count, std::string_view feature) {
  Diagnostic& entry =
      find_or_make(m_entries, {severity, std::string(code), std::string(where), std::string(message), 0, {}});
  entry.count += count;
  if (!feature.empty() && entry.features.size() < kMaxFeatures) entry.features.emplace_back(feature);
}

void Diagnostics::merge(const Diagnostics& other) {
  for (const Diagnostic& theirs : other.entries()) {
    Diagnostic& mine = find_or_make(m_entries, theirs);
    mine.count += theirs.count;
    for (const std::string& feature : theirs.features)
      if (mine.features.size() < kMaxFeatures) mine.features.push_back(feature);
  }
}

std::int64_t Diagnostics::count(std::string_view code) const {
  std::int64_t sum = 0;
  for (const Diagnostic& entry : m_entries)
    if (entry.code == code) sum += entry.count;
  return sum;
}

}  // namespace yaan
