#pragma once
// What was repaired, skipped or doubted on the way to a result. Nothing is dropped without a count here.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace yaan {

enum class Severity {
  note,      ///< worth knowing, nothing changed (a claim, an assumption)
  repaired,  ///< the data was changed so that it can be used
  skipped,   ///< features were set aside
  doubt      ///< the answer may not be what the user wants
};

std::string_view to_string(Severity severity);

struct Diagnostic {
  Severity severity = Severity::note;
  std::string code;     ///< stable, kebab-case: `null-geometry`, `outside-every-area`
  std::string where;    ///< layer or file it is about; may be empty
  std::string message;  ///< one English sentence without the count
  std::int64_t count = 0;
  std::vector<std::string> features;  ///< ids of the first few features, at most kMaxFeatures
};

/// A list of diagnostics, one entry for each (code, where, message), in the order of first report.
class Diagnostics {
 public:
  static constexpr std::size_t kMaxFeatures = 5;

  /// Adds `count` to the entry of the same code, place and message, or makes it. `feature` is kept while there is room.
  void add(Severity severity, std::string_view code, std::string_view where, std::string_view message,
           std::int64_t count = 1, std::string_view feature = {});
  /// Adds every entry of `other`.
  void merge(const Diagnostics& other);

  [[nodiscard]] const std::vector<Diagnostic>& entries() const { return m_entries; }
  [[nodiscard]] std::vector<Diagnostic>& entries() { return m_entries; }
  [[nodiscard]] bool empty() const { return m_entries.empty(); }
  /// Sum of the counts under `code`, 0 when there is none.
  [[nodiscard]] std::int64_t count(std::string_view code) const;

 private:
  std::vector<Diagnostic> m_entries;
};

}  // namespace yaan
