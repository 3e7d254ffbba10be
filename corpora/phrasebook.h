// The corpus that comes with Isthmus: English–Korean sentence pairs drawn from a grammar written for it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/options.h"
#include "corpora/grammar.h"

namespace isthmus {

struct PhrasebookOptions {
  std::string out = "phrasebook";  ///< folder; made when missing
  std::int64_t pairs = 20000;      ///< for training
  std::int64_t dev = 1000;
  std::int64_t test = 1000;
  std::int64_t seed = 1;
};

void describe(OptionVisitor& visit, PhrasebookOptions& options);

/// Sentence pairs in three parts.
struct PhrasebookSplit {
  std::vector<SentencePair> train, dev, test;
};

/// The grammar's files, corpora/phrasebook/*.txt, as the library was built with them.
std::span<const GrammarFile> phrasebook_files();

/// Draws pairs that are all different, on both sides: no English and no Korean sentence occurs twice, neither within a
/// part nor in two. The same options give the same sentences on every machine. Throws InputError, which says how many
/// there are, when the grammar does not seem to have as many.
PhrasebookSplit draw_phrasebook(const Grammar& grammar, const PhrasebookOptions& options);

/// Draws from the embedded grammar and writes train.en, train.ko, dev.en, … into options.out.
PhrasebookSplit write_phrasebook(const PhrasebookOptions& options);

}  // namespace isthmus
