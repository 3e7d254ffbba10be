// A parallel corpus without the lines that do harm.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/options.h"
#include "corpora/parallel_text.h"

namespace isthmus {

enum class BadUtf8 { kDrop, kRepair, kKeep };
template <>
struct EnumNames<BadUtf8> {
  static constexpr std::string_view names[] = {"drop", "repair", "keep"};
};

/// Which repetitions are dropped; the first of them stays.
enum class Repetitions { kPairs, kSides, kKeep };
template <>
struct EnumNames<Repetitions> {
  static constexpr std::string_view names[] = {"pairs", "sides", "keep"};
};

/// The rules. Defaults suit training text.
struct CleanOptions {
  BadUtf8 bad_utf8 = BadUtf8::kDrop;  ///< repair: ill-formed parts become U+FFFD
  bool keep_controls = false;         ///< else NUL, control characters and byte order marks are taken out
  bool keep_spaces = false;           ///< else runs of white space and line separators become one space
  bool keep_empty = false;
  bool keep_copies = false;                      ///< pairs with target = source
  Repetitions duplicates = Repetitions::kPairs;  ///< which are dropped
  std::int64_t max_characters = 1000;            ///< of a side; 0: any
  double max_ratio = 4;                          ///< of a pair's length ratio to the corpus's; 0: any
};
void describe(OptionVisitor& visit, CleanOptions& options);

/// What happened to a pair. First the repairs, then the reasons to drop it.
enum class Cleaning {
  kRepairedUtf8,
  kRemovedControls,
  kCollapsedSpaces,
  kDroppedRow,  ///< too few columns: ParallelText::malformed_rows
  kDroppedUtf8,
  kDroppedEmpty,
  kDroppedLong,
  kDroppedCopy,
  kDroppedRatio,
  kDroppedOverlap,
  kDroppedDuplicate,
};
inline constexpr std::size_t kCleaningKinds = 11;

struct CleanReport {
  std::size_t read = 0, kept = 0;
  std::array<std::size_t, kCleaningKinds> counts{};  ///< pairs, by Cleaning; each dropped pair counts for one reason

  std::size_t operator[](Cleaning cleaning) const { return counts[static_cast<std::size_t>(cleaning)]; }
};

/// Repairs and drops in place; the order stays. `against`: pairs of which a side occurs there (same line_key) are
/// dropped; may be null.
CleanReport clean_corpus(ParallelText& text, const ParallelText* against, const CleanOptions& options);

/// The report for people, some lines of text.
std::string to_text(const CleanReport& report);

}  // namespace isthmus
