// What BLEU must be whatever the text; sacrebleu_test.cpp has the numbers.
#include "evaluation/bleu.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "core/error.h"
#include "core/options.h"
#include "tests/catch.h"

using namespace isthmus;

namespace {

const std::vector<std::string> kTexts = {
    "The ferry leaves at 9:45, so don't be late!",
    "Sie hat drei Bücher gekauft – für je 12,50 €.",
    "어제는 비가 왔지만 오늘은 하늘이 맑습니다.",
    "駅前の小さな店で、温かいスープを飲みました。",
    "See https://example.org/a?b=1&c=2 or call +49-30-1234.",
    "",
    "🎉🎉 done",
    "Il n'y a plus de pain « du tout » ?",
};
const std::vector<std::string> kOthers = {
    "The ferry leaves at 9:45, do not be late.",
    "Sie kaufte drei Bücher für 12,50 €.",
    "어제 비가 왔지만 오늘은 맑습니다.",
    "駅前の店で温かいスープを飲んだ。",
    "See https://example.org/a?b=2 or call 49-30-1234.",
    "A line that should be empty",
    "🎉 done",
    "",
};

template <class T>
std::vector<T> permuted(const std::vector<T>& values, const std::vector<std::size_t>& order) {
  std::vector<T> result;
  for (const std::size_t i : order) result.push_back(values[i]);
  return result;
}

}  // namespace

TEST_CASE("a text scores 100 against itself, under every tokenizer and smoothing") {
  for (const MetricTokenizer tokenizer : {MetricTokenizer::k13a, MetricTokenizer::kIntl, MetricTokenizer::kChar,
                                          MetricTokenizer::kZh, MetricTokenizer::kNone}) {
    for (const Smoothing smoothing : {Smoothing::kExp, Smoothing::kFloor, Smoothing::kAddK, Smoothing::kNone}) {
      const BleuScore score =
          corpus_bleu(kTexts, single_references(kTexts), {.tokenize = tokenizer, .smooth_method = smoothing});
      CHECK(score.score == Approx(100).epsilon(0).margin(1e-9));
      CHECK(score.brevity_penalty == 1);
      CHECK(score.length_ratio() == 1);
    }
  }
}

