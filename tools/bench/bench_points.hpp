#pragma once
// What the benchmark programs share: raw points in, times out.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "yaan/core/progress.hpp"

namespace yaan::bench {

/// Little-endian x, y pairs of doubles. Ends the program with a message when the file cannot be read.
std::pair<std::vector<double>, std::vector<double>> read_points(const std::string& file);

/// The same places on the ellipsoid: the middle of the seeded box becomes 101.5 E 13 N.
void to_degrees(std::vector<double>& x, std::vector<double>& y);

/// Wall and processor seconds of repeated runs.
class Times {
 public:
  void start();
  void stop();
  /// `"seconds": [..], "cpu_seconds": [..], "peak_mib": ..` of the whole process so far.
  [[nodiscard]] std::string json() const;
  [[nodiscard]] const std::vector<double>& seconds() const { return m_seconds; }

 private:
  double m_wall = 0;
  double m_cpu = 0;
  std::vector<double> m_seconds;
  std::vector<double> m_cpu_seconds;
};

/// Wall seconds of each stage that a job reports, of the last run.
class StageClock : public Progress {
 public:
  void report(std::string_view stage, double fraction) override;
  void start();
  void stop();
  /// `{"stage": seconds, ..}` in the order of the stages.
  [[nodiscard]] std::string json() const;

 private:
  void enter(std::string_view stage);

  std::vector<std::pair<std::string, double>> m_stages;
  std::string m_stage;
  double m_since = 0;
};

}  // namespace yaan::bench
