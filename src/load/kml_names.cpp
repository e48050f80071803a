#include "load/kml_names.hpp"

#include <cpl_string.h>
#include <cpl_vsi.h>
#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <string_view>

#include "load/input_file.hpp"

namespace yaan {

namespace {

bool is_plain(std::string_view name) {
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::string without_entities(const std::string& xml) {
  char* plain = CPLUnescapeString(xml.c_str(), nullptr, CPLES_XML);
  std::string text(plain);
  CPLFree(plain);
  return text;
}

// What stands in the attribute `name` of the tag; its place and size, or npos.
std::pair<std::size_t, std::size_t> name_in(std::string_view tag) {
  constexpr std::string_view kWord = "name";
  for (std::size_t at = tag.find(kWord); at != std::string_view::npos; at = tag.find(kWord, at + 1)) {
    const bool begins =
        at > 0 && (tag[at - 1] == ' ' || tag[at - 1] == '\n' || tag[at - 1] == '\t' || tag[at - 1] == '\r');
    const std::size_t equals = tag.find_first_not_of(" \t\r\n", at + kWord.size());
    if (!begins || equals == std::string_view::npos || tag[equals] != '=') continue;
    const std::size_t quote = tag.find_first_of("\"'", equals);
    if (quote == std::string_view::npos) break;
    const std::size_t end = tag.find(tag[quote], quote + 1);
    if (end == std::string_view::npos) break;
    return {quote + 1, end - quote - 1};
  }
  return {std::string_view::npos, 0};
}

constexpr std::string_view kTag = "<Data";

// The next such tag from `from` on, but for what is text within CDATA or a comment.
std::size_t next_tag(const std::string& kml, std::size_t from) {
  for (std::size_t at = kml.find('<', from); at != std::string::npos; at = kml.find('<', at + 1)) {
    const std::string_view rest = std::string_view(kml).substr(at);
    if (rest.starts_with(kTag)) return at;
    const std::string_view close = rest.starts_with("<![CDATA[") ? "]]>" : rest.starts_with("<!--") ? "-->" : "";
    if (close.empty()) continue;
    at = kml.find(close, at);
    if (at == std::string::npos) break;
  }
  return std::string::npos;
}

}  // namespace

std::unique_ptr<KmlWithPlainNames> KmlWithPlainNames::of(const std::filesystem::path& file) {
  const std::string kml = input_bytes(file);
  std::unique_ptr<KmlWithPlainNames> copy(new KmlWithPlainNames());
  std::map<std::string, std::string> words;
  std::size_t done = 0;
  for (std::size_t at = next_tag(kml, 0); at != std::string::npos; at = next_tag(kml, at + 1)) {
    const std::size_t end = kml.find('>', at);
    if (end == std::string::npos) break;
    const auto [offset, size] = name_in(std::string_view(kml).substr(at + kTag.size(), end - at - kTag.size()));
    if (offset == std::string_view::npos) continue;
    const std::size_t begin = at + kTag.size() + offset;
    const std::string name = kml.substr(begin, size);
    if (is_plain(name)) continue;
    std::string& word = words[name];
    if (word.empty()) word = fmt::format("yaan_data_{}", words.size());
    copy->m_names[word] = without_entities(name);
    copy->m_text.append(kml, done, begin - done).append(word);
    done = begin + size;
  }
  if (words.empty()) return nullptr;
  copy->m_text.append(kml, done);
  copy->m_place = fmt::format("{}_kml/{}", kMemoryRoot, file.filename().string());
  VSILFILE* kept = VSIFileFromMemBuffer(copy->m_place.c_str(), reinterpret_cast<GByte*>(copy->m_text.data()),
                                        copy->m_text.size(), FALSE);
  if (kept == nullptr) throw std::bad_alloc();
  VSIFCloseL(kept);
  return copy;
}

KmlWithPlainNames::~KmlWithPlainNames() {
  if (!m_place.empty()) VSIUnlink(m_place.c_str());
}

std::string KmlWithPlainNames::name_of(const std::string& column) const {
  const auto name = m_names.find(column);
  return name == m_names.end() ? column : name->second;
}

}  // namespace yaan
