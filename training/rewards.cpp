#include "training/rewards.h"

#include <algorithm>
#include <span>

#include "evaluation/gleu.h"

namespace isthmus {

RewardScorer::RewardScorer(RewardType type, MetricTokenizer tokenize)
    : type_(type),
      bleu_options_(sentence_options({.tokenize = tokenize})),
      bleu_(bleu_options_),
      chrf_(chrf_options_) {}

void RewardScorer::set_reference(std::string_view reference) {
  const std::string text(reference);
  const std::span<const std::string> references(&text, 1);
  if (type_ == RewardType::kBleu || type_ == RewardType::kGleu) bleu_.set_references(references);
  if (type_ == RewardType::kChrf) chrf_.set_references(references);
}

double RewardScorer::score(std::string_view hypothesis) {
  double score = 0.5;
  switch (type_) {
    case RewardType::kBleu:
      score = bleu_score(bleu_.count(hypothesis), bleu_options_).score / 100.0;
      break;
    case RewardType::kChrf:
      score = chrf_score(chrf_.count(hypothesis), chrf_options_) / 100.0;
      break;
    case RewardType::kGleu:
      score = gleu_score(bleu_.count(hypothesis));
      break;
    case RewardType::kConstant:
      break;
  }
  return std::min(score, 1.0);  // BLEU's exponential may round above 100
}

}  // namespace isthmus
