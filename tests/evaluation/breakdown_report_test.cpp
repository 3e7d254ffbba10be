#include "evaluation/breakdown_report.h"

#include "tests/catch.h"

using namespace isthmus;

namespace {

constexpr Breakdown kAll[] = {Breakdown::kLength, Breakdown::kFrequency, Breakdown::kNgrams, Breakdown::kSentences};

EvaluatedTexts texts(std::size_t systems) {
  EvaluatedTexts all{.systems = {{"runs/good.de", {"das ist sehr gut", "er kommt heute an"}},
                                 {"runs/bad.de", {"das ist sehr das", "er kommt heute an"}},
                                 {"runs/worse.de", {"was", "er geht"}}},
                     .references = {{"das ist sehr gut"}, {"er kommt heute an"}},
                     .sources = {"that is good", "he is coming today"}};
  all.systems.resize(systems);
  return all;
}

Breakdowns broken_down(const EvaluatedTexts& of, std::span<const Breakdown> wanted = kAll) {
  const NumberedCorpus corpus = numbered_corpus(of.systems, of.references, {});
  return break_down(of, corpus, wanted, reference_frequencies(corpus), {}, 2);
}

}  // namespace

TEST_CASE("only what was asked for is broken down") {
  const Breakdown length[] = {Breakdown::kLength};
  const Breakdowns one = broken_down(texts(2), length);
  CHECK(one.length);
  CHECK_FALSE(one.frequency);
  CHECK(one.ngrams.empty());
  CHECK(one.sentences.empty());
  CHECK(breakdowns_json(one, texts(2)).size() == 1);
}

TEST_CASE("every system but the first is compared with the first") {
  const EvaluatedTexts of = texts(3);
  const Breakdowns all = broken_down(of);
  CHECK(all.ngrams.size() == 2);
  const std::string text = format_breakdowns(all, of, ScoreFormat::kText, 1, 0);
  CHECK_THAT(text, Catch::Contains("Sentences where good.de is better than bad.de\n") &&
                       Catch::Contains("Sentences where good.de is better than worse.de\n") &&
                       Catch::Contains("N-grams that good.de has right more often\n"));
  CHECK_THAT(text, !Catch::Contains("Sentences where bad.de is better than good.de"));  // nowhere
  CHECK_THAT(text, Catch::Contains("   1  source            that is good\n"
                                   "      reference         das ist sehr gut\n"
                                   "      good.de    100.0  das ist sehr gut\n"
                                   "      bad.de"));
  CHECK_THAT(text, Catch::Contains("words  system    sentences   BLEU  length\n"
                                   "0-5    good.de           2  100.0   1.000\n"
                                   "       bad.de               "));
  const auto json = breakdowns_json(all, of);
  CHECK(json.at("ngrams").size() == 2);
  CHECK(json.at("sentences").at(1).at("other") == "runs/worse.de");
  CHECK(json.at("sentences").at(0).at("system_better").at(0).at("line") == 1);
  CHECK(json.at("frequency").at("buckets").at(0).at("systems").size() == 3);
  CHECK(json.at("frequency").at("counted_in").is_null());
}

TEST_CASE("a system alone is shown without its name") {
  const EvaluatedTexts of = texts(1);
  const Breakdowns all = broken_down(of);
  const std::string text = format_breakdowns(all, of, ScoreFormat::kMarkdown, 2, 0);
  CHECK_THAT(text, Catch::Contains(
                       "| words | sentences | BLEU | length |\n| --- | ---: | ---: | ---: |\n| 0-5 | 2 | 100.00 |"));
  CHECK_THAT(text, !Catch::Contains("N-grams"));  // all of them are right
  CHECK(breakdowns_json(all, of).at("sentences").at("worst").at(0).at("source") == "that is good");
  CHECK_THAT(format_breakdowns(all, of, ScoreFormat::kLatex, 2, 0),
             Catch::Contains("\\begin{tabular}{rlrp{.6\\linewidth}}"));
}
