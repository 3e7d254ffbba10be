// The table of subcommands, and the one place that catches errors.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <new>
#include <string>
#include <vector>

#include "cli/analyze_command.h"
#include "cli/average_command.h"
#include "cli/command.h"
#include "cli/command_line.h"
#include "cli/corpus_command.h"
#include "cli/doctor_command.h"
#include "cli/encode_command.h"
#include "cli/evaluate_command.h"
#include "cli/inspect_command.h"
#include "cli/report_command.h"
#include "cli/score_command.h"
#include "cli/tokenizer_command.h"
#include "cli/train_command.h"
#include "cli/translate_command.h"
#include "core/error.h"
#include "core/log.h"

namespace isthmus::cli {
namespace {

const std::vector<Command> kCommands = {
    {"train", "Translation", "learn to translate from parallel text", run_train},
    {"translate", "Translation", "translate lines of text, or at a prompt", run_translate},
    {"evaluate", "Translation", "BLEU and chrF of translations, or of a model on a test set", run_evaluate},
    {"score", "Translation", "how likely a model finds given translations", run_score},
    {"corpus", "Text", "make, check, clean, split and describe parallel text", run_corpus},
    {"tokenizer", "Text", "train a tokenizer; cut text into pieces and join them", run_tokenizer},
    {"encode", "Laboratory", "context vectors of lines of text", run_encode},
    {"analyze", "Laboratory", "measure what the context vector carries", run_analyze},
    {"report", "Laboratory", "runs and scores of a ledger as tables", run_report},
    {"inspect", "Models", "what is inside a model file", run_inspect},
    {"average", "Models", "one model from several of one run", run_average},
    {"doctor", "Models", "what will and what will not work on this machine", run_doctor},
};

void print_help(std::FILE* file) {
  fmt::print(file,
             "Isthmus {}: sequence-to-sequence translation through a fixed context vector.\n\n"
             "Usage: isthmus COMMAND [options]\n",
             ISTHMUS_VERSION);
  std::string_view group;
  for (const Command& command : commands()) {
    if (command.group != group) fmt::print(file, "\n{}:\n", group = command.group);
    fmt::print(file, "  {:<12}{}\n", command.name, command.summary);
  }
  fmt::print(file,
             "\nisthmus COMMAND --help explains a command.\n"
             "Exit codes: 0 success, 1 failure, 2 wrong usage, 130 interrupted.\n");
}

int dispatch(const std::vector<std::string>& arguments) {
  if (arguments.empty()) {
    print_help(stderr);  // stdout is for data that was asked for
    return 2;
  }
  const std::string& name = arguments[0];
  if (name == "--help" || name == "-h" || name == "help") {
    print_help(stdout);
    return 0;
  }
  if (name == "--version" || name == "version") {
    fmt::print("isthmus {}\n", ISTHMUS_VERSION);
    return 0;
  }
  for (const Command& command : commands()) {
    if (command.name == name) return command.run(Arguments(arguments).subspan(1));
  }
  std::vector<std::string> known;
  for (const Command& command : commands()) known.emplace_back(command.name);
  const std::string nearest = nearest_name(name, known);
  throw UsageError(fmt::format("unknown command '{}'{}; isthmus --help lists the commands", name,
                               nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest)));
}

}  // namespace

std::span<const Command> commands() { return kCommands; }

int run_program(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
  try {
    const int code = dispatch(arguments);
    if (std::fflush(stdout) != 0) throw InputError("standard output cannot be written; is the disk full?");
    return code;
  } catch (const UsageError& error) {
    log_line(LogLevel::kError, error.what());
    return 2;
  } catch (const Interrupted&) {
    log_line(LogLevel::kError, "interrupted");
    return 130;
  } catch (const std::bad_alloc&) {
    log_line(LogLevel::kError, "out of memory; try smaller batches or a smaller model");
    return 1;
  } catch (const std::exception& error) {
    log_line(LogLevel::kError, error.what());
    return 1;
  }
}

}  // namespace isthmus::cli
