#include "analysis/interventions.h"

#include <algorithm>
#include <numeric>

#include "analysis/context_edits.h"
#include "analysis/estimates.h"
#include "analysis/laboratory.h"
#include "analysis/streams.h"
#include "analysis/study_options.h"
#include "core/error.h"

namespace isthmus {
namespace {

constexpr std::size_t kLeastLines = 4;
/// Nats a piece that are rounding.
constexpr double kNoLoss = 1e-5;
/// Edits that are translated in one go, so that all threads are busy to the end.
constexpr std::size_t kTogether = 4;

/// Numbers of `most` of `count` lines, chosen at random, ascending; all if there are no more.
std::vector<std::size_t> sampled_lines(std::size_t count, std::size_t most, Random random) {
  std::vector<std::size_t> lines(count);
  std::iota(lines.begin(), lines.end(), std::size_t{0});
  if (count <= most) return lines;
  random.shuffle(lines);
  lines.resize(most);
  std::sort(lines.begin(), lines.end());
  return lines;
}

template <class Harmless>
std::optional<std::size_t> first_harmless(std::span<const Effect> effects, const Harmless& harmless) {
  std::optional<std::size_t> first;
  for (std::size_t i = effects.size(); i-- > 0 && harmless(effects[i]);) first = i;
  return first;
}

}  // namespace

void describe(OptionVisitor& visit, InterventionOptions& options) {
  visit.group("Studies noise, quantise and project");
  visit("intervention-sentences", options.sentences,
        "lines, chosen at random, that are translated from edited contexts", at_least(4));
  visit("intervention-beam", options.beam, "hypotheses kept for these translations; 1 is greedy search",
        between(1, 1000));
}

Interventions::Interventions(Laboratory& laboratory, const StudyOptions& options, const std::string& task,
                             std::size_t edits)
    : laboratory_(laboratory), options_(options) {
  if (laboratory.size() < kLeastLines) {
    throw InputError("edits of contexts are studied on at least 4 lines of text; this text has fewer");
  }
  laboratory.begin(task, static_cast<std::int64_t>(edits) + 1);
  lines_ = sampled_lines(laboratory.size(), static_cast<std::size_t>(options.intervention.sentences),
                         stream(options.seed, Stream::kSample));
  std::vector<Index> columns;
  std::vector<std::string> references;
  const std::vector<std::size_t> lengths = laboratory.source_lengths();
  for (const std::size_t line : lines_) {
    columns.push_back(static_cast<Index>(line));
    source_lengths_.push_back(lengths[line]);
    references_.push_back(laboratory.references()[line]);
    references.push_back(laboratory.reference_lines()[line]);
    pieces_.push_back(static_cast<double>(references_.back().size() + 1));
  }
  reference_lines_ = single_references(references);
  contexts_ = select(laboratory.contexts(), std::span<const Index>(columns));
  vectors_ = vectors_of(contexts_);
  own_ = measure(std::vector{vectors_}).front();
  laboratory.advance();
}

std::vector<Outcome> Interventions::measure(std::span<const Matrix<float>> edits) {
  Matrix<float> all(vectors_.rows(), vectors_.cols() * static_cast<Index>(edits.size()));
  std::vector<Index> columns;
  std::vector<std::size_t> lengths;
  std::vector<Sentence> references;
  for (std::size_t e = 0; e < edits.size(); ++e) {
    all.middleCols(static_cast<Index>(e) * vectors_.cols(), vectors_.cols()) = edits[e];
    for (Index i = 0; i < vectors_.cols(); ++i) columns.push_back(i);
    lengths.insert(lengths.end(), source_lengths_.begin(), source_lengths_.end());
    references.insert(references.end(), references_.begin(), references_.end());
  }
  const Context<float> contexts = with_vectors(select(contexts_, std::span<const Index>(columns)), all);
  const std::vector<TokenLosses> losses = laboratory_.losses(contexts, references);
  SearchOptions search;
  search.beam = options_.intervention.beam;
  const std::vector<Hypothesis> found = laboratory_.translate(contexts, lengths, search);
  std::vector<Outcome> outcomes;
  for (std::size_t e = 0; e < edits.size(); ++e) {
    std::vector<std::string> texts;
    Outcome& outcome = outcomes.emplace_back();
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const std::size_t at = e * lines_.size() + i;
      texts.push_back(laboratory_.text_of(found[at]));
      outcome.losses.push_back(std::accumulate(losses[at].begin(), losses[at].end(), 0.0));
    }
    outcome.bleu = bleu_statistics(texts, reference_lines_, options_.length.bleu);
  }
  return outcomes;
}

std::vector<Outcome> Interventions::outcomes(std::span<const Matrix<float>> edits) {
  std::vector<Outcome> outcomes;
  for (std::size_t begin = 0; begin < edits.size(); begin += kTogether) {
    const std::size_t count = std::min(kTogether, edits.size() - begin);
    for (Outcome& outcome : measure(edits.subspan(begin, count))) outcomes.push_back(std::move(outcome));
    laboratory_.advance(static_cast<std::int64_t>(count));
  }
  return outcomes;
}

double Interventions::bleu(const Outcome& outcome, std::span<const std::size_t> sample) const {
  BleuStatistics sum;
  for (const std::size_t i : sample) sum += outcome.bleu[i];
  return bleu_score(sum, options_.length.bleu).score;
}

Effect Interventions::effect(const Outcome& outcome) const {
  using Sample = std::span<const std::size_t>;
  Effect effect;
  effect.bleu =
      bootstrap(lines_.size(), options_.resamples, options_.seed, [&](Sample sample) { return bleu(outcome, sample); });
  effect.bleu_change = bootstrap(lines_.size(), options_.resamples, options_.seed,
                                 [&](Sample sample) { return bleu(outcome, sample) - bleu(own_, sample); });
  std::vector<double> changes;
  for (std::size_t i = 0; i < lines_.size(); ++i) changes.push_back(outcome.losses[i] - own_.losses[i]);
  effect.loss_change = ratio_of_sums(changes, pieces_, options_.resamples, options_.seed);
  return effect;
}

std::optional<std::size_t> first_without_loss_of_bleu(std::span<const Effect> effects) {
  return first_harmless(effects, [](const Effect& effect) { return effect.bleu_change.high >= 0; });
}

std::optional<std::size_t> first_without_loss_of_likelihood(std::span<const Effect> effects) {
  return first_harmless(effects, [](const Effect& effect) { return effect.loss_change.low <= kNoLoss; });
}

void append_effect_columns(std::vector<std::string>& columns) {
  for (const char* name : {"bleu", "bleu_low", "bleu_high", "bleu_change", "bleu_change_low", "bleu_change_high",
                           "loss_change", "loss_change_low", "loss_change_high"}) {
    columns.emplace_back(name);
  }
}

void append_effect(std::vector<MeasuredValue>& row, const Effect& effect) {
  for (const Estimate& of : {effect.bleu, effect.bleu_change, effect.loss_change}) {
    row.insert(row.end(), {of.value, of.low, of.high});
  }
}

}  // namespace isthmus
