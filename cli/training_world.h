// What the ranks of a training run tell each other before they begin.
#pragma once

#include <string>

#include "distributed/communicator.h"
#include "tokenizer/tokenizer.h"

namespace isthmus::cli {

/// Throws InputError on all ranks unless they run the same program with the same configuration.
void require_same_command(Communicator& world, const std::string& config);

/// Tokenizers as a model or a state keeps them; an empty target is that of the source.
TokenizerPair stored_tokenizers(const std::string& source, const std::string& target, const std::string& origin);

/// On rank 0, which has the tokenizers, and on the others, which get them.
void give_tokenizers(Communicator& world, const TokenizerPair& tokenizers, bool joint);
TokenizerPair tokenizers_of_rank_0(Communicator& world);

}  // namespace isthmus::cli
