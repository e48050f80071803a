#pragma once
// Runs the small study.

#include <filesystem>

#include "study/small_study.hpp"
#include "yaan/study/run.hpp"

namespace yaan {

inline RunResult run(const SmallStudy& small, const std::filesystem::path& out, unsigned threads = 1,
                     bool overwrite = false) {
  Progress progress;
  RunOptions options;
  options.out_dir = out;
  options.threads = threads;
  options.overwrite = overwrite;
  return run_study(Study::read(small.file()), options, progress);
}

}  // namespace yaan
