// Gradients of each state and each word vector of a source, against differences.
#include "model/seq2seq.h"
#include "tests/catch.h"
#include "tests/model/variants.h"

namespace isthmus {
namespace {

using test::random_sentences;
using test::random_values;

constexpr double kStep = 1e-5;

TEST_CASE("the whole gradient of each state of a layer is that of differences") {
  const auto cell = GENERATE(CellType::kTanh, CellType::kGru, CellType::kLstm);
  const bool layer_norm = GENERATE(false, true);
  CAPTURE(static_cast<int>(cell), layer_norm);
  Layout layout;
  const RecurrentLayer<double> layer(layout, "layer",
                                     {.cell = cell, .inputs = 3, .hidden = 6, .layer_norm = layer_norm});
  const auto values = random_values<double>(layout, Random(1));
  const Packing packing = Packing::of_lengths(std::vector<Index>{4, 3, 3, 1});
  const Matrix<double> x = Matrix<double>::Random(3, packing.columns());
  const Matrix<double> h0 = Matrix<double>::Random(6, 4);
  const Matrix<double> c0 = Matrix<double>::Random(layer.has_memory() ? 6 : 0, 4);
  const Matrix<double> weights = Matrix<double>::Random(6, packing.columns());
  const Matrix<double> final_weights = Matrix<double>::Random(6, 4);
  const Matrix<double> memory_weights = Matrix<double>::Random(c0.rows(), 4);
  const Matrix<double> none(0, 4);
  const RecurrentLayer<double>::Input input{x, {}, packing, h0, c0, none, none};
  RecurrentCache<double> cache;
  // L = Σ weights∘h + what is asked of the last states, where a state is changed before the next step reads it.
  const auto loss = [&](Index row, Index column, double change) {
    layer.begin(values, input, std::nullopt, 0.0, cache);
    for (Index t = 0; t < packing.steps(); ++t) {
      layer.advance(values, input, {t, t + 1}, cache);
      if (Steps{t, t + 1}.column(packing) <= column && column < Steps{t + 1, t + 1}.column(packing)) {
        cache.hidden(row, column) += change;
      }
    }
    Matrix<double> hidden(6, 4);
    Matrix<double> memory(c0.rows(), 4);
    layer.final_state(packing, cache, hidden, memory);
    return cache.hidden.cwiseProduct(weights).sum() + hidden.cwiseProduct(final_weights).sum() +
           memory.cwiseProduct(memory_weights).sum();
  };
  Matrix<double> differences(6, packing.columns());
  for (Index c = 0; c < differences.cols(); ++c) {
    for (Index r = 0; r < 6; ++r) differences(r, c) = (loss(r, c, kStep) - loss(r, c, -kStep)) / (2 * kStep);
  }
  layer.forward(values, input, std::nullopt, 0.0, cache);
  Matrix<double> d_hidden = final_weights;
  Matrix<double> d_memory = memory_weights;
  Matrix<double> d_x = Matrix<double>::Zero(3, x.cols());
  Matrix<double> d_constant = none;
  Buffer<double> transposed;
  Buffer<double> d_states;
  RecurrentLayer<double>::Gradients gradients{weights, d_hidden, d_memory, d_x, d_constant, transposed, &d_states};
  GradientTerms<double> terms(layout);
  layer.backward(values, input, cache, terms, gradients);
  CHECK(d_states.isApprox(differences, 1e-7));
  CHECK_FALSE(d_states.isApprox(weights, 0.1));  // what comes from later steps counts
  Buffer<double> each;
  layer.input_gradients(values, cache, each);
  CHECK(each.isApprox(d_x, 1e-12));
}

/// Columns of a single sentence's trace, both directions in the order of the forward one.
Matrix<double> input_gradients(const EncoderTrace<double>& trace) {
  Matrix<double> sum = trace.forward.d_x;
  if (trace.backward.d_x.cols() > 0) sum += trace.backward.d_x.rowwise().reverse();
  return sum;
}

TEST_CASE("the gradient of each word vector is that of differences") {
  const auto cell = GENERATE(CellType::kTanh, CellType::kGru, CellType::kLstm);
  for (const auto& [name, variant] : test::variants(cell)) {
    const ModelOptions& options = variant;                          // Clang 14 captures no structured binding
    if (options.tied_embeddings == TiedEmbeddings::kAll) continue;  // a change would reach the decoder too
    CAPTURE(name, static_cast<int>(cell));
    const Seq2Seq<double> model(options);
    Arena<double> values = random_values<double>(model.layout(), Random(5));
    const TensorId table{0};
    REQUIRE(model.layout()[table].name == "encoder.embedding");
    const std::vector<Sentence> source_sentence = {{5, 3, 7, 4}};  // none twice: a column of the table is a place
    const TokenGrid source = model.pack_source(source_sentence);
    const TokenGrid target = model.pack_target(random_sentences(1, 5, options.target_vocabulary, Random(2)));
    const std::vector<double> weights(static_cast<std::size_t>(target.tokens()), 1.0);
    const Index rows = options.layers * options.hidden;
    const RnnState<double> probes{Matrix<double>::Random(rows, 1),
                                  Matrix<double>::Random(cell == CellType::kLstm ? rows : 0, 1)};
    Scratch<double> scratch;
    const auto loss = [&] { return model.run(values, source, target, weights, {}, scratch, nullptr).nll; };
    const auto probe = [&] {
      const Context<double> context = model.encode(values, source, scratch);
      return context.state.hidden.cwiseProduct(probes.hidden).sum() +
             context.state.memory.cwiseProduct(probes.memory).sum();
    };
    const auto differences = [&](const auto& of) {
      Matrix<double> found(options.embedding, source.tokens());
      for (Index c = 0; c < found.cols(); ++c) {
        for (Index r = 0; r < found.rows(); ++r) {
          double& number = values[table].col(source.ids[static_cast<std::size_t>(c)])(r);
          const double kept = number;
          number = kept + kStep;
          const double above = of();
          number = kept - kStep;
          found(r, c) = (above - of()) / (2 * kStep);
          number = kept;
        }
      }
      return found;
    };
    const EncoderTrace<double> of_loss = model.trace_loss(values, source, target, scratch);
    CHECK((input_gradients(of_loss) - differences(loss)).norm() < 1e-6 * input_gradients(of_loss).norm() + 1e-8);
    CHECK_FALSE(scratch.encoder.trace.has_value());
    if (options.attention != AttentionType::kNone) continue;
    const EncoderTrace<double> of_context = model.trace_context(values, source, probes, scratch);
    CHECK((input_gradients(of_context) - differences(probe)).norm() < 1e-6 * input_gradients(of_context).norm() + 1e-8);
  }
}

TEST_CASE("the last state of each direction has the gradient of its place in the context") {
  const auto cell = GENERATE(CellType::kTanh, CellType::kGru, CellType::kLstm);
  for (const auto& [name, options] : test::variants(cell)) {
    if (options.attention != AttentionType::kNone) continue;  // there the outputs are read besides
    CAPTURE(name, static_cast<int>(cell));
    const Seq2Seq<double> model(options);
    const Arena<double> values = random_values<double>(model.layout(), Random(5));
    const TokenGrid source = model.pack_source(random_sentences(1, 5, 9, Random(1)));
    const TokenGrid target = model.pack_target(random_sentences(1, 5, options.target_vocabulary, Random(2)));
    Scratch<double> scratch;
    Context<double> context = model.encode(values, source, scratch);
    Vector<double> differences(options.hidden);
    for (Index r = 0; r < options.hidden; ++r) {
      double& number = context.state.hidden((options.layers - 1) * options.hidden + r, 0);
      const auto loss_at = [&](double change) {
        const double kept = number;
        number += change;
        model.score(values, context, target, scratch);
        number = kept;
        return -scratch.token_log_probs.sum();
      };
      differences(r) = (loss_at(kStep) - loss_at(-kStep)) / (2 * kStep);
    }
    const EncoderTrace<double> trace = model.trace_loss(values, source, target, scratch);
    const auto last = trace.forward.d_hidden.cols() - 1;
    Vector<double> found(options.hidden);
    found.head(trace.forward.d_hidden.rows()) = trace.forward.d_hidden.col(last);
    if (options.bidirectional) found.tail(options.hidden / 2) = trace.backward.d_hidden.col(last);
    CHECK((found - differences).norm() < 1e-6 * differences.norm() + 1e-8);
  }
}

TEST_CASE("the trace of a sentence does not depend on its batch") {
  const auto cell = GENERATE(CellType::kTanh, CellType::kGru, CellType::kLstm);
  for (const auto& [name, options] : test::variants(cell)) {
    CAPTURE(name, static_cast<int>(cell));
    const Seq2Seq<double> model(options);
    const Arena<double> values = random_values<double>(model.layout(), Random(5));
    const auto sources = random_sentences(5, 6, 9, Random(1));
    const auto targets = random_sentences(5, 5, options.target_vocabulary, Random(2));
    const TokenGrid source = model.pack_source(sources);
    Scratch<double> scratch;
    const EncoderTrace<double> trace = model.trace_loss(values, source, model.pack_target(targets), scratch);
    for (Index b = 0; b < source.packing.sentences(); ++b) {
      const auto i = static_cast<std::size_t>(source.sentence[static_cast<std::size_t>(b)]);
      const EncoderTrace<double> alone = model.trace_loss(values, model.pack_source(std::span(&sources[i], 1)),
                                                          model.pack_target(std::span(&targets[i], 1)), scratch);
      const auto same = [&](const Buffer<double>& many, const Buffer<double>& one) {
        for (Index t = 0; t < one.cols(); ++t) {
          const auto column = many.col(source.packing.offset[static_cast<std::size_t>(t)] + b);
          CHECK((column - one.col(t)).norm() < 1e-9 * one.norm() + 1e-12);
        }
      };
      REQUIRE(alone.forward.d_hidden.cols() == source.packing.length(b));
      same(trace.forward.d_hidden, alone.forward.d_hidden);
      same(trace.forward.d_x, alone.forward.d_x);
      same(trace.backward.d_hidden, alone.backward.d_hidden);
      same(trace.backward.d_x, alone.backward.d_x);
    }
  }
}

}  // namespace
}  // namespace isthmus
