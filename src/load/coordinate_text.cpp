#include "load/coordinate_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "yaan/core/numbers.hpp"

namespace yaan {

namespace {

enum class Sign { number, degree, minute, second, colon, lost, minus, plus, hemisphere, comma, divider, space, other };

struct Token {
  Sign sign = Sign::other;
  std::string digits;          // of a number: 13 or 13.75
  char hemisphere = 0;         // N, S, E or W
  bool spaced_before = false;  // white space stands before it
};

struct Spelling {
  std::string_view text;
  Sign sign;
  char hemisphere = 0;
};

// Longest first where one begins another.
constexpr std::array kSpellings = {Spelling{"องศา", Sign::degree},
                                   Spelling{"ฟิลิปดา", Sign::second},
                                   Spelling{"พิลิปดา", Sign::second},
                                   Spelling{"วิลิปดา", Sign::second},
                                   Spelling{"ลิปดา", Sign::minute},
                                   Spelling{"ตะวันออก", Sign::hemisphere, 'E'},
                                   Spelling{"ตะวันตก", Sign::hemisphere, 'W'},
                                   Spelling{"เหนือ", Sign::hemisphere, 'N'},
                                   Spelling{"ใต้", Sign::hemisphere, 'S'},
                                   Spelling{"north", Sign::hemisphere, 'N'},
                                   Spelling{"south", Sign::hemisphere, 'S'},
                                   Spelling{"east", Sign::hemisphere, 'E'},
                                   Spelling{"west", Sign::hemisphere, 'W'},
                                   Spelling{"degrees", Sign::degree},
                                   Spelling{"deg", Sign::degree},
                                   Spelling{"minutes", Sign::minute},
                                   Spelling{"min", Sign::minute},
                                   Spelling{"seconds", Sign::second},
                                   Spelling{"sec", Sign::second},
                                   Spelling{"°", Sign::degree},
                                   Spelling{"º", Sign::degree},
                                   Spelling{"˚", Sign::degree},
                                   Spelling{"''", Sign::second},
                                   Spelling{"′′", Sign::second},
                                   Spelling{"’’", Sign::second},
                                   Spelling{"″", Sign::second},
                                   Spelling{"”", Sign::second},
                                   Spelling{"“", Sign::second},
                                   Spelling{"\"", Sign::second},
                                   Spelling{"′", Sign::minute},
                                   Spelling{"’", Sign::minute},
                                   Spelling{"‘", Sign::minute},
                                   Spelling{"'", Sign::minute},
                                   Spelling{"´", Sign::minute},
                                   Spelling{"`", Sign::minute},
                                   Spelling{":", Sign::colon},
                                   Spelling{"?", Sign::lost},
                                   Spelling{"\uFFFD", Sign::lost},
                                   Spelling{"-", Sign::minus},
                                   Spelling{"−", Sign::minus},
                                   Spelling{"–", Sign::minus},
                                   Spelling{"+", Sign::plus},
                                   Spelling{",", Sign::comma},
                                   Spelling{";", Sign::divider},
                                   Spelling{"/", Sign::divider},
                                   Spelling{"|", Sign::divider},
                                   Spelling{"n", Sign::hemisphere, 'N'},
                                   Spelling{"s", Sign::hemisphere, 'S'},
                                   Spelling{"e", Sign::hemisphere, 'E'},
                                   Spelling{"w", Sign::hemisphere, 'W'},
                                   Spelling{"d", Sign::degree},
                                   Spelling{" ", Sign::space},
                                   Spelling{"\t", Sign::space},
                                   Spelling{"\n", Sign::space},
                                   Spelling{"\r", Sign::space},
                                   Spelling{"\u00A0", Sign::space},
                                   Spelling{"\u2009", Sign::space},
                                   Spelling{"\u202F", Sign::space},
                                   Spelling{"\u200B", Sign::space},
                                   Spelling{"\uFEFF", Sign::space}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Thai digits become ASCII and Latin letters small; brackets around a position go.
std::string plain_text(std::string_view text, std::uint8_t& form) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = [&](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U; };
    if (byte(i) == 0xE0 && byte(i + 1) == 0xB9 && byte(i + 2) >= 0x90 && byte(i + 2) <= 0x99) {
      plain += static_cast<char>('0' + (byte(i + 2) - 0x90));
      i += 2;
      form |= kThaiDigits;
    } else if (text[i] >= 'A' && text[i] <= 'Z') {
      plain += static_cast<char>(text[i] - 'A' + 'a');
    } else if (text[i] != '(' && text[i] != ')' && text[i] != '[' && text[i] != ']') {
      plain += text[i];
    }
  }
  return plain;
}

std::optional<std::vector<Token>> tokens_of(const std::string& plain) {
  std::vector<Token> tokens;
  bool spaced = false;
  bool minutes_in_words = false;  // the last sign was min
  for (std::size_t at = 0; at < plain.size();) {
    if (is_digit(plain[at]) || (plain[at] == '.' && at + 1 < plain.size() && is_digit(plain[at + 1]))) {
      const std::size_t begin = at;
      while (at < plain.size() && is_digit(plain[at])) ++at;
      if (at < plain.size() && plain[at] == '.')
        for (++at; at < plain.size() && is_digit(plain[at]);) ++at;
      tokens.push_back({Sign::number, plain.substr(begin, at - begin), 0, spaced});
      spaced = false;
      continue;
    }
    const auto found = std::find_if(kSpellings.begin(), kSpellings.end(), [&](const Spelling& spelling) {
      return std::string_view(plain).substr(at).starts_with(spelling.text);
    });
    if (found == kSpellings.end()) return std::nullopt;
    at += found->text.size();
    if (found->sign == Sign::space) {
      spaced = true;
      continue;
    }
    // 13d45min30s: behind a number of seconds it is their letter, no south.
    const bool seconds =
        found->text == "s" && !spaced && minutes_in_words && !tokens.empty() && tokens.back().sign == Sign::number;
    tokens.push_back({seconds ? Sign::second : found->sign, {}, seconds ? '\0' : found->hemisphere, spaced});
    minutes_in_words = found->text.starts_with("min");
    spaced = false;
  }
  return tokens;
}

// A comma between two digits with no space around it.
bool is_tight(const std::vector<Token>& tokens, std::size_t at) {
  return tokens[at].sign == Sign::comma && at > 0 && at + 1 < tokens.size() && tokens[at - 1].sign == Sign::number &&
         tokens[at + 1].sign == Sign::number && !tokens[at].spaced_before && !tokens[at + 1].spaced_before;
}

bool has_point(const Token& token) { return token.digits.find('.') != std::string::npos; }

enum class Commas { decimal, thousands, every_other };

// Joins the numbers around tight commas. False when they do not make numbers that way.
bool join_numbers(std::vector<Token>& tokens, Commas commas) {
  std::vector<Token> joined;
  std::size_t seen = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool decimal = is_tight(tokens, i) && (commas != Commas::every_other || seen++ % 2 == 0);
    if (!decimal) {
      joined.push_back(tokens[i]);
      continue;
    }
    Token& left = joined.back();
    const Token& right = tokens[i + 1];
    if (has_point(left) || (commas != Commas::thousands && has_point(right))) return false;
    if (commas == Commas::thousands && right.digits.substr(0, right.digits.find('.')).size() != 3) return false;
    left.digits += (commas == Commas::thousands ? "" : ".") + right.digits;
    ++i;
  }
  tokens = std::move(joined);
  return true;
}

