#include "training/objective.h"

#include "training/sequence_objective.h"
#include "training/token_objective.h"

namespace isthmus {

std::unique_ptr<Objective> make_objective(const TrainingOptions& options, const Seq2Seq<float>& model,
                                          const TokenizerPair& tokenizers, std::uint64_t pairs, ThreadPool& threads) {
  if (needs_candidates(options.objective)) {
    return std::make_unique<SequenceObjective>(options, model, tokenizers, pairs, threads);
  }
  return std::make_unique<TokenObjective>(options, model, threads);
}

}  // namespace isthmus
