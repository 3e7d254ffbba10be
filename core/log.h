// Talk: lines on stderr. stdout is for data.
#pragma once

#include <fmt/core.h>

#include <string>
#include <string_view>

namespace isthmus {

enum class LogLevel { kInfo, kWarning, kError };

/// One line on stderr, whole even when several threads talk; a progress bar in the last line gives way to it.
/// Warnings begin with "warning: ", errors with "error: ".
void log_line(LogLevel level, std::string_view text);

/// From now on only errors are lines: the process is one of several, and another one talks.
void log_only_errors();

/// From now on the lines are also added to the end of this file, each at once; not the progress bar. Throws InputError
/// when it cannot be opened. A disk that is full later ends this, with a warning: talk is not worth a run.
void log_also_to(const std::string& path);

template <class... Args>
void log_info(fmt::format_string<Args...> format, Args&&... args) {
  log_line(LogLevel::kInfo, fmt::format(format, std::forward<Args>(args)...));
}

template <class... Args>
void log_warning(fmt::format_string<Args...> format, Args&&... args) {
  log_line(LogLevel::kWarning, fmt::format(format, std::forward<Args>(args)...));
}

/// Replaces the last line of the terminal by `text` (a progress bar), cut to the terminal's width; empty text removes
/// it. Does nothing when stderr is not a terminal.
void set_status_line(std::string_view text);

/// Whether stderr is a terminal.
bool talks_to_terminal();

/// Width of the terminal behind stderr in columns; 80 when there is none.
std::size_t terminal_width();

/// Width of the terminal behind stdout in columns; 0 where stdout is a file or a pipe.
std::size_t output_width();

}  // namespace isthmus
