#include "evaluation/sentence_extremes.h"

#include "tests/catch.h"

using namespace isthmus;

namespace {

const std::vector<std::string> kReferences = {"one is here", "two are there", "three were not here", "four will come"};

std::vector<BleuStatistics> statistics(const std::vector<std::string>& lines) {
  return bleu_statistics(lines, single_references(kReferences), {});
}

std::vector<std::size_t> lines_of(const std::vector<ScoredSentence>& sentences) {
  std::vector<std::size_t> lines;
  for (const ScoredSentence& one : sentences) lines.push_back(one.line);
  return lines;
}

using Lines = std::vector<std::size_t>;

}  // namespace

TEST_CASE("the worst and best sentences are those of sentence BLEU; of equal ones the earlier first") {
  const std::vector<std::string> lines = {"one is here", "two are where", "three were not here", "nothing"};
  const SentenceExtremes extremes = sentence_extremes(statistics(lines), {}, 3);
  CHECK(lines_of(extremes.worst) == Lines{3, 1, 0});
  CHECK(lines_of(extremes.best) == Lines{0, 2, 1});
  CHECK(extremes.worst[1].bleu == std::vector{sentence_bleu(lines[1], std::span(&kReferences[1], 1)).score});
  CHECK(lines_of(sentence_extremes(statistics(lines), {}, 100).best).size() == 4);
}

TEST_CASE("of two systems those sentences count in which they differ") {
  const auto first = statistics({"one is here", "nothing", "three were not here", "four must come"});
  const auto second = statistics({"one is where", "two are there", "three were not here", "nothing"});
  const SentenceExtremes extremes = sentence_extremes(first, second, {}, 10);
  CHECK(lines_of(extremes.worst) == Lines{1});
  CHECK(extremes.worst[0].bleu[0] == 0);
  CHECK(extremes.worst[0].bleu[1] == Approx(100));
  CHECK(lines_of(extremes.best).size() == 2);  // 0 and 3; line 2 is the same
  CHECK(extremes.best[0].bleu[0] - extremes.best[0].bleu[1] >= extremes.best[1].bleu[0] - extremes.best[1].bleu[1]);
  CHECK(sentence_extremes(first, first, {}, 10).best.empty());
}
