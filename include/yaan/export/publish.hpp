#pragma once
// The one publication filter. Every writer takes a PublishedLayer, and only publish() makes one, so nothing reaches an
// output, a diagnostic or a run record without having passed here.
//
// Hidden sites: their rows are removed from every layer; their id, names and position are removed from everything else.
// Coarsened sites: moved to the centre of their grid cell (core coarsen()); columns that repeat the position follow.
// docs/outputs.md states the rules for readers.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "yaan/core/diagnostics.hpp"
#include "yaan/core/layer.hpp"

namespace yaan {

/// What may not be told: the hidden and the coarsened features of all layers of a run. Immutable, cheap to copy.
class PublicationPolicy {
 public:
  /// Nothing is protected.
  PublicationPolicy();
  /// From every layer of the run, the ones that are not written too (null pointers are skipped): their publication
  /// columns say what is protected. Throws InputError on an unknown publication word, and when a coarsened position
  /// cannot be told in WGS 84.
  explicit PublicationPolicy(std::span<const Layer* const> layers);
  explicit PublicationPolicy(const Layer& layer);

  [[nodiscard]] bool empty() const;          ///< every feature is open
  [[nodiscard]] std::size_t hidden() const;  ///< protected features of that level, over all layers
  [[nodiscard]] std::size_t coarsened() const;

  /// Does the text equal or contain the id or a name of a hidden feature, or both coordinates of a hidden or coarsened
  /// one? Ids and names of 4 characters and more are looked for within the text, where no letter a-z or digit continues
  /// them (Thai, which writes no spaces, has no such rule). Shorter names count as the whole text; shorter ids, and ids
  /// of fewer than 6 digits alone, as the whole text in a place for ids (`id_place`): they occur by chance everywhere.
  /// Case of a-z is ignored. Coordinates count from three decimals of a degree on.
  [[nodiscard]] bool betrayed_by(std::string_view text, bool id_place = false) const;
  /// The text, or "[withheld]" when it betrays a protected feature.
  [[nodiscard]] std::string publishable(std::string_view text, bool id_place = false) const;
  /// Do x and y, in this order, tell the true position of a hidden or coarsened feature? Compared in degrees, in the
  /// plane of its own layer, in UTM of its zone and the neighbours and in Web Mercator: within half of the last decimal
  /// that the numbers have, at least 0.000005 degrees or half a metre. A position that an open point of the run holds
  /// is not.
  [[nodiscard]] bool betrayed_by(double x, double y) const;
  /// Feature ids of hidden features dropped (counts stay), betraying messages withheld.
  [[nodiscard]] Diagnostics publishable(const Diagnostics& diagnostics) const;

  struct Rules;  // private to export
  [[nodiscard]] const Rules& rules() const { return *m_rules; }

 private:
  std::shared_ptr<const Rules> m_rules;  // immutable and shared: handed to every writer
};

/// A layer that may be shown: in WGS 84 where its CRS is tied to the earth (a local or unknown plane stays as it is).
class PublishedLayer {
 public:
  [[nodiscard]] const Layer& layer() const { return m_layer; }
  [[nodiscard]] std::size_t size() const { return m_layer.size(); }
  /// Row of the unpublished layer for each feature, ascending.
  [[nodiscard]] const std::vector<std::uint32_t>& rows() const { return m_rows; }
  [[nodiscard]] std::size_t hidden() const { return m_hidden; }        ///< rows removed
  [[nodiscard]] std::size_t coarsened() const { return m_coarsened; }  ///< rows moved

 private:
  friend PublishedLayer publish(const Layer& layer, const PublicationPolicy& policy, Diagnostics& diagnostics);
  PublishedLayer() = default;
  Layer m_layer;
  std::vector<std::uint32_t> m_rows;
  std::size_t m_hidden = 0;
  std::size_t m_coarsened = 0;
};

/// Applies the policy and the layer's own publication column.
/// - hidden rows are removed (`hidden-removed`), coarsened points are moved and numbers in their rows within a tenth of
/// a
///   cell of a true coordinate are replaced by the coarse one, or made null where there is none (`coarsened-moved`);
/// - texts that betray a protected feature become null (`text-withheld`), pairs of numbers that do too
///   (`position-withheld`);
/// - vertices of lines and polygons at the true position of a protected feature (see betrayed_by) are taken out of
///   their ring, and the polygon is made valid again (`vertex-withheld`); points of a layer without publication levels
///   that stand on one are removed (`position-withheld`). A position that an open point of the run holds as well is
///   that point's own and stays. Coarsened lines and polygons lose their geometry (`coarsened-moved`).
/// The diagnostics get one entry of each kind with a count and no ids. Throws InputError when positions cannot be told
/// in WGS 84. Cost: O(rows x columns) for layers, plus the text search when something is protected.
PublishedLayer publish(const Layer& layer, const PublicationPolicy& policy, Diagnostics& diagnostics);

}  // namespace yaan
