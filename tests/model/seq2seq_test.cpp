// The encoder–decoder as a whole: one batch or many, step by step or unrolled, float or double.
#include "model/seq2seq.h"

#include "tests/catch.h"
#include "tests/model/variants.h"

namespace isthmus {
namespace {

using test::random_sentences;
using test::random_values;
using test::tiny_options;

ModelOptions rich_options(CellType cell) {
  ModelOptions options = tiny_options();
  options.cell = cell;
  options.layers = 2;
  options.bidirectional = true;
  options.context = ContextUse::kEveryStep;
  options.bridge = BridgeType::kDense;
  return options;
}

template <class S>
LossSum evaluate(const Seq2Seq<S>& model, const Arena<S>& values, std::span<const Sentence> sources,
                 std::span<const Sentence> targets, Scratch<S>& scratch) {
  const TokenGrid target = model.pack_target(targets);
  const std::vector<S> weights(static_cast<std::size_t>(target.tokens()), S{1});
  return model.run(values, model.pack_source(sources), target, weights, {}, scratch, nullptr);
}

TEST_CASE("the loss of a batch is the sum of its sentences' losses") {
  const auto cell = GENERATE(CellType::kTanh, CellType::kGru, CellType::kLstm);
  const Seq2Seq<double> model(rich_options(cell));
  const auto values = random_values<double>(model.layout(), Random(1));
  const auto sources = random_sentences(7, 6, 9, Random(2));
  const auto targets = random_sentences(7, 6, 8, Random(3));
  Scratch<double> scratch;
  double apart = 0;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    apart +=
        evaluate<double>(model, values, std::span(sources).subspan(i, 1), std::span(targets).subspan(i, 1), scratch)
            .nll;
  }
  CHECK(evaluate<double>(model, values, sources, targets, scratch).nll == Approx(apart).epsilon(1e-12));
}

TEST_CASE("steps give the probabilities that teacher forcing gives") {
  const auto cell = GENERATE(CellType::kTanh, CellType::kGru, CellType::kLstm);
  for (const test::Variant& variant : test::variants(cell)) {
    CAPTURE(variant.name);
    const Seq2Seq<double> model(variant.options);
    const auto values = random_values<double>(model.layout(), Random(1));
    const auto sources = random_sentences(4, 6, variant.options.source_vocabulary, Random(2));
    const auto targets = random_sentences(4, 5, variant.options.target_vocabulary, Random(3));
    Scratch<double> scratch;
    const TokenGrid grid = model.pack_target(targets);
    evaluate<double>(model, values, sources, targets, scratch);
    const Vector<double> unrolled = scratch.token_log_probs;

    const DecodingWeights<double> weights = model.decoding_weights(values);
    DecoderState<double> state = model.start(values, model.encode(values, model.pack_source(sources), scratch));
    std::vector<TokenId> last(targets.size(), kBegin);
    TokenScores<double> scores;
    for (Index t = 0; t < grid.packing.steps(); ++t) {
      model.step(weights, last, state, scratch, scores);
      REQUIRE(scores.vocabulary() == variant.options.target_vocabulary);
      for (Index b = 0; b < grid.packing.alive[static_cast<std::size_t>(t)]; ++b) {
        const Index column = grid.packing.offset[static_cast<std::size_t>(t)] + b;
        const Index sentence = grid.sentence[static_cast<std::size_t>(b)];
        const TokenId token = grid.ids[static_cast<std::size_t>(column)];
        CHECK(scores.log_prob(token, sentence) == Approx(unrolled(column)).epsilon(1e-12));
        CHECK(scores.log_probs(sentence).exp().sum() == Approx(1.0));
        last[static_cast<std::size_t>(sentence)] = token;
      }
    }
  }
}

ModelOptions fed_options() {
  ModelOptions options = rich_options(CellType::kLstm);
  options.context = ContextUse::kInitial;
  options.attention = AttentionType::kLuong;
  options.input_feeding = true;
  return options;
}

TEST_CASE("select replicates, reorders and drops hypotheses") {
  const bool attention = GENERATE(false, true);
  const Seq2Seq<double> model(attention ? fed_options() : rich_options(CellType::kLstm));
  const auto values = random_values<double>(model.layout(), Random(1));
  const auto sources = random_sentences(3, 6, 9, Random(2));
  Scratch<double> scratch;
  DecoderState<double> state = model.start(values, model.encode(values, model.pack_source(sources), scratch));
  DecoderState<double> selected = state;
  selected.select({2, 0, 2, 2});
  TokenScores<double> before;
  TokenScores<double> after;
  model.step(model.decoding_weights(values), std::vector<TokenId>{3, 4, 5}, state, scratch, before);
  model.step(model.decoding_weights(values), std::vector<TokenId>{5, 3, 5, 4}, selected, scratch, after);
  CHECK(after.logits.col(0) == before.logits.col(2));
  CHECK(after.logits.col(1) == before.logits.col(0));
  CHECK(after.logits.col(2) == before.logits.col(2));
  CHECK(after.logits.col(3) != before.logits.col(2));
}

TEST_CASE("columns that are appended go on as they would have alone") {
  const bool attention = GENERATE(false, true);
  const Seq2Seq<double> model(attention ? fed_options() : rich_options(CellType::kLstm));
  const auto values = random_values<double>(model.layout(), Random(1));
  const auto weights = model.decoding_weights(values);
  const auto sources = random_sentences(5, 6, 9, Random(2));
  Scratch<double> scratch;
  TokenScores<double> scores;
  const auto begun = [&](std::size_t first, std::size_t count) {
    const auto some = std::span(sources).subspan(first, count);
    DecoderState<double> state = model.start(values, model.encode(values, model.pack_source(some), scratch));
    model.step(weights, std::vector<TokenId>(count, kBegin), state, scratch, scores);
    return state;
  };
  DecoderState<double> together = begun(0, 2);
  together.append(begun(2, 3));
  DecoderState<double> alone = begun(3, 1);
  model.step(weights, std::vector<TokenId>{3, 4, 5, 6, 7}, together, scratch, scores);
  const Vector<double> of_together = scores.log_probs(3);
  model.step(weights, std::vector<TokenId>{6}, alone, scratch, scores);
  CHECK(of_together.isApprox(Vector<double>(scores.log_probs(0)), 1e-12));
}

TEST_CASE("a context does not depend on its neighbours, bit for bit") {
  const auto cell = GENERATE(CellType::kTanh, CellType::kGru, CellType::kLstm);
  const bool attention = GENERATE(false, true);
  ModelOptions options = attention ? fed_options() : rich_options(cell);
  options.cell = cell;
  options.hidden = 96;
  options.embedding = 48;
  const Seq2Seq<float> model(options);
  Arena<float> values(model.layout());
  initialise(Random(1), values);
  const auto sources = random_sentences(33, 12, 9, Random(2));
  Scratch<float> scratch;
  const Context<float> together = model.encode(values, model.pack_source(sources), scratch);
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const auto alone = model.encode(values, model.pack_source(std::span(sources).subspan(i, 1)), scratch);
    REQUIRE(alone.state.hidden.col(0) == together.state.hidden.col(static_cast<Index>(i)));
    if (attention) REQUIRE(*alone.annotations[0] == *together.annotations[i]);
  }
}

