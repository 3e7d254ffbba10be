#include "analysis/principal_axes.h"

#include "tests/catch.h"

using namespace isthmus;

namespace {

/// Vectors that vary along `along` (orthonormal columns), less and less, about a mean.
Matrix<float> planted(const Matrix<float>& along, Index count) {
  Random random(5);
  Matrix<float> vectors(along.rows(), count);
  for (Index i = 0; i < count; ++i) {
    vectors.col(i).setConstant(3);
    for (Index k = 0; k < along.cols(); ++k) {
      vectors.col(i) += along.col(k) * static_cast<float>(random.normal() * std::pow(0.3, static_cast<double>(k)));
    }
  }
  return vectors;
}

}  // namespace

TEST_CASE("Random axes are orthonormal") {
  const Matrix<float> axes = random_axes(20, Random(1));
  CHECK((axes.transpose() * axes).isIdentity(1e-5f));
}

TEST_CASE("Planted axes are found in their order, from few vectors and from many") {
  const Matrix<float> along = random_axes(20, Random(2)).leftCols(3);
  for (const Index count : {12, 200}) {
    const Matrix<float> vectors = planted(along, count);
    const PrincipalAxes found = principal_axes(vectors);
    CHECK(found.variances.size() == 3);
    CHECK((found.axes.transpose() * found.axes).isIdentity(1e-4f));
    CHECK(std::abs(found.axes.col(0).dot(along.col(0))) > 0.9f);
    CHECK((along.transpose() * found.axes.leftCols(3)).norm() == Approx(std::sqrt(3.0)).epsilon(1e-3));
    CHECK(projected(vectors, found.mean, found.axes.leftCols(3)).isApprox(vectors, 1e-4f));
    CHECK_FALSE(projected(vectors, found.mean, found.axes.leftCols(2)).isApprox(vectors, 1e-4f));
  }
}

TEST_CASE("All axes leave any vector as it is, also one that the axes were not made from") {
  const Matrix<float> vectors = planted(random_axes(10, Random(3)).leftCols(2), 6);
  Random random(4);
  Matrix<float> others(10, 4);
  for (Index i = 0; i < others.size(); ++i) others.data()[i] = static_cast<float>(random.normal());
  const PrincipalAxes found = principal_axes(vectors);
  CHECK(projected(others, found.mean, found.axes).isApprox(others, 1e-4f));
}

TEST_CASE("Vectors that do not vary have no variances") {
  const PrincipalAxes found = principal_axes(Matrix<float>::Constant(5, 3, 1.0f));
  CHECK(found.variances.size() == 0);
  CHECK((found.axes.transpose() * found.axes).isIdentity(1e-5f));
}
