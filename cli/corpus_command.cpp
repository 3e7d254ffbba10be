#include "cli/corpus_command.h"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/corpus_phrasebook.h"
#include "core/error.h"
#include "core/interrupt.h"

namespace isthmus::cli {
namespace {

constexpr std::array kSubcommands = {
    Command{"phrasebook", "Sources of parallel text", "English–Korean sentences, built in", run_corpus_phrasebook},
    Command{"debian", "Sources of parallel text", "translated package descriptions of Debian or Ubuntu",
            run_corpus_debian},
    Command{"gettext", "Sources of parallel text", "translated messages of the programs installed here",
            run_corpus_gettext},
    Command{"check", "Parallel text in files", "what is wrong with it, with line numbers", run_corpus_check},
    Command{"clean", "Parallel text in files", "repairs or drops the bad lines", run_corpus_clean},
    Command{"stats", "Parallel text in files", "its size, vocabulary, lengths and ratios", run_corpus_stats},
    Command{"split", "Parallel text in files", "into train, dev and test without a sentence in common",
            run_corpus_split},
};

void print_help(std::FILE* file) {
  fmt::print(file,
             "Gets, checks, cleans, counts and splits parallel text. Files may be compressed (.gz .xz .zst .bz2); - is "
             "standard\n"
             "input.\n\nUsage: isthmus corpus SUBCOMMAND [options]\n");
  std::string_view group;
  for (const Command& command : kSubcommands) {
    if (command.group != group) fmt::print(file, "\n{}:\n", group = command.group);
    fmt::print(file, "  {:<12}{}\n", command.name, command.summary);
  }
  fmt::print(file,
             "\nExamples:\n"
             "  isthmus corpus phrasebook --out phrasebook --pairs 20000\n"
             "  isthmus corpus debian --lang it --out debian-it\n"
             "  isthmus corpus check --source train.en --target train.de --against test.en test.de\n"
             "\nisthmus corpus SUBCOMMAND --help explains a subcommand.\n");
}

}  // namespace

int run_corpus(Arguments arguments) {
  if (arguments.empty() || arguments[0] == "--help" || arguments[0] == "-h") {
    print_help(arguments.empty() ? stderr : stdout);
    return arguments.empty() ? 2 : 0;
  }
  const std::string& name = arguments[0];
  std::vector<std::string> known;
  for (const Command& command : kSubcommands) {
    if (command.name == name) {
      const InterruptScope interrupts;  // temporary files and child processes do not outlive Ctrl-C
      return command.run(arguments.subspan(1));
    }
    known.emplace_back(command.name);
  }
  const std::string nearest = nearest_name(name, known);
  throw UsageError(fmt::format("unknown subcommand 'corpus {}'{}; isthmus corpus --help lists them", name,
                               nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest)));
}

}  // namespace isthmus::cli
