// The 13a tokenizer, and the cuts that it shares with zh. Bytes suffice: every character looked for is ASCII.
#include <array>
#include <utility>

#include "evaluation/metric_tokenizers.h"
#include "evaluation/text.h"
#include "evaluation/token_cuts.h"

namespace isthmus {
namespace {

// Lambdas rather than functions, so that the cuts inline them.

/// ASCII punctuation and symbols but for the apostrophe, comma, hyphen and full stop.
constexpr auto is_cut_symbol = [](char c) {
  return (c >= '!' && c <= '&') || (c >= '(' && c <= '+') || c == '/' || (c >= ':' && c <= '@') ||
         (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
};
constexpr auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
constexpr auto is_not_digit = [](char c) { return !is_digit(c); };
constexpr auto is_stop_or_comma = [](char c) { return c == '.' || c == ','; };
constexpr auto is_hyphen = [](char c) { return c == '-'; };

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  std::size_t found = text.find(from);
  if (found == std::string::npos) return;
  std::string result;
  std::size_t begin = 0;
  for (; found != std::string::npos; found = text.find(from, begin)) {
    result.append(text, begin, found - begin).append(to);
    begin = found + from.size();
  }
  text = result.append(text, begin);
}

}  // namespace

std::string cut_western(std::string text) {
  text = cut_around(text, is_cut_symbol);
  if (text.find('.') != std::string::npos || text.find(',') != std::string::npos) {
    text = cut_pairs(text, is_not_digit, is_stop_or_comma, PairCut::kMiddleAndAfter);
    text = cut_pairs(text, is_stop_or_comma, is_not_digit, PairCut::kBeforeAndMiddle);
  }
  if (text.find('-') != std::string::npos) text = cut_pairs(text, is_digit, is_hyphen, PairCut::kMiddleAndAfter);
  return single_spaced(text);
}

std::string tokenize_13a(std::string_view line) {
  // In this order: "&amp;lt;" becomes "<".
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kReplacements = {
      {{"<skipped>", ""}, {"-\n", ""}, {"\n", " "}, {"&quot;", "\""}, {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}}};
  std::string text;
  text.reserve(line.size() + 2);
  text.append(" ").append(line).append(" ");  // so that a last full stop is followed by something
  for (const auto& [from, to] : kReplacements) replace_all(text, from, to);
  return cut_western(std::move(text));
}

}  // namespace isthmus
