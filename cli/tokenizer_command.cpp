#include "cli/tokenizer_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/output_files.h"
#include "core/error.h"
#include "core/file.h"
#include "core/log.h"
#include "core/random.h"
#include "corpora/line_reader.h"
#include "corpora/line_writer.h"
#include "model/model_file.h"
#include "tokenizer/tokenizer.h"
#include "tokenizer/training_text.h"

namespace isthmus {

/// Which of a translation model's two languages.
enum class TokenizerSide { kSource, kTarget };
template <>
struct EnumNames<TokenizerSide> {
  static constexpr std::string_view names[] = {"source", "target"};
};

namespace cli {
namespace {

struct TrainOptions {
  TokenizerOptions tokenizer;
  std::string output;
  bool force = false;
  bool verbose = false;
};

void describe(OptionVisitor& visit, TrainOptions& options) {
  visit.group("Files");
  visit("output", options.output, "the model to write, e.g. en-de.model");
  visit("force", options.force, "overwrite it if it is there already");
  visit("verbose", options.verbose, "show SentencePiece's own report");
  describe_pieces(visit, options.tokenizer);
}

struct EncodeOptions {
  std::string input = "-";
  std::string output = "-";
  bool ids = false;
  TokenizerSide side = TokenizerSide::kSource;
  double sampling_alpha = 0.0;
  std::int64_t seed = 1;
};

void describe(OptionVisitor& visit, EncodeOptions& options) {
  visit.group("Files");
  visit("input", options.input, "text, a sentence a line; - is standard input");
  visit("output", options.output, "where the pieces go; - is standard output");
  visit("ids", options.ids, "numbers instead of text of the pieces");
  visit("side", options.side, "of a translation model: whose tokenizer");
  visit.group("Sampling");
  visit("sampling-alpha", options.sampling_alpha,
        "cut at random: unigram, smaller is more random (0.1 to 0.5); bpe, share of merges skipped (0.1); 0 is off",
        between(0, 10));
  visit("seed", options.seed, "of the sampling", at_least(0));
}

struct DecodeOptions {
  std::string input = "-";
  std::string output = "-";
  bool ids = false;
  TokenizerSide side = TokenizerSide::kTarget;
};

void describe(OptionVisitor& visit, DecodeOptions& options) {
  visit.group("Files");
  visit("input", options.input, "pieces with spaces between them; - is standard input");
  visit("output", options.output, "where the text goes; - is standard output");
  visit("ids", options.ids, "the pieces are given as numbers");
  visit("side", options.side, "of a translation model: whose tokenizer");
}

/// From a translation model (*.isthmus) or a SentencePiece model.
Tokenizer load_tokenizer(const std::string& path, TokenizerSide side) {
  if (!path.ends_with(".isthmus")) return Tokenizer::from_bytes(read_file(path), path);
  ModelFile model = load_model(path);
  const bool own_target = side == TokenizerSide::kTarget && !model.target_tokenizer.empty();
  return Tokenizer::from_bytes(std::move(own_target ? model.target_tokenizer : model.source_tokenizer), path);
}

int train(Arguments arguments) {
  TrainOptions options;
  std::vector<std::string> files;
  CommandLine line("tokenizer train", "--output MODEL FILE...",
                   "Learns the pieces that text is cut into. Several files share one vocabulary; - is standard input. "
                   "The result is a SentencePiece model file.",
                   {"isthmus tokenizer train --output en-de.model --vocab 8000 train.en train.de"});
  line.add(options);
  line.positional("FILE", files, 1, CommandLine::kMany);
  if (!line.parse(arguments)) return 0;
  if (options.output.empty()) throw UsageError("--output is missing: the model file to write");
  refuse_input_as_output(options.output, files);
  refuse_to_overwrite(options.output, options.force);
  TrainingText text(options.tokenizer.max_sentences);
  for (const std::string& file : files) {
    LineReader reader(file);
    for (std::string sentence; reader.next(sentence);) text.add(sentence);
  }
  const Tokenizer tokenizer = Tokenizer::train(options.tokenizer, text.take(),
                                               options.verbose ? Tokenizer::Log::kShow : Tokenizer::Log::kQuiet);
  write_file_atomically(options.output, tokenizer.bytes());
  log_info("{}: {} {} pieces", options.output, tokenizer.size(), name_of(options.tokenizer.type));
  return 0;
}

/// Lines that are sampled at once: SentencePiece's generator is seeded for each such block.
constexpr std::size_t kSampledLines = 4096;

void write_encoded(const Tokenizer& tokenizer, const EncodeOptions& options, const Sentence& tokens,
                   LineWriter& writer) {
  if (options.ids) {
    writer.write(fmt::format("{}", fmt::join(tokens, " ")));
    return;
  }
  std::vector<std::string> pieces;
  for (const TokenId token : tokens) pieces.push_back(tokenizer.piece(token));
  writer.write(fmt::format("{}", fmt::join(pieces, " ")));
}

void encode_sampled(const Tokenizer& tokenizer, const EncodeOptions& options, LineReader& reader, LineWriter& writer) {
  Random random(static_cast<std::uint64_t>(options.seed));
  std::vector<std::string> block;
  const auto flush = [&] {
    for (const Sentence& tokens : tokenizer.encode_sampled(block, options.sampling_alpha, random.bits())) {
      write_encoded(tokenizer, options, tokens, writer);
    }
    block.clear();
  };
  for (std::string sentence; reader.next(sentence);) {
    block.push_back(sentence);
    if (block.size() == kSampledLines) flush();
  }
  flush();
}

int encode(Arguments arguments) {
  EncodeOptions options;
  std::vector<std::string> model;
  CommandLine line(
      "tokenizer encode", "MODEL",
      "Cuts text into pieces, a line for each line. MODEL is a SentencePiece model or a translation model.",
      {"isthmus tokenizer encode en-de.model < test.en", "isthmus tokenizer encode en-de.model --ids"});
  line.add(options);
  line.positional("MODEL", model, 1, 1);
  if (!line.parse(arguments)) return 0;
  refuse_input_as_output(options.output, std::vector<std::string>{model[0], options.input});
  const Tokenizer tokenizer = load_tokenizer(model[0], options.side);
  LineReader reader(options.input);
  LineWriter writer(options.output);
  if (options.sampling_alpha > 0) {
    encode_sampled(tokenizer, options, reader, writer);
  } else {
    for (std::string sentence; reader.next(sentence);) {
      if (options.ids) {
        write_encoded(tokenizer, options, tokenizer.encode(sentence), writer);
      } else {
        writer.write(fmt::format("{}", fmt::join(tokenizer.encode_as_pieces(sentence), " ")));
      }
    }
  }
  writer.commit();
  return 0;
}

std::vector<std::string> split_at_spaces(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t begin = text.find_first_not_of(' '); begin != std::string::npos;) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = text.find_first_not_of(' ', end);
  }
  return parts;
}

Sentence parse_ids(const std::vector<std::string>& parts, const Tokenizer& tokenizer, const LineReader& reader) {
  Sentence tokens;
  for (const std::string& part : parts) {
    TokenId id = -1;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), id);
    if (error != std::errc() || end != part.data() + part.size() || id < 0 ||
        static_cast<std::size_t>(id) >= tokenizer.size()) {
      throw InputError::at_line(reader.name(), reader.line_number(),
                                fmt::format("'{}' is not the number of a piece", part),
                                fmt::format("numbers go from 0 to {}", tokenizer.size() - 1));
    }
    tokens.push_back(id);
  }
  return tokens;
}

