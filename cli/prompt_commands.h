// The commands of the prompt: what there is, and how a beginning goes on.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/line_editor.h"

namespace isthmus::cli {

struct PromptCommand {
  std::string_view name;      ///< without the colon
  std::string_view argument;  ///< what it needs, as help has it; empty: nothing
  std::string_view help;
};

/// In the order of their names.
std::span<const PromptCommand> prompt_commands();

/// The text of :help.
std::string prompt_help();

/// How a command goes on after `before`, the line up to the cursor. In a sentence, Tab is a space, as it is in the text
/// that a spreadsheet hands over, unless there is one already.
Completion complete_prompt(std::string_view before);

/// ":sing is not a command; did you mean :something? :help lists them"
std::string unknown_prompt_command(std::string_view name);

}  // namespace isthmus::cli
