// A prompt with line editing, completion and history. libedit does the work; its header appears in line_editor.cpp
// alone.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace isthmus::cli {

/// What Tab does.
struct Completion {
  std::string insert{};                ///< at the cursor
  std::vector<std::string> choices{};  ///< shown below the line
};

struct LineEditorOptions {
  std::string prompt = "> ";
  /// Empty: the history is this session's alone.
  std::string history_path{};
  /// Takes the line up to the cursor. None: Tab does nothing.
  std::function<Completion(std::string_view before)> complete{};
  /// Shown when Ctrl-C comes on an empty line.
  std::string interrupt_hint{};
};

/// Reads lines from a terminal: Emacs keys, history with the arrow keys and Ctrl-R. The history is kept in a file of at
/// most 1000 lines that its owner alone may read, from one session to the next; lines of more than 4096 bytes are not.
class LineEditor {
 public:
  /// Creates the history's folder where missing. Without a file that can be written, or where the path is none of a
  /// file, the history is this session's.
  explicit LineEditor(LineEditorOptions options);
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

/// Where the prompt's history is kept: $ISTHMUS_HISTORY, or where it is empty nowhere (an empty path); without it
/// isthmus/history in $XDG_STATE_HOME, by default ~/.local/state, and nowhere when there is no home.
std::string history_file();

}  // namespace isthmus::cli
