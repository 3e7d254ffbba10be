// How good a candidate translation is, for training on whole sequences.
#pragma once

#include <string>
#include <string_view>

#include "evaluation/bleu.h"
#include "evaluation/chrf.h"

namespace isthmus {

enum class RewardType {
  kBleu,     ///< sentence BLEU with exponential smoothing and the effective order
  kChrf,     ///< sentence chrF2
  kGleu,     ///< Wu et al. 2016
  kConstant  ///< 1/2 whatever the text: the control, which must not help
};
template <>
struct EnumNames<RewardType> {
  static constexpr std::string_view names[] = {"bleu", "chrf", "gleu", "constant"};
};

/// Scores the candidates of one reference after the other; a reference is prepared once for all of its candidates. Text
/// is detokenised. Not thread-safe: one object for each thread.
class RewardScorer {
 public:
  /// `tokenize` is for BLEU and GLEU.
  explicit RewardScorer(RewardType type, MetricTokenizer tokenize = MetricTokenizer::k13a);

  void set_reference(std::string_view reference);

  /// In 0..1; 0 for an empty hypothesis, unless the reward is constant.
  double score(std::string_view hypothesis);

 private:
  RewardType type_;
  BleuOptions bleu_options_;
  ChrfOptions chrf_options_;
  BleuCounter bleu_;
  ChrfCounter chrf_;
};

}  // namespace isthmus
