#include "core/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/log.h"

namespace isthmus {

std::string clock_text(double seconds) {
  const auto whole = static_cast<std::int64_t>(std::llround(std::clamp(seconds, 0.0, 1e9)));
  if (whole >= 3600) return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

std::string with_commas(std::int64_t number) {
  std::string digits = fmt::format("{}", number);
  const std::size_t first = number < 0 ? 1 : 0;
  for (std::size_t i = digits.size(); i > first + 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

std::string counted(std::int64_t number, std::string_view noun, std::string_view plural) {
  if (number == 1) return fmt::format("1 {}", noun);
  return plural.empty() ? fmt::format("{} {}s", with_commas(number), noun)
                        : fmt::format("{} {}", with_commas(number), plural);
}

std::string bar_text(double share, std::size_t width) {
  static constexpr std::string_view kEighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const auto eighths =
      static_cast<std::size_t>(std::lround(std::clamp(share, 0.0, 1.0) * 8.0 * static_cast<double>(width)));
  std::string bar;
  for (std::size_t i = 0; i < eighths / 8; ++i) bar += "█";
  bar += kEighths[eighths % 8];
  for (std::size_t used = eighths / 8 + (eighths % 8 != 0); used < width; ++used) bar += ' ';
  return bar;
}

Progress::Progress(std::string task, std::string unit, std::int64_t total)
    : task_(std::move(task)), unit_(std::move(unit)), total_(total) {}

Progress::~Progress() { set_status_line(""); }

double Progress::seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

void Progress::update(std::int64_t done, std::string_view note) {
  const Clock::time_point now = Clock::now();
  if (now - drawn_ < std::chrono::milliseconds(100) || !talks_to_terminal()) return;
  drawn_ = now;
  const double elapsed = std::max(seconds(), 1e-9);
  const double speed = static_cast<double>(done) / elapsed;
  std::string line = task_;
  if (total_ > 0) {
    const double share = static_cast<double>(done) / static_cast<double>(total_);
    line +=
        fmt::format(" {:3.0f}% ▕{}▏ {}/{}", 100.0 * share, bar_text(share, 10), with_commas(done), with_commas(total_));
    if (done > 0) {
      const std::string rate = speed < 10 ? fmt::format("{:.1f}", speed) : with_commas(std::llround(speed));
      line += fmt::format(" · {} {}/s · {} left", rate, unit_, clock_text(elapsed * (1.0 - share) / share));
    }
  } else {
    line += fmt::format(" {} {} · {}/s", with_commas(done), unit_, with_commas(std::llround(speed)));
  }
  if (!note.empty()) line += fmt::format(" · {}", note);
  set_status_line(line);
}

}  // namespace isthmus
