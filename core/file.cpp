#include "core/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <vector>

#include "core/error.h"

namespace isthmus {
namespace {

std::string reason(int error) { return std::generic_category().message(error); }

InputError cannot_write(const std::string& path, int error) {
  const char* remedy = error == ENOSPC || error == EDQUOT ? "free some disk space and run again"
                       : error == ENOENT                  ? "create the folder first"
                                                          : "choose a folder that you may write to";
  return InputError::in_file(path, fmt::format("cannot be written ({})", reason(error)), remedy);
}

/// An output buffer over a file descriptor that remembers the first error.
class DescriptorBuffer : public std::streambuf {
 public:
  explicit DescriptorBuffer(int descriptor) : descriptor_(descriptor), buffer_(1 << 16) {
    setp(buffer_.data(), buffer_.data() + buffer_.size());
  }
  int error() const { return error_; }

 protected:
  int_type overflow(int_type c) override {
    if (sync() != 0) return traits_type::eof();
    if (!traits_type::eq_int_type(c, traits_type::eof())) {
      *pptr() = traits_type::to_char_type(c);
      pbump(1);
    }
    return traits_type::not_eof(c);
  }
  int sync() override {
    const bool ok = write_all(pbase(), static_cast<std::size_t>(pptr() - pbase()));
    setp(buffer_.data(), buffer_.data() + buffer_.size());
    return ok ? 0 : -1;
  }
  std::streamsize xsputn(const char* data, std::streamsize size) override {
    if (size <= 0) return 0;
    if (size < epptr() - pptr()) {
      std::memcpy(pptr(), data, static_cast<std::size_t>(size));
      pbump(static_cast<int>(size));
      return size;
    }
    return sync() == 0 && write_all(data, static_cast<std::size_t>(size)) ? size : 0;
  }

 private:
  bool write_all(const char* data, std::size_t size) {
    while (size > 0 && error_ == 0) {
      const ssize_t written = ::write(descriptor_, data, size);
      if (written < 0) {
        if (errno != EINTR) error_ = errno;
        continue;
      }
      data += written;
      size -= static_cast<std::size_t>(written);
    }
    return error_ == 0;
  }

  int descriptor_;
  int error_ = 0;
  std::vector<char> buffer_;
};

void sync_folder_of(const std::string& path) {
  std::string folder = std::filesystem::path(path).parent_path().string();
  const int descriptor = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

/// A temporary file is locked while its writer lives, so that one without a lock is what a killed process left.
bool lock_unless_locked(int descriptor) { return ::flock(descriptor, LOCK_EX | LOCK_NB) == 0; }

constexpr std::string_view kTemporaryMark = ".tmp-";
constexpr std::size_t kTemporaryLetters = 6;

/// Removes the temporary files of `path` that nobody writes any more.
void remove_orphans(const std::filesystem::path& path) {
  const std::string start = path.filename().string() + std::string(kTemporaryMark);
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(
           path.has_parent_path() ? path.parent_path() : std::filesystem::path("."), ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.size() != start.size() + kTemporaryLetters || !name.starts_with(start)) continue;
    const int descriptor = ::open(entry.path().c_str(), O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0) continue;
    if (lock_unless_locked(descriptor)) ::unlink(entry.path().c_str());
    ::close(descriptor);
  }
}

/// Whether a name is still that of the open file.
bool is_named(int descriptor, const std::string& path) {
  struct stat opened {};
  struct stat named {};
  return ::fstat(descriptor, &opened) == 0 && ::stat(path.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
         opened.st_dev == named.st_dev;
}

}  // namespace

std::string read_file(const std::string& path, std::uint64_t max_bytes) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    throw InputError::in_file(path, fmt::format("cannot be read ({})", reason(errno)),
                              errno == ENOENT ? "check the name" : "check its permissions");
  }
  std::string bytes;
  struct stat status {};
  if (::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode)) {
    if (static_cast<std::uint64_t>(status.st_size) <= max_bytes)
      bytes.reserve(static_cast<std::size_t>(status.st_size));
  }
  std::vector<char> buffer(1 << 18);
  int error = 0;
  while (true) {
    const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) error = errno;
    if (got <= 0 || bytes.size() + static_cast<std::size_t>(got) > max_bytes) {
      if (got > 0) error = EFBIG;
      break;
    }
    bytes.append(buffer.data(), static_cast<std::size_t>(got));
  }
  ::close(descriptor);
  if (error != 0) throw InputError::in_file(path, fmt::format("cannot be read ({})", reason(error)), "check the name");
  return bytes;
}

