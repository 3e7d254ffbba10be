#include <algorithm>
#include <utility>

#include "decode/finish.h"
#include "decode/search.h"
#include "decode/top_candidates.h"

namespace isthmus {
namespace {

/// The one hypothesis of a sentence.
class Path {
 public:
  Path(const SearchOptions& options, std::size_t source_length)
      : options_(options), limit_(max_length(options, source_length)) {}

  /// Appends the most probable token; false if that ends the sentence.
  bool advance(std::span<const float> log_probs) {
    const auto length = static_cast<std::int64_t>(hypothesis_.tokens.size());
    TopCandidates best(1);
    if (options_.allow_unknown) best.offer_column(log_probs.subspan(kUnknown, 1), kUnknown, 0.0, 0);
    if (may_end(options_, limit_, length)) best.offer_column(log_probs.subspan(kEnd, 1), kEnd, 0.0, 0);
    best.offer_column(log_probs.subspan(kSpecialTokens), kSpecialTokens, 0.0, 0);
    if (length == limit_ && !best.items().empty() && best.items()[0].token != kEnd) {
      hypothesis_.stop = StopReason::kMaxLength;
      best.clear();
      best.offer_column(log_probs.subspan(kEnd, 1), kEnd, 0.0, 0);
    }
    if (best.items().empty()) {
      hypothesis_.stop = StopReason::kDeadEnd;
      return false;
    }
    const Candidate& chosen = best.items()[0];
    hypothesis_.token_log_probs.push_back(chosen.token_log_prob);
    if (chosen.token == kEnd) return false;
    hypothesis_.tokens.push_back(chosen.token);
    return true;
  }

  TokenId last() const { return hypothesis_.tokens.back(); }

  Hypothesis take() {
    set_score(options_, hypothesis_);
    return std::move(hypothesis_);
  }

 private:
  const SearchOptions& options_;
  std::int64_t limit_;
  Hypothesis hypothesis_;
};

}  // namespace

std::vector<Hypothesis> greedy_search(StepModel& model, std::span<const Sentence> sources,
                                      const SearchOptions& options) {
  std::vector<Path> paths;
  for (const Sentence& source : sources) paths.emplace_back(options, source.size());
  std::vector<std::size_t> live(sources.size());  // the path of each column
  for (std::size_t i = 0; i < live.size(); ++i) live[i] = i;
  std::vector<TokenId> last(sources.size(), kBegin);
  if (!live.empty()) model.start(sources);
  while (!live.empty()) {
    const Matrix<float>& log_probs = model.step(last);
    std::vector<Index> parents;
    std::vector<std::size_t> still_live;
    last.clear();
    for (std::size_t column = 0; column < live.size(); ++column) {
      Path& path = paths[live[column]];
      if (!path.advance(column_of(log_probs, static_cast<Index>(column)))) continue;
      last.push_back(path.last());
      parents.push_back(static_cast<Index>(column));
      still_live.push_back(live[column]);
    }
    if (!still_live.empty() && still_live.size() < live.size()) model.select(parents);
    live = std::move(still_live);
  }
  std::vector<Hypothesis> found;
  found.reserve(paths.size());
  for (Path& path : paths) found.push_back(path.take());
  return found;
}

}  // namespace isthmus
