#include "analysis/linear_probe.h"

#include <Eigen/LU>
#include <cmath>

#include "analysis/probe_tasks.h"
#include "tests/catch.h"

using namespace isthmus;

namespace {

Matrix<float> noise(Index rows, Index columns, std::uint64_t seed) {
  Random random(seed);
  Matrix<float> values(rows, columns);
  for (Index i = 0; i < values.size(); ++i) values.data()[i] = static_cast<float>(random.normal());
  return values;
}

ProbeLabels classes_of(const std::vector<int>& values, int classes) {
  ProbeLabels labels{.kind = ProbeLabels::Kind::kClass, .classes = classes};
  labels.values = Eigen::Map<const Eigen::VectorXi>(values.data(), static_cast<Index>(values.size()));
  return labels;
}

ProbeResult fit(const Matrix<float>& features, const ProbeLabels& labels, std::uint64_t seed = 5) {
  const ProbeSplit split = random_split(static_cast<std::size_t>(features.cols()), Random(seed));
  return fit_probes(standardised_kernel(features, split.train), split, std::vector{labels}).front();
}

}  // namespace

TEST_CASE("Features that hold the label in a line give it back, among many that do not") {
  Matrix<float> features = noise(300, 200, 1);  // more of them than sentences that train
  const Matrix<float> directions = noise(300, 4, 11);
  std::vector<int> values;
  for (Index i = 0; i < 200; ++i) {
    values.push_back(static_cast<int>(i % 4));
    features.col(i) += directions.col(values.back());
  }
  const ProbeResult result = fit(features, classes_of(values, 4));
  CHECK(result.train == 1);
  CHECK(result.dev == 1);
  CHECK(result.test == 1);
  CHECK(majority_probe(random_split(200, Random(5)), classes_of(values, 4)).test < 0.5);
}

TEST_CASE("Random labels are told by chance, however well they are learnt by heart") {
  const Matrix<float> features = noise(400, 300, 2);
  double right = 0, tests = 0, train = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random(100 + seed);
    std::vector<int> values;
    for (Index i = 0; i < 300; ++i) values.push_back(static_cast<int>(random.below(3)));
    const ProbeResult result = fit(features, classes_of(values, 3), seed);
    for (const double one : result.right) right += one;
    tests += static_cast<double>(result.right.size());
    train = std::max(train, result.train);
  }
  CHECK(tests == 1200);
  CHECK(right / tests == Approx(1.0 / 3).margin(2.6 * std::sqrt(2.0 / 9 / tests)));
  CHECK(train > 0.9);
}

TEST_CASE("The dual form predicts what ridge regression on the features does") {
  const Matrix<float> features = noise(5, 40, 3);
  Random random(4);
  std::vector<int> values;
  for (Index i = 0; i < 40; ++i) values.push_back(features(0, i) + 0.3 * random.normal() > 0 ? 1 : 0);
  const ProbeSplit split = random_split(40, Random(6));
  const ProbeResult result =
      fit_probes(standardised_kernel(features, split.train), split, std::vector{classes_of(values, 2)}).front();

  // By the normal equations: (XXᵀ + λsI)w = Xy, with s the mean squared norm of a training vector.
  const auto n = static_cast<Index>(split.train.size());
  Eigen::MatrixXd x(5, n);
  Eigen::VectorXd y(n);
  for (Index i = 0; i < n; ++i) {
    x.col(i) = features.col(split.train[static_cast<std::size_t>(i)]).cast<double>();
    y[i] = values[static_cast<std::size_t>(split.train[static_cast<std::size_t>(i)])];
  }
  const Eigen::VectorXd mean = x.rowwise().mean();
  x.colwise() -= mean;
  const Eigen::VectorXd deviation = (x.rowwise().squaredNorm() / static_cast<double>(n)).cwiseSqrt();
  x = deviation.cwiseInverse().asDiagonal() * x;
  const double scale = x.squaredNorm() / static_cast<double>(n);
  const Eigen::MatrixXd gram = x * x.transpose() + result.l2 * scale * Eigen::MatrixXd::Identity(5, 5);
  const Eigen::VectorXd weights = gram.inverse() * x * (y.array() - y.mean()).matrix();
  for (std::size_t i = 0; i < split.test.size(); ++i) {
    const Eigen::VectorXd sample = (features.col(split.test[i]).cast<double>() - mean).cwiseQuotient(deviation);
    const int predicted = y.mean() + weights.dot(sample) > 0.5 ? 1 : 0;
    CHECK((predicted == values[static_cast<std::size_t>(split.test[i])]) == (result.right[i] == 1));
  }
}

TEST_CASE("A number is told by its bin, also one in the middle") {
  Matrix<float> features = noise(1, 200, 7);
  std::vector<int> values;
  for (Index i = 0; i < 200; ++i) {
    values.push_back(1 + static_cast<int>(i % 12));
    features(0, i) = static_cast<float>(values.back());
  }
  ProbeLabels labels = classes_of(values, 6);
  labels.kind = ProbeLabels::Kind::kNumber;
  labels.limits = {2, 4, 6, 8, 10};
  CHECK(labels.bin_of(2) == 0);
  CHECK(labels.bin_of(2.6) == 1);
  CHECK(labels.bin_of(99) == 5);
  CHECK(fit(features, labels).test == 1);
}

TEST_CASE("Presence counts the present and the absent half each") {
  const Matrix<float> features = noise(3, 400, 8);
  Random random(9);
  ProbeLabels labels{.kind = ProbeLabels::Kind::kPresence};
  labels.values.resize(400, 2);
  for (Index i = 0; i < 400; ++i) {
    labels.values(i, 0) = features(1, i) > 1.2f ? 1 : 0;  // one in nine
    labels.values(i, 1) = random.below(9) == 0 ? 1 : 0;
  }
  const ProbeResult both = fit(features, labels);
  ProbeLabels told = labels, untold = labels;
  told.values = labels.values.leftCols(1).eval();
  untold.values = labels.values.rightCols(1).eval();
  CHECK(fit(features, told).test > 0.85);
  CHECK(fit(features, untold).test == Approx(0.5).margin(0.2));
  CHECK(both.test == Approx((fit(features, told).test + fit(features, untold).test) / 2).margin(0.1));
  CHECK(majority_probe(random_split(400, Random(5)), labels).test == Approx(0.5));
}

TEST_CASE("A sample without a class is neither learnt as one nor judged") {
  const Matrix<float> features = noise(4, 100, 10);
  std::vector<int> values;
  for (Index i = 0; i < 100; ++i) values.push_back(i % 2 == 0 ? -1 : features(0, i) > 0 ? 1 : 0);
  const ProbeSplit split = random_split(100, Random(5));
  const ProbeResult result = fit(features, classes_of(values, 2));
  for (std::size_t i = 0; i < split.test.size(); ++i) CHECK(result.weight[i] == (split.test[i] % 2 == 0 ? 0 : 1));
  CHECK(result.test > 0.7);
}
