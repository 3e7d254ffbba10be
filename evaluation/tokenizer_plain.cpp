// The two tokenizers that know nothing of language: char and none.
#include "core/utf8.h"
#include "evaluation/metric_tokenizers.h"
#include "evaluation/text.h"

namespace isthmus {

std::string tokenize_char(std::string_view line) {
  std::string text;
  text.reserve(2 * line.size());
  for (const char32_t c : to_code_points(line)) {
    append_utf8(c, text);
    text.push_back(' ');
  }
  return single_spaced(text);
}

std::string tokenize_none(std::string_view line) { return single_spaced(line); }

}  // namespace isthmus
