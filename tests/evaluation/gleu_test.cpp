#include "evaluation/gleu.h"

#include <algorithm>
#include <map>

#include "core/random.h"
#include "tests/catch.h"

using namespace isthmus;

namespace {

double gleu(const std::string& hypothesis, const std::string& reference) {
  BleuCounter counter(BleuOptions{.tokenize = MetricTokenizer::kNone});
  counter.set_references(std::vector<std::string>{reference});
  return gleu_score(counter.count(hypothesis));
}

using Words = std::vector<std::string>;

std::map<Words, int> ngrams(const Words& words) {
  std::map<Words, int> counts;
  for (std::size_t n = 1; n <= 4; ++n) {
    for (std::size_t i = 0; i + n <= words.size(); ++i) ++counts[Words(words.data() + i, words.data() + i + n)];
  }
  return counts;
}

double naive_gleu(const Words& hypothesis, const Words& reference) {
  const std::map<Words, int> theirs = ngrams(reference);
  double matches = 0;
  double ours = 0;
  double total = 0;
  for (const auto& [ngram, count] : ngrams(hypothesis)) {
    ours += count;
    if (const auto found = theirs.find(ngram); found != theirs.end()) matches += std::min(count, found->second);
  }
  for (const auto& [ngram, count] : theirs) total += count;
  return std::min(matches / ours, matches / total);
}

std::string joined(const Words& words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + word;
  return line;
}

}  // namespace

TEST_CASE("GLEU is the lower one of precision and recall") {
  CHECK(gleu("a b c d", "a b x d") == Approx(4.0 / 10));  // 3 words and a pair of 4 + 3 + 2 + 1
  CHECK(gleu("a b", "a b c d") == Approx(3.0 / 10));
  CHECK(gleu("a b c d", "a b") == Approx(3.0 / 10));
  CHECK(gleu("a a a", "a") == Approx(1.0 / 6));
  CHECK(gleu("a b c d e f", "a b c d e f") == 1.0);
  CHECK(gleu("a", "a") == 1.0);
  CHECK(gleu("a b", "c d") == 0.0);
}

TEST_CASE("GLEU of nothing is 0") {
  CHECK(gleu("", "a b") == 0.0);
  CHECK(gleu("a b", "") == 0.0);
  CHECK(gleu("", "") == 0.0);
}

TEST_CASE("GLEU is what counting by hand gives, in both directions") {
  Random random(3);
  for (int round = 0; round < 300; ++round) {
    Words sides[2];
    for (Words& side : sides) {
      side.resize(1 + random.below(9));
      for (std::string& word : side) word = std::string(1, static_cast<char>('a' + random.below(3)));
    }
    REQUIRE(gleu(joined(sides[0]), joined(sides[1])) == Approx(naive_gleu(sides[0], sides[1])));
    REQUIRE(gleu(joined(sides[0]), joined(sides[1])) == gleu(joined(sides[1]), joined(sides[0])));
  }
}
