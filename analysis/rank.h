// The rank study: of how many of its dimensions does the context vector make use, and do all contexts point the same
// way? Effective rank after Roy and Vetterli (EUSIPCO 2007); anisotropy after Ethayarajh (2019,
// https://aclanthology.org/D19-1006), who saw that contextual vectors fill a narrow cone.
#pragma once

#include <cstdint>

namespace isthmus {

class Laboratory;
struct StudyOptions;
struct StudyResult;

/// Raised when the same model and text would give other numbers.
inline constexpr std::int64_t kRankStudyVersion = 1;

/// Parts of the context are taken by themselves: `hidden` (the hidden states of all layers), `top-hidden` (of the top
/// layer, where there are several) and `memory` (an LSTM's cells, of all layers). Beside the model stand two subjects:
/// `shuffled`, the model's contexts with each dimension's numbers dealt anew to the sentences, which leaves the
/// dimensions as they are and takes away what they have in common: the most that so many sentences could show; and
/// `untrained`, the contexts of the same network with first weights.
///
/// Tables: rank_figures (part and subject), rank_axes (part and axis: shares of the variance). Findings, of the hidden
/// states and, with `memory_` before them, of the cells:
///
///   * effective_rank, shuffled_effective_rank, untrained_effective_rank
///   * participation_ratio
///   * axes_90, axes_95, axes_99: that hold so many per cent of the variance; counts, without an interval
///   * mean_cosine, untrained_mean_cosine, centred_cosine: over all pairs of sentences
///
/// Intervals are 95 % of a jackknife over twenty blocks of sentences: a bootstrap draws sentences twice, which lowers a
/// rank and adds pairs of cosine 1. Throws InputError with fewer than three sentences.
StudyResult rank_study(Laboratory& laboratory, const StudyOptions& options);

}  // namespace isthmus
