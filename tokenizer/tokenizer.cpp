#include "tokenizer/tokenizer.h"

#include <fmt/format.h>
#include <sentencepiece_processor.h>
#include <sentencepiece_trainer.h>

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cmath>
#include <exception>
#include <mutex>
#include <new>
#include <stdexcept>
#include <thread>
#include <unordered_map>
#include <utility>

#include "core/error.h"
#include "core/log.h"
#include "core/random.h"
#include "tokenizer/model_check.h"
#include "tokenizer/training_text.h"

namespace isthmus {

struct Tokenizer::Impl {
  std::string bytes;
  sentencepiece::SentencePieceProcessor processor;
  bool can_sample = false;
};

namespace {

using Status = sentencepiece::util::Status;
using Settings = std::unordered_map<std::string, std::string>;

/// A failure that no input should cause.
void require(const Status& status) {
  if (!status.ok()) throw std::runtime_error("SentencePiece: " + status.ToString());
}

class Lines : public sentencepiece::SentenceIterator {
 public:
  explicit Lines(const std::vector<std::string>& lines) : lines_(lines) {}
  bool done() const override { return next_ == lines_.size(); }
  void Next() override { ++next_; }
  const std::string& value() const override { return lines_[next_]; }
  Status status() const override { return {}; }

 private:
  const std::vector<std::string>& lines_;
  std::size_t next_ = 0;
};

std::string text_of(bool value) { return value ? "true" : "false"; }

/// One field of comma-separated values.
std::string csv(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) {
    if (!text.empty()) text += ',';
    text += '"';
    for (const char c : value) text += c == '"' ? "\"\"" : std::string(1, c);
    text += '"';
  }
  return text;
}

void check_user_symbols(const std::vector<std::string>& symbols) {
  for (const std::string& symbol : symbols) {
    if (symbol.empty() || symbol.find_first_of(" \t\r\n") != std::string::npos ||
        symbol.find('\0') != std::string::npos) {
      throw InputError(
          fmt::format("user symbol '{}' is empty or holds a space; symbols are pieces of one word", symbol));
    }
    if (symbol == "<unk>" || symbol == "<s>" || symbol == "</s>") {
      throw InputError(
          fmt::format("user symbol '{}' is a name that every vocabulary has already; choose another", symbol));
    }
  }
}

Settings settings_for(const TokenizerOptions& options, Tokenizer::Log log) {
  Settings settings = {
      {"model_type", std::string(name_of(options.type))},
      {"vocab_size", std::to_string(options.vocabulary_size)},
      {"hard_vocab_limit", "false"},
      {"character_coverage", fmt::format("{}", options.character_coverage)},
      {"byte_fallback", text_of(options.byte_fallback)},
      {"normalization_rule_name", std::string(name_of(options.normalization))},
      {"remove_extra_whitespaces", text_of(options.normalization != Normalization::kIdentity)},
      {"unk_id", std::to_string(kUnknown)},
      {"bos_id", std::to_string(kBegin)},
      {"eos_id", std::to_string(kEnd)},
      {"pad_id", "-1"},
      // TrainingText has drawn the sample: SentencePiece's own is seeded by the clock.
      {"shuffle_input_sentence", "false"},
      // The expectations are summed by thread, so that another number gives other last bits.
      {"num_threads", "8"},
      {"minloglevel", log == Tokenizer::Log::kShow ? "0" : "3"},
  };
  if (!options.user_symbols.empty()) settings["user_defined_symbols"] = csv(options.user_symbols);
  return settings;
}

/// Whether anything but space is left of a line after normalisation. SentencePiece's trainer ends the process when it
/// has no character to learn from.
bool has_text(const Settings& settings, const std::vector<std::string>& lines) {
  Settings probe = settings;
  probe["model_type"] = "char";
  probe["vocab_size"] = "1000";
  probe["byte_fallback"] = "false";
  probe.erase("user_defined_symbols");
  const std::vector<std::string> one_letter = {"a"};
  Lines iterator(one_letter);
  std::string bytes;
  require(sentencepiece::SentencePieceTrainer::Train(probe, &iterator, &bytes));
  sentencepiece::SentencePieceProcessor processor;
  require(processor.LoadFromSerializedProto(bytes));
  for (const std::string& line : lines) {
    std::vector<std::string> pieces;
    require(processor.Encode(line, &pieces));
    for (const std::string& piece : pieces) {
      if (piece.find_first_not_of("\u2581") != std::string::npos) return true;
    }
  }
  return false;
}

/// "… 10 vs 52. Increase vocab_size …" → 52; 0 if the message is another.
std::int64_t smallest_vocabulary(const std::string& message) {
  const std::size_t at = message.find(" vs ");
  if (message.find("smaller than required_chars") == std::string::npos || at == std::string::npos) return 0;
  std::int64_t size = 0;
  std::from_chars(message.data() + at + 4, message.data() + message.size(), size);
  return size;
}

[[noreturn]] void throw_training_error(const TokenizerOptions& options, const std::string& message) {
  if (const std::int64_t least = smallest_vocabulary(message)) {
    throw InputError(
        fmt::format("a vocabulary of {} cannot hold the characters of the training text; --vocab must be at least {}{}",
                    options.vocabulary_size, least,
                    options.byte_fallback ? " (256 of them bytes)" : ", or lower --character-coverage"));
  }
  throw InputError(fmt::format("the {} tokenizer cannot be trained on this text: {}", name_of(options.type), message));
}

/// The search for the best cut would lose its way among NaN.
bool scores_are_finite(const sentencepiece::SentencePieceProcessor& processor) {
  for (int id = 0; id < processor.GetPieceSize(); ++id) {
    if (!std::isfinite(processor.GetScore(id))) return false;
  }
  return true;
}

/// False for what is no model. SentencePiece throws errors of its own where pieces cannot be put into its trie.
bool load(std::string_view bytes, sentencepiece::SentencePieceProcessor& processor) {
  try {
    return processor.LoadFromSerializedProto(bytes).ok();
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception&) {
    return false;
  }
}

/// What is encoded at once: SentencePiece takes some 60 bytes of memory for each byte of text.
constexpr std::size_t kPartBytes = std::size_t{1} << 16;

/// Takes the first part off a line. A space at the cut is dropped: the next part brings its own.
std::string_view take_part(std::string_view& line) {
  if (line.size() <= kPartBytes) return std::exchange(line, {});
  const std::size_t cut = cut_position(line, kPartBytes);
  const std::string_view part = line.substr(0, cut);
  line.remove_prefix(line[cut] == ' ' ? cut + 1 : cut);
  return part;
}

/// The first `most` pieces, as numbers or as text.
template <class Piece>
std::vector<Piece> encode_parts(const sentencepiece::SentencePieceProcessor& processor, std::string_view line,
                                std::size_t most) {
  std::vector<Piece> pieces;
  require(processor.Encode(take_part(line), &pieces));
  for (std::vector<Piece> more; !line.empty() && pieces.size() < most;) {
    require(processor.Encode(take_part(line), &more));
    pieces.insert(pieces.end(), more.begin(), more.end());
  }
  if (pieces.size() > most) pieces.resize(most);
  return pieces;
}

/// What the trainer gets: all lines, or `most` of them.
std::vector<std::string> trainable_lines(std::span<const std::string> lines, std::int64_t most) {
  std::vector<std::string> trainable;
  if (most == 0 || std::ssize(lines) <= most) {
    for (const std::string& line : lines) append_trainable(line, trainable);
  } else {
    TrainingText sample(most);
    for (const std::string& line : lines) sample.add(line);
    for (const std::string& line : sample.take()) append_trainable(line, trainable);
  }
  return trainable;
}

std::string as_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

}  // namespace

