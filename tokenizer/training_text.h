// The lines that a vocabulary is learned from.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/random.h"

namespace isthmus {

/// Collects lines for Tokenizer::train: an even sample of at most `limit` of them in their order (Vitter 1985,
/// algorithm R), always the same for the same lines. limit 0 keeps all. Memory is that of the lines kept, of each no
/// more than kMaxKeptBytes, so that one monstrous line is not most of the sample.
class TrainingText {
 public:
  static constexpr std::size_t kMaxKeptBytes = std::size_t{1} << 16;

  explicit TrainingText(std::int64_t limit);

  void add(std::string_view line);

  /// The sample; the object is empty afterwards.
  std::vector<std::string> take();

 private:
  struct Line {
    std::int64_t number;
    std::string text;
  };

  std::int64_t limit_;
  std::int64_t seen_ = 0;
  Random random_{20180810};
  std::vector<Line> lines_;
};

/// Where to cut a text longer than `most` ≥ 1 bytes: at the last space before that, or else between two characters.
std::size_t cut_position(std::string_view text, std::size_t most);

/// The line as SentencePiece's trainer can use it, appended to `lines`: what it would silently drop the line for (a
/// length over 4192 bytes, U+2585) or stumble over (NUL, tab, ill-formed UTF-8) becomes a space or a cut between words.
/// Nothing is appended for a blank line.
void append_trainable(std::string_view line, std::vector<std::string>& lines);

}  // namespace isthmus
