// What is too much for memory on the way to a result.
#pragma once

#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace isthmus {

/// A file without a name, gone with the object or with the process, however that ends. Written first, then read from
/// its start as often as wanted. Not thread-safe.
class ScratchFile {
 public:
  /// On the disk of `folder`. Throws InputError when no file can be made there.
  explicit ScratchFile(std::string folder);

  /// Throws InputError when the disk is full.
  void write(std::string_view bytes);

  /// From now on read() gives what was written, from its first byte. Throws InputError as write() does.
  void rewind();

  /// The next bytes; false where fewer are left. Throws InputError when the disk fails.
  bool read(std::span<char> bytes);

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  [[noreturn]] void fail(int error) const;

  std::string folder_;
  std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace isthmus