int decode(Arguments arguments) {
  DecodeOptions options;
  std::vector<std::string> model;
  CommandLine line("tokenizer decode", "MODEL",
                   "Joins pieces to text, a line for each line. MODEL is a SentencePiece model or a translation model.",
                   {"isthmus tokenizer decode en-de.model < pieces.en"});
  line.add(options);
  line.positional("MODEL", model, 1, 1);
  if (!line.parse(arguments)) return 0;
  refuse_input_as_output(options.output, std::vector<std::string>{model[0], options.input});
  const Tokenizer tokenizer = load_tokenizer(model[0], options.side);
  LineReader reader(options.input);
  LineWriter writer(options.output);
  for (std::string sentence; reader.next(sentence);) {
    const std::vector<std::string> parts = split_at_spaces(sentence);
    writer.write(options.ids ? tokenizer.decode(parse_ids(parts, tokenizer, reader)) : tokenizer.decode_pieces(parts));
  }
  writer.commit();
  return 0;
}

constexpr std::string_view kHelp =
    "Usage: isthmus tokenizer train|encode|decode [options]\n\n"
    "Translation models carry their tokenizer; these work with a SentencePiece model file on its own,\n"
    "or with the tokenizer of a translation model.\n\n"
    "  train     learns a model from text\n"
    "  encode    cuts text into pieces\n"
    "  decode    joins pieces to text\n\n"
    "isthmus tokenizer train --help lists the options of train, and so on.\n";

}  // namespace

int run_tokenizer(Arguments arguments) {
  const std::string action = arguments.empty() ? "" : arguments[0];
  if (action == "train") return train(arguments.subspan(1));
  if (action == "encode") return encode(arguments.subspan(1));
  if (action == "decode") return decode(arguments.subspan(1));
  if (action == "--help" || action == "-h") {
    fmt::print("{}", kHelp);
    return 0;
  }
  throw UsageError(fmt::format("isthmus tokenizer needs train, encode or decode{}",
                               action.empty() ? "" : fmt::format(", not '{}'", action)));
}

}  // namespace cli
}  // namespace isthmus
