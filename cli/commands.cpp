// The table of subcommands, and the one place that catches errors.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include "cli/analyze_command.h"
#include "cli/average_command.h"
#include "cli/command.h"
#include "cli/command_line.h"
#include "cli/context_command.h"
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
#include "core/process_info.h"
#include "core/threads.h"
#include "distributed/world.h"

namespace isthmus::cli {
namespace {

const std::vector<Command> kCommands = {
    {"train", "Translation", "learn to translate from parallel text", run_train, true},
    {"translate", "Translation", "translate lines of text, or at a prompt", run_translate, true},
    {"evaluate", "Translation", "BLEU, chrF and TER of translations, or of a model on a test set", run_evaluate},
    {"score", "Translation", "how likely a model finds given translations", run_score},
    {"corpus", "Text", "make, check, clean, split and describe parallel text", run_corpus},
    {"tokenizer", "Text", "train a tokenizer; cut text into pieces and join them", run_tokenizer},
    {"encode", "Laboratory", "context vectors of lines of text", run_encode},
    {"context", "Laboratory", "change context vectors and see what is decoded from them", run_context},
    {"analyze", "Laboratory", "measure what the context vector carries", run_analyze},
    {"report", "Laboratory", "runs and scores of a ledger as tables", run_report},
    {"inspect", "Models", "what is inside a model file", run_inspect},
    {"average", "Models", "one model from several of one run", run_average},
    {"doctor", "Models", "what will and what will not work on this machine", run_doctor, true},
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
    if (command.name != name) continue;
    if (!command.several && world_of_process().size > 1) {
      throw UsageError(fmt::format("isthmus {} is the work of one process; start it without mpirun", name));
    }
    return command.run(Arguments(arguments).subspan(1));
  }
  std::vector<std::string> known;
  for (const Command& command : commands()) known.emplace_back(command.name);
  const std::string nearest = nearest_name(name, known);
  throw UsageError(fmt::format("unknown command '{}'{}; isthmus --help lists the commands", name,
                               nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest)));
}

/// Says what went wrong and gives the exit code back.
int failed(int code, std::string_view message) {
  const World world = world_of_process();
  if (world.rank == 0) {
    log_line(LogLevel::kError, message);
  } else {
    // Mostly all ranks meet the same error, and rank 0 tells it; its end makes mpirun end the others a second
    // later.
    std::this_thread::sleep_for(std::chrono::seconds(3));
    log_line(LogLevel::kError, fmt::format("rank {} on {}: {}", world.rank, host_name(), message));
  }
  return code;
}

}  // namespace

std::span<const Command> commands() { return kCommands; }

int run_program(int argc, char** argv) {
  limit_heaps(available_processors());
  const std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
  try {
    const int code = dispatch(arguments);
    if (std::fflush(stdout) != 0) throw InputError("standard output cannot be written; is the disk full?");
    return code;
  } catch (const UsageError& error) {
    return failed(2, error.what());
  } catch (const Interrupted&) {
    return failed(130, "interrupted");
  } catch (const std::bad_alloc&) {
    return failed(1, "out of memory; try a smaller model (--hidden, --layers, --vocab) or smaller batches");
  } catch (const std::exception& error) {
    return failed(1, error.what());
  }
}

}  // namespace isthmus::cli
