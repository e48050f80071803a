#pragma once
// A part of a job that says nothing of itself.

#include "yaan/core/progress.hpp"

namespace yaan {

/// Says nothing, because the part is soon over or runs on another thread than the job's own, which alone may report;
/// hears when the job should stop. The job must outlive it.
class SilentProgress : public Progress {
 public:
  explicit SilentProgress(const Progress& job) : m_job(job) {}
  [[nodiscard]] bool cancelled() const override { return m_job.cancelled(); }

 private:
  const Progress& m_job;
};

}  // namespace yaan
