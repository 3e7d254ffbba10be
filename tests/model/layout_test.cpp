// The manifest of a model's parameters, the buffers over it, and what the parameters begin with.
#include "model/layout.h"

#include <cmath>
#include <cstdint>

#include "model/model_file.h"
#include "tests/catch.h"
#include "tests/model/tiny.h"

namespace isthmus {
namespace {

using test::random_values;
using test::tiny_options;

/// First values of one tensor.
Matrix<double> first_values(const TensorInfo& tensor, Random random = Random(1)) {
  Layout layout;
  const TensorId id = layout.add(tensor);
  Arena<double> values(layout);
  initialise(random, values);
  return values[id];
}

TensorId find(const Layout& layout, const std::string& name) {
  for (std::size_t i = 0; i < layout.tensors().size(); ++i) {
    if (layout.tensors()[i].name == name) return {static_cast<int>(i)};
  }
  FAIL("no tensor " << name);
  return {};
}

TEST_CASE("tensors begin on cache lines and do not overlap") {
  Layout layout;
  const TensorId a = layout.add({.name = "a", .rows = 3, .columns = 5});
  const TensorId b = layout.add({.name = "b", .rows = 4, .columns = 4});
  const TensorId c = layout.add({.name = "c", .rows = 1, .columns = 1});
  CHECK(layout[a].offset == 0);
  CHECK(layout[b].offset == 16);
  CHECK(layout[c].offset == 32);
  CHECK(layout.size() == 48);
  CHECK(layout.parameters() == 15 + 16 + 1);
  Arena<float> values(layout);
  for (const TensorId id : {a, b, c}) CHECK(reinterpret_cast<std::uintptr_t>(values[id].data()) % 64 == 0);
  CHECK(values.flat() == Vector<float>::Zero(48));
  for (const TensorId id : {a, b, c}) values[id].setConstant(static_cast<float>(id.index + 1));
  CHECK(values.flat().sum() == 15 * 1 + 16 * 2 + 1 * 3);
}

TEST_CASE("first values leave the gaps between tensors zero") {
  Layout layout;
  layout.add({.name = "a", .rows = 3, .columns = 3, .initialiser = Initialiser::kOne});
  layout.add({.name = "b", .rows = 1, .columns = 1, .initialiser = Initialiser::kOne});
  Arena<double> values(layout);
  initialise(Random(1), values);
  CHECK(values.flat().sum() == 10.0);
}

TEST_CASE("an arena is copied by value") {
  Layout layout;
  const TensorId id = layout.add({.name = "a", .rows = 2, .columns = 2});
  Arena<double> first(layout);
  first[id].setConstant(1.0);
  Arena<double> second = first;
  second[id].setConstant(2.0);
  CHECK(first[id].sum() == 4.0);
  first = second;
  CHECK(first[id].sum() == 8.0);
}

TEST_CASE("recurrent weights begin orthogonal, each gate's block for itself") {
  const auto [cell, gates] =
      GENERATE(table<CellType, Index>({{CellType::kTanh, 1}, {CellType::kGru, 3}, {CellType::kLstm, 4}}));
  constexpr Index kHidden = 12;
  Layout layout;
  const RecurrentLayer<double> layer(layout, "layer", {.cell = cell, .inputs = 5, .hidden = kHidden});
  Arena<double> values(layout);
  initialise(Random(1), values);
  const Matrix<double> u = values[find(layout, "layer.recurrent_weights")];
  REQUIRE(u.rows() == gates * kHidden);
  for (Index gate = 0; gate < gates; ++gate) {
    const Matrix<double> block = u.middleRows(gate * kHidden, kHidden);
    CHECK((block * block.transpose()).isIdentity(1e-12));
    CHECK((block.transpose() * block).isIdentity(1e-12));
    CHECK_FALSE(block.isDiagonal(0.1));
    for (Index other = 0; other < gate; ++other) {
      CHECK_FALSE(block.isApprox(u.middleRows(other * kHidden, kHidden), 0.1));
    }
  }
}

TEST_CASE("orthogonal matrices have no preferred sign") {
  // Householder's Q as it comes has a first row and column of one sign; made unique, they are spread evenly.
  int positive = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const TensorInfo tensor{.name = "t", .rows = 3, .columns = 3, .initialiser = Initialiser::kOrthogonal};
    positive += first_values(tensor, Random(seed))(0, 0) > 0;
  }
  CHECK(positive > 60);
  CHECK(positive < 140);
}

TEST_CASE("without orthogonality recurrent weights begin as others do") {
  Layout layout;
  const RecurrentLayer<double> layer(layout, "layer",
                                     {.cell = CellType::kLstm, .inputs = 5, .hidden = 12, .orthogonal = false});
  CHECK(layout[find(layout, "layer.recurrent_weights")].initialiser == Initialiser::kGlorot);
}

TEST_CASE("Glorot's range is that of one gate's block, and is filled") {
  constexpr Index kRows = 30;
  constexpr Index kColumns = 50;
  const int gates = GENERATE(1, 4);
  const Matrix<double> values = first_values(
      {.name = "t", .rows = gates * kRows, .columns = kColumns, .initialiser = Initialiser::kGlorot, .gates = gates});
  const double bound = std::sqrt(6.0 / (kRows + kColumns));
  CHECK(values.maxCoeff() <= bound);
  CHECK(values.maxCoeff() > 0.99 * bound);
  CHECK(values.minCoeff() >= -bound);
  CHECK(values.minCoeff() < -0.99 * bound);
  const auto count = static_cast<double>(values.size());
  CHECK(values.mean() == Approx(0.0).margin(4 * bound / std::sqrt(3 * count)));
  CHECK(values.squaredNorm() / count == Approx(bound * bound / 3).epsilon(0.1));
}

TEST_CASE("word vectors begin with a length of about 1") {
  const Matrix<double> values =
      first_values({.name = "t", .rows = 64, .columns = 500, .initialiser = Initialiser::kEmbedding});
  CHECK(values.mean() == Approx(0.0).margin(0.003));
  CHECK(values.colwise().squaredNorm().mean() == Approx(1.0).epsilon(0.03));
  CHECK(values.cwiseAbs().maxCoeff() > 3.0 / 8);  // normal, not uniform: some lie beyond three deviations
}

TEST_CASE("the forget gate of an LSTM begins open, all other biases at zero") {
  constexpr Index kHidden = 6;
  const auto cell = GENERATE(CellType::kTanh, CellType::kGru, CellType::kLstm);
  const double forget_bias = GENERATE(0.0, 1.0, 2.5);
  Layout layout;
  const RecurrentLayer<double> layer(layout, "layer",
                                     {.cell = cell, .inputs = 5, .hidden = kHidden, .forget_bias = forget_bias});
  Arena<double> values(layout);
  initialise(Random(1), values);
  Matrix<double> expected = Matrix<double>::Zero(layer.gate_rows(), 1);
  if (cell == CellType::kLstm) expected.middleRows(kHidden, kHidden).setConstant(forget_bias);
  CHECK(values[find(layout, "layer.bias")] == expected);
  if (cell == CellType::kGru) CHECK(values[find(layout, "layer.recurrent_bias")].isZero(0));
}

TEST_CASE("the forget gate of the model's options reaches every layer") {
  ModelOptions options = tiny_options();
  options.layers = 2;
  options.bidirectional = true;
  options.forget_bias = 3.0;
  const Seq2Seq<double> model(options);
  Arena<double> values(model.layout());
  initialise(Random(1), values);
  for (const auto& [name, hidden] : std::vector<std::pair<std::string, Index>>{{"encoder.0.forward.bias", 2},
                                                                               {"encoder.0.backward.bias", 2},
                                                                               {"encoder.1.forward.bias", 2},
                                                                               {"encoder.1.backward.bias", 2},
                                                                               {"decoder.0.bias", 4},
                                                                               {"decoder.1.bias", 4}}) {
    const auto bias = values[find(model.layout(), name)];
    CHECK(bias.middleRows(hidden, hidden) == Matrix<double>::Constant(hidden, 1, 3.0));
    CHECK(bias.sum() == 3.0 * static_cast<double>(hidden));
  }
}

TEST_CASE("a seed gives the same first values in float and in double, another seed others") {
  ModelOptions options = tiny_options();
  options.layer_norm = true;
  options.context = ContextUse::kEveryStep;
  const Seq2Seq<double> model(options);
  Arena<double> exact(model.layout());
  Arena<double> other(model.layout());
  Arena<float> single(model.layout());
  initialise(Random(7), exact);
  initialise(Random(7), single);
  initialise(Random(8), other);
  CHECK(exact.flat().cast<float>() == single.flat());
  for (std::size_t i = 0; i < model.layout().tensors().size(); ++i) {
    const TensorId id{static_cast<int>(i)};
    const Initialiser initialiser = model.layout()[id].initialiser;
    const bool fixed = initialiser == Initialiser::kZero || initialiser == Initialiser::kOne ||
                       initialiser == Initialiser::kForgetGate;
    CAPTURE(model.layout()[id].name);
    CHECK((exact[id] == other[id]) == fixed);
    for (std::size_t j = 0; j < i && !fixed; ++j) {  // each tensor has a stream of its own
      CHECK(exact[id](0, 0) != exact[TensorId{static_cast<int>(j)}](0, 0));
    }
  }
}

TEST_CASE("the manifest names every tensor with its shape") {
  ModelOptions options = tiny_options();
  SECTION("the plainest LSTM") {
    CHECK(manifest(Seq2Seq<float>(options).layout()) ==
          "encoder.embedding 3 9\n"
          "encoder.0.forward.input_weights 16 3\n"
          "encoder.0.forward.recurrent_weights 16 4\n"
          "encoder.0.forward.bias 16 1\n"
          "decoder.embedding 3 8\n"
          "decoder.0.input_weights 16 3\n"
          "decoder.0.recurrent_weights 16 4\n"
          "decoder.0.bias 16 1\n"
          "output.weights 4 8\n"
          "output.bias 8 1\n");
  }
  SECTION("a GRU with all that adds tensors") {
    options.cell = CellType::kGru;
    options.bidirectional = true;
    options.context = ContextUse::kEveryStep;
    options.bridge = BridgeType::kDense;
    options.layer_norm = true;
    CHECK(manifest(Seq2Seq<float>(options).layout()) ==
          "encoder.embedding 3 9\n"
          "encoder.0.forward.input_weights 6 3\n"
          "encoder.0.forward.recurrent_weights 6 2\n"
          "encoder.0.forward.bias 6 1\n"
          "encoder.0.forward.recurrent_bias 6 1\n"
          "encoder.0.forward.input_norm.gain 6 1\n"
          "encoder.0.forward.recurrent_norm.gain 6 1\n"
          "encoder.0.backward.input_weights 6 3\n"
          "encoder.0.backward.recurrent_weights 6 2\n"
          "encoder.0.backward.bias 6 1\n"
          "encoder.0.backward.recurrent_bias 6 1\n"
          "encoder.0.backward.input_norm.gain 6 1\n"
          "encoder.0.backward.recurrent_norm.gain 6 1\n"
          "bridge.0.hidden.weights 4 4\n"
          "bridge.0.hidden.bias 4 1\n"
          "decoder.embedding 3 8\n"
          "decoder.0.input_weights 12 3\n"
          "decoder.0.recurrent_weights 12 4\n"
          "decoder.0.context_weights 12 4\n"
          "decoder.0.bias 12 1\n"
          "decoder.0.recurrent_bias 12 1\n"
          "decoder.0.input_norm.gain 12 1\n"
          "decoder.0.recurrent_norm.gain 12 1\n"
          "readout.weights 3 4\n"
          "readout.bias 3 1\n"
          "readout.context.weights 3 4\n"
          "output.weights 3 8\n"
          "output.bias 8 1\n");
  }
}

TEST_CASE("tied embeddings are one tensor") {
  ModelOptions options = tiny_options();
  options.embedding = options.hidden;
  options.target_vocabulary = options.source_vocabulary;
  const auto parameters = [&](TiedEmbeddings tied) {
    options.tied_embeddings = tied;
    return Seq2Seq<float>(options).layout().parameters();
  };
  const Index table = options.embedding * options.source_vocabulary;
  const Index untied = parameters(TiedEmbeddings::kNone);
  CHECK(parameters(TiedEmbeddings::kTarget) == untied - table);
  CHECK(parameters(TiedEmbeddings::kAll) == untied - 2 * table);

  // The table's gradient is that of all its uses: a piece that only the output layer knows of has one too.
  const Seq2Seq<double> model(options);
  const auto values = random_values<double>(model.layout(), Random(1));
  Arena<double> grads(model.layout());
  const std::vector<Sentence> sentence = {{3, 4}};
  const TokenGrid target = model.pack_target(sentence);
  const std::vector<double> weights(3, 1.0);
  Scratch<double> scratch;
  GradientTerms<double> terms(model.layout());
  const TokenGrid source = model.pack_source(sentence);
  model.run(values, source, target, weights, {}, scratch, &terms);
  terms.evaluate(grads);
  const Matrix<double> table_gradient = grads[find(model.layout(), "encoder.embedding")];
  CHECK((table_gradient.col(8).array() != 0.0).all());
}

}  // namespace
}  // namespace isthmus
