// The tokenizers of BLEU: how a metric cuts text into the tokens that it counts. (Folder tokenizer/ cuts text for the
// model; the two never meet.)
//
// Each is a pure function from a line to its tokens with single spaces between them, the same as sacreBLEU 2.6.0's of
// that name. A new one is one function, one word in the enum and one line in the table.
#pragma once

#include <array>
#include <iterator>
#include <string>
#include <string_view>

#include "core/options.h"

namespace isthmus {

/// mteval-v13a, the standard of WMT: cuts at ASCII punctuation, but not inside numbers, and undoes &quot; &amp; &lt;
/// &gt;. Meant for languages of the West; it knows no other punctuation and no script without spaces.
std::string tokenize_13a(std::string_view line);

/// mteval-v14 --international-tokenization: as 13a with Unicode's punctuation and symbols.
std::string tokenize_intl(std::string_view line);

/// Each character is a token; white space is none. For Japanese, Thai and other scripts without spaces.
std::string tokenize_char(std::string_view line);

/// Chinese: each ideograph is a token, the rest as 13a.
std::string tokenize_zh(std::string_view line);

/// The line is tokenised already.
std::string tokenize_none(std::string_view line);

enum class MetricTokenizer { k13a, kIntl, kChar, kZh, kNone };

struct MetricTokenizerEntry {
  std::string_view name;
  std::string (*tokenize)(std::string_view line);
};

/// In the order of MetricTokenizer.
inline constexpr MetricTokenizerEntry kMetricTokenizers[] = {
    {"13a", tokenize_13a}, {"intl", tokenize_intl}, {"char", tokenize_char},
    {"zh", tokenize_zh},   {"none", tokenize_none},
};

template <>
struct EnumNames<MetricTokenizer> {
  static constexpr auto names = [] {
    std::array<std::string_view, std::size(kMetricTokenizers)> all;
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = kMetricTokenizers[i].name;
    return all;
  }();
};

inline std::string tokenize(MetricTokenizer tokenizer, std::string_view line) {
  return kMetricTokenizers[static_cast<std::size_t>(tokenizer)].tokenize(line);
}

}  // namespace isthmus
