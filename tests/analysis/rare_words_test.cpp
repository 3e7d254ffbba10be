#include "analysis/rare_words.h"

#include <functional>

#include "analysis/matched_quality.h"
#include "analysis/word_use.h"
#include "core/error.h"
#include "core/file.h"
#include "tests/analysis/planted_encoders.h"
#include "tests/corpora/temporary_folder.h"

using namespace isthmus;
using namespace isthmus::test;

namespace {

/// Sources of frequent words and, as `rare` says of a length, some that are seen once; a word of a translation survives
/// with the probability that `keep` gives length and number of rare words.
LaboratoryText planted(std::size_t lines, const std::function<std::size_t(std::size_t, Random&)>& rare,
                       const std::function<double(std::size_t, std::size_t)>& keep) {
  LaboratoryText text;
  Random random(11);
  for (std::size_t i = 0; i < lines; ++i) {
    const std::size_t length = 6 + random.below(20), odd = rare(length, random);
    std::string source, reference, hypothesis;
    for (std::size_t w = 0; w < length; ++w) {
      source += w < odd ? fmt::format("odd{}x{} ", i, w) : fmt::format("w{} ", random.below(10));
      const std::string word = fmt::format("t{} ", random.below(300));
      reference += word;
      hypothesis += random.uniform() < keep(length, odd) ? word : fmt::format("q{} ", random.below(300));
    }
    text.sources.push_back(source);
    text.references.push_back(reference);
    text.hypotheses.push_back(hypothesis);
  }
  return text;
}

StudyResult study(const LaboratoryText& text, const StudyOptions& options = quick_options(), std::int64_t threads = 1) {
  Laboratory laboratory(made_model(planted_shape(CellType::kGru, 4), kPlantedWords), text, {.threads = threads});
  return study_rare_words(laboratory, options);
}

/// Up to four, whatever the length.
std::size_t any_number(std::size_t, Random& random) { return random.below(5); }

}  // namespace

TEST_CASE("Rare words that cost quality are found out, at equal length too") {
  const StudyResult result = study(
      planted(800, any_number, [](std::size_t, std::size_t rare) { return 0.9 - 0.08 * static_cast<double>(rare); }));
  CHECK(finding_of(result, "rare_words").value.value() == Approx(2).margin(0.2));
  const FindingRow& raw = finding_of(result, "bleu_per_rare_word");
  const FindingRow& at_length = finding_of(result, "bleu_per_rare_word_at_length");
  CHECK(raw.high.value() < -5);
  CHECK(at_length.high.value() < -5);
  CHECK(at_length.value.value() == Approx(raw.value.value()).epsilon(0.1));
  CHECK(finding_of(result, "chrf_per_rare_word_at_length").high.value() < 0);
  CHECK(finding_of(result, "bleu_rarest").high.value() < 0);
  CHECK_THAT(result.verdict, Catch::Contains("BLEU falls by") && Catch::Contains("no training text was given"));
  CHECK_THAT(result.meaning, Catch::Contains("Rare words themselves are lost"));
}

TEST_CASE("Buckets of the same sentences do not differ, where no 4-gram matches too") {
  const std::vector<std::string> hypothesis{"a b c x y", "u v a b c", "b c d w z"},
      reference{"a b c d e", "d e a b c", "b c d e f"};
  const auto bleu = bleu_statistics(hypothesis, single_references(reference), {});
  std::vector<BucketedSentence> sentences;
  std::vector<std::size_t> all;
  for (const std::size_t copies : {1, 3}) {  // in the second bucket each sentence three times
    for (std::size_t i = 0; i < copies * bleu.size(); ++i) {
      sentences.push_back({.bucket = copies / 3, .length = 5, .bleu = bleu[i % bleu.size()]});
      all.push_back(all.size());
    }
  }
  const auto quality = matched_quality(sentences, all, 2, {});
  CHECK(quality[0].bleu > 0);
  CHECK(quality[0].bleu_difference == Approx(0).margin(1e-9));
}

TEST_CASE("Rare words are not accused of what length did") {
  const StudyResult result = study(planted(
      1500, [](std::size_t length, Random& random) { return length / 6 + random.below(2); },
      [](std::size_t length, std::size_t) { return 1.0 - 0.03 * static_cast<double>(length); }));
  CHECK(finding_of(result, "bleu_per_rare_word").high.value() < -5);
  const FindingRow& at_length = finding_of(result, "bleu_per_rare_word_at_length");
  CHECK(at_length.low.value() < 0.5);
  CHECK(at_length.high.value() > -0.5);
  CHECK(std::abs(at_length.value.value()) < -0.2 * finding_of(result, "bleu_per_rare_word").value.value());
  CHECK_THAT(result.meaning, Catch::Contains("look at length first"));
}

TEST_CASE("Where rare words cost nothing, nothing is found") {
  const StudyResult result = study(planted(800, any_number, [](std::size_t, std::size_t) { return 0.7; }));
  for (const char* name : {"bleu_per_rare_word", "bleu_per_rare_word_at_length"}) {
    CHECK(finding_of(result, name).low.value() < 0.3);
    CHECK(finding_of(result, name).high.value() > -0.3);
  }
  CHECK_THAT(result.verdict, Catch::Contains("does not change that could be told"));
}

TEST_CASE("The training text says what is rare") {
  const isthmus::testing::TemporaryFolder folder;
  std::string training;
  for (int i = 0; i < 10; ++i) training += "w0 w1 w2 w3 w4 w5 w6 w7 w8 w9\n";
  write_file_atomically(folder.path("train"), training + training);
  StudyOptions options = quick_options();
  options.rare_words.training_source = folder.path("train");
  const LaboratoryText text = planted(300, any_number, [](std::size_t, std::size_t) { return 0.7; });
  const StudyResult result = study(text, options);
  CHECK(finding_of(result, "rare_words").value.value() == Approx(2).margin(0.3));
  CHECK_THAT(result.verdict, Catch::Contains("fewer than 5 times in the training text"));
  options.rare_words.below = 21;  // now all are
  CHECK(finding_of(study(text, options), "rare_words").value.value() > 10);
}

