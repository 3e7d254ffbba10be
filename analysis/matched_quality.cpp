#include "analysis/matched_quality.h"

#include <algorithm>
#include <cmath>

namespace isthmus {
namespace {

/// Weighted sums of statistics are kept in whole numbers, so many for one: scores are functions of ratios.
constexpr double kUnit = 1000;

struct Sums {
  std::int64_t sentences = 0;
  double value = 0, length = 0;
  BleuStatistics bleu;
  ChrfStatistics chrf;

  void add(const BucketedSentence& sentence) {
    ++sentences;
    value += sentence.value;
    length += static_cast<double>(sentence.length);
    bleu += sentence.bleu;
    chrf += sentence.chrf;
  }
  Sums& operator+=(const Sums& other) {
    sentences += other.sentences;
    value += other.value;
    length += other.length;
    bleu += other.bleu;
    chrf += other.chrf;
    return *this;
  }
};

template <class Numbers>
void scale(Numbers& numbers, double factor) {
  for (std::int64_t& number : numbers) number = std::llround(static_cast<double>(number) * factor);
}

/// As if they were so many sentences, times kUnit.
Sums weighted(Sums sums, std::int64_t sentences) {
  const double weight = static_cast<double>(sentences) / static_cast<double>(sums.sentences);
  const double factor = kUnit * weight;
  sums.value *= weight;
  sums.sentences = sentences;
  std::int64_t lengths[] = {sums.bleu.hypothesis_length, sums.bleu.reference_length};
  scale(lengths, factor);
  sums.bleu.hypothesis_length = lengths[0];
  sums.bleu.reference_length = lengths[1];
  scale(sums.bleu.matches, factor);
  scale(sums.bleu.totals, factor);
  scale(sums.chrf.hypothesis, factor);
  scale(sums.chrf.reference, factor);
  scale(sums.chrf.matches, factor);
  return sums;
}

BucketQuality quality_of(const std::vector<std::vector<Sums>>& sums, std::size_t bucket, const BleuOptions& options) {
  Sums own, compared, control;
  for (const std::vector<Sums>& length : sums) {
    own += length[bucket];
    if (length[bucket].sentences == 0) continue;
    Sums others;
    for (std::size_t b = 0; b < length.size(); ++b) {
      if (b != bucket) others += length[b];
    }
    if (others.sentences == 0) continue;
    compared += length[bucket];
    control += weighted(others, length[bucket].sentences);
  }
  const auto mean = [](double sum, const Sums& of) {
    return of.sentences > 0 ? sum / static_cast<double>(of.sentences) : std::nan("");
  };
  const auto bleu = [&](const Sums& of) {
    return of.sentences > 0 ? bleu_score(of.bleu, options).score : std::nan("");
  };
  const auto chrf = [](const Sums& of) { return of.sentences > 0 ? chrf_score(of.chrf, {}) : std::nan(""); };
  BucketQuality quality{.sentences = own.sentences,
                        .mean_value = mean(own.value, own),
                        .mean_length = mean(own.length, own),
                        .bleu = bleu(own),
                        .chrf = chrf(own),
                        .compared = compared.sentences,
                        .matched_value = mean(control.value, control),
                        .matched_bleu = bleu(control),
                        .matched_chrf = chrf(control)};
  quality.bleu_difference = bleu(compared) - quality.matched_bleu;
  quality.chrf_difference = chrf(compared) - quality.matched_chrf;
  quality.value_difference = mean(compared.value, compared) - quality.matched_value;
  return quality;
}

}  // namespace

std::vector<BucketQuality> matched_quality(std::span<const BucketedSentence> sentences,
                                           std::span<const std::size_t> sample, std::size_t buckets,
                                           const BleuOptions& bleu) {
  std::vector<std::vector<Sums>> sums;  // by class of length, then by bucket
  for (const std::size_t i : sample) {
    const auto length = static_cast<std::size_t>((sentences[i].length - 1) / kLengthClass);
    if (length >= sums.size()) sums.resize(length + 1, std::vector<Sums>(buckets));
    sums[length][sentences[i].bucket].add(sentences[i]);
  }
  std::vector<BucketQuality> qualities;
  for (std::size_t bucket = 0; bucket < buckets; ++bucket) qualities.push_back(quality_of(sums, bucket, bleu));
  return qualities;
}

}  // namespace isthmus
