// The study `erasure`: is what the context says in few units or in all? After Li, Monroe and Jurafsky (2016,
// https://arxiv.org/abs/1612.08220), representation erasure.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/options.h"
#include "core/types.h"
#include "model/seq2seq.h"

namespace isthmus {

class Laboratory;
struct StudyOptions;
struct StudyResult;

struct ErasureOptions {
  std::int64_t sentences = 64;  ///< a random sample of so many lines; all if there are no more
  std::int64_t units = 128;     ///< a random sample of so many units; 0: all
};

void describe(OptionVisitor& visit, ErasureOptions& options);

/// Raised when the same model and text would give other numbers.
inline constexpr std::int64_t kErasureStudyVersion = 1;

/// I(k) = (S(y|c) − S(y|c without unit k)) / |S(y|c)|, S the sum of log p over the references. (The paper divides by S,
/// which is negative, so that what hurts would count below 0.) How unequal the units are is the Gini coefficient of
/// max(I, 0): 0, all alike; near 1, one is all.
///
/// Rows: I(k) with its interval, the greatest first, of each arm: `zero`, the unit is 0; controls: `mean`, the unit has
/// its mean over the text, which erases what it says of this sentence and nothing else; `untrained`, `zero` in the
/// same model before training. Findings: gini, gini_mean, gini_untrained; top_share, the share of the tenth of the
/// units that is highest; agreement, Spearman's correlation of I on two halves of the sentences; zero_mean, that of the
/// first two arms.
///
/// Throws InputError for fewer than four lines.
StudyResult erasure_study(Laboratory& laboratory, const StudyOptions& options);

/// Of numbers of which none is below 0, in [0, 1 − 1/n]; NaN where all are 0.
double gini(std::vector<double> values);

/// Σ log p of each target (rows) without each of the units (columns), which have `values` (one for each unit of the
/// vector) instead. Contexts have a column for each target. `done` hears of units that are through.
Matrix<double> log_probs_without(Laboratory& laboratory, const Context<float>& contexts,
                                 std::span<const Sentence> targets, std::span<const Index> units,
                                 const Vector<float>& values, const std::function<void(std::size_t units)>& done = {});

/// I of each column of log_probs_without, of some of its rows; `own` has the log p with all units.
std::vector<double> importance(const Matrix<double>& without, std::span<const double> own,
                               std::span<const std::size_t> rows);

}  // namespace isthmus