std::size_t tight_commas(const std::vector<Token>& tokens) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) count += is_tight(tokens, i) ? 1 : 0;
  return count;
}

bool any(std::span<const Token> tokens, Sign sign) {
  return std::any_of(tokens.begin(), tokens.end(), [&](const Token& token) { return token.sign == sign; });
}

struct Parts {
  std::array<double, 3> values{};
  std::size_t count = 0;
  bool decimals = false;
};

// Numbers with the signs behind them in the order degree, minute, second.
std::optional<Parts> parts_of(std::span<const Token> tokens, std::uint8_t& form) {
  constexpr std::array kOrder = {Sign::degree, Sign::minute, Sign::second};
  Parts parts;
  for (std::size_t i = 0; i < tokens.size();) {
    if (tokens[i].sign != Sign::number || parts.count == 3 || parts.decimals) return std::nullopt;
    const auto value = parse_double(tokens[i].digits);
    if (!value) return std::nullopt;
    parts.decimals = has_point(tokens[i]);
    parts.values[parts.count] = *value;
    ++i;
    if (i < tokens.size() && tokens[i].sign != Sign::number) {
      const Sign sign = tokens[i].sign;
      if (sign == Sign::lost) {
        form |= kLostSymbols;
      } else if (sign != kOrder[parts.count] && !(sign == Sign::colon && i + 1 < tokens.size())) {
        return std::nullopt;
      }
      ++i;
    }
    ++parts.count;
  }
  return parts.count > 0 ? std::optional(parts) : std::nullopt;
}

std::optional<CoordinateText> angle_of(std::span<const Token> tokens) {
  CoordinateText angle;
  char hemisphere = 0;
  bool minus = false;
  const auto strip = [&](std::span<const Token>& rest) {
    while (!rest.empty() && (rest.front().sign == Sign::comma || rest.front().sign == Sign::divider))
      rest = rest.subspan(1);
    while (!rest.empty() && (rest.back().sign == Sign::comma || rest.back().sign == Sign::divider))
      rest = rest.first(rest.size() - 1);
  };
  strip(tokens);
  if (!tokens.empty() && tokens.front().sign == Sign::hemisphere) {
    hemisphere = tokens.front().hemisphere;
    tokens = tokens.subspan(1);
  }
  if (!tokens.empty() && tokens.back().sign == Sign::hemisphere) {
    if (hemisphere != 0) return std::nullopt;
    hemisphere = tokens.back().hemisphere;
    tokens = tokens.first(tokens.size() - 1);
  }
  if (!tokens.empty() && (tokens.front().sign == Sign::minus || tokens.front().sign == Sign::plus)) {
    minus = tokens.front().sign == Sign::minus;
    tokens = tokens.subspan(1);
  }
  const auto parts = parts_of(tokens, angle.form);
  if (!parts || (minus && hemisphere != 0)) return std::nullopt;
  if (parts->count > 1) {
    if (parts->values[0] > 180 || parts->values[1] >= 60 || parts->values[2] >= 60) return std::nullopt;
    angle.form |= kDegreesMinutes;
  }
  angle.value = parts->values[0] + parts->values[1] / 60 + parts->values[2] / 3600;
  if (minus || hemisphere == 'S' || hemisphere == 'W') angle.value = -angle.value;
  if (hemisphere != 0) {
    angle.form |= kHemisphere;
    angle.axis = hemisphere == 'N' || hemisphere == 'S' ? Axis::latitude : Axis::longitude;
  }
  return angle;
}

