#include "analyse/scan_maxima.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <mutex>
#include <numeric>
#include <utility>

#include "analyse/scan_bounds.hpp"
#include "analyse/scan_draws.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

constexpr std::size_t kCentresOfBlock = 16;
constexpr std::size_t kMostCaseBytes = std::size_t{512} << 20;

/// What one thread knows of the best windows so far. Which of them it meets changes what it looks at, not what is best.
struct ScanWorker {
  ReachBounds bounds;
  std::vector<double> best;  ///< by chunk and lane
  WindowScratch scratch;
  std::vector<CentreWindows> windows = std::vector<CentreWindows>(kCentresOfBlock);
};

/// The simulations of one round: as many as fit into memory.
class ScanRound {
 public:
  ScanRound(const ScanPlaces& places, const ScanWindows& windows, const ScanSearch& search, std::uint32_t first,
            std::size_t simulations, Progress& progress)
      : m_windows(windows),
        m_search(search),
        m_cases(total_cases(places)),
        m_chunks(block_count(simulations, kScanLanes)),
        m_drawn(m_chunks * windows.size() * kScanLanes) {
    const ScanDraws draws(places, search);
    parallel_blocks(simulations, kScanLanes, progress, [&](std::size_t begin, std::size_t end, std::size_t chunk) {
      for (std::size_t s = begin; s < end; ++s)
        draws.draw(first + static_cast<std::uint32_t>(s), s - begin, m_drawn.data() + chunk_size() * chunk);
    });
  }

  std::vector<double> maxima(double done, double share, Progress& progress) {
    const std::size_t n = m_windows.size();
    // Not one beside the other, so that what is best is met early.
    auto stride = static_cast<std::size_t>(0.618 * static_cast<double>(n)) + 1;
    while (std::gcd(stride, n) != 1) ++stride;
    std::size_t centres = 0;
    parallel_blocks(n, kCentresOfBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
      std::unique_ptr<ScanWorker> worker = take_worker();
      for (std::size_t i = begin; i < end; ++i)
        m_windows.about(static_cast<std::uint32_t>(i * stride % n), worker->windows[i - begin], worker->scratch,
                        progress);
      for (std::size_t chunk = 0; chunk < m_chunks; ++chunk) {
        progress.throw_if_cancelled();
        for (std::size_t i = 0; i < end - begin; ++i) sweep(worker->windows[i], chunk, *worker);
      }
      const std::lock_guard lock(m_mutex);
      m_workers.push_back(std::move(worker));
      centres += end - begin;
      progress.report("simulating", done + share * static_cast<double>(centres) / static_cast<double>(n));
    });
    std::vector<double> best(m_chunks * kScanLanes, 0);
    for (const auto& worker : m_workers)
      for (std::size_t s = 0; s < best.size(); ++s) best[s] = std::max(best[s], worker->best[s]);
    return best;
  }

 private:
  [[nodiscard]] std::size_t chunk_size() const { return m_windows.size() * kScanLanes; }

  std::unique_ptr<ScanWorker> take_worker() {
    {
      const std::lock_guard lock(m_mutex);
      if (!m_workers.empty()) {
        std::unique_ptr<ScanWorker> worker = std::move(m_workers.back());
        m_workers.pop_back();
        return worker;
      }
    }
    auto worker = std::make_unique<ScanWorker>(ScanWorker{
        ReachBounds(m_windows, m_search, m_cases, m_chunks), std::vector<double>(m_chunks * kScanLanes, 0), {}});
    for (std::size_t s = 0; s < worker->best.size(); ++s) worker->bounds.set(s / kScanLanes, s % kScanLanes, 0);
    return worker;
  }

  void sweep(const CentreWindows& windows, std::size_t chunk, ScanWorker& worker) const {
    const ScanLoops& loops = scan_loops();
    const ScanList list = windows.list();
    const ScanBounds bounds = worker.bounds.of_chunk(chunk);
    double* const best = worker.best.data() + chunk * kScanLanes;
    std::int32_t sums[kScanLanes] = {};
    bool better[kScanLanes] = {};
    for (std::size_t k = 0;; ++k) {
      k = loops.sweep(list, k, m_drawn.data() + chunk * chunk_size(), bounds, sums);
      if (k >= list.count) break;
      const std::int32_t* least = bounds.at_least + kScanLanes * list.bin[k];
      const std::int32_t* most = bounds.at_most + kScanLanes * list.bin[k];
      for (std::size_t lane = 0; lane < kScanLanes; ++lane) {
        if (sums[lane] < least[lane] && sums[lane] > most[lane]) continue;
        const auto cases = static_cast<double>(m_cases);
        const double expected = cases * windows.population[k] / m_windows.population();
        const bool wanted =
            sums[lane] > expected ? m_search.look_for != ScanFor::low : m_search.look_for != ScanFor::high;
        const double ratio =
            scan_likelihood_ratio(m_search.model, sums[lane], windows.population[k], cases, m_windows.population());
        if (!wanted || ratio <= best[lane]) continue;
        best[lane] = ratio;
        better[lane] = true;
      }
    }
    for (std::size_t lane = 0; lane < kScanLanes; ++lane)
      if (better[lane]) worker.bounds.set(chunk, lane, best[lane]);
  }

  const ScanWindows& m_windows;
  const ScanSearch& m_search;
  std::int64_t m_cases;
  std::size_t m_chunks;
  std::vector<std::int32_t> m_drawn;  // by chunk, place and lane
  std::mutex m_mutex;
  std::vector<std::unique_ptr<ScanWorker>> m_workers;  // that are not at work
};

}  // namespace

std::vector<double> scan_maxima(const ScanPlaces& places, const ScanWindows& windows, const ScanSearch& search,
                                Progress& progress) {
  const auto simulations = static_cast<std::size_t>(search.simulations);
  std::vector<double> maxima;
  if (simulations == 0 || windows.bins().size() == 0) return maxima;
  const std::size_t chunk_bytes = windows.size() * kScanLanes * sizeof(std::int32_t);
  const std::size_t round = kScanLanes * std::max<std::size_t>(1, kMostCaseBytes / chunk_bytes);
  for (std::size_t first = 0; first < simulations; first += round) {
    const std::size_t count = std::min(round, simulations - first);
    const auto whole = static_cast<double>(simulations);
    const std::vector<double> found =
        ScanRound(places, windows, search, static_cast<std::uint32_t>(first), count, progress)
            .maxima(static_cast<double>(first) / whole, static_cast<double>(count) / whole, progress);
    maxima.insert(maxima.end(), found.begin(), found.begin() + static_cast<std::ptrdiff_t>(count));
  }
  return maxima;
}

}  // namespace yaan
