// isthmus tokenizer: SentencePiece models on their own.
#pragma once

#include "cli/command.h"

namespace isthmus::cli {

int run_tokenizer(Arguments arguments);

}  // namespace isthmus::cli
