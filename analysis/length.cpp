#include "analysis/length.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "analysis/estimates.h"
#include "analysis/study.h"
#include "core/error.h"
#include "core/progress.h"
#include "core/random.h"
#include "core/utf8.h"
#include "evaluation/chrf.h"
#include "evaluation/interval.h"
#include "evaluation/text.h"

namespace isthmus {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
/// BLEU that is printed as 0.0: where no length has more, none is best.
constexpr double kNoBleu = 0.05;

/// Sums over the sentences of a bin.
struct Sums {
  std::int64_t sentences = 0;
  std::int64_t length = 0;
  BleuStatistics bleu;
  ChrfStatistics chrf;

  Sums& operator+=(const Sums& other) {
    sentences += other.sentences;
    length += other.length;
    bleu += other.bleu;
    chrf += other.chrf;
    return *this;
  }
  double mean_length() const { return static_cast<double>(length) / static_cast<double>(sentences); }
};

/// A sentence is the sums of one, and its bin.
struct Line {
  std::size_t bin = 0;
  Sums sums;
};

std::string count(std::size_t number, std::string_view noun, std::string_view plural = {}) {
  return counted(static_cast<std::int64_t>(number), noun, plural);
}

std::vector<Line> measure(std::span<const std::string> sources, std::span<const std::string> hypotheses,
                          std::span<const std::string> references, const LengthOptions& options) {
  if (sources.empty()) throw InputError("the length study needs sentences: the source is empty");
  if (hypotheses.size() != sources.size() || references.size() != sources.size()) {
    throw InputError(fmt::format("the length study needs as many lines of each: {}, {}, {}",
                                 count(sources.size(), "source"), count(hypotheses.size(), "hypothesis", "hypotheses"),
                                 count(references.size(), "reference")));
  }
  const std::vector<References> one_each = single_references(references);
  const std::vector<BleuStatistics> bleu = bleu_statistics(hypotheses, one_each, options.bleu);
  const std::vector<ChrfStatistics> chrf = chrf_statistics(hypotheses, one_each, {});
  std::vector<Line> sentences;
  sentences.reserve(sources.size());
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const std::int64_t length = source_length(sources[i], options.unit);
    sentences.push_back({static_cast<std::size_t>((length - 1) / options.bin_width), {1, length, bleu[i], chrf[i]}});
  }
  return sentences;
}

/// All that is computed from one sample, the corpus or a resample of it. Bins without sentences are NaN.
struct Figures {
  std::vector<double> bleu, chrf;                        // of each bin
  std::vector<double> cumulative_bleu, cumulative_chrf;  // of all bins up to this one
  double bleu_slope = 0, chrf_slope = 0;                 // NaN: too few bins
  double best_length = 0, half_length = 0;               // NaN: no bin has BLEU; half_length kNever: not in this sample
};

/// Points for every 10 units: least squares of quality against mean length, bins weighted by their sentences.
double slope(const std::vector<Sums>& bins, const std::vector<double>& quality, const std::vector<bool>& counts) {
  double weight = 0, x_mean = 0, y_mean = 0, xx = 0, xy = 0;
  const auto over_bins = [&](const auto& visit) {
    for (std::size_t i = 0; i < bins.size(); ++i) {
      if (counts[i] && bins[i].sentences > 0) {
        visit(static_cast<double>(bins[i].sentences), bins[i].mean_length(), quality[i]);
      }
    }
  };
  over_bins([&](double w, double x, double y) { weight += w, x_mean += w * x, y_mean += w * y; });
  x_mean /= weight;
  y_mean /= weight;
  over_bins([&](double w, double x, double y) {
    xx += w * (x - x_mean) * (x - x_mean);
    xy += w * (x - x_mean) * (y - y_mean);
  });
  return xx > 0 ? 10 * xy / xx : std::nan("");
}

void find_lengths(const std::vector<bool>& counts, std::int64_t width, Figures& figures) {
  figures.best_length = figures.half_length = std::nan("");
  const auto begin_of = [width](std::size_t bin) {
    return static_cast<double>(static_cast<std::int64_t>(bin) * width + 1);
  };
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] && !std::isnan(figures.bleu[i]) && (!best || figures.bleu[i] > figures.bleu[*best])) best = i;
  }
  if (!best || figures.bleu[*best] < kNoBleu) return;
  figures.best_length = begin_of(*best);
  figures.half_length = kNever;
  for (std::size_t i = counts.size(); i-- > *best + 1;) {
    if (counts[i] && figures.bleu[i] < figures.bleu[*best] / 2) figures.half_length = begin_of(i);
  }
}

