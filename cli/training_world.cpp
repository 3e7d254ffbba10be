#include "cli/training_world.h"

namespace isthmus::cli {

void require_same_command(Communicator& world, const std::string& config) {
  require_same(world, "the program", ISTHMUS_VERSION, "install the same version on all machines");
  require_same(world, "the options", config, "give all ranks the same command line and configuration");
}

TokenizerPair stored_tokenizers(const std::string& source, const std::string& target, const std::string& origin) {
  Tokenizer first = Tokenizer::from_bytes(source, origin);
  Tokenizer second = target.empty() ? first : Tokenizer::from_bytes(target, origin);
  return {std::move(first), std::move(second)};
}

void give_tokenizers(Communicator& world, const TokenizerPair& tokenizers, bool joint) {
  if (world.alone()) return;
  std::string source(tokenizers.source.bytes());
  std::string target(joint ? "" : tokenizers.target.bytes());
  world.broadcast(source);
  world.broadcast(target);
}

TokenizerPair tokenizers_of_rank_0(Communicator& world) {
  std::string source;
  std::string target;
  world.broadcast(source);
  world.broadcast(target);
  return stored_tokenizers(source, target, "rank 0");
}

}  // namespace isthmus::cli
