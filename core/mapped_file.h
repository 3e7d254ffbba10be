// A file's bytes as memory that the process does not own.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace isthmus {

/// A file mapped to be read. Its pages are the system's cache of the file: they come when they are read and can go at
/// any time, so that a file may be larger than memory.
///
/// The file must not change while it is mapped. To replace it under its name, as AtomicFile does, is no change; but the
/// system ends a process (SIGBUS) that reads where another has cut the mapped file short in place. require_whole()
/// before a stretch of reading turns all but the unluckiest of such accidents into an error.
///
/// Any number of threads may use one.
class MappedFile {
 public:
  /// Throws InputError for what cannot be read and for anything but a regular file.
  explicit MappedFile(std::string path);
  ~MappedFile();
  MappedFile(MappedFile&&) noexcept;
  MappedFile& operator=(MappedFile&&) noexcept;

  const std::string& path() const;
  std::string_view bytes() const;

  /// Throws InputError when the file has become shorter.
  void require_whole() const;

  /// Lets go of the pages that were read: they no longer count as memory of the process. The bytes stay valid, and what
  /// the system still has in its cache comes back at once.
  void release() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace isthmus
