#include "evaluation/whole_rows.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace isthmus {
namespace {

/// So many rows of 16 bits add up to less than 32.
constexpr std::size_t kSafeRows = std::size_t{1} << 16;

}  // namespace

WholeRows::WholeRows(std::size_t rows, std::size_t width)
    : rows_(rows), width_(width), parts_(rows * ((width + kLanes - 1) / kLanes)) {}

std::optional<WholeRows> WholeRows::make(std::span<const double> values, std::size_t width) {
  WholeRows whole(values.size() / width, width);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!(std::abs(values[i]) <= kLargest) || values[i] != std::floor(values[i])) return std::nullopt;
    const std::size_t column = i % width;
    whole.parts_[column / kLanes * whole.rows_ + i / width].lanes[column % kLanes] =
        static_cast<std::int16_t>(values[i]);
  }
  return whole;
}

std::optional<WholeRows> WholeRows::difference(const WholeRows& a, const WholeRows& b) {
  assert(a.rows_ == b.rows_ && a.width_ == b.width_);
  WholeRows result(a.rows_, a.width_);
  for (std::size_t p = 0; p < result.parts_.size(); ++p) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const int difference = a.parts_[p].lanes[lane] - b.parts_[p].lanes[lane];
      if (std::abs(difference) > static_cast<int>(kLargest)) return std::nullopt;
      result.parts_[p].lanes[lane] = static_cast<std::int16_t>(difference);
    }
  }
  return result;
}

/// add_rows(part, begin, end, sums) adds rows begin … end − 1 of its choice to sums of 32 bits.
template <class AddRows>
void WholeRows::sum_parts(std::size_t count, std::span<double> sums, const AddRows& add_rows) const {
  assert(sums.size() == width_);
  for (std::size_t first = 0; first < width_; first += kLanes) {
    std::array<std::int64_t, kLanes> total{};
    for (std::size_t begin = 0; begin < count; begin += kSafeRows) {
      std::array<std::int32_t, kLanes> here{};
      add_rows(part(first / kLanes), begin, std::min(count, begin + kSafeRows), here);
      for (std::size_t lane = 0; lane < kLanes; ++lane) total[lane] += here[lane];
    }
    for (std::size_t lane = 0; lane < std::min(kLanes, width_ - first); ++lane) {
      sums[first + lane] = static_cast<double>(total[lane]);
    }
  }
}

void WholeRows::sum(std::span<const std::uint32_t> chosen, std::span<double> sums) const {
  sum_parts(
      chosen.size(), sums,
      [&](std::span<const Part> rows, std::size_t begin, std::size_t end, std::array<std::int32_t, kLanes>& here) {
        std::array<std::int32_t, kLanes> added{};
        for (std::size_t i = begin; i < end; ++i) {
          const Part& row = rows[chosen[i]];
          for (std::size_t lane = 0; lane < kLanes; ++lane) added[lane] += row.lanes[lane];
        }
        here = added;
      });
}

void WholeRows::sum_where(std::span<const std::uint64_t> bits, std::span<double> sums) const {
  sum_parts(
      rows_, sums,
      [&](std::span<const Part> rows, std::size_t begin, std::size_t end, std::array<std::int32_t, kLanes>& here) {
        std::array<std::int32_t, kLanes> added{};
        for (std::size_t i = begin; i < end; ++i) {
          const auto mask = static_cast<std::int16_t>(-static_cast<int>(bits[i / 64] >> (i % 64) & 1));
          for (std::size_t lane = 0; lane < kLanes; ++lane) {
            added[lane] += static_cast<std::int16_t>(rows[i].lanes[lane] & mask);
          }
        }
        here = added;
      });
}

}  // namespace isthmus
