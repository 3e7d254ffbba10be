// Search with models that look back at their sources.
#include <algorithm>

#include "decode/search.h"
#include "decode/seq2seq_step_model.h"
#include "tests/catch.h"
#include "tests/model/tiny.h"

namespace isthmus {
namespace {

/// A network of random weights that attends.
struct Network {
  explicit Network(int kind) : model(options_of(kind)), values(model.layout()), weights(weights_of()) {}

  static ModelOptions options_of(int kind) {
    ModelOptions options = test::tiny_options();
    options.hidden = 30;  // columns fill no packets
    options.embedding = 22;
    options.layers = 2;
    options.bidirectional = true;
    options.target_vocabulary = 101;
    options.attention = kind == 0 ? AttentionType::kBahdanau : AttentionType::kLuong;
    options.input_feeding = kind == 2;
    return options;
  }
  DecodingWeights<float> weights_of() {
    values = test::random_values<float>(model.layout(), Random(1), 0.4);
    return model.decoding_weights(values);
  }

  Seq2Seq<float> model;
  Arena<float> values;
  DecodingWeights<float> weights;
};

/// Sentences that come one by one as there is room.
class Waiting : public SearchQueue {
 public:
  explicit Waiting(std::vector<Sentence> sources) : sources_(std::move(sources)), found(sources_.size()) {}

  std::vector<SearchRequest> take(std::size_t most) override {
    std::vector<SearchRequest> requests;
    for (; requests.size() < most && next_ < sources_.size(); ++next_) {
      requests.push_back({.number = next_, .source = sources_[next_]});
    }
    return requests;
  }
  void put(std::size_t number, NBest list) override { found[number] = std::move(list); }

 private:
  std::vector<Sentence> sources_;
  std::size_t next_ = 0;

 public:
  std::vector<NBest> found;
};

TEST_CASE("with attention too, what is found for a sentence does not depend on the others, bit for bit") {
  const int kind = GENERATE(0, 1, 2);
  const Network network(kind);
  const auto sources = test::random_sentences(23, 14, 9, Random(2));
  SearchOptions options;
  options.beam = options.nbest = 3;
  std::vector<NBest> alone;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    Seq2SeqStepModel steps(network.model, network.weights);
    alone.push_back(search(steps, std::span(sources).subspan(i, 1), options)[0]);
  }
  for (const std::size_t together : {2U, 5U, 100U}) {
    Waiting queue(sources);
    Seq2SeqStepModel steps(network.model, network.weights);
    search(steps, queue, together, options);
    for (std::size_t i = 0; i < sources.size(); ++i) {
      CAPTURE(kind, together, i);
      REQUIRE(queue.found[i].size() == alone[i].size());
      for (std::size_t n = 0; n < alone[i].size(); ++n) {
        REQUIRE(queue.found[i][n].tokens == alone[i][n].tokens);
        REQUIRE(queue.found[i][n].token_log_probs == alone[i][n].token_log_probs);
      }
    }
  }
}

TEST_CASE("hypotheses of a sentence share what they look back at, and a sentence that leaves frees it") {
  const Network network(GENERATE(0, 1, 2));
  Scratch<float> scratch;
  const auto sources = test::random_sentences(3, 6, 9, Random(2));
  auto state = network.model.start(network.values,
                                   network.model.encode(network.values, network.model.pack_source(sources), scratch));
  const std::weak_ptr<const AttendedSource<float>> first = state.sources[0];
  const std::weak_ptr<const AttendedSource<float>> second = state.sources[1];
  state.select({1, 1, 2, 1});
  CHECK(first.expired());
  CHECK(second.use_count() == 3);
  CHECK(state.sources.size() == 4);
  CHECK(state.sources[0] == state.sources[3]);
  CHECK(state.sources[0]->annotations->cols() == static_cast<Index>(sources[1].size()) + 1);
}

}  // namespace
}  // namespace isthmus
