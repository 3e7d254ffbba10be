// The map study: which sentences lie side by side in the space of context vectors, and is it those with the same words?
// Pictures after Sutskever et al. (2014, https://arxiv.org/abs/1409.3215, figure 2).
#pragma once

#include <cstdint>

#include "core/options.h"

namespace isthmus {

class Laboratory;
struct StudyOptions;
struct StudyResult;

struct MapOptions {
  std::int64_t neighbours = 5;   ///< nearest neighbours of a sentence
  std::int64_t sentences = 200;  ///< the first so many get their neighbours; 0 is all
  std::int64_t pairs = 20'000;   ///< of sentences behind the rank correlation, drawn where there are more
  bool keep = true;              ///< the context vectors, in the ledger
};

void describe(OptionVisitor& visit, MapOptions& options);

/// Raised when the same model and text would give other numbers.
inline constexpr std::int64_t kMapStudyVersion = 1;

/// Of the hidden states of all layers. The map is their principal component analysis in two dimensions. Neighbours are
/// those with the greatest cosine, among all sentences of the text; ties go to the earlier line. How different two
/// sentences are is their edit distance in words, for each word of the longer one.
///
/// Controls: the same network with first weights (`untrained`), and pairs whose texts are those of two other sentences
/// (`shuffled`: the sentences' texts are dealt anew).
///
/// Tables: map_points (line), map_neighbours (line and rank), map_similarity (tenth of the edit distance). Findings:
///
///   * spearman, untrained_spearman, shuffled_spearman: rank correlation of cosine and minus the edit distance over
///     pairs of sentences; intervals resample sentences (sentence_pairs.h)
///   * neighbour_distance, untrained_neighbour_distance, random_distance: mean edit distance of a sentence to its
///     neighbours, and to one that is drawn; bootstrap over sentences
///   * plane_share: per cent of the variance that the map shows
///
/// Throws InputError with fewer than three sentences.
StudyResult map_study(Laboratory& laboratory, const StudyOptions& options);

}  // namespace isthmus
