#include "cli/encode_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "cli/command_line.h"
#include "cli/context_recorder.h"
#include "cli/output_files.h"
#include "core/error.h"
#include "core/interrupt.h"
#include "core/log.h"
#include "core/npy.h"
#include "core/progress.h"
#include "corpora/line_reader.h"
#include "corpora/line_writer.h"
#include "decode/load_translation_model.h"

namespace isthmus::cli {
namespace {

enum class VectorFormat { kTsv, kNpy };

/// Which part of the decoder's first state is written.
enum class StatePart { kHidden, kMemory, kBoth };

}  // namespace
}  // namespace isthmus::cli

namespace isthmus {
template <>
struct EnumNames<cli::VectorFormat> {
  static constexpr std::string_view names[] = {"tsv", "npy"};
};
template <>
struct EnumNames<cli::StatePart> {
  static constexpr std::string_view names[] = {"hidden", "memory", "both"};
};
}  // namespace isthmus

namespace isthmus::cli {
namespace {

struct EncodeOptions {
  std::string input = "-";
  std::string output = "-";
  VectorFormat format = VectorFormat::kTsv;
  StatePart state = StatePart::kHidden;
  std::int64_t batch = 64;
  std::int64_t max_source_length = 1000;
  std::string ledger;
};

void describe(OptionVisitor& visit, EncodeOptions& options) {
  visit("input", options.input, "text, a sentence a line; - is standard input");
  visit("output", options.output, "where the vectors go; - is standard output");
  visit("format", options.format,
        "numbers with tabs between them, a line each; or a NumPy array of float32, a row each");
  visit("state", options.state, "the hidden states of all layers, an LSTM's memory cells, or both one after the other");
  visit("batch", options.batch, "sentences read together; no effect on the vectors", between(1, 65536));
  visit("max-source-length", options.max_source_length, "pieces of a line that are read", at_least(1));
  visit("ledger", options.ledger, "also keep lines and vectors, layer by layer, in this SQLite file");
}

/// The chosen part of the contexts of some lines, a column each; `lines_before` of the input came before them.
Matrix<float> encode(const LoadedModel& model, const std::vector<std::string>& lines, const EncodeOptions& options,
                     std::size_t lines_before, Scratch<float>& scratch) {
  std::vector<Sentence> sentences;
  const auto longest = static_cast<std::size_t>(options.max_source_length);
  for (const std::string& line : lines) {
    Sentence& sentence = sentences.emplace_back(model.source.encode(line));
    if (sentence.size() <= longest) continue;
    log_warning("{}:{}: only the first {} of {} pieces are read (--max-source-length)", options.input,
                lines_before + sentences.size(), longest, sentence.size());
    sentence.resize(longest);
  }
  const Seq2Seq<float>& network = *model.file.model;
  RnnState<float> state = network.encode(*model.file.values, network.pack_source(sentences), scratch).state;
  if (options.state == StatePart::kHidden) return state.hidden;
  if (options.state == StatePart::kMemory) return state.memory;
  Matrix<float> both(state.hidden.rows() + state.memory.rows(), state.hidden.cols());
  both << state.hidden, state.memory;
  return both;
}

std::string tsv_lines(const Matrix<float>& vectors) {
  std::string text;
  for (Index b = 0; b < vectors.cols(); ++b) {
    for (Index i = 0; i < vectors.rows(); ++i) {
      fmt::format_to(std::back_inserter(text), "{}{}", i == 0 ? "" : "\t", vectors(i, b));
    }
    text += '\n';
  }
  return text;
}

ContextSource context_source(const EncodeOptions& options, const std::string& model_path, const LoadedModel& model) {
  ContextSource source{.model = {model_path, model.file.provenance},
                       .input = options.input,
                       .config_json = to_json(options),
                       .shape = {.hidden = model.file.model->options().hidden}};
  if (options.state != StatePart::kMemory) source.shape.kinds.emplace_back("hidden");
  if (options.state != StatePart::kHidden) source.shape.kinds.emplace_back("memory");
  return source;
}

}  // namespace

int run_encode(Arguments arguments) {
  EncodeOptions options;
  std::vector<std::string> models;
  CommandLine line("encode", "MODEL",
                   "Writes the context vector of each line: all that the decoder gets to know of it. An empty line has "
                   "one too.",
                   {"isthmus encode en-de.isthmus --input test.en --format npy --output test.npy",
                    "echo 'Good morning.' | isthmus encode en-de.isthmus"});
  line.add(options);
  line.positional("MODEL", models, 1, 1);
  if (!line.parse(arguments)) return 0;
  refuse_input_as_output(options.output, std::vector<std::string>{models[0], options.input});
  refuse_ledger_as_output(options.output, options.ledger);
  const auto model = load_translation_model(models[0]);
  if (options.state != StatePart::kHidden && model->file.model->options().cell != CellType::kLstm) {
    throw UsageError("--state memory and both: only an LSTM has memory cells, and this model is another cell");
  }
  LineReader reader(options.input);
  LineWriter writer(options.output);
  const InterruptScope interrupt;
  Progress progress("encoding", "lines", 0);
  Scratch<float> scratch;
  std::vector<std::string> lines;
  std::string rows;  // an array's header has their number, so they wait
  std::size_t count = 0;
  // Of the array, also when the text has no lines.
  const ModelOptions& shape = model->file.model->options();
  const Index columns = shape.layers * shape.hidden * (options.state == StatePart::kBoth ? 2 : 1);
  std::optional<ContextRecorder> recorder;
  if (!options.ledger.empty()) recorder.emplace(context_source(options, models[0], *model));
  const auto flush = [&] {
    if (lines.empty()) return;
    if (interrupted()) throw Interrupted();
    const Matrix<float> vectors = encode(*model, lines, options, count, scratch);
    if (recorder) recorder->add(lines, vectors);
    if (options.format == VectorFormat::kTsv) {
      writer.write_bytes(tsv_lines(vectors));
    } else {
      rows.append(reinterpret_cast<const char*>(vectors.data()),
                  static_cast<std::size_t>(vectors.size()) * sizeof(float));
    }
    count += lines.size();
    lines.clear();
    progress.update(static_cast<std::int64_t>(count));
  };
  for (std::string text; reader.next(text);) {
    lines.push_back(text);
    if (static_cast<std::int64_t>(lines.size()) == options.batch) flush();
  }
  flush();
  if (options.format == VectorFormat::kNpy) {
    writer.write_bytes(npy_header(count, static_cast<std::size_t>(columns), NpyOrder::kRows));
    writer.write_bytes(rows);
  }
  writer.commit();
  if (recorder) recorder->write(options.ledger);
  return 0;
}

}  // namespace isthmus::cli
