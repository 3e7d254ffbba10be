// How good a candidate translation is, for training on whole sequences.
#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>

#include "evaluation/bleu.h"
#include "evaluation/chrf.h"

namespace isthmus {

enum class RewardType {
  kBleu,        ///< sentence BLEU with exponential smoothing and the effective order
  kChrf,        ///< sentence chrF2
  kGleu,        ///< Wu et al. 2016
  kCorpusBleu,  ///< what a translation adds to the BLEU of those before it (Chiang et al. 2008)
  kConstant     ///< 1/2 whatever the text: the control, which must not help
};
template <>
struct EnumNames<RewardType> {
  static constexpr std::string_view names[] = {"bleu", "chrf", "gleu", "corpus-bleu", "constant"};
};

/// The greedy translations before a candidate, as BLEU counts them; older batches fade. Corpus BLEU of these and a
/// candidate judges the length of all together, where sentence BLEU would have each no longer than it must be.
class BleuBackground {
 public:
  /// Adds a sentence.
  void add(const BleuStatistics& statistics);
  /// Before the sentences of a new batch are added.
  void fade();

  double sentences() const { return numbers_.back(); }
  /// Rounded to whole n-grams.
  BleuStatistics statistics() const;

  /// For a state that training goes on from: lengths, matches, totals, sentences.
  static constexpr std::size_t kNumbers = 3 + 2 * 4;
  const std::array<double, kNumbers>& numbers() const { return numbers_; }
  void set_numbers(std::span<const double> numbers) { std::copy_n(numbers.begin(), kNumbers, numbers_.begin()); }

 private:
  std::array<double, kNumbers> numbers_{};
};

/// Scores the candidates of one reference after the other; a reference is prepared once for all of its candidates. Text
/// is detokenised. Not thread-safe: one object for each thread.
class RewardScorer {
 public:
  /// `tokenize` is for BLEU and GLEU.
  explicit RewardScorer(RewardType type, MetricTokenizer tokenize = MetricTokenizer::k13a);

  /// For kCorpusBleu; without one, or with one that lacks matches of some order, it is kBleu.
  void set_background(const BleuBackground& background);
  void set_reference(std::string_view reference);

  /// In 0..1; 0 for an empty hypothesis, unless the reward is constant. That of kCorpusBleu is
  /// (m + 1)·BLEU(background and hypothesis) − m·BLEU(background), m the background's sentences: about the sentence's
  /// own BLEU, but neither bounded nor smoothed.
  double score(std::string_view hypothesis);
  /// Of the last hypothesis that was scored by BLEU.
  const BleuStatistics& statistics() const { return statistics_; }

 private:
  RewardType type_;
  BleuOptions bleu_options_;
  ChrfOptions chrf_options_;
  BleuCounter bleu_;
  ChrfCounter chrf_;
  BleuStatistics statistics_;
  BleuStatistics background_;
  double sentences_ = 0.0;        // of the background
  double background_bleu_ = 0.0;  // in 0..1
};

}  // namespace isthmus
