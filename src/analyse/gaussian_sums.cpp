#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "analyse/density_loops.hpp"
#include "analyse/kernel_sums.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

constexpr double kProductDeviation = 0.95;  // s / h: see the header
constexpr double kTail = 5.8;               // standard deviations of the product: the first node left out weighs 2e-8
constexpr std::uint32_t kBandRows = 96;
constexpr std::uint32_t kMostStencil = DensityLoops::kMostStencil;
constexpr double kMostNodes = 1 << 27;

/// The split of a Gaussian at S = sigma / h, in units of h.
struct Split {
  double deviation = 0;     // S
  double narrow = 0;        // variance that spreads points onto nodes
  double wide = 0;          // variance that sums nodes
  std::uint32_t reach = 0;  // nodes on each side of the nearest
  double sum_reach = 0;     // from a target

  explicit Split(double s) : deviation(s) {
    const double total = s * s;
    const double product = kProductDeviation * kProductDeviation;
    narrow = (total - std::sqrt(total * total - 4 * product * total)) / 2;
    wide = total - narrow;
    const double tail = kTail * kProductDeviation;
    reach = static_cast<std::uint32_t>(std::ceil(kGaussReach * narrow / s + tail - 0.5));
    sum_reach = kGaussReach * wide / s + tail;
  }
  [[nodiscard]] std::uint32_t stencil() const { return 2 * reach + 1; }
  /// The stencil filled up to whole vectors.
  [[nodiscard]] std::uint32_t width() const {
    constexpr std::uint32_t kStep = DensityLoops::kStencilStep;
    return (stencil() + kStep - 1) / kStep * kStep;
  }
};

constexpr std::array kSplits = {2.2, 2.6, 3.0, 3.5, 4.0, 5.0, 6.0};

/// Estimated cost in multiplications with additions.
double gridded_cost(const Split& split, double n, const Box& box, const Lattice& targets, double sigma) {
  const double h = sigma / split.deviation;
  const double nodes_x = box.width() / h + split.stencil() + 2;
  const double nodes_y = box.height() / h + split.stencil() + 2;
  if (nodes_x * nodes_y > kMostNodes) return std::numeric_limits<double>::infinity();
  const double width = 2 * split.sum_reach;
  return n * (split.stencil() * split.width() + 100.0) + width * targets.columns * (nodes_y + targets.rows) +
         2 * nodes_x * nodes_y;
}

double direct_cost(double n, const Lattice& targets, double sigma) {
  const double width = 2 * kGaussReach * sigma / targets.side + 1;
  return n * (std::min<double>(width, targets.columns) * std::min<double>(width, targets.rows) + 50 * width);
}

/// Nodes about the points, with the points sorted to their nearest node.
struct Nodes {
  double x, y;  // of node (0, 0)
  double h;
  std::uint32_t columns, rows;
  std::size_t stride;  // columns with room for a whole last stencil of vectors
};

Nodes nodes_about(const Box& box, const Split& split, double sigma) {
  Nodes nodes{};
  nodes.h = sigma / split.deviation;
  const double margin = split.reach + 1;
  nodes.x = box.min_x - margin * nodes.h;
  nodes.y = box.min_y - margin * nodes.h;
  nodes.columns = static_cast<std::uint32_t>(box.width() / nodes.h + 2 * margin) + 2;
  nodes.rows = static_cast<std::uint32_t>(box.height() / nodes.h + 2 * margin) + 2;
  nodes.stride = (std::size_t{nodes.columns} + kMostStencil + 7) / 8 * 8;
  return nodes;
}

/// Narrow Gaussians at the nodes of one axis about a point. With d the place of the point less that of its nearest
/// node, exp(-(d - j)^2 / 2v) = exp(-d^2 / 2v) exp(d / v)^j exp(-j^2 / 2v): two exponentials of small numbers for all
/// of them.
class Spread {
 public:
  explicit Spread(const Split& split)
      : m_inverse(1 / split.narrow),
        m_scale(1 / std::sqrt(2 * std::numbers::pi * split.narrow)),
        m_reach(split.reach),
        m_width(split.width()) {
    for (std::uint32_t i = 0; i < split.stencil(); ++i) {
      const double j = static_cast<double>(i) - split.reach;
      m_at_node[i] = m_scale * std::exp(-0.5 * j * j * m_inverse);
    }
  }
  /// The arguments of the two exponentials; |d| <= 1/2 and v > 0.9, so they are below 0.56.
  void arguments(double d, double& middle, double& step) const {
    middle = -0.5 * d * d * m_inverse;
    step = d * m_inverse;
  }
  /// From the exponentials to the weights; those past the stencil are 0.
  void weights(const DensityLoops& loops, double middle, double step, double* out) const {
    double back = 1 / step;
    double first = middle;
    for (std::uint32_t power = m_reach; power != 0; power >>= 1) {
      if ((power & 1U) != 0) first *= back;
      back *= back;
    }
    loops.powers(first, step, m_at_node.data(), m_width, out);
  }

