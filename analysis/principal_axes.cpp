#include "analysis/principal_axes.h"

#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <algorithm>
#include <vector>

namespace isthmus {
namespace {

/// An orthonormal basis of the whole space whose first columns span those of `some`, one by one.
Matrix<float> completed(const Matrix<double>& some, Index d) {
  if (some.cols() == 0) return Matrix<float>::Identity(d, d);
  const Eigen::HouseholderQR<Matrix<double>> qr(some);
  Matrix<double> basis = qr.householderQ() * Matrix<double>::Identity(d, d);
  return basis.cast<float>();
}

}  // namespace

PrincipalAxes principal_axes(const Matrix<float>& vectors) {
  const Index d = vectors.rows(), n = vectors.cols();
  PrincipalAxes found;
  const Vector<double> mean = vectors.cast<double>().rowwise().mean();
  found.mean = mean.cast<float>();
  const Matrix<double> centred = vectors.cast<double>().colwise() - mean;
  // The products of all pairs of vectors have the eigenvalues that the products of all pairs of units have.
  const bool of_vectors = n < d;
  const Matrix<double> products =
      of_vectors ? Matrix<double>(centred.transpose() * centred) : Matrix<double>(centred * centred.transpose());
  const Eigen::SelfAdjointEigenSolver<Matrix<double>> solver(products);
  const Vector<double> values = solver.eigenvalues().reverse();
  const Matrix<double> eigenvectors = solver.eigenvectors().rowwise().reverse();
  Index varying = 0;
  const double least = 1e-10 * std::max(values(0), 0.0);  // what is below is rounding
  while (varying < values.size() && values(varying) > least && values(varying) > 0) ++varying;
  Matrix<double> axes = eigenvectors.leftCols(varying);
  if (of_vectors) axes = centred * axes;
  for (Index k = 0; k < varying; ++k) axes.col(k).normalize();
  found.variances = values.head(varying) / static_cast<double>(n);
  found.axes = completed(axes, d);
  return found;
}

Matrix<float> random_axes(Index d, Random random) {
  Matrix<double> directions(d, d);
  for (Index i = 0; i < directions.size(); ++i) directions.data()[i] = random.normal();
  return completed(directions, d);
}

Matrix<float> projected(const Matrix<float>& vectors, const Vector<float>& mean, ConstMatrixRef<float> axes) {
  const Matrix<float> centred = vectors.colwise() - mean;
  const Matrix<float> coordinates = axes.transpose() * centred;
  return (axes * coordinates).colwise() + mean;
}

}  // namespace isthmus
