#include "load/weights_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "load/entry_name.hpp"
#include "load/input_file.hpp"
#include "load/text_encoding.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

namespace fs = std::filesystem;

namespace {

using Words = std::vector<std::string_view>;

/// The lines of a text as words, with their numbers from 1.
class Lines {
 public:
  Lines(std::string_view text, std::string shown, Progress& progress)
      : m_text(text), m_shown(std::move(shown)), m_progress(progress) {}

  /// The next line; false at the end of the text.
  bool next(Words& words) {
    words.clear();
    if (m_at >= m_text.size()) return false;
    const std::size_t end = std::min(m_text.find('\n', m_at), m_text.size());
    const std::string_view line = m_text.substr(m_at, end - m_at);
    m_at = end + 1;
    if (++m_number % 4096 == 0) m_progress.throw_if_cancelled();
    for (std::size_t begin = 0; (begin = line.find_first_not_of(" \t\r", begin)) != std::string_view::npos;) {
      const std::size_t stop = std::min(line.find_first_of(" \t\r", begin), line.size());
      words.push_back(line.substr(begin, stop - begin));
      begin = stop;
    }
    return true;
  }
  /// The next line that is not blank.
  bool next_filled(Words& words) {
    while (next(words))
      if (!words.empty()) return true;
    return false;
  }

  [[nodiscard]] InputError error(const std::string& what, const std::string& advice) const {
    return InputError(fmt::format("{}, line {}: {}", m_shown, m_number, what), advice);
  }
  [[nodiscard]] std::size_t number() const { return m_number; }

 private:
  std::string_view m_text;
  std::string m_shown;
  Progress& m_progress;
  std::size_t m_at = 0;
  std::size_t m_number = 0;
};

constexpr const char* kGalAdvice =
    "a .gal file has for each feature a line with its id and a count, and a line of that many ids";
constexpr const char* kGwtAdvice = "a .gwt file has a line \"from to weight\" for each link";

std::size_t features_by_head(Lines& lines) {
  Words words;
  if (!lines.next_filled(words))
    throw lines.error("there is no head", "a file of weights begins with the number of features");
  const bool long_head = words.size() == 4 && words[0] == "0";
  const auto count = words.size() == 1 || long_head ? parse_int(words[long_head ? 1 : 0]) : std::nullopt;
  if (!count || *count < 0)
    throw lines.error(R"(the head is neither "N" nor "0 N LAYER KEY")",
                      "a file of weights begins with the number of features");
  return static_cast<std::size_t>(*count);
}

struct Table {
  Column from{"from", ColumnType::text};
  Column to{"to", ColumnType::text};
  Column weight{"weight", ColumnType::real};

  void add(std::string_view a, std::string_view b, double w) {
    from.push(a);
    to.push(b);
    weight.push(w);
  }
  void add_island(std::string_view a) {
    from.push(a);
    to.push_null();
    weight.push_null();
  }
};

void check_links(const Table& table, const std::string& shown, const ReadOptions& options) {
  check_rows(table.from.size(), shown, options);
}

void read_gal(Lines& lines, const std::string& shown, const ReadOptions& options, Table& table) {
  const std::size_t features = features_by_head(lines);
  std::unordered_set<std::string_view> known;
  std::vector<std::pair<std::string_view, std::size_t>> named;  // as a neighbour, first in which line
  std::unordered_set<std::string_view> seen;
  Words words;
  while (lines.next_filled(words)) {
    const auto count = words.size() == 2 ? parse_int(words[1]) : std::nullopt;
    if (!count || *count < 0) throw lines.error("an id and the count of its neighbours were expected", kGalAdvice);
    const std::string_view id = words[0];
    if (!known.insert(id).second) throw lines.error(fmt::format("the feature {} is there twice", id), kGalAdvice);
    if (known.size() > features)
      throw lines.error(fmt::format("the head says {} features, but there are more", features), "correct the head");
    if (*count == 0) {
      table.add_island(id);
      continue;
    }
    const auto wanted = static_cast<std::size_t>(*count);
    if (!lines.next(words) || words.size() != wanted)
      throw lines.error(fmt::format("{} neighbours of {} were expected, but {} are there", wanted, id, words.size()),
                        kGalAdvice);
    for (const std::string_view to : words) {
      if (seen.insert(to).second) named.emplace_back(to, lines.number());
      table.add(id, to, 1);
    }
    std::sort(words.begin(), words.end());
    if (const auto twice = std::adjacent_find(words.begin(), words.end()); twice != words.end())
      throw lines.error(fmt::format("{} has the neighbour {} twice", id, *twice), "leave one out");
    check_links(table, shown, options);
  }
  if (known.size() != features)
    throw InputError(fmt::format("{}: the head says {} features, but {} are there", shown, features, known.size()),
                     "the file may be cut short");
  for (const auto& [id, line] : named)
    if (!known.contains(id))
      throw InputError(fmt::format("{}, line {}: {} is a neighbour, but no feature of the file", shown, line, id),
                       kGalAdvice);
}

void read_gwt(Lines& lines, const std::string& shown, const ReadOptions& options, Table& table) {
  const std::size_t features = features_by_head(lines);
  std::unordered_set<std::string_view> known;
  Words words;
  while (lines.next_filled(words)) {
    const auto weight = words.size() == 3 ? parse_double(words[2]) : std::nullopt;
    if (!weight) throw lines.error("two ids and a weight were expected", kGwtAdvice);
    if (!(*weight >= 0))
      throw lines.error(fmt::format("the weight {} is negative", words[2]), "weights are at least 0");
    known.insert(words[0]);
    known.insert(words[1]);
    if (known.size() > features)
      throw lines.error(fmt::format("the head says {} features, but there are more", features), "correct the head");
    table.add(words[0], words[1], *weight);
    check_links(table, shown, options);
  }
}

}  // namespace

RawLayer read_weights(const fs::path& file, const std::string& shown, const ReadOptions& options, Progress& progress) {
  const std::string bytes = input_bytes(file);
  if (bytes.size() != input_size(file)) throw InputError(fmt::format("reading {} failed half way", shown), "try again");
  if (!is_utf8(bytes)) throw InputError(fmt::format("{} is not UTF-8", shown), "save it again as UTF-8");
  std::string_view text = bytes;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  Lines lines(text, shown, progress);
  Table table;
  if (lower_ascii(fs::path(shown).extension().string()) == ".gal")
    read_gal(lines, shown, options, table);
  else
    read_gwt(lines, shown, options, table);
  RawLayer raw;
  raw.name = fs::path(shown).stem().string();
  raw.shown = shown;
  raw.where = fs::path(shown).filename().string();
  raw.is_table = true;
  raw.rows = table.from.size();
  raw.columns = {std::move(table.from), std::move(table.to), std::move(table.weight)};
  return raw;
}

}  // namespace yaan
