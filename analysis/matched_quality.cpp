#include "analysis/matched_quality.h"

#include <algorithm>
#include <cmath>

namespace isthmus {
namespace {

/// ChrF is a function of ratios: its counts are kept in whole numbers, so many for one. (BLEU's smoothing is not.)
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

/// Sentences of other buckets, weighted.
struct Control {
  double value = 0;
  WeightedBleuStatistics bleu;
  ChrfStatistics chrf;

  /// As if they were so many.
  void add(const Sums& others, std::int64_t sentences) {
    const double weight = static_cast<double>(sentences) / static_cast<double>(others.sentences);
    value += weight * others.value;
    bleu.add(others.bleu, weight);
    ChrfStatistics scaled = others.chrf;
    scale(scaled.hypothesis, kUnit * weight);
    scale(scaled.reference, kUnit * weight);
    scale(scaled.matches, kUnit * weight);
    chrf += scaled;
  }
};

BucketQuality quality_of(const std::vector<std::vector<Sums>>& sums, std::size_t bucket, const BleuOptions& options) {
  Sums own, compared;
  Control control;
  for (const std::vector<Sums>& length : sums) {
    own += length[bucket];
    if (length[bucket].sentences == 0) continue;
    Sums others;
    for (std::size_t b = 0; b < length.size(); ++b) {
      if (b != bucket) others += length[b];
    }
    if (others.sentences == 0) continue;
    compared += length[bucket];
    control.add(others, length[bucket].sentences);
  }
  const auto per = [](double sum, std::int64_t count) {
    return count > 0 ? sum / static_cast<double>(count) : std::nan("");
  };
  const auto bleu = [&](const auto& of, std::int64_t count) {
    return count > 0 ? bleu_score(of, options).score : std::nan("");
  };
  const auto chrf = [](const ChrfStatistics& of, std::int64_t count) {
    return count > 0 ? chrf_score(of, {}) : std::nan("");
  };
  BucketQuality quality{.sentences = own.sentences,
                        .mean_value = per(own.value, own.sentences),
                        .mean_length = per(own.length, own.sentences),
                        .bleu = bleu(own.bleu, own.sentences),
                        .chrf = chrf(own.chrf, own.sentences),
                        .compared = compared.sentences,
                        .matched_value = per(control.value, compared.sentences),
                        .matched_bleu = bleu(control.bleu, compared.sentences),
                        .matched_chrf = chrf(control.chrf, compared.sentences)};
  quality.bleu_difference = bleu(compared.bleu, compared.sentences) - quality.matched_bleu;
  quality.chrf_difference = chrf(compared.chrf, compared.sentences) - quality.matched_chrf;
  quality.value_difference = per(compared.value, compared.sentences) - quality.matched_value;
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
