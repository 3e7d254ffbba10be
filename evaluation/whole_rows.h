// Rows of small whole numbers, such as the counts that a metric is made of, ready to be summed in any selection, often.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace isthmus {

/// A row is 16 numbers of 16 bits, so that it is one load from one line of the cache; longer ones are several parts.
/// Sums are exact. Immutable, and so thread-safe.
class WholeRows {
 public:
  /// `values` has rows of `width` numbers, one after another. Nothing where a number is not whole or its size is above
  /// 32,767: then there is no such short form.
  static std::optional<WholeRows> make(std::span<const double> values, std::size_t width);

  /// The rows of a less those of b, which have the same form. Nothing where a difference is too large.
  static std::optional<WholeRows> difference(const WholeRows& a, const WholeRows& b);

  std::size_t rows() const { return rows_; }

  /// sums = the sum of the rows with these numbers. One that is there twice counts twice.
  void sum(std::span<const std::uint32_t> chosen, std::span<double> sums) const;

  /// sums = the sum of the rows i with bit i set, counted from the lowest bit of the first word.
  void sum_where(std::span<const std::uint64_t> bits, std::span<double> sums) const;

 private:
  static constexpr std::size_t kLanes = 16;
  static constexpr double kLargest = 32767;

  struct alignas(32) Part {
    std::array<std::int16_t, kLanes> lanes{};
  };

  WholeRows(std::size_t rows, std::size_t width);

  /// Part p of all rows lies together.
  std::span<const Part> part(std::size_t p) const { return std::span(parts_).subspan(p * rows_, rows_); }
  template <class AddRows>
  void sum_parts(std::size_t count, std::span<double> sums, const AddRows& add_rows) const;

  std::size_t rows_;
  std::size_t width_;
  std::vector<Part> parts_;
};

}  // namespace isthmus