 private:
  double m_inverse, m_scale;
  std::uint32_t m_reach, m_width;
  std::array<double, kMostStencil> m_at_node{};
};

/// The nodes that one point adds to. Weights are computed for some points before they are used: read back in vectors
/// at once, they would still be on their way to memory.
struct Stencil {
  std::array<double, kMostStencil> wx{};
  std::array<double, kMostStencil> wy{};
  std::int64_t column = 0;
  std::int64_t row = 0;
};
constexpr std::uint32_t kBatch = 32;

/// Spreads the points onto the nodes. A block owns some rows of nodes and adds to no others, always in the order of the
/// points, so the sums depend neither on blocks nor on threads.
Scratch<double> spread_points(const LatticePoints& points, const Nodes& nodes, const Split& split,
                              const Progress& progress) {
  Scratch<double> sums(nodes.stride * nodes.rows);
  const Spread spread(split);
  const DensityLoops& loops = density_loops();
  const std::int64_t reach = split.reach;
  const double inverse = 1 / nodes.h;
  parallel_blocks(nodes.rows, kBandRows, [&](std::size_t begin, std::size_t end, std::size_t) {
    std::fill(sums.data() + begin * nodes.stride, sums.data() + end * nodes.stride, 0.0);
    const auto first = static_cast<std::int64_t>(begin);
    const auto last = static_cast<std::int64_t>(end) - 1;
    const Run run = points.of_rows(first - reach - 1, last + reach + 2);
    std::array<Stencil, kBatch> batch{};
    std::array<double, 4 * kBatch> exponent{};
    std::array<double, 4 * kBatch> value{};
    for (std::uint32_t from = run.begin; from < run.end; from += kBatch) {
      if ((from - run.begin) % 4096 == 0) progress.throw_if_cancelled();
      const std::uint32_t count = std::min(kBatch, run.end - from);
      for (std::uint32_t i = 0; i < count; ++i) {
        const double px = (points.x()[from + i] - nodes.x) * inverse;
        const double py = (points.y()[from + i] - nodes.y) * inverse;
        const double column = std::floor(px + 0.5);
        const double row = std::floor(py + 0.5);
        batch[i].column = static_cast<std::int64_t>(column) - reach;
        batch[i].row = static_cast<std::int64_t>(row) - reach;
        spread.arguments(px - column, exponent[4 * i], exponent[4 * i + 1]);
        spread.arguments(py - row, exponent[4 * i + 2], exponent[4 * i + 3]);
      }
      loops.small_exp(exponent.data(), value.data(), 4 * count);
      for (std::uint32_t i = 0; i < count; ++i) {
        spread.weights(loops, value[4 * i], value[4 * i + 1], batch[i].wx.data());
        spread.weights(loops, value[4 * i + 2] * points.weight(from + i), value[4 * i + 3], batch[i].wy.data());
      }
      for (std::uint32_t i = 0, next = 0; i < count; i = next) {
        const Stencil& stencil = batch[i];
        for (next = i + 1; next < count && batch[next].row == stencil.row && batch[next].column == stencil.column;)
          ++next;
        const std::int64_t south = std::max(stencil.row, first);
        const std::int64_t north = std::min(stencil.row + split.stencil(), last + 1);
        if (south >= north) continue;
        loops.add_stencils(
            sums.data() + static_cast<std::size_t>(south) * nodes.stride + static_cast<std::size_t>(stencil.column),
            nodes.stride, stencil.wx.data(), stencil.wy.data() + (south - stencil.row), next - i,
            sizeof(Stencil) / sizeof(double), static_cast<std::uint32_t>(north - south), split.width());
      }
    }
  });
  return sums;
}

