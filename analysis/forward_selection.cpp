#include "analysis/forward_selection.h"

#include <Eigen/Cholesky>
#include <cmath>

namespace isthmus {
namespace {

/// Of a feature's variance, what must be left beside the features before it for it to be one of its own.
constexpr double kLeastLeft = 1e-6;

/// Least squares on the features.
SelectedFeatures fit(const Matrix<float>& x, const Vector<double>& y, const std::vector<Index>& features) {
  const auto count = static_cast<Index>(features.size());
  Matrix<double> a(x.cols(), count + 1);
  a.col(count).setOnes();
  for (Index i = 0; i < count; ++i) {
    a.col(i) = x.row(features[static_cast<std::size_t>(i)]).transpose().cast<double>();
  }
  const Vector<double> solution = (a.transpose() * a).ldlt().solve(a.transpose() * y);
  SelectedFeatures formula{.features = features};
  formula.coefficients.assign(solution.data(), solution.data() + count);
  formula.intercept = solution(count);
  formula.r2 = 1 - (y - a * solution).squaredNorm() / (y.array() - y.mean()).matrix().squaredNorm();
  return formula;
}

}  // namespace

std::vector<SelectedFeatures> forward_selection(const Matrix<float>& x, std::span<const double> y, std::int64_t most) {
  const Index features = x.rows();
  const Index columns = x.cols();
  const Vector<double> target = Eigen::Map<const Vector<double>>(y.data(), columns);
  const Vector<double> centred = target.array() - target.mean();
  if (!(centred.squaredNorm() > 0)) return {};
  Vector<double> mean = Vector<double>::Zero(features);
  for (Index c = 0; c < columns; ++c) mean += x.col(c).cast<double>();
  mean /= static_cast<double>(columns);
  // Products of all features with a centred direction: one pass over x.
  const auto products = [&](const Vector<double>& direction) {
    Vector<double> sums = Vector<double>::Zero(features);
    for (Index c = 0; c < columns; ++c) sums += direction(c) * (x.col(c).cast<double>() - mean);
    return sums;
  };
  Vector<double> variance = Vector<double>::Zero(features);
  for (Index c = 0; c < columns; ++c) variance += (x.col(c).cast<double>() - mean).cwiseAbs2();
  Vector<double> left = variance;  // beside the directions so far
  Vector<double> with_y = products(centred);
  std::vector<Vector<double>> directions;  // orthonormal, those of the features so far
  std::vector<SelectedFeatures> selected;
  std::vector<Index> chosen;
  while (static_cast<std::int64_t>(chosen.size()) < most) {
    Index best = -1;
    double most_explained = 0;
    for (Index f = 0; f < features; ++f) {
      if (!(left(f) > kLeastLeft * variance(f))) continue;
      const double explained = with_y(f) * with_y(f) / left(f);
      if (explained > most_explained) {
        best = f;
        most_explained = explained;
      }
    }
    if (best < 0) break;
    chosen.push_back(best);
    Vector<double> direction = x.row(best).transpose().cast<double>().array() - mean(best);
    for (const Vector<double>& before : directions) direction -= before.dot(direction) * before;
    direction.normalize();
    const Vector<double> along = products(direction);
    left -= along.cwiseAbs2();
    with_y -= direction.dot(centred) * along;
    left(best) = 0;
    directions.push_back(std::move(direction));
    selected.push_back(fit(x, target, chosen));
  }
  return selected;
}

double predict(const SelectedFeatures& formula, const Matrix<float>& x, Index column) {
  double sum = formula.intercept;
  for (std::size_t i = 0; i < formula.features.size(); ++i) {
    sum += formula.coefficients[i] * static_cast<double>(x(formula.features[i], column));
  }
  return sum;
}

}  // namespace isthmus
