// The cuts that the metric tokenizers are made of. Each is one pass over the text, like one substitution of a regular
// expression: from left to right, without overlap, each pass on the result of the one before.
#pragma once

#include <cstddef>
#include <string>

namespace isthmus {

/// Where spaces go when a pair of characters is cut. There is always one in the middle.
enum class PairCut { kBeforeAndMiddle, kMiddleAndAfter };

/// Wherever a character of `first` is followed by one of `second`, puts spaces between and around as `cut` says.
template <class Char, class First, class Second>
std::basic_string<Char> cut_pairs(const std::basic_string<Char>& text, First first, Second second, PairCut cut) {
  std::basic_string<Char> result;
  result.reserve(text.size() + text.size() / 4);
  std::size_t i = 0;
  for (; i + 1 < text.size(); ++i) {
    if (!second(text[i + 1]) || !first(text[i])) {
      result.push_back(text[i]);
      continue;
    }
    if (cut == PairCut::kBeforeAndMiddle) result.push_back(' ');
    result.push_back(text[i]);
    result.push_back(' ');
    result.push_back(text[i + 1]);
    if (cut == PairCut::kMiddleAndAfter) result.push_back(' ');
    ++i;
  }
  if (i < text.size()) result.push_back(text[i]);
  return result;
}

/// Puts spaces around every character of `isolated`.
template <class Char, class Predicate>
std::basic_string<Char> cut_around(const std::basic_string<Char>& text, Predicate isolated) {
  std::basic_string<Char> result;
  result.reserve(text.size() + text.size() / 4);
  for (const Char c : text) {
    if (isolated(c)) {
      result.push_back(' ');
      result.push_back(c);
      result.push_back(' ');
    } else {
      result.push_back(c);
    }
  }
  return result;
}

/// What 13a and zh share: cuts at ASCII punctuation, but not at an apostrophe, nor at a full stop or comma between
/// digits, nor at a hyphen unless a digit is before it. Leaves single spaces.
std::string cut_western(std::string text);

}  // namespace isthmus
