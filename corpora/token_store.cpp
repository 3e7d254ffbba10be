#include "corpora/token_store.h"

#include <algorithm>
#include <string>

#include "core/error.h"
#include "core/interrupt.h"
#include "core/threads.h"

namespace isthmus {
namespace {

/// Lines encoded at once, so that only these are in memory as vectors of their own.
constexpr std::size_t kBlock = 8192;
/// Lines of one piece of work.
constexpr std::size_t kWork = 128;

/// Calls consume(first line of the block, its sentences) for block after block.
template <class Consume>
void encode_blocks(std::size_t lines, const std::function<Sentence(std::size_t line)>& encode, ThreadPool& threads,
                   Consume consume) {
  std::vector<Sentence> block(std::min(kBlock, lines));
  for (std::size_t first = 0; first < lines; first += kBlock) {
    if (interrupted()) throw Interrupted();
    const std::size_t count = std::min(kBlock, lines - first);
    threads.run((count + kWork - 1) / kWork, [&](std::size_t piece, std::size_t) {
      for (std::size_t i = piece * kWork; i < std::min(count, (piece + 1) * kWork); ++i) block[i] = encode(first + i);
    });
    consume(first, std::span<const Sentence>(block).first(count));
  }
}

}  // namespace

TokenStore encode_lines(std::span<const std::string> lines, const LineEncoder& encode, ThreadPool& threads) {
  TokenStore store;
  encode_blocks(
      lines.size(), [&](std::size_t i) { return encode(lines[i]); }, threads,
      [&](std::size_t, std::span<const Sentence> sentences) {
        for (const Sentence& sentence : sentences) store.add(sentence);
      });
  return store;
}

TokenPairs encode_pairs(const ParallelText& text, const LineEncoder& encode_source, const LineEncoder& encode_target,
                        const EncodingLimits& limits, ThreadPool& threads) {
  assert(text.source.size() == text.target.size());
  TokenPairs pairs;
  pairs.counts.lines = text.size();
  const auto add = [&](std::span<const TokenId> source, std::span<const TokenId> target, std::size_t line) {
    if (source.empty() || target.empty()) return void(++pairs.counts.skipped_empty);
    if (source.size() > limits.max_source_tokens || target.size() > limits.max_target_tokens) {
      if (limits.too_long == TooLong::kSkip) return void(++pairs.counts.skipped_long);
      ++pairs.counts.cropped;
      source = source.first(std::min(source.size(), limits.max_source_tokens));
      target = target.first(std::min(target.size(), limits.max_target_tokens));
    }
    pairs.source.add(source);
    pairs.target.add(target);
    pairs.line.push_back(static_cast<std::uint32_t>(line + 1));
  };
  // Source and target of a pair are neighbours: sentence 2i and 2i + 1.
  encode_blocks(
      2 * text.size(),
      [&](std::size_t i) { return i % 2 == 0 ? encode_source(text.source[i / 2]) : encode_target(text.target[i / 2]); },
      threads,
      [&](std::size_t first, std::span<const Sentence> sentences) {
        for (std::size_t i = 0; i < sentences.size(); i += 2) add(sentences[i], sentences[i + 1], (first + i) / 2);
      });
  return pairs;
}

}  // namespace isthmus
