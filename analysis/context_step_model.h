// A decoder that begins from contexts which were made elsewhere, as search sees it.
#pragma once

#include <vector>

#include "decode/step_model.h"
#include "model/seq2seq.h"

namespace isthmus {

/// Here a "source" is the number of its context as a token, followed by anything: search bounds a translation by the
/// length of its source. Model, weights and contexts are shared and must outlive it.
class ContextStepModel : public StepModel {
 public:
  ContextStepModel(const Seq2Seq<float>& model, const DecodingWeights<float>& weights, const Context<float>& contexts)
      : model_(model), weights_(weights), contexts_(contexts) {}

  Index vocabulary_size() const override { return model_.options().target_vocabulary; }
  void start(std::span<const Sentence> sources) override { state_ = begin(sources); }
  void add(std::span<const Sentence> sources) override { state_.append(begin(sources)); }
  const TokenScores<float>& step(std::span<const TokenId> last) override {
    model_.step(weights_, last, state_, scratch_, scores_);
    return scores_;
  }
  void select(std::span<const Index> parents) override {
    state_.select(std::vector<Index>(parents.begin(), parents.end()));
  }
  Vector<float> attention(Index column) override { return model_.attention(weights_, scratch_, column); }

 private:
  DecoderState<float> begin(std::span<const Sentence> sources) const {
    std::vector<Index> numbers;
    for (const Sentence& source : sources) numbers.push_back(source.front());
    return model_.start(weights_.values, isthmus::select(contexts_, std::span<const Index>(numbers)));
  }

  const Seq2Seq<float>& model_;
  const DecodingWeights<float>& weights_;
  const Context<float>& contexts_;
  Scratch<float> scratch_;
  DecoderState<float> state_;
  TokenScores<float> scores_;
};

}  // namespace isthmus