/// Wide Gaussians from each target to the nodes in reach. `place` and `step` are in the unit of the nodes.
AxisWeights node_weights(double place, double step, std::uint32_t targets, std::uint32_t nodes, const Split& split,
                         double scale) {
  AxisWeights axis;
  axis.offset.push_back(0);
  const double factor = scale / std::sqrt(2 * std::numbers::pi * split.wide);
  for (std::uint32_t t = 0; t < targets; ++t) {
    const double at = place + t * step;
    const double low = std::clamp(std::ceil(at - split.sum_reach), 0.0, static_cast<double>(nodes));
    const double high = std::clamp(std::floor(at + split.sum_reach) + 1, low, static_cast<double>(nodes));
    axis.first.push_back(static_cast<std::uint32_t>(low));
    for (double node = low; node < high; ++node) {
      const double d = node - at;
      axis.weight.push_back(factor * std::exp(-0.5 * d * d / split.wide));
    }
    axis.offset.push_back(static_cast<std::uint32_t>(axis.weight.size()));
  }
  return axis;
}

/// out(row, target) = sum of weight(target, node) in(row, node).
void sum_columns(const AxisWeights& axis, const double* in, std::size_t stride, std::size_t rows, double* out,
                 const Progress& progress) {
  const std::size_t targets = axis.first.size();
  const auto dot = density_loops().dot;
  parallel_blocks(rows, 16, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t row = begin; row < end; ++row) {
      progress.throw_if_cancelled();
      for (std::size_t t = 0; t < targets; ++t) {
        out[row * targets + t] = dot(axis.weight.data() + axis.offset[t], in + row * stride + axis.first[t],
                                     axis.offset[t + 1] - axis.offset[t]);
      }
    }
  });
}

std::vector<double> gridded_sums(std::span<const double> x, std::span<const double> y, std::span<const double> weights,
                                 const Box& box, const Lattice& targets, double sigma, const Split& split,
                                 const Progress& progress) {
  const Nodes nodes = nodes_about(box, split, sigma);
  // Cell (column, row) of this lattice holds the points whose nearest node it is.
  const Lattice nearest{nodes.x - nodes.h / 2, nodes.y - nodes.h / 2, nodes.h, nodes.columns, nodes.rows};
  Scratch<double> sums;
  {
    const LatticePoints points(x, y, weights, nearest, progress);
    sums = spread_points(points, nodes, split, progress);
  }
  const double step = targets.side / nodes.h;
  const auto place = [&](double origin, double node) { return (origin - node) / nodes.h + step / 2; };
  const AxisWeights across =
      node_weights(place(targets.x, nodes.x), step, targets.columns, nodes.columns, split, 1 / nodes.h);
  Scratch<double> rows_summed(std::size_t{nodes.rows} * targets.columns);
  sum_columns(across, sums.data(), nodes.stride, nodes.rows, rows_summed.data(), progress);
  const AxisWeights along = node_weights(place(targets.y, nodes.y), step, targets.rows, nodes.rows, split, 1 / nodes.h);
  std::vector<double> out(std::size_t{targets.columns} * targets.rows);
  sum_rows(along, rows_summed.data(), targets.columns, out.data(), progress);
  return out;
}

/// Cells whose centre is within reach of a coordinate, cut to [0, count).
struct Reach {
  std::int64_t first;
  std::int64_t end;
  Reach(double place, double cells, std::int64_t count)
      : first(static_cast<std::int64_t>(std::clamp(std::ceil(place - cells), 0.0, static_cast<double>(count)))),
        end(static_cast<std::int64_t>(
            std::clamp(std::floor(place + cells) + 1, static_cast<double>(first), static_cast<double>(count)))) {}
};

