// What a changed source does to the context vector and to the loss of the reference: for studies that change sources.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analysis/laboratory.h"
#include "core/random.h"

namespace isthmus {

/// Numbers, ascending, of the sentences with at least so many pieces in their source. Where there are more than `most`
/// (0: any number), so many of them, drawn at random.
std::vector<std::size_t> choose_sentences(const Laboratory& laboratory, std::size_t least_pieces, std::int64_t most,
                                          Random random);

/// From the context vector c to c'.
struct ContextChange {
  double cosine = 0;          ///< of c and c'
  double centred_cosine = 0;  ///< of c − m and c' − m
  double distance = 0;        ///< ‖c' − c‖ / ‖c‖
};

/// c' is column i of `changed`, c column columns[i] of `own`; m is the mean over the columns of `own`.
std::vector<ContextChange> context_changes(const Matrix<float>& own, std::span<const std::size_t> columns,
                                           const Matrix<float>& changed);

/// By how many nats, summed over its tokens, the loss of the reference of sentences[i] rises when the decoder gets
/// column i of `changed` in the place of its own context.
std::vector<double> loss_changes(Laboratory& laboratory, std::span<const std::size_t> sentences,
                                 const Context<float>& changed);

}  // namespace isthmus
