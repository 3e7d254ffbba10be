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

TEST_CASE(
    "Words that are in the context are read back, of sentences never seen, and from another's context they are not") {
  ModelOptions wide = shape();
  wide.hidden = 64;
  Laboratory laboratory = bench(made_model(wide, 12, {}, 7, 1.0), 2);
  // All pairs of words; what is held out of the text is not learnt from.
  const testing::TemporaryFolder folder;
  std::ofstream pairs(folder.path("pairs.txt"));
  for (int first = 0; first < 12; ++first) {
    for (int second = 0; second < 12; ++second) pairs << "w" << first << " w" << second << "\n";
  }
  pairs.close();
  StudyOptions options = lesson(400);
  options.reconstruction.text = folder.path("pairs.txt");
  const StudyResult result = reconstruction_study(laboratory, options);
  CHECK(value_of(result, "accuracy_own") > 70);
  CHECK(value_of(result, "accuracy_shuffled") < 35);  // 12 words
  CHECK(finding_of(result, "gain").low.value() > 50);
  CHECK(value_of(result, "sentences") < 120 + 144);
  CHECK(result.meaning.find("is in the context for certain") != std::string::npos);
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
  const double before = value_of(result, "sentences");
  CHECK(sentences >= before + 1);
  CHECK(sentences <= before + 2);  // line 1 of the text is among those held out, or learnt from already
  Laboratory few(model, {.sources = {"w1", "", "w2"}, .references = {"w1", "w1", "w2"}}, {});
  CHECK_THROWS_AS(reconstruction_study(few, lesson(1)), InputError);
}
