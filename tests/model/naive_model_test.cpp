// The model against one that was written again from the equations, sentence by sentence.
#include "tests/model/naive_model.h"

#include "tests/catch.h"
#include "tests/model/variants.h"

namespace isthmus {
namespace {

using test::NaiveModel;
using test::Numbers;
using test::random_sentences;
using test::random_values;
using test::Variant;

TEST_CASE("the model computes what the equations say") {
  const auto cell = GENERATE(CellType::kTanh, CellType::kGru, CellType::kLstm);
  for (const Variant& variant : test::variants(cell)) {
    CAPTURE(variant.name);
    const Seq2Seq<double> model(variant.options);
    const auto values = random_values<double>(model.layout(), Random(1), 0.8);
    const auto sources = random_sentences(6, 6, variant.options.source_vocabulary, Random(2));
    const auto targets = random_sentences(6, 5, variant.options.target_vocabulary, Random(3));
    const TokenGrid grid = model.pack_target(targets);
    std::vector<double> weights;
    Random random(4);
    for (Index i = 0; i < grid.tokens(); ++i) weights.push_back(random.normal());
    constexpr double kSmoothing = 0.1;
    Scratch<double> scratch;
    const LossSum sum = model.run(values, model.pack_source(sources), grid, weights,
                                  {.label_smoothing = kSmoothing, .dropout = std::nullopt}, scratch, nullptr);

    const NaiveModel naive(variant.options, values);
    double nll = 0;
    double loss = 0;
    for (Index b = 0; b < grid.packing.sentences(); ++b) {
      const auto sentence = static_cast<std::size_t>(grid.sentence[static_cast<std::size_t>(b)]);
      const std::vector<Numbers> log_probs = naive.log_probs(sources[sentence], targets[sentence]);
      REQUIRE(static_cast<Index>(log_probs.size()) == grid.packing.length(b));
      for (std::size_t t = 0; t < log_probs.size(); ++t) {
        const Index column = grid.packing.offset[t] + b;
        const TokenId token = t < targets[sentence].size() ? targets[sentence][t] : kEnd;
        const double log_p = log_probs[t][static_cast<std::size_t>(token)];
        REQUIRE(scratch.token_log_probs(column) == Approx(log_p).epsilon(1e-11));
        double spread = 0;
        for (const double other : log_probs[t]) spread += other / static_cast<double>(log_probs[t].size());
        nll -= log_p;
        loss -= weights[static_cast<std::size_t>(column)] * ((1 - kSmoothing) * log_p + kSmoothing * spread);
      }
    }
    CHECK(sum.nll == Approx(nll).epsilon(1e-11));
    CHECK(sum.loss == Approx(loss).epsilon(1e-10));
    CHECK(sum.tokens == grid.tokens());
  }
}

}  // namespace
}  // namespace isthmus
