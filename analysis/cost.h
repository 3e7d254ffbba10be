// The cost study: how does the time of a sentence grow with its length? A recurrent step needs the one before it, so
// that neither threads nor batches make a single sentence faster, only many of them.
#pragma once

#include <cstdint>
#include <span>

#include "core/options.h"

namespace isthmus {

class Laboratory;
struct StudyOptions;
struct StudyResult;

struct CostOptions {
  std::int64_t batch = 64;       ///< sentences together, beside one alone
  std::int64_t repetitions = 7;  ///< at most; at least 3 of those that take long, or so many if fewer
};

void describe(OptionVisitor& visit, CostOptions& options);

/// Raised when something else is measured.
inline constexpr std::int64_t kCostStudyVersion = 1;

/// Sentences of exactly 5, 10, 20, 40 and 80 pieces, drawn from those of the text, and as many pieces written, whatever
/// they are.
///
/// Rows (time_cost), for each operation, batch, number of threads and length: median, shortest and longest time of a
/// round, in which every thread does one batch. Operations:
///
///   * encode: sources to contexts
///   * greedy, beam-5 (one sentence alone): contexts to translations of that length
///   * forced: the loss of targets of that length, the control: what a step writes is known before, so that the
///   products
///     of the output layer are made for all steps at once
///
/// Findings, from lines through the medians, seconds a sentence = a + b·pieces: b in milliseconds for each operation
/// and batch on one thread; how many times less it is in a batch, and on all threads; the least R² of those lines.
/// Intervals are of resampled repetitions. Times are those of one machine at one moment: a study that is repeated gives
/// others.
StudyResult study_cost(Laboratory& laboratory, const StudyOptions& options);

/// y = intercept + slope·x by least squares, and the share of the variance that the line explains. NaN with fewer than
/// two different x.
struct LineFit {
  double intercept = 0;
  double slope = 0;
  double r_squared = 0;
};
LineFit fit_line(std::span<const double> x, std::span<const double> y);

}  // namespace isthmus
