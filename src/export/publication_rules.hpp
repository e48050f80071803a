#pragma once
// What a PublicationPolicy knows.

#include <set>
#include <string>

#include "export/protected_positions.hpp"
#include "export/protected_texts.hpp"
#include "yaan/export/publish.hpp"

namespace yaan {

struct PublicationPolicy::Rules {
  ProtectedTexts texts;          ///< of hidden features
  ProtectedPositions positions;  ///< of hidden and coarsened features
  std::size_t hidden = 0;
  std::size_t coarsened = 0;
  std::set<std::string> layers;  ///< names of the layers with protected features that were seen
};

/// A list of numbers that tells a protected position.
bool betrayed_by(const PublicationPolicy::Rules& rules, std::span<const double> numbers);

}  // namespace yaan
