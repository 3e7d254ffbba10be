// How far a score, or the difference of two, may be chance: bootstrap intervals and paired bootstrap (Koehn 2004,
// https://aclanthology.org/W04-3250), paired approximate randomisation (Riezler & Maxwell 2005,
// https://aclanthology.org/W05-0908). As in sacreBLEU 2.6.0, but for its generator of random numbers and for ties,
// which count as extreme here: two equal systems do not differ significantly.
//
// Everything works on the statistics of sentences, never on the text again. Pure and thread-safe; the same seed gives
// the same numbers, and systems that are resampled with one seed are resampled alike.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "core/options.h"
#include "evaluation/interval.h"

namespace isthmus {

/// A row of numbers, mostly counts, for each sentence, and the metric's score of the sum of any of them, which several
/// threads may ask for at once.
class SentenceStatistics {
 public:
  using Row = std::span<const double>;

  SentenceStatistics(std::size_t width, std::function<double(Row)> score) : width_(width), score_(std::move(score)) {}

  /// Of `width` numbers.
  void add(Row row) { values_.insert(values_.end(), row.begin(), row.end()); }
  std::size_t sentences() const { return values_.size() / width_; }
  std::size_t width() const { return width_; }
  Row row(std::size_t sentence) const { return Row(values_).subspan(sentence * width_, width_); }
  double score(Row sums) const { return score_(sums); }
  std::span<const double> values() const { return values_; }
  /// Of all sentences.
  std::vector<double> sums() const;
  double score() const;

 private:
  std::size_t width_;
  std::function<double(Row)> score_;
  std::vector<double> values_;
};

struct ResamplingOptions {
  bool confidence = false;        ///< give each score its interval
  bool paired_bs = false;         ///< compare with the first system by bootstrap
  bool paired_ar = false;         ///< compare with the first system by randomisation
  std::int64_t resamples = 1000;  ///< of the bootstrap
  std::int64_t trials = 10000;    ///< of the randomisation
  std::int64_t seed = 12345;

  bool paired() const { return paired_bs || paired_ar; }
  bool intervals() const { return confidence || paired_bs; }
};

void describe(OptionVisitor& visit, ResamplingOptions& options);

/// The scores of a system's resamples.
struct Confidence {
  double mean = 0;
  Interval interval;  ///< of 95 %

  double half_width() const { return (interval.high - interval.low) / 2; }
};

/// Scores of resamples: sentences drawn with replacement, as many as there are. There is at least one sentence. This
/// and paired_randomisation run on all processors, which changes no bit.
std::vector<double> bootstrap_scores(const SentenceStatistics& system, std::int64_t resamples, std::uint64_t seed);

/// `scores` is not empty.
Confidence confidence(const std::vector<double>& scores);

/// The chance that two systems of one quality differ on resamples, beyond the mean of these, by as much as these two
/// do. In (0, 1]; 1 for systems with the same statistics. Takes the two's scores on the same resamples.
double paired_bootstrap(double baseline, double system, std::span<const double> baseline_resamples,
                        std::span<const double> system_resamples);

/// The chance that two systems differ by at least as much if each sentence's two translations change places by the toss
/// of a coin. In (0, 1]; 1 for systems with the same statistics. The two have the same sentences.
double paired_randomisation(const SentenceStatistics& baseline, const SentenceStatistics& system, std::int64_t trials,
                            std::uint64_t seed);

}  // namespace isthmus
