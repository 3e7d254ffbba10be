#include "decode/alignment.h"

#include <fmt/format.h>

#include <cassert>

namespace isthmus {

std::vector<Alignment> align(StepModel& model, std::span<const Sentence> sources, std::span<const Sentence> targets) {
  assert(sources.size() == targets.size());
  std::vector<Alignment> alignments(sources.size());
  if (sources.empty()) return alignments;
  model.start(sources);
  std::vector<std::size_t> live;  // by column: the sentence
  for (std::size_t i = 0; i < sources.size(); ++i) live.push_back(i);
  std::vector<TokenId> last(live.size(), kBegin);
  for (std::size_t t = 0; !live.empty(); ++t) {
    model.step(last);
    last.clear();
    std::vector<std::size_t> still_live;
    std::vector<Index> parents;
    for (std::size_t column = 0; column < live.size(); ++column) {
      const std::size_t i = live[column];
      const Vector<float> weights = model.attention(static_cast<Index>(column));
      Alignment& alignment = alignments[i];
      if (t == 0) alignment.resize(weights.size(), static_cast<Index>(targets[i].size()) + 1);
      alignment.col(static_cast<Index>(t)) = weights;
      if (t == targets[i].size()) continue;
      still_live.push_back(i);
      last.push_back(targets[i][t]);
      parents.push_back(static_cast<Index>(column));
    }
    if (parents.size() < live.size() && !parents.empty()) model.select(parents);
    live.swap(still_live);
  }
  return alignments;
}

std::string hard_alignment(const Alignment& alignment) {
  std::string text;
  for (Index t = 0; t + 1 < alignment.cols(); ++t) {
    Index source = 0;
    alignment.col(t).maxCoeff(&source);
    if (source + 1 < alignment.rows()) text += fmt::format("{}{}-{}", text.empty() ? "" : " ", source, t);
  }
  return text;
}

std::string soft_alignment(const Alignment& alignment) {
  std::string text;
  for (Index t = 0; t < alignment.cols(); ++t) {
    for (Index s = 0; s < alignment.rows(); ++s) {
      text += fmt::format("{}{:.4f}", s > 0 ? "," : t > 0 ? " " : "", alignment(s, t));
    }
  }
  return text;
}

std::string alignment_text(const Alignment& alignment, AlignmentFormat format) {
  return format == AlignmentFormat::kSoft ? soft_alignment(alignment) : hard_alignment(alignment);
}

}  // namespace isthmus
