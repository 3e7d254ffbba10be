// What the benchmarks work on: made up, but of the sizes that real text has.
#pragma once

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "core/random.h"
#include "corpora/token_store.h"
#include "model/seq2seq.h"
#include "model/token_grid.h"

namespace isthmus::bench {

inline constexpr Index kVocabulary = 8000;
inline constexpr Index kBatch = 64;

/// Entries normal, of the size of activations.
Matrix<float> random_matrix(Index rows, Index columns, Random random);

/// Pieces of an everyday sentence: log-normal with mean 13, from 3 to 50.
std::vector<Index> sentence_lengths(std::size_t count, Random random);

/// Sentences of those lengths; the pieces follow the law of Zipf.
std::vector<Sentence> random_sentences(std::size_t count, Random random);

/// Pairs whose sides have the same length, give or take a fifth.
TokenPairs random_pairs(std::size_t count, Random random);

/// One batch of sentences of those lengths, packed.
Packing batch_packing(Index sentences, Random random);

/// `base` with both vocabularies of kVocabulary.
ModelOptions with_vocabulary(ModelOptions base);

/// Values as training begins with.
Arena<float> initial_values(const Layout& layout);

/// Parameters that a token of the source, or of the target, is multiplied with.
struct ProductSizes {
  double source = 0;
  double target = 0;
};
ProductSizes product_sizes(const Layout& layout);

/// A counter of something that was done `total` times in all iterations, per second.
inline benchmark::Counter per_second(double total) { return {total, benchmark::Counter::kIsRate}; }

/// GFLOP/s, given all floating-point operations of all iterations.
inline benchmark::Counter gflops(double total) { return per_second(total * 1e-9); }

}  // namespace isthmus::bench
