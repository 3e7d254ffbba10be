#include "model/dropout.h"

#include <cmath>

#include "tests/catch.h"

namespace isthmus {
namespace {

Matrix<double> mask_of(Random random, double probability, Index rows, Index columns) {
  Buffer<double> mask;
  mask.resize(rows, columns);
  fill_dropout_mask(random, probability, mask);
  return mask;
}

/// Four standard deviations of a share of so many independent draws.
double tolerance(double probability, Index draws) {
  return 4 * std::sqrt(probability * (1 - probability) / static_cast<double>(draws));
}

TEST_CASE("a mask drops the share it is asked to, and scales the rest so that the mean stays") {
  const double probability = GENERATE(0.05, 0.2, 0.5, 0.9);
  const Matrix<double> mask = mask_of(Random(1), probability, 100, 1000);
  const double kept = mask.maxCoeff();
  CHECK(kept == Approx(1 / (1 - probability)).epsilon(1e-4));
  CHECK((mask.array() == 0.0 || mask.array() == kept).all());
  const double dropped = (mask.array() == 0.0).cast<double>().mean();
  CHECK(dropped == Approx(probability).margin(tolerance(probability, mask.size())));
  CHECK(mask.mean() == Approx(1.0).margin(tolerance(probability, mask.size()) * kept));
}

TEST_CASE("no place of a mask knows of another") {
  // One draw of bits serves several neighbours, and many draws are made at once.
  constexpr double kProbability = 0.3;
  const Matrix<double> mask = mask_of(Random(2), kProbability, 1, 80000);
  const auto dropped = [&](Index i) { return mask(0, i) == 0.0 ? 1.0 : 0.0; };
  for (Index lane = 0; lane < 4; ++lane) {
    double share = 0;
    for (Index i = lane; i < mask.size(); i += 4) share += dropped(i) / 20000;
    CHECK(share == Approx(kProbability).margin(tolerance(kProbability, 20000)));
  }
  for (const Index distance : {1, 2, 3, 4, 5, 64, 256, 1024}) {
    double both = 0;
    const Index pairs = mask.size() - distance;
    for (Index i = 0; i < pairs; ++i) both += dropped(i) * dropped(i + distance) / static_cast<double>(pairs);
    CHECK(both == Approx(kProbability * kProbability).margin(0.01));
  }
}

TEST_CASE("the same stream gives the same mask, another stream another, in float and in double") {
  const auto [rows, columns] = GENERATE(table<Index, Index>({{1, 1}, {3, 1}, {5, 1}, {16, 16}, {257, 1}, {31, 45}}));
  CAPTURE(rows, columns);
  const Matrix<double> mask = mask_of(Random(3), 0.5, rows, columns);
  CHECK(mask == mask_of(Random(3), 0.5, rows, columns));
  Buffer<float> single;
  single.resize(rows, columns);
  fill_dropout_mask(Random(3), 0.5, single);
  CHECK(single.cast<double>() == mask);
  if (mask.size() > 100) {
    CHECK(mask != mask_of(Random(4), 0.5, rows, columns));
    CHECK(mask != mask_of(Random(3).split(0), 0.5, rows, columns));
  }
}

TEST_CASE("a higher probability drops more of the same places") {
  const Matrix<double> few = mask_of(Random(5), 0.1, 50, 50);
  const Matrix<double> many = mask_of(Random(5), 0.4, 50, 50);
  CHECK((few.array() != 0.0 || many.array() == 0.0).all());
}

TEST_CASE("probabilities near the ends") {
  CHECK(mask_of(Random(6), 1e-7, 100, 100) == Matrix<double>::Ones(100, 100));
  const Matrix<double> nearly_all = mask_of(Random(6), 0.9999999, 100, 100);
  CHECK(nearly_all.allFinite());
  CHECK((nearly_all.array() == 0.0).count() > 9900);
}

TEST_CASE("activations and gradients are scaled by one mask") {
  Matrix<double> activations = Matrix<double>::Random(7, 9);
  const Matrix<double> before = activations;
  Buffer<double> mask;
  apply_dropout<double>(Random(7), 0.4, activations, mask);
  CHECK(mask == mask_of(Random(7), 0.4, 7, 9));
  CHECK(activations == before.cwiseProduct(mask));
  Matrix<double> gradient = Matrix<double>::Random(7, 9);
  const Matrix<double> above = gradient;
  dropout_backward<double>(mask, gradient);
  CHECK(gradient == above.cwiseProduct(mask));
}

TEST_CASE("without dropout nothing changes, whatever the mask was before") {
  Matrix<double> activations = Matrix<double>::Random(7, 9);
  const Matrix<double> before = activations;
  Buffer<double> mask;
  mask.setZero(3, 3);
  apply_dropout<double>(Random(8), 0.0, activations, mask);
  CHECK(mask.size() == 0);
  CHECK(activations == before);
  dropout_backward<double>(mask, activations);
  CHECK(activations == before);
}

}  // namespace
}  // namespace isthmus