struct AtomicFile::Impl {
  explicit Impl(std::string given) : name(std::move(given)), path(name) {
    struct stat status {};
    const bool exists = ::stat(path.c_str(), &status) == 0;
    if (exists && !S_ISREG(status.st_mode)) {
      // A device or a pipe is written to, not replaced.
      descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
      if (descriptor < 0) throw cannot_write(name, errno);
    } else {
      std::error_code error;
      const std::filesystem::path target = std::filesystem::canonical(path, error);  // the file behind a link
      if (exists && !error) path = target.string();
      open_temporary();
    }
    buffer = std::make_unique<DescriptorBuffer>(descriptor);
    stream = std::make_unique<std::ostream>(buffer.get());
  }
  ~Impl() {
    if (descriptor >= 0) ::close(descriptor);
    if (!committed && !temporary.empty()) ::unlink(temporary.c_str());
  }

  void open_temporary() {
    remove_orphans(path);
    while (true) {
      temporary = path + std::string(kTemporaryMark) + std::string(kTemporaryLetters, 'X');
      descriptor = ::mkostemp(temporary.data(), O_CLOEXEC);
      if (descriptor < 0) {
        temporary.clear();
        throw cannot_write(name, errno);
      }
      // Another process may take it for an orphan before the lock; where nothing can be locked, nobody does.
      ::flock(descriptor, LOCK_EX);
      if (is_named(descriptor, temporary)) break;
      ::close(descriptor);
    }
    const mode_t mask = ::umask(0);
    ::umask(mask);
    ::fchmod(descriptor, 0666 & ~mask);
  }

  std::string name;       // as given, for messages
  std::string path;       // of the file itself, where the name is a link
  std::string temporary;  // empty: written to in place
  int descriptor = -1;
  bool committed = false;
  std::unique_ptr<DescriptorBuffer> buffer;
  std::unique_ptr<std::ostream> stream;
};

AtomicFile::AtomicFile(std::string path) : impl_(std::make_unique<Impl>(std::move(path))) {}
AtomicFile::~AtomicFile() = default;

std::ostream& AtomicFile::stream() { return *impl_->stream; }

void AtomicFile::commit() {
  impl_->stream->flush();
  if (impl_->buffer->error() != 0) throw cannot_write(impl_->name, impl_->buffer->error());
  if (!*impl_->stream) throw cannot_write(impl_->name, EIO);
  if (impl_->temporary.empty()) return;
  if (::fsync(impl_->descriptor) != 0) throw cannot_write(impl_->name, errno);
  if (::rename(impl_->temporary.c_str(), impl_->path.c_str()) != 0) throw cannot_write(impl_->name, errno);
  impl_->committed = true;
  sync_folder_of(impl_->path);
}

void write_file_atomically(const std::string& path, std::string_view bytes) {
  AtomicFile file(path);
  file.stream().write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.commit();
}

FileLock::FileLock(std::string path, const std::string& what, const std::string& remedy) : path_(std::move(path)) {
  while (true) {
    descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor_ < 0) throw cannot_write(path_, errno);
    if (!lock_unless_locked(descriptor_)) {
      ::close(descriptor_);
      throw InputError::in_file(path_, what, remedy);
    }
    // Its last owner may have removed the file between the two calls: then this is a lock on a name that is gone.
    if (is_named(descriptor_, path_)) return;
    ::close(descriptor_);
  }
}

FileLock::~FileLock() {
  ::unlink(path_.c_str());
  ::close(descriptor_);
}

void make_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) throw cannot_write(path, error.value());
}

}  // namespace isthmus
