// isthmus corpus: gets, checks, cleans, counts and splits parallel text. One file for each of its subcommands; the
// phrasebook's is cli/corpus_phrasebook.h.
#pragma once

#include "cli/command.h"

namespace isthmus::cli {

int run_corpus(Arguments arguments);

int run_corpus_debian(Arguments arguments);
int run_corpus_gettext(Arguments arguments);
/// Returns 1 when the corpus has errors.
int run_corpus_check(Arguments arguments);
int run_corpus_clean(Arguments arguments);
int run_corpus_stats(Arguments arguments);
int run_corpus_split(Arguments arguments);

}  // namespace isthmus::cli
