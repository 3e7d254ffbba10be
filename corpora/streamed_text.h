// Parallel text that is read more than once and never held.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/hash.h"
#include "core/scratch_file.h"
#include "corpora/parallel_text.h"

namespace isthmus {

/// Gets one pair after the other. The views last for the call.
using TakePair = std::function<void(std::string_view source, std::string_view target)>;

/// A text in files, read as often as wanted. Standard input and pipes give their lines once: the first reading copies
/// them into a nameless file, from which the others read. Not thread-safe.
class StreamedText {
 public:
  /// `scratch_folder`: where the nameless file goes.
  StreamedText(ParallelInput input, std::string scratch_folder);

  /// Hands over all pairs in their order. Throws InputError as ParallelReader does, and Interrupted.
  void read(const TakePair& take);

  /// What errors call the source side.
  const std::string& name() const { return name_; }

 private:
  void read_files(const TakePair& take);
  void read_copy(const TakePair& take);

  ParallelInput input_;
  std::string scratch_folder_, name_;
  std::optional<ScratchFile> copy_;  // of what comes once
};

/// How a text is known again: the number of its pairs and a hash of the lines of each side.
struct TextIdentity {
  std::uint64_t pairs = 0;
  std::string source_hash, target_hash;  ///< 32 hexadecimal digits

  bool operator==(const TextIdentity&) const = default;
};

/// Makes a TextIdentity of pairs that come one by one.
class TextHasher {
 public:
  void add(std::string_view source, std::string_view target);
  std::uint64_t pairs() const { return pairs_; }
  TextIdentity identity() const { return {pairs_, source_.hex(), target_.hex()}; }

 private:
  std::uint64_t pairs_ = 0;
  Hasher source_, target_;
};

}  // namespace isthmus
