#pragma once
// From a document that fits the schema to a Study, and back.

#include <filesystem>
#include <set>
#include <string>

#include "study/strict_json.hpp"
#include "yaan/core/error.hpp"
#include "yaan/study/registry.hpp"
#include "yaan/study/study.hpp"

namespace yaan {

/// Reads the document, which must fit the schema, and checks what a schema cannot say.
class StudyReader {
 public:
  StudyReader(const Json& document, const std::filesystem::path& file);
  Study read();

 private:
  StudyLayer read_layer(const std::string& name, const Json& json) const;
  StudyBackdrop read_backdrop(const std::string& name, const Json& json) const;
  /// The settings of reading that the document gives.
  void read_settings_of(const std::string& name, const Json& json, ReadOptions& options) const;
  StudyChecks read_checks(const Json& json) const;
  StudyStep read_step(const Json& json, const std::string& place);
  Box read_extent(const std::string& text, const std::string& place) const;
  MapColours read_colours(const Json& json, const std::string& place) const;
  StudyOutput read_output(const Json& json, const std::string& place);
  /// The layer named under `key`, which must be known by now; else the fallback.
  std::string layer_named(const Json& json, const std::string& key, const std::string& fallback,
                          const std::string& place) const;
  /// First layer that a step reads in that role, or "".
  [[nodiscard]] std::string first_in_role(std::string_view role) const;
  [[nodiscard]] UsageError wrong(const std::string& place, const std::string& what,
                                 const std::string& advice = {}) const;

  const Json& m_document;
  std::string m_where;
  Study m_study;
  std::vector<std::string> m_known;  // layers that exist so far, in order
  std::set<std::string> m_files;     // names of outputs
};

Json value_json(const Value& value);
/// The value of a parameter; the document fits the schema. Throws UsageError when it is out of range all the same.
Value value_from(const Parameter& parameter, const Json& json);
Json layer_json(const StudyLayer& layer);

}  // namespace yaan
