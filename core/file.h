// Whole files, and files that are whole or absent.
#pragma once

#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>

namespace isthmus {

/// All bytes of a file. Throws InputError when it cannot be read or has more than `max_bytes`.
std::string read_file(const std::string& path, std::uint64_t max_bytes = std::uint64_t{1} << 40);

/// A file that appears under its name only when it is complete: written to a temporary file in the same folder
/// (NAME.tmp-XXXXXX), synced and renamed by commit(). Without commit() nothing is left, and what stood there before
/// stays; the temporary file of a process that was killed goes when the same name is next written. Errors (no such
/// folder, not writable, disk full) throw InputError at construction or in commit(). A link stays a link: the file
/// behind it is replaced. A device or a pipe is not replaced but written to as it goes.
class AtomicFile {
 public:
  explicit AtomicFile(std::string path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  std::ostream& stream();
  void commit();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Writes a whole file by way of AtomicFile.
void write_file_atomically(const std::string& path, std::string_view bytes);

/// Keeps a name for one process at a time: `path` is made and locked while this lives, and gone afterwards. A lock ends
/// with its process, however that ends. Throws InputError with `what` and `remedy` when another one has it.
class FileLock {
 public:
  FileLock(std::string path, const std::string& what, const std::string& remedy);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  std::string path_;
  int descriptor_ = -1;
};

/// Creates a folder and its parents where missing. Throws InputError.
void make_folder(const std::string& path);

}  // namespace isthmus
