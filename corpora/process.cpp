#include "corpora/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cassert>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "core/error.h"
#include "core/interrupt.h"

namespace isthmus {
namespace {

[[noreturn]] void fail(const std::string& program, int error) {
  throw InputError(
      fmt::format("cannot run {}: {}{}", program, std::strerror(error), error == ENOENT ? "; is it installed?" : ""));
}

/// A pipe that the child writes to and the parent reads from.
class Pipe {
 public:
  explicit Pipe(const std::string& program) {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0) fail(program, errno);
  }
  ~Pipe() {
    for (int end : ends_) {
      if (end >= 0) ::close(end);
    }
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  int read_end() const { return ends_[0]; }
  int write_end() const { return ends_[1]; }
  void close_write_end() { ::close(std::exchange(ends_[1], -1)); }

 private:
  std::array<int, 2> ends_{-1, -1};
};

class FileActions {
 public:
  FileActions(const Pipe& out, const Pipe& err) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, out.write_end(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, err.write_end(), STDERR_FILENO);
  }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;

  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

/// The environment with LC_ALL=C.UTF-8.
std::vector<std::string> english_environment() {
  std::vector<std::string> variables = {"LC_ALL=C.UTF-8"};
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    if (!text.starts_with("LC_ALL=") && !text.starts_with("LANGUAGE=")) variables.emplace_back(text);
  }
  return variables;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> list;
  for (std::string& string : strings) list.push_back(string.data());
  list.push_back(nullptr);
  return list;
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/// Ends the child if it still runs when an exception passes.
class ChildGuard {
 public:
  explicit ChildGuard(pid_t child) : child_(child) {}
  ~ChildGuard() {
    if (child_ <= 0) return;
    ::kill(child_, SIGTERM);
    wait_for(child_);
  }
  ChildGuard(const ChildGuard&) = delete;
  ChildGuard& operator=(const ChildGuard&) = delete;

  int wait() { return wait_for(std::exchange(child_, 0)); }

 private:
  pid_t child_;
};

/// Reads both pipes until the child has closed them.
void drain(const Pipe& out, const Pipe& err, const std::function<void(std::string_view)>& on_output,
           const std::function<void(std::string_view)>& on_errors) {
  std::array<pollfd, 2> ends = {pollfd{out.read_end(), POLLIN, 0}, pollfd{err.read_end(), POLLIN, 0}};
  std::array<char, 65536> chunk;
  while (ends[0].fd >= 0 || ends[1].fd >= 0) {
    if (interrupted()) throw Interrupted();
    // The time limit is for a signal that comes just before poll() begins to wait.
    if (::poll(ends.data(), ends.size(), 200) <= 0) continue;
    for (pollfd& end : ends) {
      if (end.fd < 0 || end.revents == 0) continue;
      const ssize_t count = ::read(end.fd, chunk.data(), chunk.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) {
        end.fd = -1;
      } else {
        (&end == &ends[0] ? on_output : on_errors)({chunk.data(), static_cast<std::size_t>(count)});
      }
    }
  }
}

}  // namespace

ProcessResult run_process(const std::vector<std::string>& command,
                          const std::function<void(std::string_view)>& on_output) {
  assert(!command.empty());
  const std::string& program = command[0];
  Pipe out(program), err(program);
  FileActions actions(out, err);
  std::vector<std::string> arguments = command, environment = english_environment();
  pid_t child = 0;
  const int error = ::posix_spawnp(&child, program.c_str(), actions.get(), nullptr, pointers(arguments).data(),
                                   pointers(environment).data());
  if (error != 0) fail(program, error);
  ChildGuard guard(child);
  out.close_write_end();
  err.close_write_end();
  ProcessResult result;
  const auto keep_output = [&result](std::string_view bytes) { result.output += bytes; };
  drain(out, err, on_output ? on_output : keep_output, [&result](std::string_view bytes) { result.errors += bytes; });
  result.exit_code = guard.wait();
  return result;
}

}  // namespace isthmus
