// Search for translations under a StepModel.
#pragma once

#include <span>
#include <vector>

#include "decode/hypothesis.h"
#include "decode/search_options.h"
#include "decode/sentence_search.h"
#include "decode/step_model.h"

namespace isthmus {

/// Where a search takes sentences from, and where it leaves what it finds. Several searches may share one that is made
/// for it.
class SearchQueue {
 public:
  virtual ~SearchQueue() = default;

  /// At most so many sentences, the next ones; fewer when these are the last.
  virtual std::vector<SearchRequest> take(std::size_t most) = 0;
  /// What was found for a sentence. Sentences come back in any order.
  virtual void put(std::size_t number, NBest found) = 0;
  /// True ends the search at its next step.
  virtual bool cancelled() const { return false; }
};

/// Translates all sentences of the queue, at most `together` (≥ 1) at a time. All live hypotheses are one step of the
/// model. A sentence that is done leaves, and when a quarter have left, others take their place, so that a long one
/// does not hold up the rest. What is found for a sentence does not depend on the others as long as the model's columns
/// do not.
///
/// Beam search: SentenceBeam has the rules; a beam of one is greedy search. Sampling: SentenceSamples.
void search(StepModel& model, SearchQueue& queue, std::size_t together, const SearchOptions& options);

/// Translates the sentences all together: a list for each, in their order.
std::vector<NBest> search(StepModel& model, std::vector<SearchRequest> requests, const SearchOptions& options);
std::vector<NBest> search(StepModel& model, std::span<const Sentence> sources, const SearchOptions& options);

}  // namespace isthmus
