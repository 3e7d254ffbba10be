#include <utility>

#include "decode/search.h"
#include "decode/sentence_beam.h"

namespace isthmus {

std::vector<NBest> beam_search(StepModel& model, std::span<const Sentence> sources, const SearchOptions& options) {
  std::vector<SentenceBeam> beams;
  beams.reserve(sources.size());
  std::vector<std::size_t> live;  // sentences that are still searched, in the order of their columns
  for (const Sentence& source : sources) {
    live.push_back(beams.size());
    beams.emplace_back(options, source.size());
  }
  std::vector<NBest> found(sources.size());
  std::vector<TokenId> last(sources.size(), kBegin);
  std::vector<Index> parents;
  if (!live.empty()) model.start(sources);
  while (!live.empty()) {
    const Matrix<float>& log_probs = model.step(last);
    last.clear();
    parents.clear();
    bool same = true;  // the new columns are the old ones
    Index first = 0;
    std::size_t still_live = 0;
    for (const std::size_t sentence : live) {
      SentenceBeam& beam = beams[sentence];
      const Index columns = beam.live();
      beam.advance(log_probs, first);
      for (Index i = 0; i < beam.live(); ++i) {
        same = same && first + beam.parent(i) == static_cast<Index>(parents.size());
        parents.push_back(first + beam.parent(i));
        last.push_back(beam.last(i));
      }
      first += columns;
      if (beam.live() > 0) {
        live[still_live++] = sentence;
      } else {
        found[sentence] = beam.take();
      }
    }
    live.resize(still_live);
    same = same && static_cast<Index>(parents.size()) == first;
    if (!live.empty() && !same) model.select(parents);
  }
  return found;
}

}  // namespace isthmus
