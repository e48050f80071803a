#include "study/strict_json.hpp"

#include <fmt/format.h>

#include <set>
#include <vector>

#include "yaan/core/error.hpp"

namespace yaan {

namespace {

/// Follows the parser's events and knows the place of each.
class PlaceWatch {
 public:
  explicit PlaceWatch(std::string where) : m_where(std::move(where)) {}

  bool operator()(int /*depth*/, Json::parse_event_t event, Json& parsed) {
    switch (event) {
      case Json::parse_event_t::object_start: enter(false); break;
      case Json::parse_event_t::array_start: enter(true); break;
      case Json::parse_event_t::key: take_key(parsed.get<std::string>()); break;
      case Json::parse_event_t::value: advance(); break;
      case Json::parse_event_t::object_end:
      case Json::parse_event_t::array_end:
        m_frames.pop_back();
        advance();
        break;
    }
    return true;
  }

 private:
  struct Frame {
    bool array = false;
    std::size_t index = 0;
    std::string key;
    std::set<std::string> seen;
  };

  void enter(bool array) {
    if (m_frames.size() == kDeepestStudy)
      throw InputError(fmt::format("{} is nested deeper than {} levels", m_where, kDeepestStudy));
    m_frames.push_back({array, 0, {}, {}});
  }
  void advance() {
    if (!m_frames.empty() && m_frames.back().array) ++m_frames.back().index;
  }
  void take_key(std::string key) {
    Frame& frame = m_frames.back();
    frame.key = std::move(key);
    if (!frame.seen.insert(frame.key).second)
      throw UsageError(fmt::format("{}: {}: the key stands twice in the same object", m_where, place()),
                       "leave one of the two");
  }
  [[nodiscard]] std::string place() const {
    std::string place;
    for (const Frame& frame : m_frames)
      place = frame.array ? item_place(place, frame.index) : member_place(place, frame.key);
    return place;
  }

  std::string m_where;
  std::vector<Frame> m_frames;
};

/// nlohmann's "[json.exception.parse_error.101] parse error at line 3, column 5: syntax error while ..." without its
/// head.
std::string plain_words(std::string_view message) {
  if (const auto end = message.find("] "); message.starts_with('[') && end != std::string_view::npos)
    message.remove_prefix(end + 2);
  constexpr std::string_view kHead = "parse error at ";
  if (message.starts_with(kHead)) message.remove_prefix(kHead.size());
  return std::string(message);
}

}  // namespace

Json parse_strictly(std::string_view text, const std::string& where) {
  if (text.size() > kMostStudyBytes)
    throw InputError(fmt::format("{} is larger than {} MiB, so it is no study", where, kMostStudyBytes >> 20));
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
    throw InputError(fmt::format("{} is empty", where), "a study is a JSON document; see docs/study.md");
  PlaceWatch watch(where);
  try {
    return Json::parse(
        text, [&watch](int depth, Json::parse_event_t event, Json& parsed) { return watch(depth, event, parsed); });
  } catch (const Json::exception& error) {
    throw InputError(fmt::format("{} is not JSON: {}", where, plain_words(error.what())),
                     "comments, trailing commas and unquoted keys are not JSON");
  }
}

std::string member_place(const std::string& inside, std::string_view key) {
  return inside.empty() ? std::string(key) : fmt::format("{}.{}", inside, key);
}

std::string item_place(const std::string& inside, std::size_t index) { return fmt::format("{}[{}]", inside, index); }

}  // namespace yaan
