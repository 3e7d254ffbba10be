// A library that LD_PRELOAD puts before the C library, to end a program or fill its disk at a chosen call. The calls
// that change files are counted from 1; ISTHMUS_FAULT says what happens at which:
//
//   kill:N   the process dies in the middle of call N: of what it writes, half is written
//   full:N   call N writes half, and after it nothing can be written any more: "No space left on device"
//   count    all goes well, and their number is written to a file `calls` at the end
//
// Standard output and error, and what is no regular file, are left alone.
#include <dlfcn.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

enum class Fault { kNone, kNow, kSince };

std::atomic<long> calls{0};

struct Plan {
  bool kills = false;
  long at = 0;
};

Plan plan() {
  static const Plan kPlan = [] {
    const char* text = std::getenv("ISTHMUS_FAULT");
    if (text == nullptr || std::strlen(text) < 6) return Plan{};
    return Plan{std::strncmp(text, "kill:", 5) == 0, std::atol(text + 5)};
  }();
  return kPlan;
}

/// Counts a call, and says what is to become of it.
Fault next_fault() {
  const long call = ++calls;
  if (plan().at == 0) return Fault::kNone;
  return call < plan().at ? Fault::kNone : call == plan().at ? Fault::kNow : Fault::kSince;
}

bool is_file(int descriptor) {
  struct stat status {};
  return descriptor > STDERR_FILENO && ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

void die() { std::raise(SIGKILL); }

int no_space() {
  errno = ENOSPC;
  return -1;
}

template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

/// A call that writes: `some(size)` writes so many bytes.
template <class Some>
ssize_t write_some(int descriptor, size_t size, const Some& some) {
  const Fault fault = is_file(descriptor) ? next_fault() : Fault::kNone;
  if (fault == Fault::kNone) return some(size);
  if (fault == Fault::kSince) return no_space();
  const ssize_t half = some(size / 2);
  if (plan().kills) die();
  return half > 0 ? half : no_space();
}

/// A call that changes a file but needs no space. A disk that is full may only now be found to be.
template <class Call>
int change(bool needs_space, const Call& call) {
  const Fault fault = next_fault();
  if (fault == Fault::kNone) return call();
  if (plan().kills) die();
  return needs_space ? no_space() : call();
}

/// Lives as long as the program.
struct Counter {
  ~Counter() {
    const char* text = std::getenv("ISTHMUS_FAULT");
    if (text == nullptr || std::strcmp(text, "count") != 0) return;
    const long count = calls;
    std::FILE* file = std::fopen("calls", "w");
    std::fprintf(file, "%ld\n", count);
    std::fclose(file);
  }
};
const Counter counter;

}  // namespace

extern "C" {

ssize_t write(int descriptor, const void* bytes, size_t size) {
  static auto* const kReal = real<ssize_t(int, const void*, size_t)>("write");
  return write_some(descriptor, size, [&](size_t some) { return kReal(descriptor, bytes, some); });
}

ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t offset) {
  static auto* const kReal = real<ssize_t(int, const void*, size_t, off_t)>("pwrite");
  return write_some(descriptor, size, [&](size_t some) { return kReal(descriptor, bytes, some, offset); });
}

ssize_t pwrite64(int descriptor, const void* bytes, size_t size, off64_t offset) {
  return pwrite(descriptor, bytes, size, offset);
}

ssize_t writev(int descriptor, const struct iovec* parts, int count) {
  static auto* const kReal = real<ssize_t(int, const struct iovec*, int)>("writev");
  return write_some(descriptor, static_cast<size_t>(count) * 2,
                    [&](size_t some) { return kReal(descriptor, parts, static_cast<int>((some + 1) / 2)); });
}

int fsync(int descriptor) {
  static auto* const kReal = real<int(int)>("fsync");
  return change(is_file(descriptor), [&] { return kReal(descriptor); });
}

int fdatasync(int descriptor) {
  static auto* const kReal = real<int(int)>("fdatasync");
  return change(is_file(descriptor), [&] { return kReal(descriptor); });
}

int ftruncate(int descriptor, off_t size) {
  static auto* const kReal = real<int(int, off_t)>("ftruncate");
  struct stat status {};
  const bool grows = ::fstat(descriptor, &status) == 0 && size > status.st_size;
  return change(grows, [&] { return kReal(descriptor, size); });
}

int ftruncate64(int descriptor, off64_t size) { return ftruncate(descriptor, size); }

int posix_fallocate(int descriptor, off_t offset, off_t size) {
  static auto* const kReal = real<int(int, off_t, off_t)>("posix_fallocate");
  return change(true, [&] { return kReal(descriptor, offset, size); }) == 0 ? 0 : ENOSPC;
}

int posix_fallocate64(int descriptor, off64_t offset, off64_t size) {
  return posix_fallocate(descriptor, offset, size);
}

int rename(const char* from, const char* to) {
  static auto* const kReal = real<int(const char*, const char*)>("rename");
  return change(false, [&] { return kReal(from, to); });
}

int unlink(const char* path) {
  static auto* const kReal = real<int(const char*)>("unlink");
  return change(false, [&] { return kReal(path); });
}

int mkostemp(char* name, int flags) {
  static auto* const kReal = real<int(char*, int)>("mkostemp");
  return change(true, [&] { return kReal(name, flags); });
}

int mkostemp64(char* name, int flags) { return mkostemp(name, flags); }

}  // extern "C"
