// Lines to a text file, compressed if its name says so.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace isthmus {

/// Writes lines that end in '\n' to a file that appears only when it is complete (see AtomicFile), compressed when the
/// path ends in `.gz .xz .zst .bz2`; or to standard output when the path is "-". Errors throw InputError. Not
/// thread-safe; movable.
class LineWriter {
 public:
  explicit LineWriter(const std::string& path);
  /// Without commit() no file is left.
  ~LineWriter();
  LineWriter(LineWriter&&) noexcept;
  LineWriter& operator=(LineWriter&&) noexcept;

  /// `line` must hold no '\n'.
  void write(std::string_view line);
  /// Bytes as they are, for output that is not lines.
  void write_bytes(std::string_view bytes);
  /// Hands what was written so far to whoever reads standard output; does nothing for a file.
  void flush();
  /// The file is whole and takes its name. Nothing may be written after it.
  void commit();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Writes all lines to a file ("-" is standard output).
template <class Lines>
void write_lines(const std::string& path, const Lines& lines) {
  LineWriter writer(path);
  for (const auto& line : lines) writer.write(line);
  writer.commit();
}

}  // namespace isthmus
