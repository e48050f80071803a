#include "load/layer_encoding.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "load/text_encoding.hpp"

namespace yaan {

namespace {

template <class Change>
void change_texts(RawLayer& raw, Change&& change) {
  for (Column& column : raw.columns) {
    column.name = change(column.name);
    if (column.type() != ColumnType::text) continue;
    Column changed(column.name, ColumnType::text);
    changed.reserve(column.size());
    for (std::size_t row = 0; row < column.size(); ++row) {
      if (column.is_null(row)) {
        changed.push_null();
      } else {
        changed.push(std::string_view(change(column.texts()[row])));
      }
    }
    column = std::move(changed);
  }
}

// The bytes of names and texts that are not plain ASCII, as far as a decision needs them.
std::string sample_of_texts(const RawLayer& raw) {
  constexpr std::size_t kEnough = 1'000'000;
  std::string sample;
  const auto look = [&](std::string_view text) {
    const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return static_cast<signed char>(c) >= 0; });
    if (!ascii && sample.size() < kEnough) sample.append(whole_characters(text)).append(" ");
  };
  for (const Column& column : raw.columns) {
    look(column.name);
    if (column.type() == ColumnType::text)
      for (std::size_t row = 0; row < column.size() && sample.size() < kEnough; ++row) look(column.texts()[row]);
  }
  return sample;
}

bool is_all_utf8(const RawLayer& raw) {
  return std::all_of(raw.columns.begin(), raw.columns.end(), [](const Column& column) {
    if (!is_utf8(column.name)) return false;
    if (column.type() != ColumnType::text) return true;
    return are_utf8(column.texts().bytes(), column.texts().ends());
  });
}

}  // namespace

void settle_encoding(RawLayer& raw, bool raw_text, const std::string& stated, const ReadOptions& options) {
  if (!raw_text && is_all_utf8(raw)) return;
  const std::string sample = sample_of_texts(raw);
  if (sample.empty()) return;
  DecodingRule rule{TextEncoding::utf_8, "the format is UTF-8", false, false};
  if (raw_text) rule = decide_encoding(sample, options.encoding, stated);
  std::int64_t changed = 0;
  std::int64_t cut = 0;
  std::int64_t lost = 0;
  std::int64_t undefined = 0;
  const bool as_it_is = rule.encoding == TextEncoding::utf_8 && is_all_utf8(raw);
  if (!as_it_is)
    change_texts(raw, [&](std::string_view text) {
      if (rule.encoding != TextEncoding::utf_8) {
        std::string decoded = to_utf8(text, rule.encoding);
        changed += decoded != text ? 1 : 0;
        undefined += undefined_bytes(text, rule.encoding);
        return decoded;
      }
      if (is_utf8(text)) return std::string(text);
      const std::string_view whole = whole_characters(text);
      if (is_utf8(whole)) {
        ++cut;
        return std::string(whole);
      }
      ++lost;
      return replace_invalid_utf8(text);
    });
  if (rule.overrules) {
    raw.diagnostics.add(Severity::doubt, "wrong-encoding", raw.where,
                        fmt::format("the file states the text encoding {}, but was read as {}: {}", stated,
                                    to_string(rule.encoding), rule.why),
                        std::max<std::int64_t>(changed, 1));
  } else if (rule.doubted) {
    const std::string states =
        stated.empty() ? "the file does not state its text encoding"
                       : fmt::format("the file states the text encoding \"{}\", which is not known", stated);
    raw.diagnostics.add(Severity::doubt, "guessed-encoding", raw.where,
                        fmt::format("{}; {} was taken: {}", states, to_string(rule.encoding), rule.why),
                        std::max<std::int64_t>(changed, 1));
  }
  report_undefined_bytes(undefined, rule.encoding, raw.where, raw.diagnostics);
  if (cut > 0)
    raw.diagnostics.add(Severity::repaired, "cut-text", raw.where,
                        "texts that end in half a character were cut to the last whole one", cut);
  if (lost > 0)
    raw.diagnostics.add(Severity::repaired, "invalid-utf8", raw.where,
                        "bytes that are not UTF-8 were replaced by U+FFFD", lost);
}

}  // namespace yaan
