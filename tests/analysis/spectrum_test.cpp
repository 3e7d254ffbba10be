#include "analysis/spectrum.h"

#include <Eigen/SVD>
#include <cmath>

#include "core/random.h"
#include "tests/catch.h"

using namespace isthmus;

namespace {

Matrix<float> gaussian(Index rows, Index columns, Random random) {
  Matrix<float> x(rows, columns);
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(random.normal());
  return x;
}

/// Vectors on ± the first axes, equally far along each: so many dimensions, all alike.
Matrix<float> cross(Index rows, Index used) {
  Matrix<float> x = Matrix<float>::Zero(rows, 2 * used);
  for (Index i = 0; i < used; ++i) {
    x(i, 2 * i) = 1;
    x(i, 2 * i + 1) = -1;
  }
  return x;
}

}  // namespace

TEST_CASE("Vectors that fill three dimensions evenly have rank three by every count") {
  // Turned, so that no coordinate is empty, and moved, so that the mean counts for nothing.
  const Matrix<float> turn = gaussian(40, 40, Random(3)).householderQr().householderQ();
  Matrix<float> x = turn * cross(40, 3);
  x.colwise() += Vector<float>::Constant(40, 5.0f);
  const Spectrum spectrum = spectrum_of(x);
  CHECK(spectrum.effective_rank == Approx(3).epsilon(1e-4));
  CHECK(spectrum.participation_ratio == Approx(3).epsilon(1e-4));
  CHECK(spectrum.axes_for(0.99) == 3);
  CHECK(spectrum.axes_for(0.60) == 2);
}

TEST_CASE("Isotropic noise has nearly full rank, and less when there are few vectors") {
  const Spectrum many = spectrum_of(gaussian(24, 4000, Random(1)));
  CHECK(many.effective_rank > 23.9);
  CHECK(many.participation_ratio > 23.5);
  CHECK(many.effective_rank <= 24);
  // 30 vectors in 200 dimensions span 29 once their mean is gone.
  const Spectrum few = spectrum_of(gaussian(200, 30, Random(2)));
  CHECK(few.effective_rank <= 29);
  CHECK(few.effective_rank > 28);
  CHECK(few.variances.size() == 30);
  CHECK(few.variances.back() == 0);
}

TEST_CASE("A spectrum is that of a singular value decomposition, whichever side is longer") {
  for (const Index columns : {7, 90}) {
    Matrix<float> x = gaussian(20, columns, Random(4));
    for (Index i = 0; i < x.rows(); ++i) x.row(i) *= std::pow(0.7f, static_cast<float>(i));
    const Vector<double> sigma = centred(x).jacobiSvd().singularValues();
    const Vector<double> p = sigma / sigma.sum();
    double entropy = 0;
    for (const double one : p) {
      if (one > 1e-9) entropy -= one * std::log(one);
    }
    const Spectrum spectrum = spectrum_of(x);
    CHECK(spectrum.effective_rank == Approx(std::exp(entropy)));
    CHECK(spectrum.participation_ratio == Approx(std::pow(sigma.squaredNorm(), 2) / sigma.array().pow(4).sum()));
    CHECK(spectrum.total == Approx(sigma.squaredNorm() / static_cast<double>(columns)));
    CHECK(spectrum.variances[1] == Approx(sigma(1) * sigma(1) / static_cast<double>(columns)));
  }
}

TEST_CASE("Vectors that are all the same have no dimension") {
  const Spectrum spectrum = spectrum_of(Matrix<float>::Constant(5, 9, 0.3f));
  CHECK(spectrum.effective_rank == 0);
  CHECK(spectrum.axes_for(0.9) == 0);
  CHECK(spectrum_of(Matrix<float>(4, 0)).total == 0);
}

TEST_CASE("The mean cosine is that of all pairs") {
  const Matrix<double> x = gaussian(6, 15, Random(5)).cast<double>() + Matrix<double>::Constant(6, 15, 0.8);
  double sum = 0;
  int pairs = 0;
  for (Index i = 0; i < 15; ++i) {
    for (Index j = 0; j < i; ++j, ++pairs) sum += x.col(i).normalized().dot(x.col(j).normalized());
  }
  CHECK(mean_cosine(x) == Approx(sum / pairs));
  Matrix<double> with_zero(6, 16);
  with_zero << x, Matrix<double>::Zero(6, 1);
  CHECK(mean_cosine(with_zero) == Approx(sum / pairs));
  CHECK(mean_cosine(Matrix<double>::Constant(3, 4, 2.0)) == Approx(1));
  CHECK(std::isnan(mean_cosine(Matrix<double>::Zero(3, 4))));
}

TEST_CASE("Principal coordinates keep the distances of vectors that lie in a plane") {
  for (const Index columns : {10, 80}) {  // fewer vectors than dimensions, and more
    const Matrix<float> plane = gaussian(30, 2, Random(6));
    const Matrix<float> x = plane * gaussian(2, columns, Random(7));
    const PrincipalCoordinates found = principal_coordinates(x, 2);
    CHECK(found.shares[0] + found.shares[1] == Approx(1));
    CHECK(found.shares[0] > found.shares[1]);
    for (Index i = 1; i < columns; ++i) {
      const double distance = static_cast<double>((x.col(i) - x.col(0)).norm());
      CHECK((found.coordinates.col(i) - found.coordinates.col(0)).norm() == Approx(distance).epsilon(1e-4));
    }
    CHECK(found.coordinates.row(0).maxCoeff() == Approx(found.coordinates.row(0).cwiseAbs().maxCoeff()));
  }
  const PrincipalCoordinates point = principal_coordinates(Matrix<float>::Constant(4, 5, 1.0f), 2);
  CHECK(point.coordinates.isZero());
  CHECK(point.shares == std::vector<double>{0, 0});
}
