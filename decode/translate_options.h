// How lines are packed for translation. None of it changes a translation but max_source_length.
#pragma once

#include <cstdint>

#include "core/options.h"

namespace isthmus {

struct TranslateOptions {
  /// Sentences that are searched together.
  std::int64_t batch = 32;
  /// 0: one for each processor.
  std::int64_t threads = 0;
  /// Pieces of a line that are read; what follows is dropped, with a warning.
  std::int64_t max_source_length = 1000;
  /// Whether translations come with their alignments, which takes the time of scoring them. Not an option of its own:
  /// who asks for it says how they are written.
  bool align = false;
};

void describe(OptionVisitor& visit, TranslateOptions& options);

}  // namespace isthmus
