#pragma once
// What the methods have in common that compare a curve over the distance with simulated ones.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "analyse/observed_pattern.hpp"
#include "analyse/pattern_curves.hpp"

namespace yaan {

using Curves = std::vector<std::vector<double>>;

/// Throws UsageError unless the simulations are none or enough for the level.
EnvelopeRanks checked_ranks(const PatternOptions& options);

/// 0 and the steps up to the largest distance, in metres: the one given, or by the rule for n points. Doubts distances
/// beyond half the diagonal of the window. Throws UsageError for a length that cannot be used.
std::vector<double> curve_distances(const ObservedPattern& pattern, const CurveOptions& options, const Layer& points,
                                    std::size_t n, Diagnostics& diagnostics);

/// curves[c][s] is curve c of simulation s: made by `curves_of` of the places that were drawn. Runs several at once;
/// curves_of works on one thread. Throws Cancelled.
std::vector<Curves> simulated_curves(
    const ObservedPattern& pattern, std::size_t places, const PatternOptions& options, std::size_t curves,
    const std::function<Curves(std::span<const double>, std::span<const double>)>& curves_of, Progress& progress);

/// The rows of the observed pattern that are of a kind, "" for all. Throws UsageError for a kind that is not there,
/// unless there is no point at all.
std::vector<std::uint32_t> rows_of_kind(const ObservedPattern& pattern, const std::string& kind,
                                        const std::string& parameter);
std::vector<double> select(std::span<const double> values, std::span<const std::uint32_t> rows);

/// A run of a method that compares the curve of one kind, or of all points, with simulated ones: what was observed,
/// the empty table and the summary so far. Nothing more can be computed without a window.
struct CurveRun {
  ObservedPattern pattern;
  std::vector<std::uint32_t> rows;  ///< of the kind
  MethodResult result;
};
CurveRun start_curve(const Method& method, const MethodInputs& inputs, const CurveOptions& options,
                     const std::string& kind, const Progress& progress);

/// A table without rows and with the fields of the method.
Layer empty_table(const Method& method, const Layer& points);

/// What every summary of a pattern begins with.
std::vector<std::pair<std::string, Value>> pattern_summary(const Method& method, const Layer& points,
                                                           const ObservedPattern& pattern, std::size_t n,
                                                           const PatternOptions& options);
/// The part about an envelope: p, the largest deviation and where it is, levels. `unit`: "_m" or "".
void add_envelope_summary(const Envelope& envelope, std::span<const double> distances, std::int64_t simulations,
                          const std::string& unit, std::vector<std::pair<std::string, Value>>& summary);

/// Fields of the tables of K; push_k_rows fills them from column `first` on. The envelope is one of L; without one its
/// columns are null.
std::vector<OutputField> k_fields();
/// The first field of every table over the distance.
OutputField distance_field();
void push_k_rows(std::span<const double> distances, std::span<const double> k, const std::optional<Envelope>& envelope,
                 std::size_t first, Layer& table);

/// One row, from column `first` on; columns for which there is no value, and NaN, are null.
void push_row(std::span<const double> values, std::size_t first, Layer& table);

OutputField curve_field(std::string name, std::string unit, std::string help, Localized title,
                        ColourBy colour = ColourBy::none);

/// Arrays of one length, distances rising from 0 or above. Throws std::invalid_argument.
void check_curve_arguments(std::span<const double> x, std::span<const double> y, std::span<const double> distances);

}  // namespace yaan
