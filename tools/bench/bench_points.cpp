#include "bench_points.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "yaan/core/crs.hpp"

namespace yaan::bench {

namespace {

double wall_now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

double cpu_now() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

std::pair<std::vector<double>, std::vector<double>> read_points(const std::string& file) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  const auto n = in ? static_cast<std::size_t>(in.tellg()) / (2 * sizeof(double)) : 0;
  in.seekg(0);
  std::pair<std::vector<double>, std::vector<double>> points;
  points.first.reserve(n);
  points.second.reserve(n);
  // In pieces, so that the peak of memory is not that of reading.
  std::vector<double> piece(2 * std::min<std::size_t>(n, 4096));
  for (std::size_t done = 0; in && done < n; done += piece.size() / 2) {
    piece.resize(2 * std::min<std::size_t>(n - done, 4096));
    in.read(reinterpret_cast<char*>(piece.data()), static_cast<std::streamsize>(piece.size() * sizeof(double)));
    for (std::size_t i = 0; i < piece.size(); i += 2) {
      points.first.push_back(piece[i]);
      points.second.push_back(piece[i + 1]);
    }
  }
  if (!in) {
    std::fprintf(stderr, "cannot read points from \"%s\"\n", file.c_str());
    std::exit(1);
  }
  return points;
}

void to_degrees(std::vector<double>& x, std::vector<double>& y) {
  for (double& value : x) value -= 350e3;
  for (double& value : y) value -= 750e3;
  const Transformer transformer(Crs::laea(Degrees{101.5}, Degrees{13}), Crs::wgs84());
  transformer.apply(x, y);
}

void Times::start() {
  m_cpu = cpu_now();
  m_wall = wall_now();
}

void Times::stop() {
  m_seconds.push_back(wall_now() - m_wall);
  m_cpu_seconds.push_back(cpu_now() - m_cpu);
}

std::string Times::json() const {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return fmt::format("\"seconds\": [{:.4f}], \"cpu_seconds\": [{:.4f}], \"peak_mib\": {}", fmt::join(m_seconds, ", "),
                     fmt::join(m_cpu_seconds, ", "), usage.ru_maxrss / 1024);
}

void StageClock::enter(std::string_view stage) {
  const double now = wall_now();
  if (!m_stage.empty()) {
    const auto same = [&](const auto& seen) { return seen.first == m_stage; };
    auto held = std::find_if(m_stages.begin(), m_stages.end(), same);
    if (held == m_stages.end()) held = m_stages.insert(held, {m_stage, 0});
    held->second += now - m_since;
  }
  m_stage = stage;
  m_since = now;
}

void StageClock::report(std::string_view stage, double /*fraction*/) {
  if (stage != m_stage) enter(stage);
}

void StageClock::start() {
  m_stages.clear();
  m_stage.clear();
  enter("checking points");
}

void StageClock::stop() { enter(""); }

std::string StageClock::json() const {
  std::string members;
  for (const auto& [stage, seconds] : m_stages)
    members += fmt::format("{}\"{}\": {:.4f}", members.empty() ? "" : ", ", stage, seconds);
  return "{" + members + "}";
}

}  // namespace yaan::bench
