#pragma once
// The study file's JSON Schema, made from the registry.

#include "study/strict_json.hpp"

namespace yaan {

/// Version of the study file's format: its member yaan_study.
inline constexpr int kStudyVersion = 1;

/// Made once; never changes.
const Json& study_schema_json();

}  // namespace yaan
