#include "core/mapped_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "core/error.h"

namespace isthmus {

struct MappedFile::Impl {
  explicit Impl(std::string name) : path(std::move(name)) {
    descriptor = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);  // opening a pipe would wait for its writer
    if (descriptor < 0) fail(errno);
  }
  ~Impl() {
    if (data != nullptr) ::munmap(data, size);
    ::close(descriptor);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void map() {
    struct stat status {};
    if (::fstat(descriptor, &status) != 0) fail(errno);
    if (!S_ISREG(status.st_mode)) throw InputError::in_file(path, "is not a regular file", "give the name of a file");
    if (status.st_size == 0) return;  // nothing can be mapped
    void* mapped = ::mmap(nullptr, static_cast<std::size_t>(status.st_size), PROT_READ, MAP_SHARED, descriptor, 0);
    if (mapped == MAP_FAILED) fail(errno);
    data = mapped;
    size = static_cast<std::size_t>(status.st_size);
  }

  [[noreturn]] void fail(int error) const {
    throw InputError::in_file(path, fmt::format("cannot be read ({})", std::generic_category().message(error)),
                              error == ENOENT ? "check the name" : "check its permissions");
  }

  std::string path;
  int descriptor;
  void* data = nullptr;
  std::size_t size = 0;
};

MappedFile::MappedFile(std::string path) : impl_(std::make_unique<Impl>(std::move(path))) { impl_->map(); }
MappedFile::~MappedFile() = default;
MappedFile::MappedFile(MappedFile&&) noexcept = default;
MappedFile& MappedFile::operator=(MappedFile&&) noexcept = default;

const std::string& MappedFile::path() const { return impl_->path; }

std::string_view MappedFile::bytes() const { return {static_cast<const char*>(impl_->data), impl_->size}; }

void MappedFile::require_whole() const {
  struct stat status {};
  if (::fstat(impl_->descriptor, &status) == 0 && static_cast<std::size_t>(status.st_size) >= impl_->size) return;
  throw InputError::in_file(impl_->path, "was cut short while it was read", "leave it alone, and run again");
}

void MappedFile::release() const {
  if (impl_->data != nullptr) ::madvise(impl_->data, impl_->size, MADV_DONTNEED);
}

}  // namespace isthmus
