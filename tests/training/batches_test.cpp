#include "training/batches.h"

#include <algorithm>
#include <numeric>

#include "tests/catch.h"

namespace isthmus {
namespace {

Sentence sentence_of(std::uint64_t length) { return Sentence(length, kSpecialTokens); }

TokenPairs pairs_of_lengths(const std::vector<std::pair<int, int>>& lengths) {
  TokenPairs pairs;
  for (const auto& [source, target] : lengths) {
    pairs.add(sentence_of(static_cast<std::uint64_t>(source)), sentence_of(static_cast<std::uint64_t>(target)));
  }
  return pairs;
}

TokenPairs random_pairs(std::size_t count, Random random) {
  TokenPairs pairs;
  for (std::size_t i = 0; i < count; ++i) {
    const Sentence source = sentence_of(1 + random.below(40));
    pairs.add(source, sentence_of(1 + random.below(40)));
  }
  return pairs;
}

std::vector<BatchIndices> batches_of(const TokenPairs& pairs, const BatchOptions& options, std::uint64_t seed = 1) {
  return make_batches(pairs, batch_limits(options), Random(seed));
}

std::vector<std::uint32_t> all_of(const std::vector<BatchIndices>& batches) {
  std::vector<std::uint32_t> all;
  for (const BatchIndices& batch : batches) all.insert(all.end(), batch.begin(), batch.end());
  return all;
}

std::vector<std::uint32_t> first_numbers(std::size_t count) {
  std::vector<std::uint32_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 0u);
  return numbers;
}

std::int64_t tokens_of(const TokenPairs& pairs, const BatchIndices& batch) {
  return gather(pairs, batch).target_tokens();
}

TEST_CASE("each pair stands in one batch") {
  const std::size_t count = GENERATE(0, 1, 7, 64, 65, 1003);
  const TokenPairs pairs = random_pairs(count, Random(3));
  BatchOptions options;
  options.sentences = 16;
  options.tokens = GENERATE(0, 1, 100);
  auto all = all_of(batches_of(pairs, options));
  std::sort(all.begin(), all.end());
  CHECK(all == first_numbers(count));
}

TEST_CASE("batches have the size asked for, but for the last") {
  const TokenPairs pairs = random_pairs(1003, Random(3));
  BatchOptions options;
  options.sentences = 16;
  const auto batches = batches_of(pairs, options);
  CHECK(batches.size() == 63);
  CHECK(std::count_if(batches.begin(), batches.end(), [](const auto& batch) { return batch.size() == 16; }) == 62);
  CHECK(std::count_if(batches.begin(), batches.end(), [](const auto& batch) { return batch.size() == 11; }) == 1);
}

TEST_CASE("a limit of tokens holds on both sides, ends included, and is used well") {
  const TokenPairs pairs = random_pairs(1000, Random(4));
  BatchOptions options;
  options.tokens = 300;
  std::int64_t total = 0;
  const auto batches = batches_of(pairs, options);
  for (const BatchIndices& indices : batches) {
    const Batch batch = gather(pairs, indices);
    const std::int64_t source = Batch{batch.target, batch.source}.target_tokens();
    CHECK(source <= 300);
    CHECK(batch.target_tokens() <= 300);
    total += std::max(source, batch.target_tokens());
  }
  CHECK(total / static_cast<std::int64_t>(batches.size()) > 250);
}

TEST_CASE("a pair longer than the limit of tokens stands alone") {
  const TokenPairs pairs = pairs_of_lengths({{1, 3}, {1, 50}, {1, 3}, {1, 3}});
  BatchOptions options;
  options.tokens = 8;
  for (const BatchIndices& batch : batches_of(pairs, options)) {
    if (std::count(batch.begin(), batch.end(), 1u) == 1) {
      CHECK(batch.size() == 1);
    } else {
      CHECK(tokens_of(pairs, batch) <= 8);
    }
  }
}

TEST_CASE("a batch has sentences of like length") {
  const TokenPairs pairs = random_pairs(2000, Random(5));
  BatchOptions options;
  options.sentences = 20;
  double spread = 0;
  const auto batches = batches_of(pairs, options);
  for (const BatchIndices& batch : batches) {
    const auto [low, high] = std::minmax_element(batch.begin(), batch.end(), [&](std::uint32_t a, std::uint32_t b) {
      return pairs.target.length(a) < pairs.target.length(b);
    });
    spread += pairs.target.length(*high) - pairs.target.length(*low);
  }
  CHECK(spread / static_cast<double>(batches.size()) < 1.5);  // of 39 in the text
}

TEST_CASE("short and long batches take turns") {
  const TokenPairs pairs = random_pairs(2000, Random(5));
  BatchOptions options;
  options.sentences = 20;
  const auto batches = batches_of(pairs, options);
  int falls = 0;
  for (std::size_t i = 1; i < batches.size(); ++i) {
    falls += pairs.target.length(batches[i][0]) < pairs.target.length(batches[i - 1][0]) ? 1 : 0;
  }
  CHECK(falls > 25);  // of 99; sorted batches would have none
}

TEST_CASE("the same stream gives the same batches, another one others") {
  const TokenPairs pairs = random_pairs(500, Random(6));
  BatchOptions options;
  options.sentences = 10;
  CHECK(batches_of(pairs, options, 1) == batches_of(pairs, options, 1));
  auto first = batches_of(pairs, options, 1);
  auto second = batches_of(pairs, options, 2);
  CHECK(first != second);
  for (auto* batches : {&first, &second}) {
    for (BatchIndices& batch : *batches) std::sort(batch.begin(), batch.end());
    std::sort(batches->begin(), batches->end());
  }
  CHECK(first != second);  // in company too, not only in order
}

TEST_CASE("options at their ends do no harm") {
  const TokenPairs pairs = random_pairs(50, Random(6));
  BatchOptions options;
  options.sentences = 1 << 20;
  CHECK(batches_of(pairs, options).size() == 1);
  options.tokens = 1 << 30;
  CHECK(batches_of(pairs, options).size() == 1);
  options.sentences = 1;
  options.tokens = 0;
  CHECK(batches_of(pairs, options).size() == 50);
}

}  // namespace
}  // namespace isthmus
