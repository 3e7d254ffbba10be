// Lines of a text file, compressed or not. The one place that says what a line is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace isthmus {

/// Reads lines: split on '\n' alone, one final '\r' dropped; every other byte passes (NUL, U+2028, invalid UTF-8). A
/// last line without '\n' counts; a file of n newlines that ends in one has n lines, an empty file none.
///
/// gzip, xz, zstd and bzip2, also of several members, are told by the first bytes, so standard input may be
/// compressed too. Each read takes what a pipe offers and does not wait for more than the next line.
///
/// All errors are InputError and name the file: absent, unreadable, a directory, corrupt, cut short, or named like a
/// compressed file without being one. Not thread-safe; movable.
class LineReader {
 public:
  /// No line is longer: what follows is dropped, with a warning that names the line, so that a file without newlines
  /// cannot eat the memory.
  static constexpr std::size_t kMaxLineBytes = std::size_t{64} << 20;

  /// "-" is standard input.
  explicit LineReader(const std::string& path);
  ~LineReader();
  LineReader(LineReader&&) noexcept;
  LineReader& operator=(LineReader&&) noexcept;

  /// False at the end; `line` is then empty.
  bool next(std::string& line);

  /// Of the line that next() gave last, from 1; 0 before the first.
  std::int64_t line_number() const;

  /// Whether the end of the line that next() gave last was dropped (kMaxLineBytes).
  bool cropped() const;

  /// The path, or "<stdin>": what errors call the file.
  const std::string& name() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// All lines of a file ("-" is standard input). Errors as LineReader's.
std::vector<std::string> read_lines(const std::string& path);

}  // namespace isthmus
