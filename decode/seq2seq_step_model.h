// An encoder–decoder as search sees it.
#pragma once

#include <vector>

#include "decode/step_model.h"
#include "model/seq2seq.h"

namespace isthmus {

/// The state of one search over a Seq2Seq. Model and weights are shared and must outlive it.
class Seq2SeqStepModel : public StepModel {
 public:
  Seq2SeqStepModel(const Seq2Seq<float>& model, const DecodingWeights<float>& weights)
      : model_(model), weights_(weights) {}

  Index vocabulary_size() const override { return model_.options().target_vocabulary; }
  void start(std::span<const Sentence> sources) override {
    start(model_.encode(weights_.values, model_.pack_source(sources), scratch_));
  }
  /// Begins from contexts that were made or changed elsewhere.
  void start(const Context<float>& context) { state_ = model_.start(weights_.values, context); }
  void add(std::span<const Sentence> sources) override {
    state_.append(model_.start(weights_.values, model_.encode(weights_.values, model_.pack_source(sources), scratch_)));
  }
  const TokenScores<float>& step(std::span<const TokenId> last) override {
    model_.step(weights_, last, state_, scratch_, scores_);
    return scores_;
  }
  Vector<float> attention(Index column) override { return model_.attention(weights_, scratch_, column); }
  void select(std::span<const Index> parents) override {
    state_.select(std::vector<Index>(parents.begin(), parents.end()));
  }

 private:
  const Seq2Seq<float>& model_;
  const DecodingWeights<float>& weights_;
  Scratch<float> scratch_;
  DecoderState<float> state_;
  TokenScores<float> scores_;
};

}  // namespace isthmus
