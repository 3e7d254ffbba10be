// Draws translations at random, as the model finds them probable: the candidates of sequence-level training.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/random.h"
#include "decode/hypothesis.h"
#include "decode/search_options.h"
#include "decode/step_model.h"

namespace isthmus {

struct SamplingOptions {
  std::int64_t samples = 20;  ///< of each source, ≥ 1
  double temperature = 1.0;   ///< > 0; the softmax is that of log p / temperature: below 1 sharper, above 1 flatter
};

/// Ancestral sampling: `samples` translations of each source, drawn token by token and independently of each other; in
/// the order of the sources, then of their numbers. No source is empty.
///
/// Each token is drawn from p^(1/temperature), renormalised over the tokens that may come: never the begin, unknown and
/// end as `limits` allow. After max_length tokens the end is forced. The log-probabilities of the result are the
/// model's own: at temperature 1, not renormalised, with that of the end, once.
///
/// streams[i] is the randomness of source i; its sample k draws from streams[i].split(k) alone, so that a source's
/// samples do not depend on the others as long as the model's columns do not. prefixes[i], if given, begins every
/// sample of source i, whatever its probability, and is cut at max_length; a token in it without a finite
/// log-probability is a dead end.
///
/// A source is encoded once and is one column of the model until its first token is drawn; then its samples are.
std::vector<std::vector<Hypothesis>> sample(StepModel& model, std::span<const Sentence> sources,
                                            std::span<const Random> streams, const SamplingOptions& sampling,
                                            const SearchOptions& limits, std::span<const Sentence> prefixes = {});

}  // namespace isthmus
