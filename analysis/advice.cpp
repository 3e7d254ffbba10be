#include "analysis/advice.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "analysis/estimates.h"
#include "analysis/training_study.h"
#include "core/error.h"

namespace isthmus {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

/// What length_limit computes of one sample.
struct Sample {
  double best = 0;
  double threshold = 0;
  double length = 0;
};

/// `bins`: sums, `counts`: whether a bin has enough sentences to be believed.
Sample limit_of(const std::vector<BleuStatistics>& bins, const std::vector<bool>& counts, double bleu,
                const LengthOptions& length) {
  std::vector<double> scores;
  std::size_t best = bins.size(), first = bins.size();
  for (std::size_t i = 0; i < bins.size(); ++i) {
    scores.push_back(counts[i] ? bleu_score(bins[i], length.bleu).score : std::nan(""));
    if (!counts[i]) continue;
    first = std::min(first, i);
    if (best == bins.size() || scores[i] > scores[best]) best = i;
  }
  if (best == bins.size() || !(scores[best] > 0)) return {std::nan(""), std::nan(""), std::nan("")};
  const auto begin_of = [&](std::size_t bin) {
    return static_cast<double>(static_cast<std::int64_t>(bin) * length.bin_width + 1);
  };
  Sample sample{scores[best], bleu > 0 ? bleu : scores[best] / 2, kNever};
  if (scores[best] < sample.threshold) {
    sample.length = begin_of(first);
    return sample;
  }
  for (std::size_t i = bins.size(); i-- > best + 1;) {
    if (counts[i] && scores[i] < sample.threshold) sample.length = begin_of(i);
  }
  return sample;
}

std::string end_in_words(double end) { return std::isfinite(end) ? fmt::format("{:.0f}", end) : "beyond the text"; }

/// "under BLEU 13.5 from 21 words on [16, beyond the text]".
std::string limit_in_words(const LengthLimit& limit, std::string_view unit) {
  const std::string interval =
      std::isnan(limit.length.low) || std::isinf(limit.length.low)
          ? ""
          : fmt::format(" [{}, {}]", end_in_words(limit.length.low), end_in_words(limit.length.high));
  if (std::isnan(limit.length.value)) return "no BLEU above 0 at any length";
  if (!limit.reached()) return fmt::format("never BLEU {:.1f}, at best {:.1f}", limit.threshold, limit.best);
  if (std::isinf(limit.length.value)) {
    return fmt::format("BLEU {:.1f} or more at every length of which the text has enough, up to {} {}{}",
                       limit.threshold, limit.longest, unit, interval);
  }
  return fmt::format("under BLEU {:.1f} from {:.0f} {} on{}", limit.threshold, limit.length.value, unit, interval);
}

Suggestion larger_size(const Evidence& evidence, const std::vector<ModelAdvice>& all, const ModelAdvice& subject,
                       std::string_view unit) {
  std::string rests_on = fmt::format("study {} (capacity)", evidence.sweep);
  for (const ModelAdvice& other : all) {
    if (other.cell != subject.cell || other.hidden <= subject.hidden) continue;
    const bool farther = other.limit.length.value > subject.limit.length.value;
    if (!other.limit.reached() || (subject.limit.reached() && !farther)) continue;
    const bool told = other.limit.length.low > subject.limit.length.high;
    return {"larger size",
            fmt::format("{} units reach farther: {}{}", other.hidden, limit_in_words(other.limit, unit),
                        told ? "" : "; the intervals overlap, so that may be chance"),
            fmt::format("{}, decodes {} and {}", rests_on, subject.decode, other.decode)};
  }
  return {"larger size",
          fmt::format("no larger {} of the sweep reaches farther than {} units at its budget", subject.cell,
                      subject.hidden),
          rests_on};
}

/// Of the remedies that are told from chance and help, by more than another seed, the largest gain on long sentences
/// first.
std::vector<Suggestion> remedies(const Evidence& evidence, const ModelAdvice& subject) {
  const auto helps = [](std::optional<double> gain, std::optional<double> p, std::optional<double> chance) {
    return gain && p && *gain > chance.value_or(0) && *p < 0.05;
  };
  std::vector<MeasuredRemedy> all = evidence.remedies;
  std::stable_sort(all.begin(), all.end(), [](const MeasuredRemedy& a, const MeasuredRemedy& b) {
    return a.long_gain.value_or(-kNever) > b.long_gain.value_or(-kNever);
  });
  std::vector<Suggestion> suggestions;
  for (const MeasuredRemedy& one : all) {
    if (!one.instead_of.empty() && one.instead_of != subject.cell) continue;
    const bool longs = helps(one.long_gain, one.long_gain_p, one.long_chance);
    if (!longs && !helps(one.gain, one.gain_p, one.chance)) continue;
    suggestions.push_back(
        {one.name,
         longs ? fmt::format("gained {:.1f} BLEU on sources of more than {} words (p = {:.3f}) and {:+.1f} on all",
                             *one.long_gain, one.long_words, *one.long_gain_p, one.gain.value_or(std::nan("")))
               : fmt::format("gained {:.1f} BLEU on all sources (p = {:.3f}); on those of more than {} words no gain "
                             "can be told",
                             *one.gain, *one.gain_p, one.long_words),
         one.rests_on});
  }
  return suggestions;
}

Suggestion splitting(const Evidence& evidence, const ModelAdvice& subject, std::string_view unit) {
  return {"splitting",
          fmt::format("parts of fewer than {:.0f} {} stay where the model has BLEU {:.1f} or more; what is lost where "
                      "a sentence is cut was not measured",
                      subject.limit.length.value, unit, subject.limit.threshold),
          fmt::format("study {} (capacity), decode {}", evidence.sweep, subject.decode)};
}

std::optional<double> number(const MeasuredValue& value) {
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  return std::nullopt;
}

std::int64_t whole(const MeasuredValue& value) { return std::get<std::int64_t>(value); }
const std::string& text(const MeasuredValue& value) { return std::get<std::string>(value); }

/// The last study of a kind, on a corpus if one is named.
std::optional<StudySummary> latest(const std::vector<StudySummary>& studies, std::string_view kind,
                                   std::string_view corpus = {}) {
  std::optional<StudySummary> found;
  for (const StudySummary& study : studies) {
    if (study.kind == kind && (corpus.empty() || study.corpus == corpus)) found = study;
  }
  return found;
}

/// What another seed did is said of all remedies of a study.
void add_remedies(std::vector<MeasuredRemedy> remedies, const std::optional<MeasuredRemedy>& control,
                  Evidence& evidence) {
  const auto size = [](std::optional<double> gain) { return gain ? std::optional(std::abs(*gain)) : std::nullopt; };
  for (MeasuredRemedy& one : remedies) {
    if (control) one.chance = size(control->gain), one.long_chance = size(control->long_gain);
    evidence.remedies.push_back(std::move(one));
  }
}

void read_cures(LedgerReader& ledger, const StudySummary& study, std::int64_t long_words, Evidence& evidence) {
  const std::int64_t id = static_cast<std::int64_t>(study.analysis);
  std::vector<MeasuredRemedy> remedies;
  std::optional<MeasuredRemedy> control;
  const std::vector<std::string> columns{"cure", "role", "gain", "gain_p", "long_gain", "long_gain_p", "decode"};
  for (const auto& row : ledger.measurements(study.analysis, "cure_quality", columns).rows) {
    MeasuredRemedy one{.name = text(row[0]),
                       .long_words = long_words,
                       .gain = number(row[2]),
                       .gain_p = number(row[3]),
                       .long_gain = number(row[4]),
                       .long_gain_p = number(row[5]),
                       .rests_on = fmt::format("study {} (cures), decode {}", id, number(row[6]).value_or(0))};
    if (text(row[1]) == "cure") remedies.push_back(std::move(one));
    if (text(row[1]) == "control") control = std::move(one);
  }
  add_remedies(std::move(remedies), control, evidence);
}

/// The cells at equal size, against the LSTM.
void read_cells(LedgerReader& ledger, const StudySummary& study, std::int64_t long_words, Evidence& evidence) {
  const std::int64_t id = static_cast<std::int64_t>(study.analysis);
  std::vector<MeasuredRemedy> remedies;
  std::optional<MeasuredRemedy> control;
  const std::vector<std::string> columns{"matched", "cell", "quantity", "difference", "p"};
  for (const auto& row : ledger.measurements(study.analysis, "cell_difference", columns).rows) {
    const std::string &matched = text(row[0]), &quantity = text(row[2]);
    const bool all = quantity == "BLEU";
    if (matched == "parameters" || (!all && quantity != "BLEU of long sources")) continue;
    MeasuredRemedy* one = nullptr;
    if (matched == "control") {
      if (!control) control.emplace();
      one = &*control;
    } else {
      if (remedies.empty() || remedies.back().name != text(row[1])) {
        remedies.push_back({.name = text(row[1]),
                            .long_words = long_words,
                            .instead_of = "lstm",
                            .rests_on = fmt::format("study {} (cells)", id)});
      }
      one = &remedies.back();
    }
    (all ? one->gain : one->long_gain) = number(row[3]);
    (all ? one->gain_p : one->long_gain_p) = number(row[4]);
  }
  add_remedies(std::move(remedies), control, evidence);
}

}  // namespace

