#include "cli/context_command.h"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/context_actions.h"
#include "core/error.h"
#include "core/interrupt.h"

namespace isthmus::cli {
namespace {

constexpr std::array kActions = {
    Command{"interpolate", "", "what lies between two sentences", run_context_interpolate},
    Command{"swap", "", "a sentence with parts of another's context", run_context_swap},
    Command{"erase", "", "translations without some units", run_context_erase},
    Command{"neighbours", "", "the lines of a text whose contexts are nearest", run_context_neighbours},
    Command{"noise", "", "translations from contexts with noise", run_context_noise},
};

void print_help(std::FILE* file) {
  fmt::print(file,
             "Changes context vectors and shows what the decoder makes of them. The units of a vector are counted from "
             "0: the\nhidden states of all layers, the lowest first, then an LSTM's memory cells in the same order, as "
             "`encode --state both`\nwrites them. Of a model that attends only the vector is changed; it still looks "
             "back at its source.\n\nUsage: isthmus context ACTION MODEL [options]\n\n");
  for (const Command& action : kActions) fmt::print(file, "  {:<12}{}\n", action.name, action.summary);
  fmt::print(file,
             "\nExamples:\n"
             "  isthmus context interpolate en-de.isthmus --from 'A man sleeps.' --to 'Two dogs run.'\n"
             "  isthmus context swap en-de.isthmus --source 'A man sleeps.' --with 'Two dogs run.' --part memory\n"
             "  isthmus context erase en-de.isthmus --units 3,17-20 --input test.en\n"
             "\nisthmus context ACTION --help explains an action.\n");
}

}  // namespace

int run_context(Arguments arguments) {
  if (arguments.empty() || arguments[0] == "--help" || arguments[0] == "-h") {
    print_help(arguments.empty() ? stderr : stdout);
    return arguments.empty() ? 2 : 0;
  }
  const std::string& name = arguments[0];
  std::string names;
  std::vector<std::string> known;
  for (const Command& action : kActions) {
    if (action.name == name) {
      const InterruptScope interrupts;
      return action.run(arguments.subspan(1));
    }
    known.emplace_back(action.name);
    names += fmt::format("{}{}", names.empty() ? "" : ", ", action.name);
  }
  const std::string nearest = nearest_name(name, known);
  throw UsageError(fmt::format("unknown action 'context {}'{}; the actions are {}", name,
                               nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest), names));
}

}  // namespace isthmus::cli
