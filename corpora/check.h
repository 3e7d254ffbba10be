// What is wrong with a parallel corpus, line by line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/options.h"
#include "corpora/parallel_text.h"

namespace isthmus {

/// Kinds of trouble, worst first. Up to and including kOverlapPair they are errors: training or its scores would be
/// wrong. The rest are warnings.
enum class Problem {
  kNoLines,
  kMissingColumn,  ///< a row of a tab-separated file without source or target
  kInvalidUtf8,
  kNul,
  kOverlapPair,  ///< the pair is one of the other corpus (test text in the training text)
  kOverlapSide,
  kEmpty,
  kByteOrderMark,
  kLineSeparator,  ///< U+2028, U+2029, U+0085, VT, FF: other programs would split the line there
  kControl,
  kReplacement,
  kTooLong,
  kOddRatio,
  kCopied,
  kOddColumns,  ///< another number of columns than most rows: is there a tab within the text?
  kDuplicatePair,
  kDuplicateSide,
};
inline constexpr std::size_t kProblemKinds = 17;

enum class Side { kSource, kTarget, kPair };
template <>
struct EnumNames<Side> {
  static constexpr std::string_view names[] = {"source", "target", "pair"};
};

bool is_error(Problem problem);
/// "not valid UTF-8", …
std::string_view explain(Problem problem);

struct CheckOptions {
  std::int64_t max_characters = 1000;  ///< of a line; 0: any
  double max_ratio = 4;                ///< of a pair's length ratio to the corpus's
  std::int64_t examples = 5;           ///< lines named for each finding
};
void describe(OptionVisitor& visit, CheckOptions& options);

/// One line that has the problem.
struct Example {
  std::int64_t line;   ///< from 1
  std::string detail;  ///< e.g. "byte 17" (from 1), "as line 3"; may be empty
};

struct Finding {
  Problem problem;
  Side side;
  std::int64_t count = 0;
  std::vector<Example> examples;  ///< the first CheckOptions::examples
};

struct CheckReport {
  std::string source_name, target_name;
  std::int64_t pairs = 0;         ///< rows with too few columns are none
  std::string mismatch;           ///< why the files cannot be paired to their ends; empty when they can
  std::vector<Finding> findings;  ///< those that occur, worst first

  std::size_t errors() const;  ///< findings that are errors, and the mismatch
  std::size_t warnings() const;
};

/// Reads a corpus once, in memory of some 60 bytes a pair. `against`: another corpus, such as the test text, that must
/// not share sentences (same line_key) with it. Throws InputError where lines cannot be read at all.
CheckReport check_corpus(const ParallelInput& input, const std::optional<ParallelInput>& against,
                         const CheckOptions& options);

/// The report for people, some lines of text.
std::string to_text(const CheckReport& report);

}  // namespace isthmus
