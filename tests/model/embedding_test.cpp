#include "model/embedding.h"

#include "tests/catch.h"
#include "tests/model/tiny.h"

namespace isthmus {
namespace {

using test::random_values;

constexpr TensorId kTable{0};

TEST_CASE("a token's vector is its column of the table") {
  Layout layout;
  const Embedding<double> embedding(layout, "words", 3, 6);
  const auto values = random_values<double>(layout, Random(1));
  const std::vector<TokenId> tokens = {5, 0, 2, 5};
  Buffer<double> vectors;
  vectors.setZero(1, 9);  // resized
  embedding.forward(values, tokens, vectors);
  REQUIRE(vectors.rows() == 3);
  REQUIRE(vectors.cols() == 4);
  for (Index i = 0; i < 4; ++i) CHECK(vectors.col(i) == values[kTable].col(tokens[static_cast<std::size_t>(i)]));
  embedding.forward(values, {}, vectors);
  CHECK(vectors.cols() == 0);
}

TEST_CASE("the gradients of a token that occurs often add up, and others get none") {
  Layout layout;
  const Embedding<double> embedding(layout, "words", 2, 4);
  Arena<double> grads(layout);
  GradientTerms<double> terms(layout);
  const Matrix<double> d_vectors = (Matrix<double>(2, 3) << 1, 2, 3, 4, 5, 6).finished();
  const std::vector<TokenId> tokens = {3, 1, 3};
  embedding.backward(tokens, d_vectors, terms);
  terms.evaluate(grads);
  CHECK(grads[kTable] == (Matrix<double>(2, 4) << 0, 2, 0, 1 + 3, 0, 5, 0, 4 + 6).finished());
}

TEST_CASE("two embeddings can share one table") {
  Layout layout;
  const Embedding<double> first(layout, "words", 3, 6);
  const Embedding<double> second(layout, first.table());
  CHECK(layout.tensors().size() == 1);
  CHECK(second.size() == 3);
  const auto values = random_values<double>(layout, Random(1));
  Buffer<double> vectors;
  second.forward(values, std::vector<TokenId>{4}, vectors);
  CHECK(vectors.col(0) == values[kTable].col(4));
}

}  // namespace
}  // namespace isthmus
