#include "training/batches.h"

#include <algorithm>
#include <numeric>

#include "tests/catch.h"

namespace isthmus {
namespace {

struct Lengths {
  std::vector<std::uint32_t> source;
  std::vector<std::uint32_t> target;
};

Lengths random_lengths(std::size_t count, Random random) {
  Lengths lengths;
  for (std::size_t i = 0; i < count; ++i) {
    lengths.source.push_back(static_cast<std::uint32_t>(1 + random.below(40)));
    lengths.target.push_back(static_cast<std::uint32_t>(1 + random.below(40)));
  }
  return lengths;
}

std::vector<BatchIndices> batches_of(const Lengths& lengths, const BatchOptions& options, std::uint64_t seed = 1) {
  return make_batches(lengths.source, lengths.target, options, Random(seed));
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

std::int64_t tokens_of(const Lengths& lengths, const BatchIndices& batch) {
  std::int64_t tokens = 0;
  for (const std::uint32_t i : batch) tokens += lengths.target[i] + 1;
  return tokens;
}

TEST_CASE("each pair stands in one batch") {
  const std::size_t count = GENERATE(0, 1, 7, 64, 65, 1003);
  const Lengths lengths = random_lengths(count, Random(3));
  BatchOptions options;
  options.sentences = 16;
  options.bucket = GENERATE(1, 5, 1000);
  options.tokens = GENERATE(0, 1, 100);
  auto all = all_of(batches_of(lengths, options));
  std::sort(all.begin(), all.end());
  CHECK(all == first_numbers(count));
}

TEST_CASE("batches have the size asked for, but for the last of each bucket") {
  const Lengths lengths = random_lengths(1003, Random(3));
  BatchOptions options;
  options.sentences = 16;
  const auto batches = batches_of(lengths, options);
  CHECK(batches.size() == 63);
  CHECK(std::count_if(batches.begin(), batches.end(), [](const auto& batch) { return batch.size() == 16; }) == 62);
  CHECK(std::count_if(batches.begin(), batches.end(), [](const auto& batch) { return batch.size() == 11; }) == 1);
}

TEST_CASE("a limit of tokens counts the target with its end, and is used well") {
  const Lengths lengths = random_lengths(1000, Random(4));
  BatchOptions options;
  options.tokens = 300;
  options.bucket = 10;
  std::int64_t total = 0;
  const auto batches = batches_of(lengths, options);
  for (const BatchIndices& batch : batches) {
    CHECK(tokens_of(lengths, batch) <= 300);
    total += tokens_of(lengths, batch);
  }
  CHECK(total / static_cast<std::int64_t>(batches.size()) > 250);
}

TEST_CASE("a pair longer than the limit of tokens stands alone") {
  const Lengths lengths = {{1, 1, 1, 1}, {3, 50, 3, 3}};
  BatchOptions options;
  options.tokens = 8;
  for (const BatchIndices& batch : batches_of(lengths, options)) {
    if (std::count(batch.begin(), batch.end(), 1u) == 1) {
      CHECK(batch.size() == 1);
    } else {
      CHECK(tokens_of(lengths, batch) <= 8);
    }
  }
}

TEST_CASE("a batch has sentences of like length") {
  const Lengths lengths = random_lengths(2000, Random(5));
  BatchOptions options;
  options.sentences = 20;
  options.bucket = 100;
  double spread = 0;
  const auto batches = batches_of(lengths, options);
  for (const BatchIndices& batch : batches) {
    const auto [low, high] = std::minmax_element(batch.begin(), batch.end(), [&](std::uint32_t a, std::uint32_t b) {
      return lengths.target[a] < lengths.target[b];
    });
    spread += lengths.target[*high] - lengths.target[*low];
  }
  CHECK(spread / static_cast<double>(batches.size()) < 1.5);  // of 39 in the text
}

TEST_CASE("short and long batches take turns") {
  const Lengths lengths = random_lengths(2000, Random(5));
  BatchOptions options;
  options.sentences = 20;
  const auto batches = batches_of(lengths, options);
  int falls = 0;
  for (std::size_t i = 1; i < batches.size(); ++i) {
    falls += lengths.target[batches[i][0]] < lengths.target[batches[i - 1][0]] ? 1 : 0;
  }
  CHECK(falls > 25);  // of 99; sorted batches would have none
}

TEST_CASE("the same stream gives the same batches, another one others") {
  const Lengths lengths = random_lengths(500, Random(6));
  BatchOptions options;
  options.sentences = 10;
  options.bucket = 5;
  CHECK(batches_of(lengths, options, 1) == batches_of(lengths, options, 1));
  auto first = batches_of(lengths, options, 1);
  auto second = batches_of(lengths, options, 2);
  CHECK(first != second);
  for (auto* batches : {&first, &second}) {
    for (BatchIndices& batch : *batches) std::sort(batch.begin(), batch.end());
    std::sort(batches->begin(), batches->end());
  }
  CHECK(first != second);  // in company too, not only in order
}

TEST_CASE("options at their ends do no harm") {
  const Lengths lengths = random_lengths(50, Random(6));
  BatchOptions options;
  options.sentences = 1 << 20;
  options.bucket = 1 << 20;
  CHECK(batches_of(lengths, options).size() == 1);
  options.tokens = 1 << 30;
  CHECK(batches_of(lengths, options).size() == 1);
  options.sentences = 1;
  options.tokens = 0;
  CHECK(batches_of(lengths, options).size() == 50);
}

TEST_CASE("shards share a batch out evenly, whatever the number") {
  const std::vector<Sentence> sentences = {{9}, {4, 4}, {7}, {1}, {3}, {8, 5}, {2}};
  const Batch batch{sentences, {sentences.rbegin(), sentences.rend()}};
  CHECK(batch.target_tokens() == 16);
  const auto sources = [&](std::int64_t shards) {
    std::vector<std::vector<Sentence>> parts;
    for (const Batch& part : make_shards(batch, shards)) {
      CHECK(part.target.size() == part.source.size());
      parts.push_back(part.source);
    }
    return parts;
  };
  CHECK(sources(1) == std::vector<std::vector<Sentence>>{sentences});
  CHECK(sources(3) == std::vector<std::vector<Sentence>>{{{9}, {1}, {2}}, {{4, 4}, {3}}, {{7}, {8, 5}}});
  CHECK(make_shards(batch, 3)[2].target == std::vector<Sentence>{{3}, {4, 4}});
  const auto many = sources(10);
  CHECK(many.size() == 10);
  CHECK(std::count(many.begin(), many.end(), std::vector<Sentence>{}) == 3);
}

}  // namespace
}  // namespace isthmus
