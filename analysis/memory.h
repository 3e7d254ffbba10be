// The memory study: how far back does a context vector remember? A piece of the source is dropped or replaced, and the
// further it stands from the end that the encoder reads last, the less the context should change: what Khandelwal et
// al. (2018, https://aclanthology.org/P18-1027) found of language models, and what is expected of the gradients of
// recurrent networks (Bengio, Simard & Frasconi 1994; Pascanu et al. 2013, https://arxiv.org/abs/1211.5063).
#pragma once

#include <cstdint>

#include "core/options.h"

namespace isthmus {

class Laboratory;
struct StudyOptions;
struct StudyResult;

struct MemoryOptions {
  std::int64_t sentences = 300;  ///< 0: all
  std::int64_t distance = 30;    ///< the longest
};

void describe(OptionVisitor& visit, MemoryOptions& options);

/// Raised when the same model and text would give other numbers.
inline constexpr std::int64_t kMemoryStudyVersion = 1;

/// Distances are pieces in the order of reading, from the last one read (0) and from the first. A replacement is
/// another piece, drawn from all those of the text's sources.
///
/// Rows (memory_distance), for each end, each change and each distance: the mean over the sentences that have a piece
/// there of ‖c' − c‖/‖c‖ and of the rise of the reference's loss (nats a sentence). Beside them what the former is of
/// an untrained encoder of the same shape, and both of a piece that is replaced by itself (0 but for rounding).
///
/// Findings, from distances with at least --min-sentences sentences. They are of replacement and of the end that is
/// read last, unless a suffix says `_drop`, or `_begin` (of replacement too):
///
///   * context_half_life, loss_half_life: of the exponential fitted to the two by distance, weighted by sentences; its
///     interval is that of fits to resampled sentences. Distances under a ten-thousandth of the largest have no part
///   * untrained_half_life: of the untrained encoder's context
///   * context_half_distance: the first distance where the context changes less than half as much as at 0
///   * span: the largest distance where it changes more than a hundredth of the most
///   * context_change_nearest, loss_rise_nearest: at distance 0
///
/// What did not happen has no value. Throws InputError where fewer than two sources have two pieces or more.
StudyResult study_memory(Laboratory& laboratory, const StudyOptions& options);

}  // namespace isthmus
