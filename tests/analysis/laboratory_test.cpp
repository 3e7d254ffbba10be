#include "analysis/laboratory.h"

#include "core/error.h"
#include "decode/forced_decoding.h"
#include "tests/analysis/bench.h"
#include "tests/catch.h"

using namespace isthmus;
using isthmus::test::made_model;
using isthmus::test::random_lines;

namespace {

std::vector<ModelOptions> shapes() {
  ModelOptions plain = test::tiny_options();
  ModelOptions deep = plain;
  deep.cell = CellType::kGru;
  deep.layers = 2;
  deep.bidirectional = true;
  deep.context = ContextUse::kEveryStep;
  deep.reverse_source = true;
  ModelOptions attends = plain;
  attends.attention = AttentionType::kBahdanau;
  return {plain, deep, attends};
}

Laboratory bench(const ModelOptions& options, std::int64_t threads, std::int64_t batch) {
  return Laboratory(made_model(options, 12, {}, 7, 2.0),
                    {.sources = random_lines(30, 9, 12, Random(1)), .references = random_lines(30, 9, 12, Random(2))},
                    {.threads = threads, .batch = batch});
}

}  // namespace

TEST_CASE("Losses under the own contexts are those of forced decoding") {
  for (const ModelOptions& options : shapes()) {
    Laboratory laboratory = bench(options, 2, 7);
    ThreadPool threads(1);
    const auto scores = score_pairs(laboratory.model(), laboratory.sources(), laboratory.references(), 5, threads);
    for (std::size_t i = 0; i < laboratory.size(); ++i) {
      double sum = 0;
      for (const float loss : laboratory.losses()[i]) sum += static_cast<double>(loss);
      CHECK(sum == Approx(-scores[i].log_prob).epsilon(1e-4));
      CHECK(laboratory.losses()[i].size() == laboratory.references()[i].size() + 1);
    }
  }
}

TEST_CASE("A context goes with its sentence, whatever batch and threads") {
  for (const ModelOptions& options : shapes()) {
    Laboratory one = bench(options, 1, 1);
    Laboratory many = bench(options, 2, 64);
    CHECK(vectors_of(one.contexts()) == vectors_of(many.contexts()));
    const std::vector<Hypothesis> apart = one.translate(one.contexts(), one.source_lengths(), {});
    const std::vector<Hypothesis> together = many.translate(many.contexts(), many.source_lengths(), {});
    for (std::size_t i = 0; i < apart.size(); ++i) CHECK(apart[i].tokens == together[i].tokens);
  }
}

TEST_CASE("From another's context comes the other's translation") {
  Laboratory laboratory = bench(shapes()[0], 1, 8);
  std::vector<Index> order;
  for (std::size_t i = 0; i < laboratory.size(); ++i) order.push_back(static_cast<Index>(laboratory.size() - 1 - i));
  const std::vector<std::size_t> lengths(laboratory.size(), 10);
  const auto own = laboratory.translate(laboratory.contexts(), lengths, {});
  const auto swapped = laboratory.translate(select(laboratory.contexts(), std::span<const Index>(order)), lengths, {});
  bool differ = false;
  for (std::size_t i = 0; i < own.size(); ++i) {
    CHECK(swapped[i].tokens == own[own.size() - 1 - i].tokens);
    differ = differ || own[i].tokens != own[0].tokens;
  }
  CHECK(differ);
}

TEST_CASE("Vectors go into contexts and back, and their mean is one for all") {
  Laboratory laboratory = bench(shapes()[0], 1, 8);
  const Matrix<float> vectors = vectors_of(laboratory.contexts());
  CHECK(vectors.rows() == 8);  // four hidden states, four memory cells
  CHECK(vectors_of(with_vectors(laboratory.contexts(), 2 * vectors)) == 2 * vectors);
  const Matrix<float> mean = vectors_of(mean_context(laboratory.contexts()));
  CHECK(mean.col(0) == mean.col(29));
  CHECK(mean.col(0).isApprox(vectors.rowwise().mean(), 1e-5f));
}

TEST_CASE("A laboratory needs as many lines of each") {
  CHECK_THROWS_AS(Laboratory(made_model(shapes()[0], 12), {.sources = {"w1"}}, {}), InputError);
  CHECK_THROWS_AS(Laboratory(made_model(shapes()[0], 12), {}, {}), InputError);
}
