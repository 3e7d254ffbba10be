#include "analysis/rare_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "analysis/estimates.h"
#include "analysis/matched_quality.h"
#include "analysis/study.h"
#include "analysis/word_use.h"
#include "core/error.h"
#include "evaluation/interval.h"

namespace isthmus {
namespace {

constexpr std::int64_t kNoEnd = std::numeric_limits<std::int64_t>::max();
/// Largest number of rare words of each bucket.
constexpr std::int64_t kRareEnds[] = {0, 1, 2, 4, kNoEnd};

/// A number of each sentence, and its buckets.
struct Measure {
  std::string name;
  std::vector<double> from, to;  // of each bucket; the last end may be infinite
  std::vector<BucketedSentence> sentences;
};

/// The sentences with words.
struct Text {
  std::vector<std::size_t> lines;
  std::vector<WordUse> words;
  std::vector<BleuStatistics> bleu;
  std::vector<ChrfStatistics> chrf;
};

Text read(Laboratory& laboratory, const StudyOptions& options) {
  const BleuOptions& bleu = options.length.bleu;
  const std::vector<References> references = single_references(laboratory.reference_lines());
  const std::vector<WordUse> words =
      word_use(laboratory.source_lines(), options.rare_words.training_source, options.rare_words.below, bleu);
  const auto bleu_sums = bleu_statistics(laboratory.hypotheses(), references, bleu);
  const auto chrf_sums = chrf_statistics(laboratory.hypotheses(), references, {});
  Text text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].words == 0) continue;
    text.lines.push_back(i);
    text.words.push_back(words[i]);
    text.bleu.push_back(bleu_sums[i]);
    text.chrf.push_back(chrf_sums[i]);
  }
  if (text.lines.size() < 2) throw InputError("the rare-words study needs two sources with words: give it more text");
  return text;
}

/// Buckets with the largest values `ends`.
Measure bucketed(const std::string& name, const Text& text, const std::vector<double>& values,
                 const std::vector<double>& ends) {
  Measure measure{.name = name, .from = {}, .to = ends, .sentences = {}};
  measure.from.assign(ends.size(), std::numeric_limits<double>::infinity());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto bucket = static_cast<std::size_t>(std::lower_bound(ends.begin(), ends.end(), values[i]) - ends.begin());
    measure.from[bucket] = std::min(measure.from[bucket], values[i]);
    measure.sentences.push_back({.bucket = bucket,
                                 .value = values[i],
                                 .length = text.words[i].words,
                                 .bleu = text.bleu[i],
                                 .chrf = text.chrf[i]});
  }
  return measure;
}

/// As many sentences in each bucket, but for those of equal values.
Measure quarters(const std::string& name, const Text& text, const std::vector<double>& values) {
  std::vector<double> sorted = values;
  std::sort(sorted.begin(), sorted.end());
  std::vector<double> ends;
  for (std::size_t quarter = 1; quarter <= 4; ++quarter) {
    ends.push_back(sorted[std::max<std::size_t>(quarter * sorted.size() / 4, 1) - 1]);
  }
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
  return bucketed(name, text, values, ends);
}

std::vector<Measure> measures_of(const Laboratory& laboratory, const Text& text) {
  std::vector<double> rare, pieces, rank;
  for (std::size_t i = 0; i < text.lines.size(); ++i) {
    const WordUse& words = text.words[i];
    rare.push_back(static_cast<double>(words.rare));
    pieces.push_back(static_cast<double>(laboratory.sources()[text.lines[i]].size()) /
                     static_cast<double>(words.words));
    rank.push_back(words.mean_rank);
  }
  std::vector<double> ends;
  for (const std::int64_t end : kRareEnds) {
    ends.push_back(end == kNoEnd ? std::numeric_limits<double>::infinity() : static_cast<double>(end));
  }
  return {bucketed("rare_words", text, rare, ends), quarters("pieces_per_word", text, pieces),
          quarters("frequency_rank", text, rank)};
}

/// What is computed from the text, or from a resample of it.
struct Figures {
  std::vector<BucketQuality> buckets;
  double bleu_slope, chrf_slope, bleu_slope_at_length, chrf_slope_at_length;  // NaN: too few buckets
};

/// Points for every further unit of the value. At equal length: bucket less control, through 0.
double slope(const std::vector<BucketQuality>& buckets, const std::vector<bool>& counts,
             double BucketQuality::*quality) {
  double weight = 0, x_mean = 0, y_mean = 0, xx = 0, xy = 0;
  const auto each = [&](const auto& visit) {
    for (std::size_t i = 0; i < buckets.size(); ++i) {
      const BucketQuality& one = buckets[i];
      if (counts[i] && one.sentences > 0) visit(static_cast<double>(one.sentences), one.mean_value, one.*quality);
    }
  };
  each([&](double w, double x, double y) { weight += w, x_mean += w * x, y_mean += w * y; });
  x_mean /= weight;
  y_mean /= weight;
  each([&](double w, double x, double y) {
    xx += w * (x - x_mean) * (x - x_mean);
    xy += w * (x - x_mean) * (y - y_mean);
  });
  return xx > 0 ? xy / xx : std::nan("");
}

