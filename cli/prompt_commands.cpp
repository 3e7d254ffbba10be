#include "cli/prompt_commands.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/command_line.h"

namespace isthmus::cli {
namespace {

constexpr PromptCommand kCommands[] = {
    {"beam", "N", "hypotheses kept; 1 is greedy search"},
    {"help", "", "this list, and what is set"},
    {"length-penalty", "A", "exponent of the length that scores are divided by"},
    {"nbest", "N", "translations shown; widens the beam where it is narrower"},
    {"quit", "", "leaves, as Ctrl-D does"},
    {"scores", "", "scores of the translation and its pieces, on or off"},
};

std::string typed(const PromptCommand& command) {
  return fmt::format(":{}{}{}", command.name, command.argument.empty() ? "" : " ", command.argument);
}

}  // namespace

std::span<const PromptCommand> prompt_commands() { return kCommands; }

std::string prompt_help() {
  std::string text = "Type a sentence to translate it, or\n";
  for (const PromptCommand& command : kCommands) text += fmt::format("  {:<20} {}\n", typed(command), command.help);
  return text + "Tab completes a command. Ctrl-C stops a translation or empties the line.\n";
}

Completion complete_prompt(std::string_view before) {
  if (before.empty()) return {};
  if (before[0] != ':') return {.insert = before.ends_with(' ') ? "" : " "};
  const std::string_view begun = before.substr(1);
  std::vector<const PromptCommand*> fitting;
  for (const PromptCommand& command : kCommands) {
    if (command.name.starts_with(begun)) fitting.push_back(&command);
  }
  if (fitting.empty()) return {};
  std::string_view common = fitting[0]->name;
  for (const PromptCommand* command : fitting) {
    const auto end = std::mismatch(common.begin(), common.end(), command->name.begin(), command->name.end()).first;
    common = common.substr(0, static_cast<std::size_t>(end - common.begin()));
  }
  Completion completion{.insert = std::string(common.substr(begun.size()))};
  if (fitting.size() == 1) {
    if (!fitting[0]->argument.empty()) completion.insert += ' ';
  } else if (completion.insert.empty()) {
    for (const PromptCommand* command : fitting) completion.choices.push_back(typed(*command));
  }
  return completion;
}

std::string unknown_prompt_command(std::string_view name) {
  std::vector<std::string> known;
  for (const PromptCommand& command : kCommands) known.emplace_back(command.name);
  const std::string nearest = nearest_name(name, known);
  return fmt::format(":{} is not a command; {}:help lists them\n", name,
                     nearest.empty() ? "" : fmt::format("did you mean :{}? ", nearest));
}

}  // namespace isthmus::cli
