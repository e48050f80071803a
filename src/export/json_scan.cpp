#include "export/json_scan.hpp"

#include <array>
#include <fstream>
#include <vector>

#include "yaan/core/error.hpp"

namespace yaan {

namespace {

constexpr std::size_t kBlockBytes = 1 << 18;

/// Whether a byte can matter: outside of strings, and within them.
struct Bytes {
  std::array<bool, 256> outside{};
  std::array<bool, 256> inside{};
  constexpr Bytes() {
    for (const char c : {'"', '{', '}', '[', ']'}) outside[static_cast<unsigned char>(c)] = true;
    for (const char c : {'"', '\\'}) inside[static_cast<unsigned char>(c)] = true;
  }
};
constexpr Bytes kMatters;

class Scanner {
 public:
  void take(std::string_view block) {
    const std::uint64_t begin = m_at;
    for (std::size_t i = 0; i < block.size(); ++i) {
      if (m_scan.too_deep) return;
      // Below the top level most bytes neither open nor close anything.
      if (m_depth > 1 && !m_escaped) {
        const auto& matters = m_in_string ? kMatters.inside : kMatters.outside;
        while (i < block.size() && !matters[static_cast<unsigned char>(block[i])]) ++i;
        if (i == block.size()) break;
      }
      m_at = begin + i;
      take(block[i]);
    }
    m_at = begin + block.size();
  }

  JsonScan result() {
    m_scan.complete = m_depth == 0 && m_closed && !m_in_string && !m_trailing && !m_scan.too_deep;
    return m_scan;
  }

 private:
  void take(char c) {
    if (m_in_string) {
      take_in_string(c);
      return;
    }
    switch (c) {
      case '"':
        m_in_string = true;
        m_text.clear();
        break;
      case '{':
      case '[': open(c); break;
      case '}':
      case ']': close(c); break;
      case ' ':
      case '\n':
      case '\r':
      case '\t': break;
      default:
        if (m_closed) m_trailing = true;
    }
  }

  void take_in_string(char c) {
    if (m_escaped) {
      m_escaped = false;
    } else if (c == '\\') {
      m_escaped = true;
    } else if (c == '"') {
      m_in_string = false;
      return;
    }
    if (m_depth == 1 && m_text.size() < 8) m_text += c;
  }

  void open(char c) {
    if (m_closed) m_trailing = true;
    if (c == '{' && m_depth == 2 && m_stack[1] == '[') ++m_scan.features;
    // Depth 1 keeps the last string seen there: before an object, that is its key.
    if (c == '{' && m_depth == 1 && m_text == "yaan") m_scan.record_begin = m_at;
    if (m_depth == kDeepestJson) {
      m_scan.too_deep = true;
      return;
    }
    m_stack[static_cast<std::size_t>(m_depth++)] = c;
  }

  void close(char c) {
    if (m_depth == 0 || m_stack[static_cast<std::size_t>(m_depth - 1)] != (c == '}' ? '{' : '[')) {
      m_trailing = true;
      return;
    }
    --m_depth;
    if (m_depth == 1 && m_scan.record_begin && m_scan.record_end == 0) m_scan.record_end = m_at + 1;
    if (m_depth == 0) m_closed = true;
  }

  JsonScan m_scan;
  std::uint64_t m_at = 0;
  int m_depth = 0;
  std::array<char, kDeepestJson> m_stack{};
  std::string m_text;
  bool m_in_string = false;
  bool m_escaped = false;
  bool m_closed = false;
  bool m_trailing = false;
};

[[noreturn]] void throw_unreadable(const std::filesystem::path& file) {
  throw InputError("cannot read '" + file.string() + "'", "check the name and the permissions");
}

}  // namespace

JsonScan scan_json(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream || std::filesystem::is_directory(file)) throw_unreadable(file);
  Scanner scanner;
  std::vector<char> block(kBlockBytes);
  while (stream) {
    stream.read(block.data(), static_cast<std::streamsize>(block.size()));
    scanner.take({block.data(), static_cast<std::size_t>(stream.gcount())});
  }
  if (stream.bad()) throw_unreadable(file);
  return scanner.result();
}

std::string read_bytes(const std::filesystem::path& file, std::uint64_t begin, std::uint64_t end) {
  std::ifstream stream(file, std::ios::binary);
  std::string bytes(end - begin, '\0');
  stream.seekg(static_cast<std::streamoff>(begin));
  stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!stream) throw_unreadable(file);
  return bytes;
}

}  // namespace yaan
