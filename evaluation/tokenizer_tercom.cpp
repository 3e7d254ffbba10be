// The words of TER. Ill-formed bytes have become U+FFFD before any rule looks.
#include <algorithm>

#include "core/utf8.h"
#include "evaluation/ter.h"
#include "evaluation/text.h"
#include "evaluation/token_cuts.h"

namespace isthmus {
namespace {

bool is_in(char32_t c, char32_t first, char32_t last) { return first <= c && c <= last; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// ASCII punctuation, but for ' - . and the comma, and the space.
bool is_western(char c) {
  return (c >= '{' && c <= '~') || (c >= '[' && c <= '`') || (c >= ' ' && c <= '&') || (c >= '(' && c <= '+') ||
         (c >= ':' && c <= '@') || c == '/';
}

bool is_asian_punctuation(char32_t c) {
  return is_in(c, 0x3001, 0x3002) || is_in(c, 0x3008, 0x3011) || is_in(c, 0x3014, 0x301F) || is_in(c, 0xFF61, 0xFF65) ||
         c == 0x30FB || c == 0xFF0E || c == 0xFF0C || c == 0xFF1F || c == 0xFF1A || c == 0xFF1B || c == 0xFF01 ||
         c == 0xFF02 || c == 0xFF08 || c == 0xFF09;
}

/// Ideographs and what Tercom counts among them, up to the U+3F22 that sacreBLEU writes where U+32FF is meant.
bool stands_alone(char32_t c) {
  return is_in(c, 0x3200, 0x4DBF) || is_in(c, 0x4E00, 0x9FFF) || is_in(c, 0x31C0, 0x31EF) || is_in(c, 0x2E80, 0x2EFF) ||
         is_in(c, 0xF900, 0xFAFF) || is_in(c, 0xFE30, 0xFE4F) || is_asian_punctuation(c);
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

std::string normalized(std::string text) {
  replace_all(text, "&quot;", "\"");
  replace_all(text, "&amp;", "&");
  replace_all(text, "&lt;", "<");
  replace_all(text, "&gt;", ">");
  text = cut_around(" " + text + " ", is_western);
  replace_all(text, "'s ", " 's ");
  const auto mark = [](char c) { return c == '.' || c == ','; };
  const auto no_digit = [](char c) { return !is_digit(c); };
  text = cut_pairs(text, no_digit, mark, PairCut::kMiddleAndAfter);
  text = cut_pairs(text, mark, no_digit, PairCut::kBeforeAndMiddle);
  return cut_pairs(
      text, is_digit, [](char c) { return c == '-'; }, PairCut::kMiddleAndAfter);
}

std::string from_code_points(const std::u32string& text) {
  std::string bytes;
  for (const char32_t c : text) append_utf8(c, bytes);
  return bytes;
}

}  // namespace

std::string tokenize_tercom(std::string_view line, const TerOptions& options) {
  std::string text = well_formed(line);
  text.resize(strip_right(text).size());
  if (!options.case_sensitive) text = lowercase(text);
  if (options.normalized) {
    text = normalized(std::move(text));
    if (options.asian_support) text = from_code_points(cut_around(to_code_points(text), stands_alone));
  }
  if (options.no_punctuation) {
    std::erase_if(text, [](char c) { return std::string_view(".,?:;!\"()").find(c) != std::string_view::npos; });
    if (options.asian_support) {
      std::u32string points = to_code_points(text);
      std::erase_if(points, is_asian_punctuation);
      text = from_code_points(points);
    }
  }
  return single_spaced(text);
}

}  // namespace isthmus
