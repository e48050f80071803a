#pragma once
// How a long job says how far it is, and hears that it should stop.

#include <atomic>
#include <string_view>

namespace yaan {

/// Polled by every long job. The base class is silent and is cancelled only through cancel().
/// Thread-safe: cancel() and cancelled() from anywhere; report() is called from the job's own thread.
class Progress {
 public:
  Progress() = default;
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  virtual ~Progress() = default;

  /// The job is at `fraction` (0 to 1) of `stage` (a short English phrase such as "reading sites").
  virtual void report(std::string_view /*stage*/, double /*fraction*/) {}
  [[nodiscard]] virtual bool cancelled() const { return m_cancelled.load(std::memory_order_relaxed); }

  void cancel() noexcept { m_cancelled.store(true, std::memory_order_relaxed); }
  /// Throws Cancelled when somebody asked to stop.
  void throw_if_cancelled() const;

 private:
  std::atomic<bool> m_cancelled{false};
};

}  // namespace yaan
