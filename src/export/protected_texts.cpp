#include "export/protected_texts.hpp"

#include <algorithm>

namespace yaan {

namespace {

constexpr std::size_t kShortText = 4;  // characters
constexpr std::size_t kShortDigits = 6;

char folded(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string folded(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return folded(c); });
  return lower;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool is_word_byte(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'); }

std::uint64_t edge(std::uint32_t node, char byte) {
  return static_cast<std::uint64_t>(node) << 8 | static_cast<unsigned char>(byte);
}

/// Bytes of a text, without a letter or digit going on at either end.
bool stands_alone(std::string_view text, std::size_t at, std::size_t length) {
  const std::size_t end = at + length;
  if (at > 0 && is_word_byte(text[at]) && is_word_byte(text[at - 1])) return false;
  return !(end < text.size() && is_word_byte(text[end - 1]) && is_word_byte(text[end]));
}

}  // namespace

void ProtectedTexts::add_id(std::string_view id) {
  const std::string text = folded(trimmed(id));
  if (text.empty()) return;
  m_whole_ids.insert(text);
  const bool digits = text.find_first_not_of("0123456789") == std::string::npos;
  if (characters(text) >= kShortText && !(digits && text.size() < kShortDigits)) add_part(text);
}

void ProtectedTexts::add_name(std::string_view name) {
  const std::string text = folded(trimmed(name));
  if (text.empty()) return;
  if (characters(text) >= kShortText)
    add_part(text);
  else
    m_whole_texts.insert(text);
}

void ProtectedTexts::add_part(std::string_view part) {
  if (m_ends.empty()) m_ends.push_back(0);
  std::uint32_t node = 0;
  for (const char c : part) {
    const auto [next, is_new] = m_next.try_emplace(edge(node, c), static_cast<std::uint32_t>(m_ends.size()));
    if (is_new) m_ends.push_back(0);
    node = next->second;
  }
  m_ends[node] = 1;
}

bool ProtectedTexts::part_at(std::string_view text, std::size_t at) const {
  std::uint32_t node = 0;
  for (std::size_t i = at; i < text.size(); ++i) {
    const auto next = m_next.find(edge(node, text[i]));
    if (next == m_next.end()) return false;
    node = next->second;
    if (m_ends[node] != 0 && stands_alone(text, at, i + 1 - at)) return true;
  }
  return false;
}

bool ProtectedTexts::betrayed_by(std::string_view raw, bool id_place) const {
  if (empty() || raw.empty()) return false;
  const std::string text = folded(raw);
  const std::string whole(trimmed(text));
  if (m_whole_texts.contains(whole) || (id_place && m_whole_ids.contains(whole))) return true;
  if (m_ends.empty()) return false;
  for (std::size_t at = 0; at < text.size(); ++at)
    if (part_at(text, at)) return true;
  return false;
}

bool is_id_place(std::string_view column) {
  const std::string name = folded(column);
  const auto ends = [&](std::string_view tail) { return std::string_view(name).ends_with(tail); };
  return name == "id" || name == "fid" || name == "ids" || ends("_id") || ends("_ids") || ends("site") ||
         ends("sites") || ends("members") || ends("features");
}

}  // namespace yaan