double slope_at_length(const std::vector<BucketQuality>& buckets, const std::vector<bool>& counts,
                       double BucketQuality::*difference) {
  double xx = 0, xy = 0;
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    const BucketQuality& one = buckets[i];
    if (!counts[i] || one.compared == 0) continue;
    const double w = static_cast<double>(one.compared);
    xx += w * one.value_difference * one.value_difference;
    xy += w * one.value_difference * one.*difference;
  }
  return xx > 0 ? xy / xx : std::nan("");
}

/// The text's figures and those of its resamples.
struct Sampled {
  std::vector<bool> counts;  // whether a bucket has enough sentences to bear on a finding
  Figures text;
  std::vector<Figures> resamples;

  template <class Get>
  Estimate estimate(const Get& get) const {
    std::vector<double> values;
    for (const Figures& figures : resamples) {
      if (!std::isnan(get(figures))) values.push_back(get(figures));
    }
    const double value = get(text);
    if (std::isnan(value) || values.empty()) return {value, std::nan(""), std::nan("")};
    const Interval interval = middle_95(std::move(values));
    return {value, interval.low, interval.high};
  }
  /// Of a bucket; one sentence has no interval.
  Estimate of_bucket(std::size_t bucket, double BucketQuality::*quality) const {
    const Estimate all = estimate([&](const Figures& figures) { return figures.buckets[bucket].*quality; });
    return text.buckets[bucket].sentences < 2 ? Estimate{all.value, std::nan(""), std::nan("")} : all;
  }
};

Figures figures_of(const Measure& measure, std::span<const std::size_t> sample, const std::vector<bool>& counts,
                   const BleuOptions& options) {
  Figures figures{.buckets = matched_quality(measure.sentences, sample, measure.to.size(), options),
                  .bleu_slope = 0,
                  .chrf_slope = 0,
                  .bleu_slope_at_length = 0,
                  .chrf_slope_at_length = 0};
  figures.bleu_slope = slope(figures.buckets, counts, &BucketQuality::bleu);
  figures.chrf_slope = slope(figures.buckets, counts, &BucketQuality::chrf);
  figures.bleu_slope_at_length = slope_at_length(figures.buckets, counts, &BucketQuality::bleu_difference);
  figures.chrf_slope_at_length = slope_at_length(figures.buckets, counts, &BucketQuality::chrf_difference);
  return figures;
}

Sampled resample(Laboratory& laboratory, const Measure& measure, const StudyOptions& options) {
  Sampled sampled;
  std::vector<std::int64_t> sizes(measure.to.size(), 0);
  for (const BucketedSentence& sentence : measure.sentences) ++sizes[sentence.bucket];
  for (const std::int64_t size : sizes) sampled.counts.push_back(size >= options.length.min_sentences);
  std::vector<std::size_t> all(measure.sentences.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  sampled.text = figures_of(measure, all, sampled.counts, options.length.bleu);
  sampled.resamples.resize(static_cast<std::size_t>(options.resamples));
  const Random random(static_cast<std::uint64_t>(options.seed));
  laboratory.threads().run(sampled.resamples.size(), [&](std::size_t r, std::size_t) {
    Random own = random.split(r);
    std::vector<std::size_t> sample(all.size());
    for (std::size_t& one : sample) one = own.below(all.size());
    sampled.resamples[r] = figures_of(measure, sample, sampled.counts, options.length.bleu);
  });
  laboratory.advance();
  return sampled;
}

void add_rows(const Measure& measure, const Sampled& sampled, MeasurementRows& rows) {
  for (std::size_t bucket = 0; bucket < measure.to.size(); ++bucket) {
    const BucketQuality& quality = sampled.text.buckets[bucket];
    if (quality.sentences == 0) continue;
    const double end = measure.to[bucket];
    std::vector<MeasuredValue> row{
        measure.name,      measure.from[bucket], std::isfinite(end) ? MeasuredValue(end) : MeasuredValue(),
        quality.sentences, quality.mean_value,   quality.mean_length};
    const auto add = [&](double BucketQuality::*of) {
      const Estimate estimate = sampled.of_bucket(bucket, of);
      row.insert(row.end(), {estimate.value, estimate.low, estimate.high});
    };
    add(&BucketQuality::bleu);
    add(&BucketQuality::chrf);
    row.insert(row.end(), {quality.compared, quality.matched_value});
    add(&BucketQuality::matched_bleu);
    add(&BucketQuality::matched_chrf);
    add(&BucketQuality::bleu_difference);
    add(&BucketQuality::chrf_difference);
    row.emplace_back(std::int64_t{!sampled.counts[bucket]});
    rows.rows.push_back(std::move(row));
  }
}

std::string change_in_words(const Estimate& slope) {
  if (std::isnan(slope.value) || std::isnan(slope.low)) return "cannot be told";
  if (slope.high < 0) return fmt::format("falls by {}", in_words({-slope.value, -slope.high, -slope.low}));
  if (slope.low > 0) return fmt::format("rises by {}", in_words(slope));
  return fmt::format("does not change that could be told, {}", in_words(slope));
}

std::string verdict_of(const Estimate& raw, const Estimate& at_length, double mean, const RareWordsOptions& options) {
  const std::string seen = options.training_source.empty()
                               ? "in the other sentences of this text, for no training text was given"
                               : "in the training text";
  const std::string rare =
      fmt::format("{:.1f} words a sentence were seen fewer than {} times {}.", mean, options.below, seen);
  if (std::isnan(raw.value)) {
    return rare + " Fewer than two numbers of rare words have enough sentences: nothing can be compared.";
  }
  return fmt::format("{} BLEU {} with every further one; at equal length of the source it {}.", rare,
                     change_in_words(raw), change_in_words(at_length));
}

std::string meaning_of(const Estimate& raw, const Estimate& at_length) {
  if (std::isnan(raw.value) || std::isnan(at_length.value)) return "";
  if (at_length.high < 0) {
    return "Rare words themselves are lost, not only the long sentences that they stand in: more training text with "
           "them, or a vocabulary of smaller pieces, may help.";
  }
  if (raw.high < 0) {
    return "What looks like the cost of rare words is, as far as can be told, that of the longer sentences which have "
           "them: look at length first.";
  }
  return "That rare words cost anything cannot be told from this text; a larger one may tell.";
}

}  // namespace

