#pragma once
// Layers of points that are read in blocks of rows, several at once.

#include <functional>
#include <vector>

#include "load/column_part.hpp"
#include "load/raw_layer.hpp"

namespace yaan {

/// The rows of one block.
struct PointBlock {
  std::vector<ColumnPart> parts;  ///< one for each column of the layer
  std::vector<double> x;
  std::vector<double> y;
  std::vector<std::uint8_t> placed;  ///< 0: the row has no geometry

  void place(double at_x, double at_y) { push(at_x, at_y, 1); }
  void place_nowhere() { push(0, 0, 0); }

 private:
  void push(double at_x, double at_y, std::uint8_t is_placed) {
    x.push_back(at_x);
    y.push_back(at_y);
    placed.push_back(is_placed);
  }
};

/// Where the rows of a file stand: `items` of some kind (rows, pages), of which a block takes `items_of_block`.
struct PointSource {
  std::size_t items = 0;
  std::size_t items_of_block = 1;
  std::size_t stated_rows = 0;  ///< as the file says; room is made for them, within reason
  /// Adds the rows of the items begin .. end to an empty block. Called on any thread.
  std::function<void(std::size_t begin, std::size_t end, PointBlock& block)> read;
  /// The items will not be looked at again.
  std::function<void(std::size_t begin, std::size_t end)> forget;
};

/// Fills the columns of `raw`, which have names and types, its shapes and its rows; all at the end, so that nothing is
/// changed when the source throws. Same layer whatever the threads. Memory: the columns and 16 blocks. Throws
/// InputError for more rows than the options allow, Cancelled, and what the source throws.
void join_point_blocks(const PointSource& source, RawLayer& raw, const ReadOptions& options, Progress& progress);

}  // namespace yaan
