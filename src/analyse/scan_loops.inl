// Included once for each instruction set, inside a namespace of its own.

inline std::size_t sweep(const ScanList& list, std::size_t begin, const std::int32_t* cases, const ScanBounds& bounds,
                         std::int32_t* sums) {
  std::int32_t sum[kScanLanes];
  for (std::size_t l = 0; l < kScanLanes; ++l) sum[l] = sums[l];
  std::size_t k = begin;
  for (; k < list.count; ++k) {
    const std::uint32_t entry = list.place[k];
    const std::int32_t* more = cases + kScanLanes * (entry & ~ScanList::kEnds);
    for (std::size_t l = 0; l < kScanLanes; ++l) sum[l] += more[l];
    if ((entry & ScanList::kEnds) == 0) continue;
    const std::int32_t* least = bounds.at_least + kScanLanes * list.bin[k];
    const std::int32_t* most = bounds.at_most + kScanLanes * list.bin[k];
    std::int32_t reached = 0;
    for (std::size_t l = 0; l < kScanLanes; ++l)
      reached |= static_cast<std::int32_t>(sum[l] >= least[l]) | static_cast<std::int32_t>(sum[l] <= most[l]);
    if (reached != 0) break;
  }
  for (std::size_t l = 0; l < kScanLanes; ++l) sums[l] = sum[l];
  return k;
}

constexpr ScanLoops kLoops{kName, sweep};