Tokenizer::Tokenizer(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}

Tokenizer Tokenizer::train(const TokenizerOptions& options, std::span<const std::string> lines, Log log) {
  check_user_symbols(options.user_symbols);
  // Bytes and the special pieces are the floor that the trainers of char and word pieces assert.
  const auto fixed =
      static_cast<std::int64_t>(kSpecialTokens + options.user_symbols.size()) + (options.byte_fallback ? 256 : 0);
  if (options.vocabulary_size <= fixed) {
    throw InputError(
        fmt::format("a vocabulary of {} has no room beside the {} fixed pieces (special{}{}); raise --vocab",
                    options.vocabulary_size, fixed, options.byte_fallback ? ", bytes" : "",
                    options.user_symbols.empty() ? "" : ", user symbols"));
  }
  const std::vector<std::string> trainable = trainable_lines(lines, options.max_sentences);
  const Settings settings = settings_for(options, log);
  if (!has_text(settings, trainable)) {
    throw InputError(
        "there is no text to train a tokenizer on; all lines are empty or nothing but space: see isthmus corpus check");
  }
  Lines iterator(trainable);
  std::string bytes;
  const Status status = sentencepiece::SentencePieceTrainer::Train(settings, &iterator, &bytes);
  if (!status.ok()) throw_training_error(options, status.ToString());
  Tokenizer tokenizer = from_bytes(std::move(bytes), "the new tokenizer");
  const auto size = static_cast<std::int64_t>(tokenizer.size());
  if (size < options.vocabulary_size && options.type != TokenizerType::kChar) {
    log_warning("the training text supports {} pieces, fewer than the {} of --vocab", size, options.vocabulary_size);
  }
  return tokenizer;
}

