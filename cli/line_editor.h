// A prompt with line editing and history. libedit does the work; its header appears in line_editor.cpp alone.
#pragma once

#include <memory>
#include <optional>
#include <string>

namespace isthmus::cli {

/// Reads lines from a terminal: Emacs keys, history with the arrow keys and Ctrl-R. The history is kept in a file of at
/// most 1000 lines, from one session to the next.
class LineEditor {
 public:
  /// Creates the history's folder where missing; without a file that can be written, the history is this session's.
  LineEditor(std::string prompt, std::string history_path);
  /// Gives the terminal back.
  ~LineEditor();
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;

  /// The line without its newline; nothing at Ctrl-D. Ctrl-C empties the line.
  std::optional<std::string> read();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// isthmus/NAME in $XDG_STATE_HOME, by default ~/.local/state; empty when there is no home.
std::string state_file(const std::string& name);

}  // namespace isthmus::cli
