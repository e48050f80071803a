#include "load/reader/wire.hpp"

#include "load/text_encoding.hpp"

namespace yaan {

namespace {
constexpr std::size_t kReferred = std::size_t{1} << 16;  // from here on a piece of its own is cheaper than a copy
}

void Packer::append(std::string_view bytes) {
  if (bytes.size() < kReferred) {
    m_small.append(bytes);
    return;
  }
  close_small();
  m_pieces.push_back(bytes);
}

void Packer::close_small() {
  if (m_small.empty()) return;
  m_pieces.emplace_back(m_kept.emplace_back(std::move(m_small)));
  m_small.clear();
}

const std::vector<std::string_view>& Packer::pieces() {
  close_small();
  return m_pieces;
}

std::string Packer::bytes() {
  std::string all;
  for (const std::string_view piece : pieces()) all.append(piece);
  return all;
}

void MemorySource::read(char* to, std::size_t bytes) {
  if (bytes > m_rest.size()) throw CorruptAnswer("the answer ends early");
  m_rest.copy(to, bytes);
  m_rest.remove_prefix(bytes);
}

void Unpacker::raw_text(std::string& value) { array(value); }

void Unpacker::text(std::string& value) {
  raw_text(value);
  if (!is_utf8(value)) throw CorruptAnswer("a text is not UTF-8");
}

void Unpacker::path_text(std::string& value) {
  raw_text(value);
  if (!is_utf8(value)) value = replace_invalid_utf8(value);
}

}  // namespace yaan
