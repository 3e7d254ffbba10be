// What to search for, and how far.
#pragma once

#include <cstdint>

#include "core/options.h"
#include "decode/length_penalty.h"
#include "decode/sampling.h"

namespace isthmus {

struct SearchOptions {
  /// Live hypotheses per sentence; 1 is greedy search.
  std::int64_t beam = 5;
  /// Hypotheses returned per sentence, at most `beam`; samples of each, where sampled.
  std::int64_t nbest = 1;
  /// Exponent of the length penalty, ≥ 0. 0 compares plain log-probabilities, which favours short output.
  double length_penalty = 1.0;
  LengthPenaltyKind length_penalty_kind = LengthPenaltyKind::kAverage;
  /// A translation has at most factor · (source pieces) + extra pieces.
  double max_length_factor = 2.0;
  std::int64_t max_length_extra = 20;
  /// A translation has at least so many pieces, if its longest may be so long.
  std::int64_t min_length = 0;
  /// Whether the unknown piece may appear in a translation.
  bool allow_unknown = false;
  /// No n-gram of so many pieces comes twice in a translation, but as its prefix has it; 0: any may.
  std::int64_t no_repeat_ngram = 0;
  /// Draws translations at random instead of searching for the best; `beam` is not used.
  bool sample = false;
  SamplingOptions sampling = {};
  /// Of the samples: those of a line are drawn from the seed and the number of the line.
  std::int64_t seed = 1;
};

/// All but sampling.
void describe(OptionVisitor& visit, SearchOptions& options);
void describe_sampling(OptionVisitor& visit, SearchOptions& options);

/// Throws UsageError for options that contradict each other.
void check(const SearchOptions& options);

/// Longest translation, in pieces without the end, of a source of so many pieces; at least 1.
std::int64_t max_length(const SearchOptions& options, std::size_t source_length);

}  // namespace isthmus