TEST_CASE("probabilities do not depend on neighbours, bit for bit, where columns fill no packets") {
  // Found by fuzzing: with such sizes a column's address decided which of its elements were computed by packets.
  const auto cell = GENERATE(CellType::kTanh, CellType::kGru, CellType::kLstm);
  for (const auto& [name, variant] : test::variants(cell)) {
    ModelOptions options = variant;
    options.embedding = options.embedding == options.hidden ? 30 : 22;
    options.hidden = 30;
    options.source_vocabulary = options.target_vocabulary = 101;
    const Seq2Seq<float> model(options);
    const auto values = random_values<float>(model.layout(), Random(1));
    const DecodingWeights<float> weights = model.decoding_weights(values);
    const auto sources = random_sentences(7, 12, 101, Random(2));
    const auto words = random_sentences(3, 1, 101, Random(3));
    const auto probabilities = [&](std::span<const Sentence> some) {
      Scratch<float> scratch;
      auto state = model.start(values, model.encode(values, model.pack_source(some), scratch));
      TokenScores<float> scores;
      for (const Sentence& word : words) {
        model.step(weights, std::vector<TokenId>(some.size(), word[0]), state, scratch, scores);
      }
      Matrix<float> log_probs(scores.vocabulary(), scores.columns());
      for (Index i = 0; i < scores.columns(); ++i) log_probs.col(i) = scores.log_probs(i);
      return log_probs;
    };
    const Matrix<float> together = probabilities(sources);
    for (std::size_t i = 0; i < sources.size(); ++i) {
      INFO(name << ", sentence " << i);
      REQUIRE(probabilities(std::span(sources).subspan(i, 1)).col(0) == together.col(static_cast<Index>(i)));
    }
  }
}

TEST_CASE("float agrees with double") {
  const Seq2Seq<float> single(rich_options(CellType::kLstm));
  const Seq2Seq<double> exact(rich_options(CellType::kLstm));
  Arena<float> single_values(single.layout());
  Arena<double> exact_values(exact.layout());
  initialise(Random(1), single_values);
  initialise(Random(1), exact_values);
  const auto sources = random_sentences(9, 7, 9, Random(2));
  const auto targets = random_sentences(9, 7, 8, Random(3));
  Scratch<float> single_scratch;
  Scratch<double> exact_scratch;
  const LossSum a = evaluate<float>(single, single_values, sources, targets, single_scratch);
  const LossSum b = evaluate<double>(exact, exact_values, sources, targets, exact_scratch);
  CHECK(a.nll == Approx(b.nll).epsilon(1e-5));
  CHECK(a.tokens == b.tokens);
}

TEST_CASE("reversal is what reversing the source would be") {
  ModelOptions options = tiny_options();
  const Seq2Seq<double> plain(options);
  options.reverse_source = true;
  const Seq2Seq<double> reversed(options);
  const auto values = random_values<double>(plain.layout(), Random(1));
  const std::vector<Sentence> forward = {{3, 4, 5}};
  const std::vector<Sentence> backward = {{5, 4, 3}};
  Scratch<double> scratch;
  const auto a = plain.encode(values, plain.pack_source(backward), scratch);
  const auto b = reversed.encode(values, reversed.pack_source(forward), scratch);
  const auto c = plain.encode(values, plain.pack_source(forward), scratch);
  CHECK(a.state.hidden == b.state.hidden);
  CHECK(a.state.hidden != c.state.hidden);
}

TEST_CASE("the size of the context is layers times hidden, with one direction or two") {
  ModelOptions options = tiny_options();
  options.layers = 3;
  for (const bool bidirectional : {false, true}) {
    options.bidirectional = bidirectional;
    const Seq2Seq<float> model(options);
    Arena<float> values(model.layout());
    Scratch<float> scratch;
    const auto context = model.encode(values, model.pack_source(random_sentences(2, 4, 9, Random(1))), scratch);
    CHECK(context.state.hidden.rows() == 12);
    CHECK(context.state.memory.rows() == 12);
    CHECK(context.state.hidden.cols() == 2);
  }
}

}  // namespace
}  // namespace isthmus
