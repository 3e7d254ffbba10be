#include "analysis/spectrum.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

namespace isthmus {
namespace {

constexpr double kRounding = 1e-12;

/// X·Xᵀ or Xᵀ·X, whichever is smaller: they have the same eigenvalues but for zeros.
Matrix<double> smaller_product(const Matrix<double>& x) {
  const Index size = std::min(x.rows(), x.cols());
  Matrix<double> product = Matrix<double>::Zero(size, size);
  if (x.rows() <= x.cols()) {
    product.selfadjointView<Eigen::Lower>().rankUpdate(x);
  } else {
    product.selfadjointView<Eigen::Lower>().rankUpdate(x.transpose());
  }
  return product;
}

}  // namespace

Matrix<double> centred(const Matrix<float>& vectors) {
  Matrix<double> x = vectors.cast<double>();
  if (x.cols() == 0) return x;
  const Vector<double> mean = x.rowwise().mean();
  x.colwise() -= mean;
  return x;
}

Spectrum spectrum_of(const Matrix<float>& vectors) {
  Spectrum spectrum;
  if (vectors.size() == 0) return spectrum;
  const Eigen::SelfAdjointEigenSolver<Matrix<double>> solver(smaller_product(centred(vectors)), Eigen::EigenvaluesOnly);
  const Vector<double>& ascending = solver.eigenvalues();
  const double largest = std::max(ascending(ascending.size() - 1), 0.0);
  double deviations = 0, squares = 0;
  for (Index i = ascending.size(); i-- > 0;) {
    const double square = ascending(i) > kRounding * largest ? ascending(i) : 0.0;
    const double variance = square / static_cast<double>(vectors.cols());
    spectrum.variances.push_back(variance);
    spectrum.total += variance;
    squares += variance * variance;
    deviations += std::sqrt(variance);
  }
  if (spectrum.total == 0) return spectrum;
  double entropy = 0;
  for (const double variance : spectrum.variances) {
    const double p = std::sqrt(variance) / deviations;
    if (p > 0) entropy -= p * std::log(p);
  }
  spectrum.effective_rank = std::exp(entropy);
  spectrum.participation_ratio = spectrum.total * spectrum.total / squares;
  return spectrum;
}

std::int64_t Spectrum::axes_for(double share) const {
  double sum = 0;
  for (std::size_t i = 0; i < variances.size() && total > 0; ++i) {
    sum += variances[i];
    if (sum >= share * total * (1 - kRounding)) return static_cast<std::int64_t>(i) + 1;
  }
  return 0;
}

double mean_cosine(const Matrix<double>& vectors) {
  Vector<double> sum = Vector<double>::Zero(vectors.rows());
  double count = 0;
  for (Index i = 0; i < vectors.cols(); ++i) {
    const double norm = vectors.col(i).norm();
    if (!(norm > 0)) continue;
    sum += vectors.col(i) / norm;
    ++count;
  }
  return count < 2 ? std::nan("") : (sum.squaredNorm() - count) / (count * (count - 1));
}

PrincipalCoordinates principal_coordinates(const Matrix<float>& vectors, Index axes) {
  const Matrix<double> x = centred(vectors);
  const bool by_row = x.rows() <= x.cols();
  const Eigen::SelfAdjointEigenSolver<Matrix<double>> solver(smaller_product(x));
  const Vector<double>& ascending = solver.eigenvalues();
  const Index size = ascending.size();
  const double largest = size > 0 ? std::max(ascending(size - 1), 0.0) : 0.0;
  const double total = x.squaredNorm();
  PrincipalCoordinates found{Matrix<double>::Zero(axes, x.cols()), {}};
  for (Index axis = 0; axis < axes; ++axis) {
    const double square = axis < size ? ascending(size - 1 - axis) : 0.0;
    const bool is_there = square > kRounding * largest && square > 0;
    found.shares.push_back(is_there ? square / total : 0.0);
    if (!is_there) continue;
    const auto direction = solver.eigenvectors().col(size - 1 - axis);
    auto coordinates = found.coordinates.row(axis);
    // An eigenvector of Xᵀ·X is the coordinates themselves, but for their length.
    if (by_row) {
      coordinates = direction.transpose() * x;
    } else {
      coordinates = direction.transpose() * std::sqrt(square);
    }
    Index at = 0;
    coordinates.cwiseAbs().maxCoeff(&at);
    if (coordinates(at) < 0) coordinates = -coordinates;
  }
  return found;
}

}  // namespace isthmus
