#pragma once
// What can be said about a run once its layers are read, before anything is computed.

#include "yaan/study/run.hpp"

namespace yaan {

/// Throws UsageError when a layer that is there already has the wrong geometry for its role.
void check_step(const StudyStep& step, const LayerMap& layers);

/// check_step for all steps; that the levels of publication are known words; that outputs can hold their layers. Throws
/// UsageError, and InputError for the words.
void check_run(const Study& study, const LayerMap& loaded, const RunOptions& options);

}  // namespace yaan
