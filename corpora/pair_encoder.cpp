#include "corpora/pair_encoder.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "core/error.h"
#include "core/interrupt.h"
#include "core/threads.h"

namespace isthmus {
namespace {

/// Of a block: whichever comes first.
constexpr std::size_t kBlockPairs = 8192;
constexpr std::size_t kBlockBytes = std::size_t{8} << 20;
/// Pairs of one piece of work.
constexpr std::size_t kWork = 64;

}  // namespace

PairEncoder::PairEncoder(const TokenizerPair& tokenizers, const EncodingLimits& limits, ThreadPool& threads, Take take)
    : tokenizers_(tokenizers), limits_(limits), threads_(threads), take_(std::move(take)) {}

void PairEncoder::add(std::string_view source, std::string_view target) {
  block_.push_back({std::string(source), std::string(target), {}, {}});
  block_bytes_ += source.size() + target.size();
  if (block_.size() >= kBlockPairs || block_bytes_ >= kBlockBytes) encode_block();
}

void PairEncoder::encode_block() {
  if (interrupted()) throw Interrupted();
  threads_.run((block_.size() + kWork - 1) / kWork, [&](std::size_t piece, std::size_t) {
    for (std::size_t i = piece * kWork; i < std::min(block_.size(), (piece + 1) * kWork); ++i) {
      // One piece more than the limit tells that a side is too long, however much there is of it.
      block_[i].source = tokenizers_.source.encode(block_[i].source_line, limits_.max_source_tokens + 1);
      block_[i].target = tokenizers_.target.encode(block_[i].target_line, limits_.max_target_tokens + 1);
    }
  });
  for (Pair& pair : block_) hand_on(pair);
  block_.clear();
  block_bytes_ = 0;
}

void PairEncoder::hand_on(Pair& pair) {
  ++counts_.lines;
  if (pair.source.empty() || pair.target.empty()) return void(++counts_.skipped_empty);
  if (pair.source.size() > limits_.max_source_tokens || pair.target.size() > limits_.max_target_tokens) {
    if (limits_.too_long == TooLong::kSkip) return void(++counts_.skipped_long);
    ++counts_.cropped;
    pair.source.resize(std::min(pair.source.size(), limits_.max_source_tokens));
    pair.target.resize(std::min(pair.target.size(), limits_.max_target_tokens));
  }
  take_({pair.source_line, pair.target_line, pair.source, pair.target});
}

TokenPairs encode_pairs(const ParallelText& text, const TokenizerPair& tokenizers, const EncodingLimits& limits,
                        ThreadPool& threads) {
  assert(text.source.size() == text.target.size());
  TokenPairs pairs;
  PairEncoder encoder(tokenizers, limits, threads,
                      [&](const EncodedPair& pair) { pairs.add(pair.source, pair.target); });
  for (std::size_t i = 0; i < text.size(); ++i) encoder.add(text.source[i], text.target[i]);
  encoder.finish();
  return pairs;
}

}  // namespace isthmus