void describe(OptionVisitor& visit, AdviceOptions& options) {
  visit.group("Advice");
  visit("bleu", options.bleu, "what a translation must be worth; 0 is half of a model's best BLEU at any length",
        between(0, 100));
  visit("size", options.size,
        "hidden size that is asked about, one of the sweep; 0 shows all, and the suggestions are for the largest",
        at_least(0));
  visit("resamples", options.resamples, "bootstrap resamples behind the 95 % intervals", between(1, 100000));
  visit("seed", options.seed, "of the bootstrap");
}

LengthLimit length_limit(std::span<const MeasuredSentence> sentences, double bleu, const LengthOptions& length,
                         std::int64_t resamples, std::int64_t seed) {
  const auto bin_of = [&](const MeasuredSentence& sentence) {
    return static_cast<std::size_t>((std::max<std::int64_t>(1, sentence.length) - 1) / length.bin_width);
  };
  std::vector<std::int64_t> filled;
  for (const MeasuredSentence& sentence : sentences) {
    filled.resize(std::max(filled.size(), bin_of(sentence) + 1));
    ++filled[bin_of(sentence)];
  }
  std::vector<bool> counts;
  LengthLimit limit;
  for (std::size_t i = 0; i < filled.size(); ++i) {
    counts.push_back(filled[i] >= length.min_sentences);
    if (counts[i]) limit.longest = static_cast<std::int64_t>(i + 1) * length.bin_width;
  }
  std::optional<Sample> sample;  // the first that bootstrap() asks for is the text itself
  limit.length = bootstrap(sentences.size(), resamples, seed, [&](std::span<const std::size_t> numbers) {
    std::vector<BleuStatistics> bins(filled.size());
    for (const std::size_t i : numbers) bins[bin_of(sentences[i])] += sentences[i].bleu;
    const Sample drawn = limit_of(bins, counts, bleu, length);
    if (!sample) sample = drawn;
    return drawn.length;
  });
  limit.best = sample->best;
  limit.threshold = sample->threshold;
  return limit;
}

