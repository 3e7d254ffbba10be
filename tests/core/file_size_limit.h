// A disk that is full: while one lives, no file of this process may grow beyond a size.
#pragma once

#include <sys/resource.h>

#include <csignal>

namespace isthmus::testing {

class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : earlier_handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &earlier_);
    const struct rlimit limit { bytes, earlier_.rlim_max };
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &earlier_);
    std::signal(SIGXFSZ, earlier_handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  struct rlimit earlier_ {};
  void (*earlier_handler_)(int);
};

}  // namespace isthmus::testing