Figures figures_of(const std::vector<Sums>& bins, const std::vector<bool>& counts, const LengthOptions& options) {
  Figures figures;
  Sums so_far;
  for (const Sums& bin : bins) {
    so_far += bin;
    const auto score = [&options](const Sums& sums, std::vector<double>& bleu, std::vector<double>& chrf) {
      bleu.push_back(sums.sentences == 0 ? std::nan("") : bleu_score(sums.bleu, options.bleu).score);
      chrf.push_back(sums.sentences == 0 ? std::nan("") : chrf_score(sums.chrf, {}));
    };
    score(bin, figures.bleu, figures.chrf);
    score(so_far, figures.cumulative_bleu, figures.cumulative_chrf);
  }
  figures.bleu_slope = slope(bins, figures.bleu, counts);
  figures.chrf_slope = slope(bins, figures.chrf, counts);
  find_lengths(counts, options.bin_width, figures);
  return figures;
}

std::vector<Figures> resample(const std::vector<Line>& sentences, const std::vector<bool>& counts,
                              const LengthOptions& options) {
  std::vector<Figures> resamples;
  const Random root(static_cast<std::uint64_t>(options.seed));
  for (std::int64_t r = 0; r < options.resamples; ++r) {
    Random random = root.split(static_cast<std::uint64_t>(r));
    std::vector<Sums> bins(counts.size());
    for (std::size_t draw = 0; draw < sentences.size(); ++draw) {
      const Line& sentence = sentences[random.below(sentences.size())];
      bins[sentence.bin] += sentence.sums;
    }
    resamples.push_back(figures_of(bins, counts, options));
  }
  return resamples;
}

/// The figure and its interval. Resamples in which it cannot be told are left out. One sentence drawn again and again
/// does not vary, which says nothing about others: it has no interval.
template <class Get>
Estimate estimate(const Figures& sample, const std::vector<Figures>& resamples, std::int64_t sentences,
                  const Get& get) {
  std::vector<double> values;
  for (const Figures& figures : resamples) {
    if (!std::isnan(get(figures))) values.push_back(get(figures));
  }
  const double value = get(sample);
  if (sentences < 2 || values.empty()) return {value, std::nan(""), std::nan("")};
  const Interval interval = middle_95(std::move(values));
  return {value, interval.low, interval.high};
}

std::string slope_in_words(const Estimate& slope, std::string_view unit) {
  const std::string size = fmt::format("{:.1f} [{:.1f}, {:.1f}]", slope.value, slope.low, slope.high);
  if (slope.high < 0) {
    return fmt::format("BLEU falls by {:.1f} [{:.1f}, {:.1f}] for every 10 further {} of the source.", -slope.value,
                       -slope.high, -slope.low, unit);
  }
  if (slope.low > 0) return fmt::format("BLEU rises by {} for every 10 further {} of the source.", size, unit);
  return fmt::format("No change of BLEU with length can be told: {} for every 10 further {} of the source.", size,
                     unit);
}

std::string half_in_words(const Estimate& half, double best_bleu, const LengthOptions& options, double best_length,
                          std::int64_t longest) {
  const std::string_view unit = name_of(options.unit);
  const auto from = static_cast<std::int64_t>(best_length);
  const std::string one = options.unit == LengthUnit::kWords ? "word" : "character";
  const std::string bin = options.bin_width == 1 ? counted(from, one)
                                                 : fmt::format("{} to {} {}", from, from + options.bin_width - 1, unit);
  const std::string best = fmt::format("It is best at {} ({:.1f})", bin, best_bleu);
  if (std::isfinite(half.value)) {
    const std::string high = std::isfinite(half.high) ? fmt::format("{:.0f}", half.high) : "beyond the corpus";
    return fmt::format("{} and under half of that from {:.0f} {} on [{:.0f}, {}].", best, half.value, unit, half.low,
                       high);
  }
  return fmt::format("{} and stays above half of that up to {}, the longest bin with enough sentences.", best,
                     counted(longest, one));
}

/// What the parts of the study below share.
struct Measured {
  std::vector<Sums> bins;
  std::vector<bool> counts;  // whether a bin has enough sentences to bear on the findings
  Figures sample;
  std::vector<Figures> resamples;
};

std::vector<LengthQualityRow> make_rows(const Measured& measured, const LengthOptions& options) {
  struct Curve {
    const char* metric;
    bool cumulative;
    std::vector<double> Figures::*values;
  };
  const Curve curves[] = {{"bleu", false, &Figures::bleu},
                          {"bleu", true, &Figures::cumulative_bleu},
                          {"chrf", false, &Figures::chrf},
                          {"chrf", true, &Figures::cumulative_chrf}};
  std::vector<LengthQualityRow> rows;
  for (const Curve& curve : curves) {
    Sums so_far;
    for (std::size_t i = 0; i < measured.bins.size(); ++i) {
      const Sums& bin = measured.bins[i];
      so_far += bin;
      if (bin.sentences == 0) continue;
      const Sums& sums = curve.cumulative ? so_far : bin;
      const auto end = static_cast<std::int64_t>(i + 1) * options.bin_width;
      rows.push_back({.metric = curve.metric,
                      .cumulative = curve.cumulative,
                      .from = curve.cumulative ? 1 : end - options.bin_width + 1,
                      .to = end,
                      .sentences = sums.sentences,
                      .mean_length = sums.mean_length(),
                      .quality = estimate(measured.sample, measured.resamples, sums.sentences,
                                          [&](const Figures& figures) { return (figures.*curve.values)[i]; }),
                      .thin = sums.sentences < options.min_sentences});
    }
  }
  return rows;
}

}  // namespace

