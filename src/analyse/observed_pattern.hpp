#pragma once
// Point layers as a pattern in a window of a plane, and patterns drawn by chance in its place.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analyse/density_plane.hpp"
#include "analyse/null_places.hpp"
#include "analyse/pattern_window.hpp"
#include "yaan/analyse/point_pattern.hpp"
#include "yaan/core/diagnostics.hpp"
#include "yaan/core/method.hpp"

namespace yaan {

struct ObservedPattern {
  explicit ObservedPattern(DensityPlane in) : plane(std::move(in)) {}

  DensityPlane plane;
  std::unique_ptr<const PatternWindow> window;  ///< null where the points make no ground and no layer gives one
  /// The points in the window in metres, by (x, y, kind): so that nothing depends on the order of the rows.
  std::vector<double> x, y;
  std::vector<std::uint32_t> kind;                        ///< of each point; empty where kinds do not matter
  std::vector<std::string> kinds;                         ///< in the order of their bytes
  std::vector<double> background_x, background_y;         ///< in the window, by (x, y): see complete_background
  NullModel null_model = NullModel::complete_randomness;  ///< never automatic
  std::int64_t outside = 0;                               ///< points outside the window
  std::string window_name;                                ///< of the layer, or of the rule

  [[nodiscard]] std::size_t size() const { return x.size(); }
  /// Whether something can be measured: a window with ground. (There may be no point in it.)
  [[nodiscard]] bool has_window() const { return window != nullptr; }
};

/// Reads the roles points, window and background. `category` names the column of the kinds; nothing where kinds do not
/// matter; "" for the part category. Points without a kind, without a usable position, outside the window, and those
/// that are not open for publication (distances tell where they are) are left out and counted; places that several
/// points share are told. Throws UsageError for a column that nobody names, for null models whose data are not there;
/// InputError for a window without ground. Throws Cancelled.
ObservedPattern observe_pattern(const MethodInputs& inputs, const PatternOptions& options,
                                std::optional<std::string_view> category, Diagnostics& diagnostics,
                                const Progress& progress);

/// Adds to the background of the pattern those of its points that stand on none of its places (`rows`: the points that
/// chance moves): the observed pattern is then one of those that are drawn. Without, a sample that the
/// background does not hold is compared with draws that vary less than it does, and chance looks like gathering.
/// Counts them, and doubts a background of fewer places than points. Nothing for other null models. Throws UsageError
/// for a background without a place in the window.
void complete_background(ObservedPattern& pattern, std::span<const std::uint32_t> rows, const MethodInputs& inputs,
                         Diagnostics& diagnostics);

std::vector<std::uint32_t> all_rows(const ObservedPattern& pattern);

/// The inputs of every method on point patterns.
std::vector<InputRole> pattern_inputs();

/// Draws patterns under a null model. Simulation s depends on (seed, s) alone.
class NullPatterns {
 public:
  /// `places`: how many points are drawn each time. Throws UsageError where the background, or the points whose kinds
  /// change places, are fewer.
  NullPatterns(const ObservedPattern& pattern, std::size_t places, std::int64_t seed);

  /// Places in random order: any split of them is as likely as any other.
  void draw(std::uint32_t simulation, std::vector<double>& x, std::vector<double>& y) const;

 private:
  std::size_t m_places;
  std::uint64_t m_seed;
  std::optional<GroundDraws> m_ground;  // nothing: places come from the pool
  const std::vector<double>* m_pool_x = nullptr;
  const std::vector<double>* m_pool_y = nullptr;
};

}  // namespace yaan
