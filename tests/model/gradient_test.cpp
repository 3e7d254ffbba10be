// Every gradient against differences of the loss in double: the whole model, for every cell and option.
#include <fmt/format.h>

#include "tests/catch.h"
#include "tests/model/tiny.h"
#include "tests/sanitized.h"

namespace isthmus {
namespace {

using test::random_sentences;
using test::random_values;
using test::tiny_options;

/// The largest relative difference between the gradient of Seq2Seq::run and differences of its loss.
double worst_gradient_error(const ModelOptions& options, double label_smoothing = 0.1,
                            std::span<const Index> source_of = {}) {
  const Seq2Seq<double> model(options);
  const auto sources = random_sentences(5, 4, options.source_vocabulary, Random(1));
  const auto targets = random_sentences(5, 5, options.target_vocabulary, Random(2));
  const TokenGrid source = model.pack_source(sources);
  const TokenGrid target = model.pack_target(targets);
  std::vector<double> weights;
  Random random(3);
  for (Index i = 0; i < target.tokens(); ++i) weights.push_back(random.normal());  // of either sign, as rewards give
  const RunOptions run{.label_smoothing = label_smoothing, .dropout = Random(4), .source_of = source_of};
  Scratch<double> scratch;
  Arena<double> values = random_values<double>(model.layout(), Random(5));
  Arena<double> grads(model.layout());
  GradientTerms<double> terms(model.layout());
  model.run(values, source, target, weights, run, scratch, &terms);
  terms.evaluate(grads);
  double worst = 0;
  for (std::size_t i = 0; i < model.layout().tensors().size(); ++i) {
    const TensorId id{static_cast<int>(i)};
    double error = 0;
    double size = values[id].size() > 0 ? grads[id].cwiseAbs().maxCoeff() : 0;
    // What a sanitizer looks for is the same at every parameter.
    const Index step = test::kSanitized && values[id].size() > 100 ? 13 : 1;
    for (Index j = 0; j < values[id].size(); j += step) {
      double* parameter = values[id].data() + j;
      const double kept = *parameter;
      // Five-point differences: their error falls with the fourth power of the step.
      constexpr double kStep = 2e-4;
      const auto loss_at = [&](double change) {
        *parameter = kept + change;
        return model.run(values, source, target, weights, run, scratch, nullptr).loss;
      };
      const double numeric =
          (8 * (loss_at(kStep) - loss_at(-kStep)) - (loss_at(2 * kStep) - loss_at(-2 * kStep))) / (12 * kStep);
      *parameter = kept;
      error = std::max(error, std::abs(numeric - grads[id].data()[j]));
      size = std::max(size, std::abs(numeric));
    }
    INFO(model.layout().tensors()[i].name << ": error " << error << ", largest gradient " << size);
    CHECK(size > 0);
    CHECK(error < 1e-6 * std::max(size, 1e-3));
    worst = std::max(worst, error / std::max(size, 1e-3));
  }
  return worst;
}

TEST_CASE("the gradient of each cell is exact") {
  const auto cell = GENERATE(CellType::kTanh, CellType::kGru, CellType::kLstm);
  ModelOptions options = tiny_options();
  options.cell = cell;
  SECTION("one layer") { CHECK(worst_gradient_error(options) < 1e-6); }
  SECTION("two layers, two directions, context at every step, normalised, dense bridge, all dropouts") {
    options.hidden = 16;  // normalising few units, or a vector that was dropped whole, is too sharp for differences
    options.embedding = 12;
    options.layers = 2;
    options.bidirectional = true;
    options.context = ContextUse::kEveryStep;
    options.layer_norm = true;
    options.bridge = BridgeType::kDense;
    options.dropout = 0.3;
    options.recurrent_dropout = 0.4;
    options.reverse_source = true;
    CHECK(worst_gradient_error(options) < 1e-6);
  }
  SECTION("layer normalisation") {
    options.hidden = 8;
    options.layer_norm = true;
    CHECK(worst_gradient_error(options) < 1e-6);
  }
  SECTION("recurrent dropout") {
    options.recurrent_dropout = 0.5;
    CHECK(worst_gradient_error(options) < 1e-6);
  }
  SECTION("context at every step") {
    options.context = ContextUse::kEveryStep;
    CHECK(worst_gradient_error(options) < 1e-6);
  }
}

TEST_CASE("the gradient of each bridge, of tied embeddings and of dropout is exact") {
  ModelOptions options = tiny_options();
  SECTION("dense bridge") { options.bridge = BridgeType::kDense; }
  SECTION("zero bridge") {
    options.bridge = BridgeType::kZero;
    options.context = ContextUse::kEveryStep;
  }
  SECTION("tied target embeddings with a readout") { options.tied_embeddings = TiedEmbeddings::kTarget; }
  SECTION("tied target embeddings without a readout") {
    options.tied_embeddings = TiedEmbeddings::kTarget;
    options.embedding = options.hidden;
  }
  SECTION("all embeddings tied") {
    options.tied_embeddings = TiedEmbeddings::kAll;
    options.target_vocabulary = options.source_vocabulary;
    options.context = ContextUse::kEveryStep;
  }
  SECTION("input and output dropout") {
    options.input_dropout = 0.2;
    options.output_dropout = 0.4;
  }
  SECTION("bidirectional") { options.bidirectional = true; }
  SECTION("two layers") { options.layers = 2; }
  CHECK(worst_gradient_error(options) < 1e-6);
}

TEST_CASE("the gradient of each attention is exact") {
  const auto cell = GENERATE(CellType::kTanh, CellType::kGru, CellType::kLstm);
  ModelOptions options = tiny_options();
  options.cell = cell;
  const auto deep = [&] {
    options.hidden = 16;
    options.embedding = 12;
    options.layers = 2;
    options.bidirectional = true;
    options.layer_norm = true;
    options.bridge = BridgeType::kDense;
    options.dropout = 0.3;
    options.recurrent_dropout = 0.4;
    options.reverse_source = true;
  };
  SECTION("bahdanau") {
    options.attention = AttentionType::kBahdanau;
    SECTION("alone") {}
    SECTION("two layers") { options.layers = 2; }
    SECTION("two directions, dropout") {
      options.bidirectional = true;
      options.dropout = 0.3;
    }
    SECTION("with all else") { deep(); }
  }
  SECTION("luong") {
    options.attention = AttentionType::kLuong;
    options.input_feeding = GENERATE(false, true);
    SECTION("general") {}
    SECTION("dot, two layers") {
      options.attention_score = AttentionScore::kDot;
      options.layers = 2;
    }
    SECTION("two directions, dropout") {
      options.bidirectional = true;
      options.dropout = 0.3;
    }
    SECTION("with all else") { deep(); }
  }
  CHECK(worst_gradient_error(options) < 1e-6);
}

TEST_CASE("the gradient is exact where sources have several targets") {
  ModelOptions options = tiny_options();
  SECTION("without attention") {}
  SECTION("bahdanau") { options.attention = AttentionType::kBahdanau; }
  SECTION("luong") { options.attention = AttentionType::kLuong; }
  SECTION("luong, input feeding") {
    options.attention = AttentionType::kLuong;
    options.input_feeding = true;
  }
  const std::vector<Index> source_of = {2, 0, 2, 2, 1};  // the others have none
  CHECK(worst_gradient_error(options, 0.1, source_of) < 1e-6);
}

TEST_CASE("label smoothing does not change the gradient's exactness") {
  CHECK(worst_gradient_error(tiny_options(), 0.0) < 1e-6);
  CHECK(worst_gradient_error(tiny_options(), 0.3) < 1e-6);
}

}  // namespace
}  // namespace isthmus
