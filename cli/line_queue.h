// Lines read ahead in the background.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace isthmus::cli {

/// Reads lines while the program works on earlier ones, and hands out what has come: a program that writes one line
/// into a pipe and waits for the answer gets it, and a file comes in full windows. Memory is bounded by the lines'
/// count and bytes.
class LineQueue {
 public:
  /// "-" is standard input. Throws InputError if the file cannot be opened. Keeps at most `most` lines ready.
  LineQueue(const std::string& path, std::size_t most);
  ~LineQueue();
  LineQueue(const LineQueue&) = delete;
  LineQueue& operator=(const LineQueue&) = delete;

  /// Waits for lines and gives 1 to `most` of them in their order; none at the end. Throws what reading throws, and
  /// Interrupted when interrupted() becomes true meanwhile.
  std::vector<std::string> take();

  /// What errors call the file.
  const std::string& name() const;

 private:
  struct State;
  // Shared with the reading thread, which may be blocked in a read that nobody will answer when the queue goes away.
  std::shared_ptr<State> state_;
};

}  // namespace isthmus::cli
