// A model whose search can be stopped in the midst of a sentence.
#pragma once

#include "decode/translation_model.h"

namespace isthmus::cli {

/// The same model, whose steps throw Interrupted when interrupted() has become true: the translator itself looks only
/// between batches, and at a prompt one long line with a wide beam is a batch.
TranslationModel interruptible(TranslationModel model);

}  // namespace isthmus::cli
