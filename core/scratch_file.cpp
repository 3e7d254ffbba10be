#include "core/scratch_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "core/error.h"

namespace isthmus {
namespace {

/// A file that has no name, or loses it at once where the file system gives every file one.
int open_nameless(const std::string& folder) {
  int descriptor = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor >= 0 || (errno != EOPNOTSUPP && errno != EISDIR)) return descriptor;
  std::string name = folder + "/isthmus-XXXXXX";
  descriptor = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor >= 0) ::unlink(name.c_str());
  return descriptor;
}

}  // namespace

ScratchFile::ScratchFile(std::string folder) : folder_(folder.empty() ? "." : std::move(folder)) {
  const int descriptor = open_nameless(folder_);
  if (descriptor < 0) fail(errno);
  file_.reset(::fdopen(descriptor, "w+"));
  if (!file_) {
    const int error = errno;
    ::close(descriptor);
    fail(error);
  }
}

void ScratchFile::fail(int error) const {
  throw InputError::in_file(
      folder_, fmt::format("a temporary file there cannot be used ({})", std::generic_category().message(error)),
      error == ENOSPC ? "free some disk space and run again" : "choose a folder that you may write to");
}

void ScratchFile::write(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size()) fail(errno);
}

void ScratchFile::rewind() {
  if (std::fflush(file_.get()) != 0 || std::fseek(file_.get(), 0, SEEK_SET) != 0) fail(errno);
}

bool ScratchFile::read(std::span<char> bytes) {
  if (std::fread(bytes.data(), 1, bytes.size(), file_.get()) == bytes.size()) return true;
  if (std::ferror(file_.get())) fail(errno);
  return false;
}

}  // namespace isthmus
