// A text in memory as an encoded corpus.
#pragma once

#include <string>

#include "core/threads.h"
#include "corpora/corpus_writer.h"
#include "corpora/encoded_corpus.h"

namespace isthmus::testing {

inline TextIdentity identity_of(const ParallelText& text) {
  TextHasher hasher;
  for (std::size_t i = 0; i < text.size(); ++i) hasher.add(text.source[i], text.target[i]);
  return hasher.identity();
}

/// Written to the file `path`.
inline EncodedCorpus encoded(const std::string& path, const ParallelText& text, const TokenizerPair& tokenizers,
                             const EncodingLimits& limits = {}, bool keeps_lines = false) {
  CorpusWriter writer(path, recipe_of(identity_of(text), tokenizers, limits, keeps_lines));
  ThreadPool threads(1);
  PairEncoder encoder(tokenizers, limits, threads, [&](const EncodedPair& pair) { writer.add(pair); });
  for (std::size_t i = 0; i < text.size(); ++i) encoder.add(text.source[i], text.target[i]);
  encoder.finish();
  writer.commit(encoder.counts());
  return EncodedCorpus(path);
}

}  // namespace isthmus::testing
