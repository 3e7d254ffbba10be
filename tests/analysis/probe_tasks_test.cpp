#include "analysis/probe_tasks.h"

#include <algorithm>

#include "tests/catch.h"

using namespace isthmus;

namespace {

std::vector<Sentence> some_sentences(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<Sentence> sentences(count);
  for (Sentence& sentence : sentences) {
    sentence.resize(1 + random.below(12));
    for (TokenId& piece : sentence) piece = 3 + static_cast<TokenId>(random.below(20));
  }
  return sentences;
}

}  // namespace

TEST_CASE("Bins of length are even where lengths are, and fewer where they are not") {
  std::vector<Sentence> sentences;
  for (std::size_t i = 0; i < 60; ++i) sentences.emplace_back(1 + i % 12, TokenId{5});
  const ProbeLabels labels = length_labels(sentences, 6);
  CHECK(labels.limits == std::vector<int>{2, 4, 6, 8, 10});
  CHECK(labels.values(3, 0) == 4);
  for (Sentence& sentence : sentences) sentence.resize(3, 5);
  CHECK(length_labels(sentences, 6).limits.empty());
  sentences[0].resize(9, 5);
  CHECK(length_labels(sentences, 6).limits == std::vector<int>{3});
}

TEST_CASE("Content asks for words that are in many sentences, but not in most") {
  const std::vector<Sentence> sentences{{3, 4, 4}, {3, 5}, {3, 4}, {6}, {3, 5, 0}, {7, 0}};
  CHECK(content_pieces(sentences, 9, 0.5, 2) == std::vector<TokenId>{4, 5});
  CHECK(content_pieces(sentences, 1, 1.0, 1) == std::vector<TokenId>{3});
  const ProbeLabels labels = content_labels(sentences, std::vector<TokenId>{4, 5});
  CHECK(labels.values.col(0).sum() == 2);
  CHECK(labels.values(1, 1) == 1);
  CHECK(labels.values(3, 1) == 0);
}

TEST_CASE("Places are counted from either end") {
  const std::vector<Sentence> sentences{{3, 4, 5}, {6}, {4, 9}};
  const std::vector<TokenId> pieces = frequent_pieces(sentences, 2);
  CHECK(pieces == std::vector<TokenId>{4, 3});
  const ProbeLabels second = recall_labels(sentences, 2, pieces), last = recall_labels(sentences, -1, pieces);
  CHECK(second.classes == 3);
  CHECK(second.values == Eigen::Vector3i(0, -1, 2));
  CHECK(last.values == Eigen::Vector3i(2, 2, 2));
  CHECK(recall_labels(sentences, -3, pieces).values == Eigen::Vector3i(1, -1, -1));
}

TEST_CASE("A shifted sentence differs from its own in two neighbours") {
  const std::vector<Sentence> sentences = some_sentences(200, 3);
  const ShiftedSentences shifted = shift_neighbours(sentences, Random(4));
  REQUIRE(shifted.sentence.size() > 300);
  CHECK(shifted.labels.values.sum() * 2 == shifted.labels.values.rows());
  for (std::size_t k = 0; k < shifted.sentence.size(); ++k) {
    Sentence own = sentences[shifted.sentence[k]], shown = shifted.pieces[k];
    std::size_t first = 0;
    while (first < own.size() && own[first] == shown[first]) ++first;
    if (shifted.labels.values(static_cast<Index>(k), 0) == 0) {
      CHECK(first == own.size());
    } else {
      REQUIRE(first + 1 < own.size());
      std::swap(shown[first], shown[first + 1]);
      CHECK(shown == own);
    }
  }
  CHECK(shift_neighbours(std::vector<Sentence>{{4, 4}, {5}}, Random(1)).sentence.empty());
}

TEST_CASE("Pairs are of words that are there once, and each order is as likely") {
  const std::vector<Sentence> sentences = some_sentences(500, 5);
  const OrderPairs pairs = order_pairs(sentences, 2, Random(6));
  REQUIRE(pairs.sentence.size() > 700);
  for (std::size_t k = 0; k < pairs.sentence.size(); ++k) {
    const Sentence& sentence = sentences[pairs.sentence[k]];
    CHECK(std::count(sentence.begin(), sentence.end(), pairs.first[k]) == 1);
    CHECK(std::count(sentence.begin(), sentence.end(), pairs.second[k]) == 1);
    const bool first = std::find(sentence.begin(), sentence.end(), pairs.first[k]) <
                       std::find(sentence.begin(), sentence.end(), pairs.second[k]);
    CHECK(pairs.labels.values(static_cast<Index>(k), 0) == (first ? 1 : 0));
  }
  CHECK(pairs.labels.values.cast<double>().mean() == Approx(0.5).margin(0.06));
  CHECK(order_pairs(std::vector<Sentence>{{4, 4, 5}}, 2, Random(1)).sentence.empty());
}

TEST_CASE("Random labels are the same ones elsewhere; a split has every sentence once") {
  const ProbeLabels labels = length_labels(some_sentences(100, 7), 6);
  const ProbeLabels dealt = random_labels(labels, Random(8));
  CHECK(dealt.values != labels.values);
  CHECK(dealt.values.sum() == labels.values.sum());
  const ProbeSplit split = random_split(100, Random(9));
  CHECK(split.train.size() == 60);
  CHECK(split.dev.size() == 20);
  std::vector<Index> all = split.train;
  all.insert(all.end(), split.dev.begin(), split.dev.end());
  all.insert(all.end(), split.test.begin(), split.test.end());
  std::sort(all.begin(), all.end());
  for (Index i = 0; i < 100; ++i) CHECK(all[static_cast<std::size_t>(i)] == i);
  const ProbeSplit samples = split_of_samples(split, std::vector<std::size_t>{7, 7, 8});
  CHECK(samples.train.size() + samples.dev.size() + samples.test.size() == 3);
  CHECK(std::count(split.dev.begin(), split.dev.end(), 7) * 2 + std::count(split.dev.begin(), split.dev.end(), 8) ==
        static_cast<std::ptrdiff_t>(samples.dev.size()));
}
