#include "analysis/context_edits.h"

#include <set>

#include "tests/catch.h"
#include "tests/model/tiny.h"

using namespace isthmus;

namespace {

Matrix<float> random_vectors(Index units, Index count, std::uint64_t seed) {
  Random random(seed);
  Matrix<float> vectors(units, count);
  for (Index i = 0; i < vectors.size(); ++i) vectors.data()[i] = static_cast<float>(random.normal());
  return vectors;
}

}  // namespace

TEST_CASE("A unit lies in a kind and a layer") {
  ModelOptions options = test::tiny_options();
  options.layers = 2;
  CHECK(context_size(options) == 16);
  CHECK(place_of_unit(options, 3).kind == "hidden");
  CHECK(place_of_unit(options, 3).layer == 0);
  CHECK(place_of_unit(options, 7).layer == 1);
  CHECK(place_of_unit(options, 8).kind == "memory");
  CHECK(place_of_unit(options, 15).layer == 1);
  options.cell = CellType::kGru;
  CHECK(context_size(options) == 8);
}

TEST_CASE("A derangement leaves nothing at its place, nor does it twice over") {
  for (const std::size_t count : {2, 3, 10, 101}) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      const std::vector<Index> order = derangement(count, Random(seed));
      CHECK(std::set<Index>(order.begin(), order.end()).size() == count);
      for (std::size_t i = 0; i < count; ++i) {
        CHECK(order[i] != static_cast<Index>(i));
        if (count > 2) CHECK(order[static_cast<std::size_t>(order[i])] != static_cast<Index>(i));
      }
    }
  }
}

TEST_CASE("The noise of a line is its own, has the strength that is asked for, and scales") {
  const Matrix<float> zeros = Matrix<float>::Zero(3, 4000);
  std::vector<std::size_t> lines(4000);
  for (std::size_t i = 0; i < lines.size(); ++i) lines[i] = i;
  const Vector<float> scale = (Vector<float>(3) << 0.f, 1.f, 5.f).finished();
  const Matrix<float> noise = with_noise(zeros, scale, lines, Random(3));
  const UnitStatistics statistics = unit_statistics(noise);
  CHECK(statistics.deviation(0) == 0);
  CHECK(statistics.deviation(1) == Approx(1).epsilon(0.05));
  CHECK(statistics.deviation(2) == Approx(5).epsilon(0.05));
  CHECK(std::abs(statistics.mean(2)) < 0.4f);
  CHECK(with_noise(zeros, 2 * scale, lines, Random(3)).isApprox(2 * noise));
  const std::vector<std::size_t> some = {17, 4};
  const Matrix<float> apart = with_noise(zeros.leftCols(2), scale, some, Random(3));
  CHECK(apart.col(0) == noise.col(17));
  CHECK(apart.col(1) == noise.col(4));
}

TEST_CASE("Quantised values are the middles of their cells, off by half a cell at most") {
  const Matrix<float> vectors = random_vectors(5, 200, 1);
  const UnitStatistics range = unit_statistics(vectors);
  for (const std::int64_t bits : {1, 2, 5}) {
    const Matrix<float> rounded = quantised(vectors, range, bits);
    for (Index k = 0; k < 5; ++k) {
      const float width = (range.high(k) - range.low(k)) / static_cast<float>(1 << bits);
      CHECK((rounded.row(k) - vectors.row(k)).cwiseAbs().maxCoeff() <= 0.5001f * width);
      const std::set<float> values(rounded.row(k).begin(), rounded.row(k).end());
      CHECK(values.size() <= static_cast<std::size_t>(1 << bits));
    }
  }
  CHECK(quantised(vectors, range, 20).isApprox(vectors, 1e-4f));
  CHECK(quantised(3 * vectors, range, 1).row(0).maxCoeff() < range.high(0));  // outside: the outermost cells
  const Matrix<float> constant = Matrix<float>::Constant(2, 3, 0.25f);
  CHECK(quantised(constant, unit_statistics(constant), 1) == constant);
}

TEST_CASE("Units are replaced, and no others") {
  const Matrix<float> vectors = random_vectors(4, 3, 2);
  const std::vector<Index> units = {1, 3};
  const Matrix<float> erased = with_units(vectors, units, Vector<float>::Zero(4));
  CHECK(erased.row(1).isZero());
  CHECK(erased.row(3).isZero());
  CHECK(erased.row(0) == vectors.row(0));
  const Vector<float> hybrid = with_units_of(vectors.col(0), vectors.col(1), units);
  CHECK(hybrid(0) == vectors(0, 0));
  CHECK(hybrid(3) == vectors(3, 1));
}

TEST_CASE("Both ways lead from one vector to the other, the round one at even norms and angles") {
  const Vector<float> from = (Vector<float>(2) << 2.f, 0.f).finished(), to = (Vector<float>(2) << 0.f, 4.f).finished();
  const Matrix<float> straight = straight_way(from, to, 3), round = round_way(from, to, 3);
  for (const Matrix<float>& way : {straight, round}) {
    CHECK(way.col(0) == from);
    CHECK(way.col(2) == to);
  }
  CHECK(straight.col(1).isApprox((Vector<float>(2) << 1.f, 2.f).finished()));
  CHECK(round.col(1).norm() == Approx(3));
  CHECK(round(0, 1) == Approx(round(1, 1)));
  CHECK(round_way(from, -from, 3) == straight_way(from, -from, 3));  // no arc
  CHECK(round_way(Vector<float>::Zero(2), to, 3).col(2) == to);
}

TEST_CASE("The nearest come first, by angle and not by length") {
  Matrix<float> vectors(2, 4);
  vectors << 1, 0, 10, 0, 0, 1, 1, 0;
  const auto found = nearest(vectors, (Vector<float>(2) << 2.f, 0.f).finished(), 3);
  REQUIRE(found.size() == 3);
  CHECK(found[0].column == 0);
  CHECK(found[0].cosine == Approx(1));
  CHECK(found[1].column == 2);
  CHECK(found[2].column == 1);
  CHECK(found[2].cosine == Approx(0).margin(1e-9));
  CHECK(nearest(vectors, vectors.col(0), 9).size() == 4);
}