std::vector<double> direct_sums(std::span<const double> x, std::span<const double> y, std::span<const double> weights,
                                const Box& box, const Lattice& targets, double sigma, const Progress& progress) {
  const double reach = kGaussReach * sigma / targets.side;
  const double margin = std::ceil(reach) + 1;
  Lattice around = targets;  // the same cells, and those in reach of them that hold points
  const double low_column = std::max(-margin, std::floor((box.min_x - targets.x) / targets.side));
  const double low_row = std::max(-margin, std::floor((box.min_y - targets.y) / targets.side));
  around.x += low_column * targets.side;
  around.y += low_row * targets.side;
  around.columns = static_cast<std::uint32_t>((box.max_x - around.x) / targets.side) + 2;
  around.rows = static_cast<std::uint32_t>((box.max_y - around.y) / targets.side) + 2;
  const LatticePoints points(x, y, weights, around, progress);

  std::vector<double> out(std::size_t{targets.columns} * targets.rows);
  const double factor = 1 / (2 * std::numbers::pi * sigma * sigma);
  const double rate = -0.5 * (targets.side / sigma) * (targets.side / sigma);
  parallel_blocks(targets.rows, kBandRows, [&](std::size_t begin, std::size_t end, std::size_t) {
    const auto first = static_cast<std::int64_t>(begin);
    const auto last = static_cast<std::int64_t>(end);
    const auto shift = static_cast<std::int64_t>(low_row);
    const auto margin_rows = static_cast<std::int64_t>(margin);
    const Run run = points.of_rows(first - shift - margin_rows, last - shift + margin_rows);
    std::vector<double> wx;
    for (std::uint32_t p = run.begin; p < run.end; ++p) {
      if ((p - run.begin) % 1024 == 0) progress.throw_if_cancelled();
      const double px = (points.x()[p] - targets.x) / targets.side - 0.5;
      const double py = (points.y()[p] - targets.y) / targets.side - 0.5;
      const Reach columns(px, reach, targets.columns);
      const Reach rows(py, reach, targets.rows);
      wx.clear();
      for (std::int64_t c = columns.first; c < columns.end; ++c) {
        const double d = static_cast<double>(c) - px;
        wx.push_back(points.weight(p) * factor * std::exp(rate * d * d));
      }
      for (std::int64_t r = std::max(rows.first, first); r < std::min(rows.end, last); ++r) {
        const double d = static_cast<double>(r) - py;
        const double wy = std::exp(rate * d * d);
        double* row = out.data() + static_cast<std::size_t>(r) * targets.columns + columns.first;
        for (std::size_t i = 0; i < wx.size(); ++i) row[i] += wy * wx[i];
      }
    }
  });
  return out;
}

}  // namespace

std::vector<double> gaussian_sums(std::span<const double> x, std::span<const double> y, std::span<const double> weights,
                                  const Lattice& targets, double sigma, const Progress& progress) {
  const double reach = kGaussReach * sigma + targets.side;
  const Box limits{targets.x - reach, targets.y - reach, targets.x + targets.columns * targets.side + reach,
                   targets.y + targets.rows * targets.side + reach};
  const Box box = bounds_within(x, y, limits, progress);
  if (box.empty() || targets.columns == 0 || targets.rows == 0)
    return std::vector<double>(std::size_t{targets.columns} * targets.rows);
  const auto n = static_cast<double>(x.size());
  const Split* best = nullptr;
  double least = direct_cost(n, targets, sigma);
  static const auto splits = [] {
    std::vector<Split> all;
    all.reserve(std::size(kSplits));
    for (const double s : kSplits) all.emplace_back(s);
    return all;
  }();
  for (const Split& split : splits) {
    const double cost = gridded_cost(split, n, box, targets, sigma);
    if (cost < least) {
      least = cost;
      best = &split;
    }
  }
  if (best == nullptr) return direct_sums(x, y, weights, box, targets, sigma, progress);
  return gridded_sums(x, y, weights, box, targets, sigma, *best, progress);
}

void sum_rows(const AxisWeights& axis, const double* in, std::size_t columns, double* out, const Progress& progress) {
  constexpr std::size_t kRows = 8;  // neighbouring rows read the same sources
  constexpr std::size_t kChunk = DensityLoops::kChunk;
  const auto sum_chunk = density_loops().sum_chunk;
  parallel_blocks(axis.first.size(), kRows, [&](std::size_t begin, std::size_t end, std::size_t) {
    progress.throw_if_cancelled();
    std::size_t column = 0;
    for (; column + kChunk <= columns; column += kChunk)
      for (std::size_t row = begin; row < end; ++row) {
        sum_chunk(axis.weight.data() + axis.offset[row], axis.offset[row + 1] - axis.offset[row],
                  in + std::size_t{axis.first[row]} * columns + column, columns, out + row * columns + column);
      }
    for (; column < columns; ++column)
      for (std::size_t row = begin; row < end; ++row) {
        double sum = 0;
        const double* source = in + std::size_t{axis.first[row]} * columns + column;
        for (std::uint32_t w = axis.offset[row]; w < axis.offset[row + 1]; ++w, source += columns)
          sum += axis.weight[w] * *source;
        out[row * columns + column] = sum;
      }
  });
}

}  // namespace yaan