TEST_CASE("The rare-words study is the same for any number of threads") {
  const LaboratoryText text = planted(200, any_number, [](std::size_t, std::size_t) { return 0.7; });
  const StudyResult one = study(text, quick_options(), 1), two = study(text, quick_options(), 2);
  CHECK(one.verdict == two.verdict);
  CHECK(number_in(one.tables[0], one.tables[0].rows[0], "bleu_low") ==
        number_in(two.tables[0], two.tables[0].rows[0], "bleu_low"));
}

TEST_CASE("Texts of hardly anything: marked, said, refused") {
  LaboratoryText text = planted(12, any_number, [](std::size_t, std::size_t) { return 0.7; });
  text.sources[0] = "";
  const StudyResult result = study(text);
  double sentences = 0;
  for (const auto& row : result.tables[0].rows) {
    CHECK(number_in(result.tables[0], row, "thin") == 1);
    if (row[0] == MeasuredValue("rare_words")) sentences += number_in(result.tables[0], row, "sentences");
  }
  CHECK(sentences == 11);
  CHECK_THAT(result.verdict, Catch::Contains("nothing can be compared"));
  CHECK_FALSE(finding_of(result, "bleu_per_rare_word").value.has_value());
  CHECK_THROWS_WITH(study({.sources = {"a", ""}, .references = {"a", ""}, .hypotheses = {"a", ""}}),
                    Catch::Contains("two sources with words"));
}

TEST_CASE("Words are counted in the training text, or in the other lines") {
  const std::vector<std::string> lines{"a a b", "a b c", ""};
  const std::vector<WordUse> other = word_use(lines, "", 2, {});
  CHECK(other[0].words == 3);
  CHECK(other[0].rare == 3);                               // a and b are once in the second line
  CHECK(other[1].rare == 2);                               // a twice, b once, c never
  CHECK(other[1].mean_rank == Approx((2 + 3 + 4) / 3.0));  // 2, 1 and 0 times, among 3, 2 and 1
  CHECK(other[2].words == 0);
  CHECK(std::isnan(other[2].mean_rank));

  const isthmus::testing::TemporaryFolder folder;
  write_file_atomically(folder.path("train"), "b b\nb a\n");
  const std::vector<WordUse> trained = word_use(lines, folder.path("train"), 2, {});
  CHECK(trained[0].rare == 2);
  CHECK(trained[0].mean_rank == Approx((2 + 2 + 1) / 3.0));
  CHECK(trained[1].rare == 2);
  CHECK(trained[1].mean_rank == Approx((2 + 1 + 3) / 3.0));
  CHECK_THROWS_AS(word_use(lines, folder.path("absent"), 2, {}), InputError);
}

// The naive way: as many copies of sentences as weights ask for.
TEST_CASE("The control is the others' corpus score at the bucket's lengths") {
  Random random(4);
  std::vector<BucketedSentence> sentences;
  std::vector<std::string> hypotheses, references;
  // Bucket 0: two of 1–3 words, one of 4–6, one of 10–12. Bucket 1: one, two and none of them.
  const std::pair<std::size_t, std::int64_t> places[] = {{0, 1}, {0, 3}, {0, 5}, {0, 11}, {1, 2}, {1, 4}, {1, 6}};
  for (const auto& [bucket, length] : places) {
    std::string reference, hypothesis;
    for (int w = 0; w < 9; ++w) {
      const std::string word = fmt::format("t{} ", random.below(50));
      reference += word;
      hypothesis += random.uniform() < 0.8 ? word : "q ";
    }
    hypotheses.push_back(hypothesis);
    references.push_back(reference);
    sentences.push_back({.bucket = bucket, .value = static_cast<double>(length), .length = length});
  }
  const auto one_each = single_references(references);
  const auto bleu = bleu_statistics(hypotheses, one_each, {});
  const auto chrf = chrf_statistics(hypotheses, one_each, {});
  for (std::size_t i = 0; i < sentences.size(); ++i) sentences[i].bleu = bleu[i], sentences[i].chrf = chrf[i];
  std::vector<std::size_t> all{0, 1, 2, 3, 4, 5, 6};
  const BucketQuality found = matched_quality(sentences, all, 2, {})[0];

  const auto score = [&](const std::vector<std::size_t>& numbers) {
    std::vector<std::string> h, r;
    for (const std::size_t i : numbers) h.push_back(hypotheses[i]), r.push_back(references[i]);
    return std::pair(corpus_bleu(h, single_references(r)).score, corpus_chrf(h, single_references(r)));
  };
  CHECK(found.sentences == 4);
  CHECK(found.compared == 3);
  CHECK(found.bleu == Approx(score({0, 1, 2, 3}).first));
  const std::vector<std::size_t> copies{4, 4, 4, 4, 5, 6};  // 2 : ½ : ½
  CHECK(found.matched_bleu == Approx(score(copies).first).epsilon(1e-3));
  CHECK(found.matched_chrf == Approx(score(copies).second).epsilon(1e-3));
  CHECK(found.bleu_difference == Approx(score({0, 1, 2}).first - score(copies).first).epsilon(1e-3));
  CHECK(found.matched_value == Approx((2 * 2 + 5) / 3.0));
  CHECK(found.value_difference == Approx(0).margin(1e-9));
}