void describe(OptionVisitor& visit, RareWordsOptions& options) {
  visit.group("Rare-words study");
  visit("training-source", options.training_source,
        "source side of the training text, which says how frequent words are; empty: the text under study does");
  visit("rare-words-below", options.below, "a word that was seen fewer times is rare", at_least(1));
}

StudyResult study_rare_words(Laboratory& laboratory, const StudyOptions& options) {
  const Text text = read(laboratory, options);
  const std::vector<Measure> measures = measures_of(laboratory, text);
  laboratory.begin("rare-words", static_cast<std::int64_t>(measures.size()));
  StudyResult result;
  MeasurementRows rows{.table = "rare_word_quality",
                       .columns = {"measure",
                                   "from_value",
                                   "to_value",
                                   "sentences",
                                   "mean_value",
                                   "mean_length",
                                   "bleu",
                                   "bleu_low",
                                   "bleu_high",
                                   "chrf",
                                   "chrf_low",
                                   "chrf_high",
                                   "compared",
                                   "matched_value",
                                   "matched_bleu",
                                   "matched_bleu_low",
                                   "matched_bleu_high",
                                   "matched_chrf",
                                   "matched_chrf_low",
                                   "matched_chrf_high",
                                   "bleu_difference",
                                   "bleu_difference_low",
                                   "bleu_difference_high",
                                   "chrf_difference",
                                   "chrf_difference_low",
                                   "chrf_difference_high",
                                   "thin"}};
  std::vector<double> rare;
  for (const WordUse& words : text.words) rare.push_back(static_cast<double>(words.rare));
  const Estimate mean = mean_estimate(rare, options.resamples, options.seed);
  result.findings.push_back(finding("rare_words", "words per sentence", mean));
  Estimate raw, at_length;
  for (const Measure& measure : measures) {
    const Sampled sampled = resample(laboratory, measure, options);
    add_rows(measure, sampled, rows);
    const auto of = [&](double Figures::*slope) {
      return sampled.estimate([slope](const Figures& figures) { return figures.*slope; });
    };
    const std::size_t last = measure.to.size() - 1;
    const auto last_difference = [&] {
      return sampled.counts[last] ? sampled.of_bucket(last, &BucketQuality::bleu_difference)
                                  : Estimate{std::nan(""), std::nan(""), std::nan("")};
    };
    if (measure.name == "rare_words") {
      raw = of(&Figures::bleu_slope);
      const bool comparable = std::count(sampled.counts.begin(), sampled.counts.end(), true) > 1;
      const Estimate none{std::nan(""), std::nan(""), std::nan("")};
      const auto of_length = [&](double Figures::*slope) { return comparable ? of(slope) : none; };
      at_length = of_length(&Figures::bleu_slope_at_length);
      result.findings.push_back(finding("bleu_per_rare_word", "BLEU per rare word", raw));
      result.findings.push_back(finding("bleu_per_rare_word_at_length", "BLEU per rare word", at_length));
      result.findings.push_back(finding("chrf_per_rare_word", "chrF per rare word", of(&Figures::chrf_slope)));
      result.findings.push_back(
          finding("chrf_per_rare_word_at_length", "chrF per rare word", of_length(&Figures::chrf_slope_at_length)));
    } else {
      const bool pieces = measure.name == "pieces_per_word";
      result.findings.push_back(finding(pieces ? "bleu_most_pieces" : "bleu_rarest", "BLEU", last_difference()));
    }
  }
  result.tables = {std::move(rows)};
  result.verdict = verdict_of(raw, at_length, mean.value, options.rare_words);
  result.meaning = meaning_of(raw, at_length);
  return result;
}

}  // namespace isthmus
