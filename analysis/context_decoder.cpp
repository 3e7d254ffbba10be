#include "analysis/context_decoder.h"

#include <algorithm>

namespace isthmus {
namespace {

constexpr double kLearningRate = 2e-3;
constexpr double kDropout = 0.2;

ModelOptions decoder_options(ModelOptions options, Index vocabulary) {
  options.target_vocabulary = vocabulary;
  options.attention = AttentionType::kNone;
  options.input_feeding = false;
  options.tied_embeddings = TiedEmbeddings::kNone;
  if (options.bridge != BridgeType::kZero) options.bridge = BridgeType::kDense;
  options.dropout = kDropout;
  options.input_dropout = options.output_dropout = -1.0;
  options.recurrent_dropout = 0.0;
  return options;
}

/// Columns of a state, by number.
RnnState<float> columns_of(const RnnState<float>& state, std::span<const Index> numbers) {
  Context<float> context;
  context.state = state;
  return select(context, numbers).state;
}

}  // namespace

ContextDecoder::ContextDecoder(const ModelOptions& shape, Index vocabulary, Random random)
    : random_(random),
      options_(decoder_options(shape, vocabulary)),
      decoder_(layout_, options_, TensorId{}),
      values_(layout_),
      grads_(layout_),
      terms_(layout_),
      optimizer_(OptimizerOptions{}, layout_),
      alone_(1) {
  initialise(random.split(0), values_);
}

void ContextDecoder::learn(const RnnState<float>& contexts, std::span<const Sentence> targets) {
  std::vector<Sentence> ended(targets.begin(), targets.end());
  for (Sentence& target : ended) target.push_back(kEnd);
  const TokenGrid grid = TokenGrid::pack(ended);
  sorted_ = columns_of(contexts, grid.sentence);
  const std::vector<float> weights(static_cast<std::size_t>(grid.tokens()), 1.0f / static_cast<float>(grid.tokens()));
  terms_.clear();
  const auto update = static_cast<std::uint64_t>(optimizer_.steps());
  decoder_.run(values_, {sorted_, grid, {}, weights, 0.0, random_.split(1).split(update), {}, nullptr}, cache_,
               {token_log_probs_, &terms_, d_context_, transposed_});
  terms_.evaluate(grads_);
  optimizer_.step(kLearningRate, grads_, grads_.flat().cast<double>().squaredNorm(), values_, alone_);
}

std::vector<std::vector<bool>> ContextDecoder::recall(const RnnState<float>& contexts,
                                                      std::span<const Sentence> targets) {
  std::vector<std::vector<bool>> right(targets.size());
  std::size_t longest = 0;
  for (const Sentence& target : targets) longest = std::max(longest, target.size());
  const DecodingWeights<float> weights = decoder_.decoding_weights(values_);
  DecoderState<float> state;
  decoder_.start(values_, contexts, state);
  TokenScores<float> scores;
  std::vector<TokenId> last(targets.size(), kBegin);
  for (std::size_t t = 0; t < longest; ++t) {
    decoder_.step(weights, last, state, cache_, scores);
    for (std::size_t i = 0; i < targets.size(); ++i) {
      if (t >= targets[i].size()) continue;
      Index likeliest = 0;
      scores.logits.col(static_cast<Index>(i)).maxCoeff(&likeliest);
      right[i].push_back(likeliest == targets[i][t]);
      last[i] = targets[i][t];
    }
  }
  return right;
}

}  // namespace isthmus
