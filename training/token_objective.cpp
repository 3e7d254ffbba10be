#include "training/token_objective.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "decode/seq2seq_step_model.h"

namespace isthmus {
std::vector<Sentence> mixed_inputs(const Seq2Seq<float>& model, const DecodingWeights<float>& weights,
                                   const Batch& batch, double share, std::span<const Random> streams) {
  Seq2SeqStepModel step_model(model, weights);
  step_model.start(batch.source);
  std::vector<Sentence> inputs(batch.size(), Sentence{kBegin});
  std::vector<Random> random(streams.begin(), streams.end());
  std::vector<std::size_t> live(batch.size());  // by column: the sentence
  std::iota(live.begin(), live.end(), std::size_t{0});
  for (std::size_t t = 0; !live.empty(); ++t) {
    std::vector<TokenId> last;
    for (const std::size_t i : live) last.push_back(inputs[i].back());
    const TokenScores<float>& scores = step_model.step(last);
    std::vector<std::size_t> still;
    std::vector<Index> parents;
    for (std::size_t column = 0; column < live.size(); ++column) {
      const std::size_t i = live[column];
      TokenId next = batch.target[i][t];
      if (random[i].uniform() >= share) {
        Index likeliest = 0;
        scores.logits.col(static_cast<Index>(column)).maxCoeff(&likeliest);
        next = static_cast<TokenId>(likeliest);
      }
      inputs[i].push_back(next);
      if (t + 1 == batch.target[i].size()) continue;
      still.push_back(i);
      parents.push_back(static_cast<Index>(column));
    }
    if (still.size() < live.size()) step_model.select(parents);
    live = std::move(still);
  }
  return inputs;
}

Sentence edited(const Sentence& reference, double temperature, std::int64_t vocabulary, Random random) {
  const std::size_t length = reference.size();
  double total = 0.0;
  for (std::size_t e = 0; e <= length; ++e) total += std::exp(-static_cast<double>(e) / temperature);
  double left = random.uniform() * total;
  std::size_t edits = 0;
  while (edits < length && (left -= std::exp(-static_cast<double>(edits) / temperature)) >= 0) ++edits;
  std::vector<std::size_t> places(length);
  std::iota(places.begin(), places.end(), std::size_t{0});
  random.shuffle(places);
  Sentence sentence = reference;
  const auto words = static_cast<std::uint64_t>(std::max<std::int64_t>(1, vocabulary - kSpecialTokens));
  for (std::size_t e = 0; e < edits; ++e) {
    sentence[places[e]] = static_cast<TokenId>(kSpecialTokens + static_cast<std::int64_t>(random.below(words)));
  }
  return sentence;
}

std::vector<WeightedBatch> TokenObjective::weigh(const Arena<float>& values, const Batch& batch, std::int64_t update,
                                                 Random random) {
  std::vector<WeightedBatch> learned;
  if (options_.objective == ObjectiveType::kRaml) {
    Batch changed = batch;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      changed.target[i] = edited(batch.target[i], options_.sequence.raml_temperature,
                                 model_.options().target_vocabulary, random.split(i));
    }
    learned.push_back(teacher_forced(changed, options_.label_smoothing));
    return learned;
  }
  learned.push_back(teacher_forced(batch, options_.label_smoothing));
  const double share = reference_share(options_.sequence, update);
  if (share >= 1.0) return learned;
  const DecodingWeights<float> weights = model_.decoding_weights(values);
  const std::size_t parts = std::min(threads_.size(), batch.size());
  threads_.run(parts, [&](std::size_t number, std::size_t) {
    const std::size_t begin = batch.size() * number / parts, end = batch.size() * (number + 1) / parts;
    Batch part;
    std::vector<Random> streams;
    for (std::size_t i = begin; i < end; ++i) {
      part.source.push_back(batch.source[i]);
      part.target.push_back(batch.target[i]);
      streams.push_back(random.split(i));
    }
    std::vector<Sentence> inputs = mixed_inputs(model_, weights, part, share, streams);
    for (std::size_t i = begin; i < end; ++i) learned[0].targets[i].inputs = std::move(inputs[i - begin]);
  });
  return learned;
}

}  // namespace isthmus