Tokenizer Tokenizer::from_bytes(std::string bytes, std::string_view origin) {
  auto impl = std::make_shared<Impl>();
  if (!normalization_is_safe(bytes) || !load(bytes, impl->processor) || !scores_are_finite(impl->processor)) {
    throw InputError::in_file(origin, "is not a SentencePiece model", "give a tokenizer or a model that is whole");
  }
  const auto& processor = impl->processor;
  if (processor.unk_id() != kUnknown || processor.bos_id() != kBegin || processor.eos_id() != kEnd ||
      processor.pad_id() >= 0) {
    throw InputError::in_file(origin, "numbers its special pieces otherwise than unknown 0, begin 1, end 2, no padding",
                              "train the tokenizer with isthmus tokenizer train");
  }
  std::vector<int> ids;
  impl->can_sample = processor.SampleEncode("a", -1, 0.5F, &ids).ok();
  impl->bytes = std::move(bytes);
  return Tokenizer(std::move(impl));
}

const std::string& Tokenizer::bytes() const { return impl_->bytes; }

std::size_t Tokenizer::size() const { return static_cast<std::size_t>(impl_->processor.GetPieceSize()); }

const std::string& Tokenizer::piece(TokenId id) const {
  assert(id >= 0 && static_cast<std::size_t>(id) < size());
  return impl_->processor.IdToPiece(id);
}

TokenId Tokenizer::id_of(std::string_view piece) const { return impl_->processor.PieceToId(piece); }

Sentence Tokenizer::encode(std::string_view line, std::size_t most) const {
  return encode_parts<TokenId>(impl_->processor, line, most);
}

std::vector<std::string> Tokenizer::encode_as_pieces(std::string_view line) const {
  return encode_parts<std::string>(impl_->processor, line, std::numeric_limits<std::size_t>::max());
}

std::string Tokenizer::decode(std::span<const TokenId> tokens) const {
  for (const TokenId id : tokens) {
    if (id < 0 || static_cast<std::size_t>(id) >= size()) {
      throw std::out_of_range(fmt::format("{} is not the number of a piece (0 to {})", id, size() - 1));
    }
  }
  std::string text;
  require(impl_->processor.Decode(std::vector<int>(tokens.begin(), tokens.end()), &text));
  return as_line(std::move(text));
}

std::string Tokenizer::decode_pieces(const std::vector<std::string>& pieces) const {
  std::string text;
  require(impl_->processor.Decode(pieces, &text));
  return as_line(std::move(text));
}

bool Tokenizer::can_sample() const { return impl_->can_sample; }

std::vector<Sentence> Tokenizer::encode_sampled(std::span<const std::string> lines, double alpha,
                                                std::uint64_t seed) const {
  if (!can_sample()) {
    throw InputError("char and word tokenizers cut a text in one way only; sampling needs --tokenizer unigram or bpe");
  }
  // Each thread's generator takes the seed of the process when it is first used, so a fresh thread draws the same
  // numbers for the same seed. The lock keeps other calls from changing the seed before that.
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  // All ones would mean a seed from the hardware.
  sentencepiece::SetRandomGeneratorSeed(static_cast<unsigned>(Random(seed).bits() & 0x7fffffff));
  std::vector<Sentence> sampled(lines.size());
  std::exception_ptr failure;
  std::thread([&] {
    try {
      for (std::size_t i = 0; i < lines.size(); ++i) {
        require(impl_->processor.SampleEncode(lines[i], -1, static_cast<float>(alpha), &sampled[i]));
      }
    } catch (...) {
      failure = std::current_exception();
    }
  }).join();
  if (failure) std::rethrow_exception(failure);
  return sampled;
}

TokenizerPair train_tokenizers(const TokenizerOptions& options, std::span<const std::string> source,
                               std::span<const std::string> target) {
  if (!options.joint) return {Tokenizer::train(options, source), Tokenizer::train(options, target)};
  std::vector<std::string> both(source.begin(), source.end());
  both.insert(both.end(), target.begin(), target.end());
  const Tokenizer tokenizer = Tokenizer::train(options, both);
  return {tokenizer, tokenizer};
}

}  // namespace isthmus
