// The probes study: what can a simple classifier read out of the context vector? Probes after Adi et al. (2017,
// https://arxiv.org/abs/1608.04207) and Conneau et al. (2018, https://aclanthology.org/P18-1198), with the controls
// that Hewitt & Liang (2019, https://aclanthology.org/D19-1275) ask for.
#pragma once

#include <cstdint>

#include "core/options.h"

namespace isthmus {

class Laboratory;
struct StudyOptions;
struct StudyResult;

struct ProbeOptions {
  std::int64_t sentences = 1000;  ///< drawn from a longer text; 60 % of them train
  std::int64_t seeds = 5;         ///< splits, swaps, pairs and untrained encoders
  std::int64_t words = 30;        ///< whose presence is asked for
  std::int64_t positions = 10;    ///< from either end of a sentence, whose piece is asked for
};

void describe(OptionVisitor& visit, ProbeOptions& options);

/// Raised when the same model and text would give other numbers.
inline constexpr std::int64_t kProbesStudyVersion = 2;

/// Five tasks, each told by a linear probe (linear_probe.h) of the frozen vector:
///
///   * length: pieces of the source, in 6 bins with as even shares as can be
///   * content: is the piece w in the source? Mean over the most frequent pieces that are in at least 20 sentences and
///     at most a third of them; balanced accuracy
///   * recall: which piece stands at place j from the beginning or the end, of the 100 most frequent and "another"
///   * shift: were two neighbours of the source swapped before it was encoded? Half of the sentences are
///   * order: which of two pieces came first? Two pairs of each sentence; the probe is bilinear in (1, c) and the
///     difference of the two trained embeddings
///
/// from the context, and as controls from the context of an untrained encoder of the same shape, from the mean of the
/// trained source embeddings (a bag of words), and as the majority's answer; and from all with random labels.
///
/// An accuracy is that of all test sentences of all seeds, its interval from resamples of both sentences and seeds,
/// each drawn as whole (Owen 2007): it holds for other sentences and other splits. Differences are of the same
/// resamples. Throws InputError when fewer than 50 sentences have pieces.
StudyResult study_probes(Laboratory& laboratory, const StudyOptions& options);

}  // namespace isthmus
