#include "decode/forced_decoding.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace isthmus {

double ForcedScore::perplexity() const { return std::exp(-log_prob / static_cast<double>(tokens)); }

std::vector<ForcedScore> score_pairs(const LoadedModel& model, std::span<const Sentence> sources,
                                     std::span<const Sentence> targets, std::size_t batch, ThreadPool& threads) {
  const Seq2Seq<float>& network = *model.file.model;
  std::vector<std::size_t> order(sources.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return targets[a].size() < targets[b].size(); });
  std::vector<ForcedScore> scores(sources.size());
  std::vector<Scratch<float>> scratch(threads.size());
  threads.run((order.size() + batch - 1) / batch, [&](std::size_t piece, std::size_t worker) {
    const std::size_t begin = piece * batch;
    const std::size_t size = std::min(batch, order.size() - begin);
    std::vector<Sentence> source;
    std::vector<Sentence> target;
    for (std::size_t i = begin; i < begin + size; ++i) {
      source.push_back(sources[order[i]]);
      target.push_back(targets[order[i]]);
    }
    const TokenGrid grid = network.pack_target(target);
    const std::vector<float> weights(static_cast<std::size_t>(grid.tokens()), 1.0f);
    network.run(*model.file.values, network.pack_source(source), grid, weights, {}, scratch[worker], nullptr);
    for (Index b = 0; b < grid.packing.sentences(); ++b) {
      ForcedScore& score = scores[order[begin + static_cast<std::size_t>(grid.sentence[static_cast<std::size_t>(b)])]];
      score.tokens = grid.packing.length(b);
      for (Index t = 0; t < score.tokens; ++t) {
        score.log_prob +=
            static_cast<double>(scratch[worker].token_log_probs(grid.packing.offset[static_cast<std::size_t>(t)] + b));
      }
    }
  });
  return scores;
}

}  // namespace isthmus
