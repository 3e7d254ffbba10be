// Matrices whose memory only grows.
#pragma once

#include <utility>

#include "core/huge_pages.h"
#include "model/matrix.h"

namespace isthmus {

/// A matrix that changes its size from batch to batch. It keeps the memory of the largest size that it had, so that
/// after the largest batch no more is asked for, and it lies in large pages. What it holds after resize() is undefined.
template <class S>
class Buffer : public Eigen::Map<Matrix<S>> {
  using View = Eigen::Map<Matrix<S>>;

 public:
  Buffer() : View(nullptr, 0, 0) {}
  Buffer(Buffer&& other) noexcept : Buffer() { swap(other); }
  Buffer& operator=(Buffer&& other) noexcept {
    swap(other);
    return *this;
  }
  /// Takes the other's size and numbers, which must not be its own.
  template <class Derived>
  Buffer& operator=(const Eigen::MatrixBase<Derived>& other) {
    resize(other.rows(), other.cols());
    View::operator=(other);
    return *this;
  }
  Buffer& operator=(const Buffer& other) { return *this = static_cast<const View&>(other); }

  void resize(Index rows, Index columns) {
    if (rows * columns > capacity_) {
      memory_.reset();  // first: the two need not fit side by side
      capacity_ = 0;
      memory_ = make_huge_array<S>(static_cast<std::size_t>(rows * columns));
      capacity_ = rows * columns;
    }
    show(rows, columns);
  }
  using View::setZero;
  void setZero(Index rows, Index columns) {
    resize(rows, columns);
    View::setZero();
  }
  void swap(Buffer& other) noexcept {
    std::swap(memory_, other.memory_);
    std::swap(capacity_, other.capacity_);
    const Index rows = this->rows();
    const Index columns = this->cols();
    show(other.rows(), other.cols());
    other.show(rows, columns);
  }

 private:
  void show(Index rows, Index columns) { new (static_cast<View*>(this)) View(memory_.get(), rows, columns); }

  HugeArray<S> memory_;
  Index capacity_ = 0;
};

}  // namespace isthmus
