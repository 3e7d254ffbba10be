#include "training/rewards.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "evaluation/gleu.h"

namespace isthmus {
namespace {

/// Of the background, when a batch has gone by (Chiang et al. 2008).
constexpr double kFading = 0.9;
constexpr std::size_t kOrders = 4;

double corpus_bleu_of(const BleuStatistics& statistics) { return bleu_score(statistics, {}).score / 100.0; }

}  // namespace

void BleuBackground::add(const BleuStatistics& statistics) {
  numbers_[0] += static_cast<double>(statistics.hypothesis_length);
  numbers_[1] += static_cast<double>(statistics.reference_length);
  for (std::size_t n = 0; n < kOrders; ++n) {
    numbers_[2 + n] += static_cast<double>(statistics.matches[n]);
    numbers_[2 + kOrders + n] += static_cast<double>(statistics.totals[n]);
  }
  numbers_.back() += 1;
}

void BleuBackground::fade() {
  for (double& number : numbers_) number *= kFading;
}

BleuStatistics BleuBackground::statistics() const {
  BleuStatistics statistics;
  statistics.hypothesis_length = std::llround(numbers_[0]);
  statistics.reference_length = std::llround(numbers_[1]);
  for (std::size_t n = 0; n < kOrders; ++n) {
    statistics.matches[n] = std::llround(numbers_[2 + n]);
    statistics.totals[n] = std::llround(numbers_[2 + kOrders + n]);
  }
  return statistics;
}

RewardScorer::RewardScorer(RewardType type, MetricTokenizer tokenize)
    : type_(type),
      bleu_options_(sentence_options({.tokenize = tokenize})),
      bleu_(bleu_options_),
      chrf_(chrf_options_) {}

void RewardScorer::set_background(const BleuBackground& background) {
  background_ = background.statistics();
  const auto end = background_.matches.begin() + kOrders;
  const bool tells = std::find(background_.matches.begin(), end, 0) == end;
  sentences_ = tells ? background.sentences() : 0;
  background_bleu_ = corpus_bleu_of(background_);
}

void RewardScorer::set_reference(std::string_view reference) {
  const std::string text(reference);
  const std::span<const std::string> references(&text, 1);
  if (type_ == RewardType::kBleu || type_ == RewardType::kGleu || type_ == RewardType::kCorpusBleu)
    bleu_.set_references(references);
  if (type_ == RewardType::kChrf) chrf_.set_references(references);
}

double RewardScorer::score(std::string_view hypothesis) {
  double score = 0.5;
  switch (type_) {
    case RewardType::kBleu:
      statistics_ = bleu_.count(hypothesis);
      score = bleu_score(statistics_, bleu_options_).score / 100.0;
      break;
    case RewardType::kCorpusBleu:
      statistics_ = bleu_.count(hypothesis);
      if (sentences_ > 0) {
        return (sentences_ + 1) * corpus_bleu_of(background_ + statistics_) - sentences_ * background_bleu_;
      }
      score = bleu_score(statistics_, bleu_options_).score / 100.0;
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
