// A whole text at once, translated and timed: for commands that measure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "decode/translator.h"

namespace isthmus::cli {

struct TimedTranslation {
  std::vector<Translation> translations;
  std::vector<std::string> texts;  ///< the best translation of each line
  double seconds = 0.0;
};

/// Shows its progress; `origin` names the text in warnings. Throws Interrupted.
TimedTranslation translate_timed(Translator& translator, std::span<const std::string> sources,
                                 const std::string& origin);

}  // namespace isthmus::cli
