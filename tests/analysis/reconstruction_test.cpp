#include "analysis/reconstruction.h"

#include <fstream>

#include "core/error.h"
#include "tests/analysis/bench.h"
#include "tests/analysis/findings.h"
#include "tests/catch.h"

using namespace isthmus;
using isthmus::test::finding_of;
using isthmus::test::made_model;
using isthmus::test::random_lines;
using isthmus::test::tensor_named;
using isthmus::test::value_of;

namespace {

ModelOptions shape() {
  ModelOptions shape;
  shape.hidden = 24;
  shape.embedding = 12;
  return shape;
}

Laboratory bench(std::shared_ptr<const LoadedModel> model, std::size_t longest, std::int64_t threads = 1) {
  const auto lines = random_lines(150, longest, 12, Random(1));
  return Laboratory(std::move(model), {.sources = lines, .references = lines}, {.threads = threads, .batch = 16});
}

StudyOptions lesson(std::int64_t updates) {
  StudyOptions options;
  options.resamples = 50;
  options.reconstruction.updates = updates;
  return options;
}

}  // namespace

TEST_CASE("A word that is in the context is read back, and from another's context it is not") {
  Laboratory laboratory = bench(made_model(shape(), 12, {}, 7, 1.5), 1);
  const StudyResult result = reconstruction_study(laboratory, lesson(400));
  CHECK(value_of(result, "accuracy_own") > 99);
  CHECK(value_of(result, "accuracy_shuffled") < 35);  // 12 words
  CHECK(finding_of(result, "gain").low.value() > 50);
  CHECK(value_of(result, "sentences") == 120);
  CHECK(result.meaning.find("holds the sentence") != std::string::npos);
}

TEST_CASE("From a context that holds nothing comes what the language tells") {
  Laboratory laboratory =
      bench(made_model(shape(), 12,
                       [](Arena<float>& values) {
                         for (const char* part : {"input_weights", "recurrent_weights", "bias"}) {
                           tensor_named(values, fmt::format("encoder.0.forward.{}", part)).setZero();
                         }
                       }),
            6);
  const StudyResult result = reconstruction_study(laboratory, lesson(60));
  CHECK(value_of(result, "gain") == 0);
  CHECK(value_of(result, "accuracy_own") == value_of(result, "accuracy_shuffled"));
  CHECK(result.meaning.find("No word can be read back") != std::string::npos);
}

TEST_CASE("Reconstruction does not depend on threads; more text is learnt from, but not what is held out") {
  ModelOptions gru = shape();
  gru.cell = CellType::kGru;
  if (GENERATE(false, true)) {
    gru.attention = AttentionType::kBahdanau;
  } else {
    gru.context = ContextUse::kEveryStep;
    gru.bridge = BridgeType::kZero;
    gru.tied_embeddings = TiedEmbeddings::kAll;
  }
  const auto model = made_model(gru, 12);
  Laboratory one = bench(model, 4, 1);
  Laboratory two = bench(model, 4, 2);
  const StudyResult result = reconstruction_study(one, lesson(20));
  CHECK(result.tables[0].rows == reconstruction_study(two, lesson(20)).tables[0].rows);
  const testing::TemporaryFolder folder;
  std::ofstream(folder.path("more.txt")) << "\nw1 w2 w3 w4 w5 w6 w7\n" << one.source_lines()[0] << "\n";
  StudyOptions more = lesson(20);
  more.reconstruction.text = folder.path("more.txt");
  const double sentences = value_of(reconstruction_study(one, more), "sentences");
  CHECK(sentences >= 121);
  CHECK(sentences <= 122);  // line 1 of the text is among those held out, or learnt from already
  Laboratory few(model, {.sources = {"w1", "", "w2"}, .references = {"w1", "w1", "w2"}}, {});
  CHECK_THROWS_AS(reconstruction_study(few, lesson(1)), InputError);
}
