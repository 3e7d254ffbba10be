// The attention study: where does a model with attention look, and is its attention a narrow beam along the sentence or
// a second bottleneck that mixes all of it (Bahdanau, Cho & Bengio 2015, https://arxiv.org/abs/1409.0473, fig. 3; Koehn
// & Knowles 2017, https://aclanthology.org/W17-3204, section 3.5)?
#pragma once

#include <cstdint>
#include <span>

#include "core/options.h"
#include "decode/alignment.h"

namespace isthmus {

class Laboratory;
struct StudyOptions;
struct StudyResult;

enum class AttentionTarget {
  kReference,    ///< teacher forcing
  kTranslation,  ///< what the model writes itself, by a search with its defaults
};

template <>
struct EnumNames<AttentionTarget> {
  static constexpr std::string_view names[] = {"reference", "translation"};
};

struct AttentionStudyOptions {
  std::int64_t sentences = 20;  ///< whose weights are kept, the first of those with at most kMostPieces a side
  AttentionTarget target = AttentionTarget::kReference;
};

void describe(OptionVisitor& visit, AttentionStudyOptions& options);

/// Raised when the same model and text would give other numbers.
inline constexpr std::int64_t kAttentionStudyVersion = 1;

/// Of longer sentences no weights are kept: their number is the product of the lengths.
inline constexpr std::size_t kMostPieces = 80;

/// Sums over the T target pieces of a sentence (its end is left out) with weights α_ts over S source pieces and the
/// end, beside what uniform attention, α = 1/(S + 1), has.
struct AttentionSums {
  double targets = 0;          ///< T
  double steps = 0;            ///< T − 1
  double entropy = 0;          ///< −Σ_s α ln α, nats
  double uniform_entropy = 0;  ///< ln(S + 1)
  double end = 0;              ///< the end's α
  double uniform_end = 0;
  double source = 0;  ///< Σ of α over pieces, 1 − the end's
  double uniform_source = 0;
  double distance = 0;  ///< Σ_s α·|(s + ½)/S − (t + ½)/T| over pieces: from the diagonal, in lengths of the sentence
  double uniform_distance = 0;
  double onward = 0;            ///< pieces whose largest α over source pieces lies not before their predecessor's
  double uniform_onward = 0;    ///< expected of places that are drawn at random: (S + 1)/(2S)
  double standing = 0;          ///< pieces whose largest α lies where their predecessor's does
  double uniform_standing = 0;  ///< 1/S
};

/// Columns are target pieces and the end, rows source pieces and the end, at least one piece of each.
AttentionSums attention_sums(const Alignment& alignment);

/// Throws NotApplicable of a model without attention, and InputError where all lines are empty on one side.
///
/// Rows: attention_weight, a weight each; attention_measure, each measure beside uniform attention's. Findings: the
/// measures (entropy, distance, end_share, monotone_share, standing_share) and uniform attention's under "uniform_…".
/// Shares are of target pieces, monotone_share and standing_share of those after the first. Intervals are 95 %
/// percentile bootstrap over sentences; lines that are empty on a side are left out.
StudyResult attention_study(Laboratory& laboratory, const StudyOptions& options);

}  // namespace isthmus