std::int64_t source_length(const std::string& source, LengthUnit unit) {
  const std::size_t length =
      unit == LengthUnit::kWords ? split_words(well_formed(source)).size() : to_code_points(source).size();
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(length));
}

void describe(OptionVisitor& visit, LengthOptions& options) {
  visit.group("Length study");
  visit("length-unit", options.unit, "what counts as length of the source; characters for scripts without spaces");
  visit("bin-width", options.bin_width, "words (or characters) a bin", at_least(1));
  visit("min-sentences", options.min_sentences, "bins with fewer are shown and marked, but bear on no finding",
        at_least(1));
  describe(visit, options.bleu);
}

LengthStudy study_length(std::span<const std::string> sources, std::span<const std::string> hypotheses,
                         std::span<const std::string> references, const LengthOptions& options) {
  const std::vector<Line> sentences = measure(sources, hypotheses, references, options);
  Measured measured;
  for (const Line& sentence : sentences) {
    if (sentence.bin >= measured.bins.size()) measured.bins.resize(sentence.bin + 1);
    measured.bins[sentence.bin] += sentence.sums;
  }
  std::size_t last = 0;
  for (std::size_t i = 0; i < measured.bins.size(); ++i) {
    measured.counts.push_back(measured.bins[i].sentences >= options.min_sentences);
    if (measured.counts[i]) last = i;
  }
  measured.sample = figures_of(measured.bins, measured.counts, options);
  measured.resamples = resample(sentences, measured.counts, options);

  const auto of = [&](const auto& get) {
    return estimate(measured.sample, measured.resamples, static_cast<std::int64_t>(sentences.size()), get);
  };
  const Estimate bleu_slope = of([](const Figures& figures) { return figures.bleu_slope; });
  const Estimate half = of([](const Figures& figures) { return figures.half_length; });
  const Estimate best = of([](const Figures& figures) { return figures.best_length; });
  const std::string unit(name_of(options.unit));

  LengthStudy study;
  study.rows = make_rows(measured, options);
  study.findings = {
      finding("bleu", "BLEU", of([](const Figures& figures) { return figures.cumulative_bleu.back(); })),
      finding("chrf", "chrF", of([](const Figures& figures) { return figures.cumulative_chrf.back(); })),
      finding("bleu_slope", "BLEU per 10 " + unit, bleu_slope),
      finding("chrf_slope", "chrF per 10 " + unit, of([](const Figures& figures) { return figures.chrf_slope; })),
      finding("best_length", unit, best),
      finding("half_length", unit, half)};
  if (std::isnan(bleu_slope.value) || std::isnan(bleu_slope.low)) {
    study.verdict =
        fmt::format("Too few sentences to tell: fewer than two bins of length have {} or more.", options.min_sentences);
    return study;
  }
  if (std::isnan(best.value)) {
    study.verdict = fmt::format("BLEU is 0.0 at every length with {} or more sentences: there is nothing to compare.",
                                options.min_sentences);
    return study;
  }
  const auto best_bin = static_cast<std::size_t>((best.value - 1) / static_cast<double>(options.bin_width));
  study.meaning = std::isfinite(half.value)
                      ? fmt::format(
                            "Do not trust this model with sources of {:.0f} {} and more: split them, or give it a "
                            "larger context, a reversed source or attention.",
                            half.value, unit)
                      : std::string("No length of this corpus is out of the model's reach.");
  study.verdict = slope_in_words(bleu_slope, unit) + " " +
                  half_in_words(half, measured.sample.bleu[best_bin], options, best.value,
                                static_cast<std::int64_t>(last + 1) * options.bin_width);
  return study;
}

StudyResult study_length(Laboratory& laboratory, const StudyOptions& options) {
  LengthOptions own = options.length;
  own.resamples = options.resamples;
  own.seed = options.seed;
  const LengthStudy study =
      study_length(laboratory.source_lines(), laboratory.hypotheses(), laboratory.reference_lines(), own);
  return {.tables = {measurements_of(study.rows)},
          .findings = study.findings,
          .verdict = study.verdict,
          .meaning = study.meaning};
}

}  // namespace isthmus
