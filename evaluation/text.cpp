#include "evaluation/text.h"

#include <unicode/locid.h>
#include <unicode/unistr.h>

#include <algorithm>

#include "core/utf8.h"

namespace isthmus {
namespace {

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// Rules out most bytes cheaply.
bool may_begin_space(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0x20 || (byte >= 0xC2 && byte <= 0xE3);
}

/// Calls word(begin, end) for each part between white space.
template <class Function>
void for_each_word(std::string_view text, Function word) {
  std::size_t begin = 0;
  std::size_t i = 0;
  while (i < text.size()) {
    const std::size_t space = may_begin_space(text[i]) ? space_at(text, i) : 0;
    if (space == 0) {
      ++i;
      continue;
    }
    if (i > begin) word(begin, i);
    i += space;
    begin = i;
  }
  if (i > begin) word(begin, i);
}

}  // namespace

std::string well_formed(std::string_view text) {
  if (is_ascii(text) || !invalid_utf8_at(text)) return std::string(text);
  return repair_utf8(text);
}

std::size_t space_at(std::string_view text, std::size_t position) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return position + i < text.size() ? static_cast<unsigned char>(text[position + i]) : 0;
  };
  // Bytes suffice: no white space character's bytes occur inside another character.
  switch (const unsigned lead = byte(0)) {
    case 0xC2:
      return byte(1) == 0x85 || byte(1) == 0xA0 ? 2 : 0;
    case 0xE1:
      return byte(1) == 0x9A && byte(2) == 0x80 ? 3 : 0;
    case 0xE2:
      if (byte(1) == 0x81) return byte(2) == 0x9F ? 3 : 0;
      if (byte(1) != 0x80) return 0;
      return (byte(2) >= 0x80 && byte(2) <= 0x8A) || byte(2) == 0xA8 || byte(2) == 0xA9 || byte(2) == 0xAF ? 3 : 0;
    case 0xE3:
      return byte(1) == 0x80 && byte(2) == 0x80 ? 3 : 0;
    default:
      return (lead >= 0x09 && lead <= 0x0D) || (lead >= 0x1C && lead <= 0x20) ? 1 : 0;
  }
}

std::string_view strip_right(std::string_view text) {
  while (!text.empty()) {
    std::size_t last = text.size() - 1;  // where the last character begins
    while (last > 0 && (static_cast<unsigned char>(text[last]) & 0xC0) == 0x80) --last;
    if (space_at(text, last) != text.size() - last) break;
    text = text.substr(0, last);
  }
  return text;
}

std::string_view strip(std::string_view text) {
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t space = space_at(text, begin);
    if (space == 0) break;
    begin += space;
  }
  return strip_right(text.substr(begin));
}

std::string lowercase(std::string_view text) {
  std::string lower;
  if (is_ascii(text)) {
    lower = text;
    for (char& c : lower) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return lower;
  }
  const icu::StringPiece piece(text.data(), static_cast<int32_t>(text.size()));
  icu::UnicodeString::fromUTF8(piece).toLower(icu::Locale::getRoot()).toUTF8String(lower);
  return lower;
}

std::vector<std::string_view> split_words(std::string_view text) {
  std::vector<std::string_view> words;
  for_each_word(text, [&](std::size_t begin, std::size_t end) { words.push_back(text.substr(begin, end - begin)); });
  return words;
}

std::string single_spaced(std::string_view text) {
  std::string spaced;
  spaced.reserve(text.size());
  for_each_word(text, [&](std::size_t begin, std::size_t end) {
    if (!spaced.empty()) spaced.push_back(' ');
    spaced.append(text.substr(begin, end - begin));
  });
  return spaced;
}

}  // namespace isthmus
