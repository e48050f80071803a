#include "load/cell_reader.hpp"

namespace yaan {

CellReader::End CellReader::quoted(std::string_view& cell) {
  const std::size_t begin = ++m_at;
  const std::size_t close = m_text.find('"', begin);
  const bool plain = close != std::string_view::npos && (close + 1 >= m_text.size() || ends_cell(m_text[close + 1]));
  if (plain) {  // as it stands in the text
    cell = m_text.substr(begin, close - begin);
    m_at = close + 1;
    return leave();
  }
  m_scratch.clear();
  for (;; ++m_at) {
    const std::size_t quote = m_text.find('"', m_at);
    if (quote == std::string_view::npos) {
      m_open_quote = true;
      m_at = m_text.size();
      cell = {};
      return End::file;
    }
    m_scratch.append(m_text, m_at, quote - m_at);
    m_at = quote + 1;
    if (m_at >= m_text.size() || m_text[m_at] != '"') break;
    m_scratch += '"';
  }
  while (m_at < m_text.size() && !ends_cell(m_text[m_at])) m_scratch += m_text[m_at++];
  cell = m_scratch;
  return leave();
}

}  // namespace yaan
