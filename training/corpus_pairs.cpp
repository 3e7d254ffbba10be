#include "training/corpus_pairs.h"

#include <algorithm>

namespace isthmus {
namespace {

/// Sampled cuts of lines; `encoded` are those of old.
TokenStore cut_anew(const Tokenizer& tokenizer, const std::vector<std::string>& lines, const TokenStore& encoded,
                    std::size_t most, double alpha, Random random) {
  TokenStore store;
  const std::vector<Sentence> sampled = tokenizer.encode_sampled(lines, alpha, random.bits());
  for (std::size_t i = 0; i < sampled.size(); ++i) {
    const std::span<const TokenId> cut = sampled[i].empty() ? encoded[i] : std::span<const TokenId>(sampled[i]);
    store.add(cut.first(std::min(cut.size(), most)));
  }
  return store;
}

}  // namespace

EncodingLimits encoding_limits(const TrainingOptions& options) {
  const auto length = static_cast<std::size_t>(options.max_length);
  return {.max_source_tokens = length,
          .max_target_tokens = length,
          .too_long = options.long_pairs == LongPairs::kSkip ? TooLong::kSkip : TooLong::kCrop};
}

PairSource pairs_of(const EncodedCorpus& corpus) {
  return {corpus.pairs(), corpus.source_tokens(), corpus.target_tokens(),
          [&corpus](std::span<const std::uint64_t> numbers, Random) { return corpus.read(numbers); }};
}

PairSource sampled_pairs_of(const EncodedCorpus& corpus, const TokenizerPair& tokenizers, double alpha) {
  PairSource source = pairs_of(corpus);
  source.read = [&corpus, tokenizers, alpha](std::span<const std::uint64_t> numbers, Random random) {
    const TokenPairs encoded = corpus.read(numbers);
    const PairLines lines = corpus.read_lines(numbers);
    const EncodingLimits& limits = corpus.recipe().limits;
    TokenPairs pairs;
    pairs.source =
        cut_anew(tokenizers.source, lines.source, encoded.source, limits.max_source_tokens, alpha, random.split(0));
    pairs.target =
        cut_anew(tokenizers.target, lines.target, encoded.target, limits.max_target_tokens, alpha, random.split(1));
    return pairs;
  };
  return source;
}

}  // namespace isthmus
