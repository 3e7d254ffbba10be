// The intl tokenizer. A full stop after a digit at the end of the line stays with the number; so it is in
// mteval-v14.
#include <unicode/uchar.h>

#include "core/utf8.h"
#include "evaluation/metric_tokenizers.h"
#include "evaluation/text.h"
#include "evaluation/token_cuts.h"

namespace isthmus {
namespace {

bool is_in(char32_t c, std::uint32_t categories) { return (U_GET_GC_MASK(static_cast<UChar32>(c)) & categories) != 0; }

// Lambdas rather than functions, so that the cuts inline them.
constexpr auto is_punctuation = [](char32_t c) { return is_in(c, U_GC_P_MASK); };
constexpr auto is_symbol = [](char32_t c) { return is_in(c, U_GC_S_MASK); };
constexpr auto is_not_number = [](char32_t c) { return !is_in(c, U_GC_N_MASK); };

}  // namespace

std::string tokenize_intl(std::string_view line) {
  std::u32string text = to_code_points(line);
  text = cut_pairs(text, is_not_number, is_punctuation, PairCut::kMiddleAndAfter);
  text = cut_pairs(text, is_punctuation, is_not_number, PairCut::kBeforeAndMiddle);
  text = cut_around(text, is_symbol);
  std::string bytes;
  bytes.reserve(text.size() + line.size());
  for (const char32_t c : text) append_utf8(c, bytes);
  return single_spaced(bytes);
}

}  // namespace isthmus
