#include "model/layout.h"

#include <Eigen/QR>
#include <cmath>

namespace isthmus {
namespace {

constexpr Index kAlignment = 16;

/// Rows of a random orthogonal basis (Q of the QR decomposition of a Gaussian matrix, with its signs made unique).
Matrix<double> orthogonal(Index rows, Index columns, Random& random) {
  const Index size = std::max(rows, columns);
  Matrix<double> gaussian(size, size);
  for (Index i = 0; i < gaussian.size(); ++i) gaussian.data()[i] = random.normal();
  const Eigen::HouseholderQR<Matrix<double>> decomposition(gaussian);
  Matrix<double> q = decomposition.householderQ();
  for (Index i = 0; i < size; ++i) {
    if (decomposition.matrixQR()(i, i) < 0) q.col(i) *= -1.0;
  }
  return q.topLeftCorner(rows, columns);
}

Matrix<double> first_values(const TensorInfo& tensor, Random random) {
  Matrix<double> values = Matrix<double>::Zero(tensor.rows, tensor.columns);
  const Index block_rows = tensor.rows / tensor.gates;
  switch (tensor.initialiser) {
    case Initialiser::kZero:
      break;
    case Initialiser::kOne:
      values.setOnes();
      break;
    case Initialiser::kGlorot: {
      const double bound = std::sqrt(6.0 / static_cast<double>(block_rows + tensor.columns));
      for (Index i = 0; i < values.size(); ++i) values.data()[i] = bound * (2.0 * random.uniform() - 1.0);
      break;
    }
    case Initialiser::kOrthogonal:
      for (int gate = 0; gate < tensor.gates; ++gate) {
        values.middleRows(gate * block_rows, block_rows) = orthogonal(block_rows, tensor.columns, random);
      }
      break;
    case Initialiser::kForgetGate:
      values.middleRows(block_rows, block_rows).setConstant(tensor.value);
      break;
    case Initialiser::kEmbedding: {
      const double deviation = 1.0 / std::sqrt(static_cast<double>(tensor.rows));
      for (Index i = 0; i < values.size(); ++i) values.data()[i] = deviation * random.normal();
      break;
    }
  }
  return values;
}

}  // namespace

TensorId Layout::add(TensorInfo tensor) {
  tensor.offset = size_;
  size_ += (tensor.rows * tensor.columns + kAlignment - 1) / kAlignment * kAlignment;
  tensors_.push_back(std::move(tensor));
  return TensorId{static_cast<int>(tensors_.size()) - 1};
}

Index Layout::parameters() const {
  Index count = 0;
  for (const TensorInfo& tensor : tensors_) count += tensor.rows * tensor.columns;
  return count;
}

template <class S>
void initialise(Random random, Arena<S>& values) {
  const auto& tensors = values.layout().tensors();
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    values[TensorId{static_cast<int>(i)}] = first_values(tensors[i], random.split(i)).template cast<S>();
  }
}

template void initialise(Random, Arena<float>&);
template void initialise(Random, Arena<double>&);

}  // namespace isthmus
