// A corpus as pieces, in a file that may be larger than memory.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/mapped_file.h"
#include "corpora/corpus_recipe.h"
#include "corpora/token_store.h"

namespace isthmus {

/// Lines of pairs, as they were before they were encoded.
struct PairLines {
  std::vector<std::string> source, target;
};

/// How many sentences have which number of pieces.
using LengthCounts = std::map<std::uint64_t, std::uint64_t>;

/// What CorpusWriter wrote, mapped into memory. Reading gives copies and lets go of the file's pages, so that the
/// process holds what it asked for and no more. Any number of threads may read from one.
///
/// A file of any bytes gets one InputError and nothing worse: everything in it is checked once, when it is opened
/// (sizes, checksum, places of records, numbers of pieces). What happens to it later is MappedFile's business.
class EncodedCorpus {
 public:
  explicit EncodedCorpus(const std::string& path);

  const CorpusRecipe& recipe() const { return recipe_; }
  const EncodingCounts& counts() const { return counts_; }
  /// At least one.
  std::uint64_t pairs() const { return pairs_; }
  std::uint64_t source_tokens() const { return source_tokens_; }
  std::uint64_t target_tokens() const { return target_tokens_; }
  const LengthCounts& source_lengths() const { return source_lengths_; }
  const LengthCounts& target_lengths() const { return target_lengths_; }

  /// The pairs of these numbers, in this order.
  TokenPairs read(std::span<const std::uint64_t> pairs) const;
  /// Their lines, of each no more than CorpusWriter::kMaxKeptBytes. Only where the recipe keeps lines.
  PairLines read_lines(std::span<const std::uint64_t> pairs) const;

 private:
  struct Record;

  void read_trailer();
  void check_checksum() const;
  /// And counts their lengths.
  void check_records();
  /// Nothing where the bytes make no sense.
  std::optional<Record> record(std::uint64_t number) const;
  template <class Take>
  void each_record(std::span<const std::uint64_t> pairs, const Take& take) const;

  MappedFile file_;
  CorpusRecipe recipe_;
  EncodingCounts counts_;
  std::uint64_t pairs_ = 0, source_tokens_ = 0, target_tokens_ = 0;
  std::span<const std::uint64_t> index_;  // pairs + 1 places
  LengthCounts source_lengths_, target_lengths_;
};

}  // namespace isthmus
