// A trained model as translation sees it.
#pragma once

#include <functional>
#include <memory>

#include "decode/step_model.h"
#include "tokenizer/tokenizer.h"

namespace isthmus {

/// Text goes in by `source`, comes out by `target`; between them are step models over shared weights.
struct TranslationModel {
  Tokenizer source;
  Tokenizer target;
  /// A step model for one thread, over target.size() tokens. May be called from several threads at once. What it
  /// returns keeps the weights alive.
  std::function<std::unique_ptr<StepModel>()> new_step_model;
  /// Whether it looks back at the source, so that there are alignments.
  bool attends = false;
};

}  // namespace isthmus