Evidence read_evidence(LedgerReader& ledger, const std::string& path) {
  const std::vector<StudySummary> studies = ledger.studies();
  const std::optional<StudySummary> sweep = latest(studies, "capacity");
  if (!sweep) {
    throw InputError::in_file(path, "has no sweep over sizes",
                              "isthmus analyze capacity FOLDER makes one; its --help says how");
  }
  TrainingStudyOptions options;
  from_json(ledger.study_params(sweep->analysis), path, options);
  if (options.length.bleu.max_ngram_order > 4) {
    throw InputError::in_file(path, "the sweep has BLEU with n-grams longer than 4, of which a ledger keeps no counts",
                              "repeat the sweep without --max-ngram-order");
  }
  Evidence evidence{
      .sweep = static_cast<std::int64_t>(sweep->analysis), .corpus = sweep->corpus, .length = options.length};
  for (const auto& row : ledger.measurements(sweep->analysis, "capacity_model", {"cell", "hidden", "decode"}).rows) {
    if (!number(row[2])) continue;  // the decode is gone
    SweptModel model{.cell = text(row[0]), .hidden = whole(row[1]), .decode = whole(row[2])};
    for (const SentenceBleu& sentence : ledger.sentence_bleu(DecodeId(model.decode))) {
      model.sentences.push_back(
          {options.length.unit == LengthUnit::kWords ? sentence.words : sentence.characters, sentence.statistics});
    }
    if (!model.sentences.empty()) evidence.models.push_back(std::move(model));
  }
  if (evidence.models.empty()) {
    throw InputError::in_file(path, fmt::format("the translations of sweep {} are gone", evidence.sweep),
                              "repeat isthmus analyze capacity; models that are there are not trained again");
  }
  const auto long_words_of = [&](const StudySummary& study) {
    TrainingStudyOptions of;
    from_json(ledger.study_params(study.analysis), path, of);
    return of.contrast.long_words;
  };
  if (const auto cures = latest(studies, "cures", sweep->corpus)) {
    evidence.has_cures = true;
    read_cures(ledger, *cures, long_words_of(*cures), evidence);
  }
  if (const auto cells = latest(studies, "cells", sweep->corpus)) {
    evidence.has_cells = true;
    read_cells(ledger, *cells, long_words_of(*cells), evidence);
  }
  return evidence;
}

