// What models looked at, and how it is written.
#include "decode/alignment.h"

#include "decode/ensemble_step_model.h"
#include "decode/seq2seq_step_model.h"
#include "tests/catch.h"
#include "tests/model/tiny.h"

namespace isthmus {
namespace {

/// A network that attends.
struct Network {
  explicit Network(const ModelOptions& options, std::uint64_t seed = 1)
      : model(options),
        values(test::random_values<float>(model.layout(), Random(seed), 0.7)),
        weights(model.decoding_weights(values)) {}

  Seq2Seq<float> model;
  Arena<float> values;
  DecodingWeights<float> weights;
};

ModelOptions attending(AttentionType type, bool feeding) {
  ModelOptions options = test::tiny_options();
  options.attention = type;
  options.input_feeding = feeding;
  return options;
}

std::vector<ModelOptions> all_kinds() {
  return {attending(AttentionType::kBahdanau, false), attending(AttentionType::kLuong, false),
          attending(AttentionType::kLuong, true)};
}

TEST_CASE("an alignment has a column of weights for each piece, whatever is aligned beside it") {
  for (const ModelOptions& options : all_kinds()) {
    const Network network(options);
    auto sources = test::random_sentences(9, 6, 9, Random(2));
    auto targets = test::random_sentences(9, 5, 8, Random(3));
    targets[4].clear();  // the end alone
    Seq2SeqStepModel steps(network.model, network.weights);
    const std::vector<Alignment> together = align(steps, sources, targets);
    for (std::size_t i = 0; i < sources.size(); ++i) {
      REQUIRE(together[i].rows() == static_cast<Index>(sources[i].size()) + 1);
      REQUIRE(together[i].cols() == static_cast<Index>(targets[i].size()) + 1);
      CHECK(together[i].minCoeff() > 0.0f);
      for (Index t = 0; t < together[i].cols(); ++t) CHECK(together[i].col(t).sum() == Approx(1.0f));
      const auto alone = align(steps, std::span(sources).subspan(i, 1), std::span(targets).subspan(i, 1));
      CHECK(alone[0] == together[i]);
    }
  }
}

TEST_CASE("a model that reads the source from its end says where it looked in the source as it stands") {
  ModelOptions options = attending(AttentionType::kLuong, false);
  const Network forward(options);
  options.reverse_source = true;
  const Network reversed(options);  // the same weights
  const std::vector<Sentence> source = {{3, 4, 5, 6}};
  const std::vector<Sentence> mirrored = {{6, 5, 4, 3}};
  const std::vector<Sentence> target = {{3, 4}};
  Seq2SeqStepModel steps(forward.model, forward.weights);
  Seq2SeqStepModel reversed_steps(reversed.model, reversed.weights);
  const Alignment a = align(steps, mirrored, target)[0];
  const Alignment b = align(reversed_steps, source, target)[0];
  for (Index s = 0; s < 4; ++s) CHECK(b.row(s) == a.row(3 - s));
  CHECK(b.row(4) == a.row(4));
}

TEST_CASE("an ensemble looks where its members look, those that do") {
  const Network one(attending(AttentionType::kLuong, false), 1);
  const Network other(attending(AttentionType::kBahdanau, false), 2);
  const Network none(test::tiny_options(), 3);
  const std::vector<Sentence> source = {{3, 4, 5}};
  const std::vector<Sentence> target = {{3, 4}};
  const auto aligned = [&](std::vector<const Network*> networks) {
    std::vector<std::unique_ptr<StepModel>> members;
    for (const Network* network : networks) {
      members.push_back(std::make_unique<Seq2SeqStepModel>(network->model, network->weights));
    }
    EnsembleStepModel ensemble(std::move(members), {});
    return align(ensemble, source, target)[0];
  };
  const Alignment mean = 0.5f * (aligned({&one}) + aligned({&other}));
  CHECK(aligned({&one, &other}).isApprox(mean, 1e-5f));
  CHECK(aligned({&one, &none, &other}).isApprox(mean, 1e-5f));
  CHECK(aligned({&none}).size() == 0);
}

TEST_CASE("alignments are written as pairs or as weights") {
  Alignment alignment(3, 4);
  alignment << 0.7f, 0.25f, 0.1f, 0.0f,  //
      0.2f, 0.5f, 0.1f, 0.0f,            //
      0.1f, 0.25f, 0.8f, 1.0f;
  CHECK(hard_alignment(alignment) == "0-0 1-1");  // the third piece looked at the end
  CHECK(soft_alignment(alignment) ==
        "0.7000,0.2000,0.1000 0.2500,0.5000,0.2500 0.1000,0.1000,0.8000 0.0000,0.0000,1.0000");
  CHECK(alignment_text(alignment, AlignmentFormat::kHard) == hard_alignment(alignment));
  CHECK(alignment_text(alignment, AlignmentFormat::kSoft) == soft_alignment(alignment));
  CHECK(hard_alignment(Alignment(2, 1)).empty());
}

}  // namespace
}  // namespace isthmus
