// Search for the most probable translations under a StepModel.
#pragma once

#include <span>
#include <vector>

#include "decode/hypothesis.h"
#include "decode/search_options.h"
#include "decode/step_model.h"

namespace isthmus {

/// Translates a batch: greedy_search for a beam of 1, beam_search otherwise. The n-best list of each source, in their
/// order, of 1 to options.nbest hypotheses. No source is empty. A source's result does not depend on the others as long
/// as the model's columns do not.
std::vector<NBest> search(StepModel& model, std::span<const Sentence> sources, const SearchOptions& options);

/// The most probable token at each step; of equally probable ones the lower number. The begin is never chosen, unknown
/// only if allowed, the end not before min_length. After max_length tokens the end is forced, and its probability
/// counts. All sentences of the batch step together and leave it when they end.
std::vector<Hypothesis> greedy_search(StepModel& model, std::span<const Sentence> sources,
                                      const SearchOptions& options);

/// Beam search with the same rules. A step extends a sentence's live hypotheses by every token; of all these, the best
/// `beam` (by log-probability) that do not end live on, and those that end are finished if they are among the best
/// `beam` of all. A sentence is done when `beam` hypotheses are finished, or earlier when `nbest` are and no live one
/// can still overtake them: log-probabilities only fall, so that a live one's score is at most its log-probability over
/// the penalty of the longest translation. All live hypotheses of the batch are one step of the model.
std::vector<NBest> beam_search(StepModel& model, std::span<const Sentence> sources, const SearchOptions& options);

}  // namespace isthmus