TEST_CASE("BLEU does not depend on the order of the sentences") {
  std::vector<std::size_t> order(kTexts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const double score = corpus_bleu(kOthers, single_references(kTexts)).score;
  CHECK(score > 0);
  CHECK(score < 100);
  std::mt19937 random(3);
  for (int round = 0; round < 5; ++round) {
    std::shuffle(order.begin(), order.end(), random);
    CHECK(corpus_bleu(permuted(kOthers, order), single_references(permuted(kTexts, order))).score == score);
  }
}

TEST_CASE("the statistics of parts add up to those of the whole") {
  const std::vector<References> references = single_references(kTexts);
  const std::vector<BleuStatistics> sentences = bleu_statistics(kOthers, references, {});
  const std::size_t half = kTexts.size() / 2;
  const auto sum = [&](std::size_t begin, std::size_t end) {
    BleuStatistics total;
    for (std::size_t i = begin; i < end; ++i) total += sentences[i];
    return total;
  };
  CHECK(sum(0, half) + sum(half, kTexts.size()) == sum(0, kTexts.size()));
  CHECK(bleu_score(sum(0, kTexts.size()), {}).score == corpus_bleu(kOthers, references).score);
}

TEST_CASE("weighted statistics score as so many sentences do, smoothed as they are") {
  // No 4-gram matches, so that the smoothing counts.
  const std::vector<std::string> hypothesis{"the ferry was late today", "a b c x"};
  const std::vector<std::string> reference{"the ferry is late today", "a b c d"};
  const auto statistics = bleu_statistics(hypothesis, single_references(reference), {});
  REQUIRE(statistics[0].matches[3] + statistics[1].matches[3] == 0);
  WeightedBleuStatistics weighted;
  weighted.add(statistics[0], 1);
  weighted.add(statistics[1], 2);
  BleuStatistics counted = statistics[0];
  counted += statistics[1];
  counted += statistics[1];
  CHECK(bleu_score(weighted, {}).score == bleu_score(counted, {}).score);
  CHECK(bleu_score(counted, {}).score > 0);
  weighted.add(statistics[0], 0.5);
  CHECK(bleu_score(weighted, {}).score < bleu_score(counted, {}).score);
  weighted.add(statistics[0], 0.5);
  counted += statistics[0];
  CHECK(bleu_score(weighted, {}).score == bleu_score(counted, {}).score);
}

TEST_CASE("another reference never takes matches away, and the nearest length counts") {
  const std::vector<std::string> both = {"the cat sat on the mat", "there is a cat on the mat now"};
  const std::string hypothesis = "the cat is on the mat";
  BleuCounter counter{BleuOptions{}};
  counter.set_references(std::span(both).first(1));
  const BleuStatistics one = counter.count(hypothesis);
  counter.set_references(both);
  const BleuStatistics two = counter.count(hypothesis);
  for (std::size_t n = 0; n < 4; ++n) CHECK(two.matches[n] >= one.matches[n]);
  CHECK(two.matches[0] == 6);
  CHECK(two.reference_length == 6);
  // 7 is as far from 6 as from 8: the shorter one.
  CHECK(counter.count("a b c d e f g").reference_length == 6);
  CHECK(counter.count("a b c d e f g h i").reference_length == 8);
}

TEST_CASE("an absent reference is not an empty one") {
  const std::vector<std::string> hypotheses = {"a b c d e", "one two three four"};
  const std::vector<References> absent = {{"a b c d e f g h"}, {"one two three four", "one two"}};
  const std::vector<References> empty = {{"a b c d e f g h", ""}, {"one two three four", "one two"}};
  CHECK(corpus_bleu(hypotheses, absent).reference_length == 12);
  CHECK(corpus_bleu(hypotheses, empty).reference_length == 12);  // 8 is nearer to 5 than 0 is
  CHECK(corpus_bleu(std::vector<std::string>{"a b c", "one two three four"}, empty).reference_length == 4);
  CHECK(reference_count(absent) == "var");
  CHECK(reference_count(empty) == "2");
}

TEST_CASE("counted candidates of one source equal those counted alone") {
  BleuCounter counter(sentence_options({}));
  const std::vector<std::string> reference = {kTexts[0]};
  counter.set_references(reference);
  for (const std::string& candidate : kOthers) {
    CHECK(bleu_score(counter.count(candidate), sentence_options({})).score ==
          sentence_bleu(candidate, reference).score);
  }
}

TEST_CASE("smoothing gives what the paper says where an order has no match") {
  // 4 tokens: 3 matches of order 1, 1 of order 2, none of orders 3 and 4 with totals 2 and 1.
  const std::vector<std::string> reference = {"a b x d"};
  const auto precision = [&](Smoothing method, double value, std::size_t n) {
    return sentence_bleu("a b c d", reference, {.smooth_method = method, .smooth_value = value}).precisions[n - 1];
  };
  CHECK(precision(Smoothing::kNone, -1, 2) == Approx(100.0 / 3));
  CHECK(precision(Smoothing::kNone, -1, 3) == 0);
  CHECK(precision(Smoothing::kExp, -1, 3) == Approx(100.0 / 2 / 2));
  CHECK(precision(Smoothing::kExp, -1, 4) == Approx(100.0 / 4 / 1));
  CHECK(precision(Smoothing::kFloor, -1, 3) == Approx(100 * 0.1 / 2));
  CHECK(precision(Smoothing::kFloor, 0.5, 4) == Approx(100 * 0.5 / 1));
  CHECK(precision(Smoothing::kAddK, -1, 1) == Approx(75));
  CHECK(precision(Smoothing::kAddK, -1, 3) == Approx(100.0 * 1 / 3));
  CHECK(precision(Smoothing::kAddK, 2, 3) == Approx(100.0 * 2 / 4));
}

TEST_CASE("short sentences need the effective order") {
  const std::vector<std::string> reference = {"Good morning"};
  CHECK(sentence_bleu("Good morning", reference).score == Approx(100));
  CHECK(sentence_bleu("Good morning", reference, {}).score == 0);
}

TEST_CASE("nothing right is 0, and so is nothing said") {
  const std::vector<std::string> reference = {"a b c d"};
  CHECK(sentence_bleu("e f g h", reference).score == 0);
  CHECK(sentence_bleu("", reference).score == 0);
  CHECK(sentence_bleu("", reference).brevity_penalty == 0);
  CHECK(sentence_bleu("a", std::vector<std::string>{""}).score == 0);
  CHECK(sentence_bleu("a", std::vector<std::string>{""}).length_ratio() == 0);
  CHECK(corpus_bleu({}, {}).score == 0);
}

TEST_CASE("lower case makes words meet that differ by case") {
  const std::vector<std::string> reference = {"ο οδυσσευς ειναι εδω"};
  CHECK(sentence_bleu("Ο ΟΔΥΣΣΕΥΣ ΕΙΝΑΙ ΕΔΩ", reference).score == 0);
  BleuOptions options = sentence_options({});
  options.lowercase = true;
  CHECK(sentence_bleu("Ο ΟΔΥΣΣΕΥΣ ΕΙΝΑΙ ΕΔΩ", reference, options).score == Approx(100));
}

TEST_CASE("hostile bytes get a score") {
  std::mt19937 random(5);
  for (int round = 0; round < 300; ++round) {
    std::string text(random() % 40, ' ');
    for (char& c : text) c = static_cast<char>(random());
    BleuOptions options;
    options.tokenize = static_cast<MetricTokenizer>(random() % 5);
    options.lowercase = random() % 2 == 0;
    const double score = sentence_bleu(text, std::vector<std::string>{text}, sentence_options(options)).score;
    CHECK((score == 0 || score == Approx(100)));
  }
}

TEST_CASE("wrong numbers of references are refused") {
  CHECK_THROWS_WITH(corpus_bleu(kTexts, single_references(std::span(kTexts).first(3))),
                    Catch::Contains("8 hypotheses but 3 references"));
  CHECK_THROWS_WITH(corpus_bleu(std::span(kTexts).first(2), std::vector<References>{{"a"}, {}}),
                    Catch::Contains("sentence 2 has no reference"));
  CHECK_THROWS_AS(sentence_bleu("a", {}), InputError);
}

TEST_CASE("the signature says all that makes a score") {
  const std::string version = std::string("version:isthmus-") + ISTHMUS_VERSION;
  CHECK(bleu_signature({}, "1") == "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|" + version);
  CHECK(bleu_signature({.tokenize = MetricTokenizer::kZh, .lowercase = true, .smooth_method = Smoothing::kFloor},
                       "var") == "nrefs:var|case:lc|eff:no|tok:zh|smooth:floor[0.10]|" + version);
  CHECK(bleu_signature(
            {.smooth_method = Smoothing::kAddK, .smooth_value = 2, .effective_order = true, .max_ngram_order = 2},
            "4") == "nrefs:4|case:mixed|eff:yes|tok:13a|smooth:add-k[2.00]|order:2|" + version);
}

TEST_CASE("the text line is sacreBLEU's") {
  const std::vector<std::string> reference = {"The cat sat on the mat."};
  CHECK(corpus_bleu(std::vector<std::string>{"The cat sat on a mat."}, single_references(reference)).text() ==
        "BLEU = 48.89 85.7/66.7/40.0/25.0 (BP = 1.000 ratio = 1.000 hyp_len = 7 ref_len = 7)");
}

TEST_CASE("BLEU's options survive as JSON") {
  BleuOptions options{.tokenize = MetricTokenizer::kIntl, .lowercase = true, .smooth_method = Smoothing::kAddK};
  BleuOptions back;
  from_json(to_json(options), "test", back);
  CHECK(bleu_signature(back, "1") == bleu_signature(options, "1"));
}

TEST_CASE("statistics of a text that is long enough for threads are those of its sentences, in their order") {
  std::vector<std::string> hypotheses;
  std::vector<References> references;
  for (int i = 0; i < 9000; ++i) {
    const std::string number = std::to_string(i % 37);
    hypotheses.push_back("this is line " + number + (i % 3 == 0 ? " of many" : ""));
    references.push_back({"this was line " + number + " of a few", "line " + std::to_string(i)});
  }
  const std::vector<BleuStatistics> all = bleu_statistics(hypotheses, references, {});
  REQUIRE(all.size() == hypotheses.size());
  BleuCounter counter(BleuOptions{});
  std::size_t different = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    counter.set_references(references[i]);
    different += counter.count(hypotheses[i]) == all[i] ? 0 : 1;
  }
  CHECK(different == 0);
}
