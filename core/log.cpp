#include "core/log.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <mutex>
#include <string>

#include "core/error.h"
#include "core/utf8.h"

namespace isthmus {
namespace {

/// stderr is one for the whole process, and so is what stands in its last line.
struct Terminal {
  std::mutex mutex;
  std::string status;
  LogLevel least = LogLevel::kInfo;
  std::ofstream file;
  std::string file_name;
};

Terminal& terminal() {
  static Terminal instance;
  return instance;
}

void write_stderr(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

constexpr std::string_view kEraseLine = "\r\x1b[K";

}  // namespace

void log_line(LogLevel level, std::string_view text) {
  Terminal& out = terminal();
  const std::lock_guard lock(out.mutex);
  if (level < out.least) return;
  std::string line;
  if (!out.status.empty()) line += kEraseLine;
  if (level == LogLevel::kWarning) line += "warning: ";
  if (level == LogLevel::kError) line += "error: ";
  line.append(text).push_back('\n');
  if (out.file.is_open()) {
    out.file << std::string_view(line).substr(out.status.empty() ? 0 : kEraseLine.size()) << std::flush;
    if (!out.file) {
      out.file.close();
      line +=
          "warning: " + out.file_name + ": cannot be written any more; is the disk full? The log goes on here alone\n";
    }
  }
  line += out.status;
  write_stderr(line);
}

void log_only_errors() {
  Terminal& out = terminal();
  const std::lock_guard lock(out.mutex);
  out.least = LogLevel::kError;
}

void log_also_to(const std::string& path) {
  std::ofstream file(path, std::ios::app | std::ios::binary);
  if (!file)
    throw InputError::in_file(path, "cannot be written",
                              "check its folder and its permissions, or give another file to --log");
  Terminal& out = terminal();
  const std::lock_guard lock(out.mutex);
  out.file = std::move(file);
  out.file_name = path;
}

void set_status_line(std::string_view text) {
  if (!talks_to_terminal()) return;
  Terminal& out = terminal();
  const std::lock_guard lock(out.mutex);
  if (text.empty() && out.status.empty()) return;
  out.status = text;
  // A line that wraps could not be erased.
  const std::size_t width = terminal_width();
  for (std::size_t end = out.status.size(); end > 0 && display_width(out.status) >= width; out.status.resize(end)) {
    do --end;
    while (end > 0 && (static_cast<unsigned char>(out.status[end]) & 0xc0) == 0x80);
  }
  write_stderr(std::string(kEraseLine) + out.status);
}

bool talks_to_terminal() { return ::isatty(STDERR_FILENO) != 0; }

std::size_t terminal_width() {
  struct winsize size {};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

std::size_t output_width() {
  if (::isatty(STDOUT_FILENO) == 0) return 0;
  struct winsize size {};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

}  // namespace isthmus
