#pragma once
// The ids and names of hidden features, and the search for them in any text.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace yaan {

class ProtectedTexts {
 public:
  void add_id(std::string_view id);
  void add_name(std::string_view name);
  [[nodiscard]] bool empty() const { return m_whole_ids.empty() && m_whole_texts.empty() && m_ends.empty(); }
  /// The rule of PublicationPolicy::betrayed_by. Cost: O(length x longest shared beginning).
  [[nodiscard]] bool betrayed_by(std::string_view text, bool id_place) const;

 private:
  void add_part(std::string_view folded);
  [[nodiscard]] bool part_at(std::string_view folded, std::size_t at) const;

  // Texts are kept with a-z in lower case.
  std::unordered_set<std::string> m_whole_ids;    ///< too short or too common to search for: compared in id places
  std::unordered_set<std::string> m_whole_texts;  ///< short names: compared as a whole everywhere
  // Longer ones are a trie of bytes, because names of one kind share their first words. Node 0 is the root.
  std::unordered_map<std::uint64_t, std::uint32_t> m_next;  ///< by node * 256 + byte
  std::vector<std::uint8_t> m_ends;                         ///< is a text complete at this node?
};

/// Does a column of this name hold ids of features?
bool is_id_place(std::string_view column);

}  // namespace yaan
