// Train, dev and test without a sentence in common.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/options.h"
#include "corpora/parallel_text.h"

namespace isthmus {

struct SplitOptions {
  std::int64_t dev = 1000;   ///< pairs, at most a tenth of the corpus
  std::int64_t test = 1000;  ///< pairs, at most a tenth of the corpus
  std::int64_t pairs = 0;    ///< of all parts together, drawn at random; 0 takes all there are
  std::int64_t seed = 1;
};
void describe(OptionVisitor& visit, SplitOptions& options);

enum class Part { kTrain, kDev, kTest, kNone };

/// Which part each pair belongs to; kNone when more pairs were given than wanted, or when it repeats an earlier pair.
///
/// Pairs that share a side, as line_key() sees it, are of one family, and so are those that share one with a pair of
/// the family: no line of one part is a line of another, on either side. Families are dealt out in a random order, and
/// large ones (over a hundredth of the part) go to train, so that no test set is about one phrase. Deterministic in
/// text, options and seed.
std::vector<Part> split_parts(const ParallelText& text, const SplitOptions& options);

struct SplitCounts {
  std::size_t train = 0, dev = 0, test = 0, left_out = 0;
};

/// Writes FOLDER/train.SOURCE, train.TARGET, dev.* and test.* where SOURCE and TARGET are the languages, in the order
/// of `text`. Throws InputError when train would have nothing, or when a file cannot be written.
SplitCounts write_split(const std::string& folder, const std::string& source_language,
                        const std::string& target_language, const ParallelText& text, const SplitOptions& options);

/// The files that write_split writes.
std::vector<std::string> split_files(const std::string& folder, const std::string& source_language,
                                     const std::string& target_language);

}  // namespace isthmus
