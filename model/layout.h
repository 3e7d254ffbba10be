// The parameters of a model: a manifest of tensors, and buffers that follow it.
#pragma once

#include <string>
#include <vector>

#include "core/huge_pages.h"
#include "core/random.h"
#include "model/matrix.h"

namespace isthmus {

/// How a tensor begins.
enum class Initialiser {
  kZero,
  kOne,         ///< gain of a layer normalisation
  kGlorot,      ///< uniform, ±√(6/(rows + columns)) for each gate's block (Glorot & Bengio 2010)
  kOrthogonal,  ///< each gate's square block orthogonal (Saxe et al. 2014)
  kForgetGate,  ///< bias of an LSTM: `value` for the forget gate, 0 elsewhere (Jozefowicz et al. 2015)
  kEmbedding,   ///< normal with variance 1/rows
};

/// Number of a tensor in its layout.
struct TensorId {
  int index = -1;

  bool valid() const { return index >= 0; }
};

struct TensorInfo {
  std::string name;  ///< e.g. "encoder.0.forward.input_weights"
  Index rows = 0;
  Index columns = 0;
  Index offset = 0;  ///< in scalars, a multiple of 16, so that each tensor begins on a cache line
  Initialiser initialiser = Initialiser::kZero;
  int gates = 1;       ///< blocks of rows that are initialised apart
  double value = 0.0;  ///< for kForgetGate
};

/// The manifest of a model's parameters. Built once by the layers' constructors, then const.
class Layout {
 public:
  TensorId add(TensorInfo tensor);

  const std::vector<TensorInfo>& tensors() const { return tensors_; }
  const TensorInfo& operator[](TensorId id) const { return tensors_[static_cast<std::size_t>(id.index)]; }
  /// Scalars in an arena of this layout, gaps included.
  Index size() const { return size_; }
  /// Parameters, gaps excluded.
  Index parameters() const;

 private:
  std::vector<TensorInfo> tensors_;
  Index size_ = 0;
};

/// One buffer over a layout: the values, their gradients or a moment of the optimiser. Zero at first; the gaps stay
/// zero, so that sums over flat() are sums over the parameters. The layout must outlive it.
template <class S>
class Arena {
 public:
  using Map = Eigen::Map<Matrix<S>, Eigen::Aligned64>;
  using ConstMap = Eigen::Map<const Matrix<S>, Eigen::Aligned64>;

  explicit Arena(const Layout& layout)
      : layout_(&layout), data_(make_huge_array<S>(static_cast<std::size_t>(layout.size()))) {}
  Arena(const Arena& other) : Arena(*other.layout_) { flat() = other.flat(); }
  Arena(Arena&&) noexcept = default;
  Arena& operator=(const Arena& other) {
    flat() = other.flat();
    return *this;
  }
  Arena& operator=(Arena&&) noexcept = default;

  Map operator[](TensorId id) {
    const TensorInfo& tensor = (*layout_)[id];
    return Map(data_.get() + tensor.offset, tensor.rows, tensor.columns);
  }
  ConstMap operator[](TensorId id) const {
    const TensorInfo& tensor = (*layout_)[id];
    return ConstMap(data_.get() + tensor.offset, tensor.rows, tensor.columns);
  }

  Eigen::Map<Vector<S>, Eigen::Aligned64> flat() { return {data_.get(), layout_->size()}; }
  Eigen::Map<const Vector<S>, Eigen::Aligned64> flat() const { return {data_.get(), layout_->size()}; }
  const Layout& layout() const { return *layout_; }

 private:
  const Layout* layout_;
  HugeArray<S> data_;
};

/// Gives every tensor its first values. The same for float and double, up to rounding.
template <class S>
void initialise(Random random, Arena<S>& values);

}  // namespace isthmus