std::optional<PositionText> position_of(const std::vector<Token>& tokens, std::size_t split) {
  if (split == 0 || split >= tokens.size()) return std::nullopt;
  const std::span<const Token> all(tokens);
  const auto first = angle_of(all.first(split));
  const auto second = angle_of(all.subspan(split));
  if (!first || !second) return std::nullopt;
  if (first->axis != Axis::unknown && first->axis == second->axis) return std::nullopt;
  return PositionText{*first, *second};
}

// Where the coordinate of that number begins; 0 where a dash before it could divide two coordinates as well as be the
// second one's sign: 13.75-100.5, 13.75 - 100.5.
std::size_t start_at(const std::vector<Token>& tokens, std::size_t number) {
  if (number == 0 || tokens[number - 1].sign != Sign::minus) return number;
  return tokens[number - 1].spaced_before && !tokens[number].spaced_before ? number - 1 : 0;
}

// Where the second coordinate begins; 0 when the text does not show it.
std::size_t split_of(const std::vector<Token>& tokens) {
  std::vector<std::size_t> hemispheres;
  std::vector<std::size_t> dividers;
  std::vector<std::size_t> degrees;
  std::vector<std::size_t> numbers;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Sign sign = tokens[i].sign;
    if (sign == Sign::hemisphere) hemispheres.push_back(i);
    if (sign == Sign::divider || sign == Sign::comma) dividers.push_back(i);
    if (sign == Sign::degree) degrees.push_back(i);
    if (sign == Sign::number) numbers.push_back(i);
  }
  if (dividers.size() == 1) return dividers.front() + 1;
  if (hemispheres.size() == 2) return hemispheres.front() == 0 ? hemispheres.back() : hemispheres.front() + 1;
  if (degrees.size() == 2 && degrees.back() > 0) return start_at(tokens, degrees.back() - 1);
  if (numbers.size() % 2 != 0 || numbers.empty()) return 0;
  return start_at(tokens, numbers[numbers.size() / 2]);
}

}  // namespace

std::optional<CoordinateText> parse_coordinate(std::string_view text) {
  std::uint8_t form = 0;
  auto tokens = tokens_of(plain_text(text, form));
  if (!tokens || tokens->empty()) return std::nullopt;
  if (const std::size_t commas = tight_commas(*tokens); commas > 0) {
    const bool point = std::any_of(tokens->begin(), tokens->end(), [](const Token& t) { return has_point(t); });
    if (!join_numbers(*tokens, point || commas > 1 ? Commas::thousands : Commas::decimal)) return std::nullopt;
    if (!point && commas == 1) form |= kDecimalComma;
  }
  auto angle = angle_of(*tokens);
  if (angle) angle->form |= form;
  return angle;
}

std::optional<PositionText> parse_position(std::string_view text) {
  std::uint8_t form = 0;
  auto tokens = tokens_of(plain_text(text, form));
  if (!tokens) return std::nullopt;
  const std::size_t commas = tight_commas(*tokens);
  const bool point = std::any_of(tokens->begin(), tokens->end(), [](const Token& t) { return has_point(t); });
  const bool divided = any(*tokens, Sign::divider) || any(*tokens, Sign::degree) || any(*tokens, Sign::hemisphere) ||
                       std::count_if(tokens->begin(), tokens->end(), [](const Token& t) {
                         return t.sign == Sign::comma;
                       }) > static_cast<std::ptrdiff_t>(commas);
  const bool spaced = std::any_of(tokens->begin() + 1 - (tokens->empty() ? 1 : 0), tokens->end(),
                                  [](const Token& t) { return t.sign == Sign::number && t.spaced_before; });
  if (commas > 0 && !point) {
    const bool decimal = divided || spaced;
    if ((decimal || commas == 3) && !join_numbers(*tokens, decimal ? Commas::decimal : Commas::every_other))
      return std::nullopt;
    if (decimal || commas == 3) form |= kDecimalComma;
  }
  auto position = position_of(*tokens, split_of(*tokens));
  if (position) {
    position->first.form |= form;
    position->second.form |= form;
  }
  return position;
}

}  // namespace yaan
