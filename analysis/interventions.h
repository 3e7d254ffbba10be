// What a decoder loses when its context vectors are changed: shared by the studies noise, quantise and project.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/options.h"
#include "evaluation/bleu.h"
#include "ledger/rows.h"
#include "model/seq2seq.h"

namespace isthmus {

class Laboratory;
struct StudyOptions;

struct InterventionOptions {
  std::int64_t sentences = 300;  ///< a random sample of so many lines is translated; all if there are no more
  std::int64_t beam = 1;         ///< of the translations
};

void describe(OptionVisitor& visit, InterventionOptions& options);

/// What follows from edits of a model with less than kLeastBleu.
inline constexpr std::string_view kNothingToLose =
    "This model does not translate yet: there is nothing to lose, and nothing follows.";

/// What came of the contexts of the sampled sentences, sentence by sentence.
struct Outcome {
  std::vector<BleuStatistics> bleu;  ///< of the translations
  std::vector<double> losses;        ///< nats of the references
};

/// The price of an edit. Changes are against the own contexts, paired by sentence; intervals are of bootstrap
/// resamples of sentences.
struct Effect {
  Estimate bleu;
  Estimate bleu_change;
  Estimate loss_change;  ///< nats per piece of the references
};

/// Translates and scores a sample of the laboratory's sentences from edited contexts. With attention only the state is
/// edited; the annotations stay.
class Interventions {
 public:
  /// Chooses the sentences by the seed and measures their own contexts, the first of the steps of the study, which
  /// will try so many edits. Throws InputError for a text of fewer than four lines.
  Interventions(Laboratory& laboratory, const StudyOptions& options, const std::string& task, std::size_t edits);

  /// Numbers of the sampled lines, ascending, from 0.
  const std::vector<std::size_t>& lines() const { return lines_; }
  /// Their context vectors, a column each.
  const Matrix<float>& vectors() const { return vectors_; }
  /// What comes of them without an edit.
  const Outcome& own() const { return own_; }
  /// What comes of each of some edits of vectors().
  std::vector<Outcome> outcomes(std::span<const Matrix<float>> edits);

  Effect effect(const Outcome& outcome) const;
  /// BLEU of some of the sentences, by their numbers in the sample.
  double bleu(const Outcome& outcome, std::span<const std::size_t> sample) const;

 private:
  std::vector<Outcome> measure(std::span<const Matrix<float>> edits);

  Laboratory& laboratory_;
  const StudyOptions& options_;
  std::vector<std::size_t> lines_;
  Matrix<float> vectors_;
  Context<float> contexts_;
  std::vector<std::size_t> source_lengths_;
  std::vector<Sentence> references_;
  std::vector<References> reference_lines_;
  std::vector<double> pieces_;  // of the references, with their ends
  Outcome own_;
};

/// Of effects ordered from the strongest edit to the weakest: the first from which on no loss can be told, that is,
/// of it and all that follow the interval of the change reaches 0. None: even the weakest edit does harm.
std::optional<std::size_t> first_without_loss_of_bleu(std::span<const Effect> effects);
std::optional<std::size_t> first_without_loss_of_likelihood(std::span<const Effect> effects);

/// The columns of an effect in the ledger's tables, and its values: bleu, bleu_low, bleu_high, bleu_change,
/// bleu_change_low, bleu_change_high, loss_change, loss_change_low, loss_change_high.
void append_effect_columns(std::vector<std::string>& columns);
void append_effect(std::vector<MeasuredValue>& row, const Effect& effect);

}  // namespace isthmus
