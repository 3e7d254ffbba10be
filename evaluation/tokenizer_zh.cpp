// The zh tokenizer.
#include <array>
#include <utility>

#include "core/utf8.h"
#include "evaluation/metric_tokenizers.h"
#include "evaluation/text.h"
#include "evaluation/token_cuts.h"

namespace isthmus {
namespace {

// What sacreBLEU takes for Chinese. Its table means to name two planes of ideographs beyond U+FFFF but writes them so
// that Python reads U+2001–2A6D (dashes, quotation marks, arrows, mathematics …) instead; scores are only comparable
// if we do the same. So the rare ideographs beyond U+FFFF are not cut.
constexpr std::array<std::pair<char32_t, char32_t>, 17> kChinese = {{{0x2001, 0x2A6D},
                                                                     {0x2E80, 0x2EFF},
                                                                     {0x2F00, 0x2FDF},
                                                                     {0x2FF0, 0x2FFF},
                                                                     {0x3000, 0x303F},
                                                                     {0x3100, 0x312F},
                                                                     {0x31A0, 0x31BF},
                                                                     {0x31C0, 0x31EF},
                                                                     {0x3200, 0x33FF},
                                                                     {0x3400, 0x4DB5},
                                                                     {0x4E00, 0x9FBB},
                                                                     {0xF900, 0xFA2D},
                                                                     {0xFA30, 0xFA6A},
                                                                     {0xFA70, 0xFAD9},
                                                                     {0xFE10, 0xFE1F},
                                                                     {0xFE30, 0xFE4F},
                                                                     {0xFF00, 0xFFEF}}};

bool is_chinese(char32_t c) {
  for (const auto& [first, last] : kChinese) {
    if (c >= first && c <= last) return true;
  }
  return false;
}

}  // namespace

std::string tokenize_zh(std::string_view line) {
  std::string text;
  text.reserve(3 * line.size());
  for (const char32_t c : to_code_points(strip(line))) {
    const bool alone = is_chinese(c);
    if (alone) text.push_back(' ');
    append_utf8(c, text);
    if (alone) text.push_back(' ');
  }
  return cut_western(std::move(text));
}

}  // namespace isthmus
