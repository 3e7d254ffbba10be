// Progress and time left of long work.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace isthmus {

/// "1:05", "2:03:04": a duration as people write it.
std::string clock_text(double seconds);

/// "1,234,567".
std::string with_commas(std::int64_t number);

/// "1 line", "2,000 lines"; `plural` where it is not the noun and an s.
std::string counted(std::int64_t number, std::string_view noun, std::string_view plural = {});

/// A bar on a terminal: «encoding  43% ▕██████▏ 12,470/29,000 · 9,120 lines/s · 0:02 left». Nothing where stderr is not
/// a terminal. Redrawn at most ten times a second; gone when the object dies. Not thread-safe.
class Progress {
 public:
  /// `total` 0 means unknown: only the count and the speed are shown.
  Progress(std::string task, std::string unit, std::int64_t total);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `done` counts from 0; `note` is appended.
  void update(std::int64_t done, std::string_view note = {});

  double seconds() const;

 private:
  using Clock = std::chrono::steady_clock;

  std::string task_;
  std::string unit_;
  std::int64_t total_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point drawn_{};
};

/// The bar itself: `share` in [0, 1] drawn with `width` block characters.
std::string bar_text(double share, std::size_t width);

}  // namespace isthmus
