// Writes an encoded corpus, pair by pair.
#pragma once

#include <cstdint>
#include <string>

#include "core/file.h"
#include "core/hash.h"
#include "core/scratch_file.h"
#include "corpora/corpus_recipe.h"

namespace isthmus {

/// The file appears under its name when it is whole, in commit(); without that nothing is left. Memory does not grow
/// with the corpus: the index waits in a nameless file beside it. All functions throw InputError when the disk is full.
class CorpusWriter {
 public:
  /// Bytes of a line that are kept, at most: of a monstrous line only the start is ever cut anew.
  static constexpr std::size_t kMaxKeptBytes = std::size_t{1} << 16;

  CorpusWriter(std::string path, CorpusRecipe recipe);

  void add(const EncodedPair& pair);
  void commit(const EncodingCounts& counts);

 private:
  void put(std::string_view bytes);

  CorpusRecipe recipe_;
  AtomicFile file_;
  ScratchFile index_;
  Hasher hasher_;
  std::uint64_t written_ = 0;  // bytes
  std::uint64_t pairs_ = 0, source_tokens_ = 0, target_tokens_ = 0;
  std::string record_;
};

}  // namespace isthmus
