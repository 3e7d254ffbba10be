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
  std::size_t copied = 0;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (!second(text[i + 1]) || !first(text[i])) continue;
    result.append(text, copied, i - copied);
    if (cut == PairCut::kBeforeAndMiddle) result.push_back(' ');
    result.push_back(text[i]);
    result.push_back(' ');
    result.push_back(text[i + 1]);
    if (cut == PairCut::kMiddleAndAfter) result.push_back(' ');
    copied = i + 2;
    ++i;
  }
  return result.append(text, copied);
}

/// Puts spaces around every character of `isolated`.
template <class Char, class Predicate>
std::basic_string<Char> cut_around(const std::basic_string<Char>& text, Predicate isolated) {
  std::basic_string<Char> result;
  result.reserve(text.size() + text.size() / 4);
  std::size_t copied = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!isolated(text[i])) continue;
    result.append(text, copied, i - copied);
    result.push_back(' ');
    result.push_back(text[i]);
    result.push_back(' ');
    copied = i + 1;
  }
  return result.append(text, copied);
}

/// What 13a and zh share: cuts at ASCII punctuation, but not at an apostrophe, nor at a full stop or comma between
/// digits, nor at a hyphen unless a digit is before it. Leaves single spaces.
std::string cut_western(std::string text);

}  // namespace isthmus