Advice advise(const Evidence& evidence, const AdviceOptions& options) {
  std::set<std::int64_t> sizes;
  for (const SweptModel& model : evidence.models) sizes.insert(model.hidden);
  if (options.size != 0 && !sizes.contains(options.size)) {
    throw UsageError(
        fmt::format("--size {}: the sweep, study {}, has {}", options.size, evidence.sweep, fmt::join(sizes, ", ")));
  }
  const std::string_view unit = name_of(evidence.length.unit);
  std::vector<ModelAdvice> all;
  for (const SweptModel& model : evidence.models) {
    const LengthLimit limit =
        length_limit(model.sentences, options.bleu, evidence.length, options.resamples, options.seed);
    all.push_back({model.cell, model.hidden, limit, model.decode,
                   fmt::format("{} of {} units: {}", model.cell, model.hidden, limit_in_words(limit, unit))});
  }
  Advice advice;
  const std::int64_t size = options.size == 0 ? *sizes.rbegin() : options.size;
  const ModelAdvice* subject = nullptr;
  for (const ModelAdvice& one : all) {
    if (options.size == 0 || one.hidden == options.size) advice.models.push_back(one);
    if (one.hidden == size && subject == nullptr) subject = &one;
  }
  const bool has_limit = std::isfinite(subject->limit.length.value);
  const std::string rests_on = fmt::format("study {} (capacity), decode {}", evidence.sweep, subject->decode);
  if (!(subject->limit.best >= kLeastBleu)) {
    advice.suggestions.push_back(
        {"longer training",
         fmt::format("{} of {} units does not translate yet: give the sweep more time, or more "
                     "text, before sizes are compared",
                     subject->cell, subject->hidden),
         rests_on});
    return advice;
  }
  if (std::isinf(subject->limit.length.value)) {
    advice.suggestions.push_back(
        {"no change",
         fmt::format("{} of {} units holds all lengths of which this text has enough", subject->cell, subject->hidden),
         rests_on});
    return advice;
  }
  if (size != *sizes.rbegin()) advice.suggestions.push_back(larger_size(evidence, all, *subject, unit));
  for (Suggestion& one : remedies(evidence, *subject)) advice.suggestions.push_back(std::move(one));
  if (!evidence.has_cures) {
    advice.suggestions.push_back({"cures",
                                  "reversal, both directions, context at every step and attention were not measured on "
                                  "this text: isthmus analyze cures FOLDER measures them",
                                  ""});
  }
  if (!evidence.has_cells) {
    advice.suggestions.push_back(
        {"cells", "other cells were not measured on this text: isthmus analyze cells FOLDER measures them", ""});
  }
  if (has_limit && subject->limit.reached()) {
    advice.suggestions.push_back(splitting(evidence, *subject, unit));
  }
  return advice;
}

}  // namespace isthmus
