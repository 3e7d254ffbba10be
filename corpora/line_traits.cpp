#include "corpora/line_traits.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>

#include "core/error.h"
#include "core/hash.h"
#include "core/utf8.h"

namespace isthmus {
namespace {

/// Calls use(code point or −1, its bytes) for each character.
template <class Use>
void each_character(std::string_view text, Use use) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int64_t>(text.size());
  for (std::int64_t i = 0; i < size;) {
    const std::int64_t begin = i;
    UChar32 c = 0;
    U8_NEXT(bytes, i, size, c);
    use(c, text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(i - begin)));
  }
}

bool is_line_separator(UChar32 c) { return c == 0x2028 || c == 0x2029 || c == 0x85 || c == '\v' || c == '\f'; }

}  // namespace

LineTraits line_traits(std::string_view line) {
  LineTraits traits;
  traits.invalid_utf8_at = invalid_utf8_at(line);
  bool in_word = false;
  each_character(line, [&](UChar32 c, std::string_view) {
    if (c == 0xfeff && traits.characters == 0) traits.starts_with_bom = true;
    ++traits.characters;
    const bool space = c >= 0 && u_isUWhiteSpace(c);
    if (!space && !in_word) ++traits.words;
    in_word = !space;
    if (c < 0) return;
    if (c == 0) {
      traits.has_nul = true;
    } else if (is_line_separator(c)) {
      traits.has_line_separator = true;
    } else if (c != '\t' && u_charType(c) == U_CONTROL_CHAR) {
      traits.has_control = true;
    } else if (c == 0xfffd) {
      traits.has_replacement = true;
    } else if (u_isalpha(c)) {
      traits.has_letter = true;
    }
  });
  return traits;
}

std::uint64_t line_key(std::string_view line) {
  const bool ascii = std::all_of(line.begin(), line.end(), [](char c) { return static_cast<signed char>(c) >= 0; });
  std::string folded;
  if (ascii) {  // the same result, much faster
    folded = line;
    for (char& c : folded) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  } else {
    UErrorCode status = U_ZERO_ERROR;
    icu::StringByteSink<std::string> sink(&folded);
    const icu::Normalizer2* normalizer = icu::Normalizer2::getNFKCCasefoldInstance(status);
    if (U_SUCCESS(status)) {
      normalizer->normalizeUTF8(0, {line.data(), static_cast<std::int32_t>(line.size())}, sink, nullptr, status);
    }
    if (U_FAILURE(status)) throw InputError(std::string("ICU cannot normalise text: ") + u_errorName(status));
  }
  return hash64(collapse_white_space(folded));
}

std::string collapse_white_space(std::string_view line) {
  std::string collapsed;
  bool pending = false;
  each_character(line, [&](UChar32 c, std::string_view bytes) {
    if (c >= 0 && u_isUWhiteSpace(c)) {
      pending = !collapsed.empty();
      return;
    }
    if (pending) collapsed += ' ';
    pending = false;
    collapsed += bytes;
  });
  return collapsed;
}

}  // namespace isthmus
