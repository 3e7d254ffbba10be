// isthmus corpus phrasebook: the corpus that comes with the program.
#pragma once

#include "cli/command.h"

namespace isthmus::cli {

int run_corpus_phrasebook(Arguments arguments);

}  // namespace isthmus::cli
