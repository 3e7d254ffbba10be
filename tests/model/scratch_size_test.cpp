// What a batch needs, said before it is run.
#include "core/huge_pages.h"
#include "tests/catch.h"
#include "tests/model/variants.h"

namespace isthmus {
namespace {

TEST_CASE("a scratch holds no more than its model says, and little less, for models of every kind") {
  const auto cell = GENERATE(CellType::kTanh, CellType::kGru, CellType::kLstm);
  const bool dropout = GENERATE(true, false);
  for (auto [name, options] : test::variants(cell)) {
    CAPTURE(name, dropout);
    options.dropout = dropout ? 0.2 : 0.0;
    options.recurrent_dropout = dropout ? 0.2 : 0.0;
    const Seq2Seq<double> model(options);
    const Arena<double> values = test::random_values<double>(model.layout(), Random(1));
    const TokenGrid source = model.pack_source(test::random_sentences(7, 5, options.source_vocabulary, Random(2)));
    const TokenGrid target = model.pack_target(test::random_sentences(7, 6, options.target_vocabulary, Random(3)));
    const std::vector<double> weights(static_cast<std::size_t>(target.tokens()), 1.0);
    GradientTerms<double> terms(model.layout());
    const std::size_t before = huge_array_bytes();
    Scratch<double> scratch;
    for (int i = 0; i < 2; ++i) {  // buffers that change places need two batches to grow
      terms.clear();
      model.run(values, source, target, weights, {.label_smoothing = 0.1, .dropout = Random(4)}, scratch, &terms);
    }
    const auto held = static_cast<Index>((huge_array_bytes() - before) / sizeof(double));
    const Index said = model.scratch_size(source.tokens(), target.tokens(), 7);  // as if every token occurred
    CHECK(held <= said);
    CHECK(static_cast<double>(held) > 0.95 * static_cast<double>(said));
  }
}

TEST_CASE("the output layer of a large batch needs a chunk and the sum of its gradients") {
  ModelOptions options = test::tiny_options();
  options.target_vocabulary = 100000;  // chunks of 64
  const Seq2Seq<float> model(options);
  const Arena<float> values(model.layout());
  std::vector<Index> sizes;
  for (const std::size_t sentences : {1, 64, 65, 200}) {
    const std::vector<Sentence> texts(sentences);  // the end alone
    const TokenGrid source = model.pack_source(texts);
    const TokenGrid target = model.pack_target(texts);
    const std::vector<float> weights(sentences, 1.0f);
    GradientTerms<float> terms(model.layout());
    const std::size_t before = huge_array_bytes();
    Scratch<float> scratch;
    model.run(values, source, target, weights, {.dropout = std::nullopt}, scratch, &terms);
    sizes.push_back(static_cast<Index>((huge_array_bytes() - before) / sizeof(float)));
    const auto n = static_cast<Index>(sentences);
    CHECK(sizes.back() <= model.scratch_size(n, n, n));
    CHECK(sizes.back() > model.scratch_size(n, n, n) / 2);
  }
  CHECK(sizes[3] < sizes[1] + 10 * options.hidden * options.target_vocabulary);
}

}  // namespace
}  // namespace isthmus
