#include "training/batch_stream.h"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "tests/catch.h"

namespace isthmus {
namespace {

/// Pairs whose target begins with their number; lengths from 1 to 40.
PairSource numbered(std::uint64_t pairs) {
  const auto length = [](std::uint64_t i) { return 1 + Random(7).split(i).below(40); };
  PairSource source;
  source.pairs = pairs;
  for (std::uint64_t i = 0; i < pairs; ++i) source.target_tokens += length(i);
  source.source_tokens = source.target_tokens;
  source.read = [=](std::span<const std::uint64_t> numbers, Random) {
    TokenPairs read;
    for (const std::uint64_t i : numbers) {
      Sentence sentence(length(i), static_cast<TokenId>(i));
      read.add(sentence, sentence);
    }
    return read;
  };
  return source;
}

BatchOptions small(std::int64_t bucket = 3) {
  BatchOptions options;
  options.sentences = 8;
  options.bucket = bucket;
  return options;
}

std::vector<TokenId> numbers_of(const Batch& batch) {
  std::vector<TokenId> numbers;
  for (const Sentence& sentence : batch.target) numbers.push_back(sentence.front());
  return numbers;
}

/// The batches until `epochs` passes are over.
std::vector<std::vector<TokenId>> all_batches(BatchStream& stream, std::uint64_t pairs, std::uint64_t epochs = 1) {
  std::vector<std::vector<TokenId>> batches;
  for (std::uint64_t seen = 0; seen < epochs * pairs; seen += batches.back().size()) {
    batches.push_back(numbers_of(stream.next()));
  }
  return batches;
}

TEST_CASE("each epoch gives each pair once, and no batch stands in two") {
  const std::uint64_t pairs = GENERATE(1, 7, 24, 25, 203);
  BatchOptions options = small(GENERATE(1, 3, 1000));
  options.tokens = GENERATE(0, 1, 100);
  BatchStream stream(numbered(pairs), batch_limits(options), options.bucket, Random(1));
  REQUIRE(stream.seek(0, 0));
  for (int epoch = 0; epoch < 3; ++epoch) {
    std::multiset<TokenId> seen;
    for (const auto& batch : all_batches(stream, pairs)) seen.insert(batch.begin(), batch.end());
    CHECK(seen.size() == pairs);
    CHECK(std::set(seen.begin(), seen.end()).size() == pairs);
  }
}

TEST_CASE("epochs differ, in company too; the same stream gives the same batches") {
  const auto batches = [](std::uint64_t seed, int epochs) {
    BatchStream stream(numbered(100), batch_limits(small()), small().bucket, Random(seed));
    REQUIRE(stream.seek(0, 0));
    std::vector<std::vector<TokenId>> all;
    for (int epoch = 0; epoch < epochs; ++epoch) all = all_batches(stream, 100);
    return all;
  };
  CHECK(batches(1, 2) == batches(1, 2));
  auto first = batches(1, 1), second = batches(1, 2);
  CHECK(first != second);
  CHECK(first != batches(2, 1));
  for (auto* all : {&first, &second}) {
    for (auto& batch : *all) std::sort(batch.begin(), batch.end());
    std::sort(all->begin(), all->end());
  }
  CHECK(first != second);
}

TEST_CASE("wherever a stream is taken up, the same batches follow") {
  BatchOptions options = small();
  options.tokens = GENERATE(0, 150);
  constexpr std::uint64_t kPairs = 100;
  BatchStream whole(numbered(kPairs), batch_limits(options), options.bucket, Random(3));
  REQUIRE(whole.seek(0, 0));
  const auto expected = all_batches(whole, kPairs, 3);
  std::int64_t done = 0, epoch = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    BatchStream part(numbered(kPairs), batch_limits(options), options.bucket, Random(3));
    REQUIRE(part.seek(epoch, done));
    const auto following = std::min<std::size_t>(12, expected.size() - i);
    for (std::size_t j = 0; j < following; ++j) CHECK(numbers_of(part.next()) == expected[i + j]);
    done += std::ssize(expected[i]);
    if (done == kPairs) {
      done = 0;
      ++epoch;
    }
  }
  CHECK(epoch == 3);
}

TEST_CASE("a place where no batch begins is refused") {
  BatchStream stream(numbered(100), batch_limits(small()), small().bucket, Random(3));
  for (const std::int64_t nowhere : {1, 7, 9, 25, 99}) CHECK_FALSE(stream.seek(0, nowhere));
  for (const std::int64_t beyond : {std::int64_t{100}, std::int64_t{1} << 60, std::int64_t{-8}}) {
    CHECK_FALSE(stream.seek(0, beyond));
  }
  CHECK(stream.seek(5, 48));
}

TEST_CASE("a pool holds the pairs of so many usual batches, from all over the text") {
  std::vector<std::vector<std::uint64_t>> asked;
  PairSource source = numbered(1000);
  source.read = [&, read = source.read](std::span<const std::uint64_t> numbers, Random random) {
    asked.emplace_back(numbers.begin(), numbers.end());
    return read(numbers, random);
  };
  BatchOptions options = small(10);
  const bool by_tokens = GENERATE(false, true);
  const double mean = static_cast<double>(source.target_tokens) / 1000 + 1;
  if (by_tokens) options.tokens = 8 * static_cast<std::int64_t>(mean + 1);
  {
    BatchStream stream(source, batch_limits(options), options.bucket, Random(1));
    REQUIRE(stream.seek(0, 0));
  }
  REQUIRE(asked.size() == 2);  // the first, and the next beforehand
  for (const auto& numbers : asked) {
    CHECK(numbers.size() == 80);
    CHECK(std::is_sorted(numbers.begin(), numbers.end()));
    CHECK(numbers.front() < 100);
    CHECK(numbers.back() > 900);
  }
}

TEST_CASE("each pool reads with a random stream of its own, the same whenever it is read") {
  std::vector<std::uint64_t> bits;
  PairSource source = numbered(48);
  source.read = [&, read = source.read](std::span<const std::uint64_t> numbers, Random random) {
    bits.push_back(random.bits());
    return read(numbers, random);
  };
  for (int time = 0; time < 2; ++time) {
    BatchStream stream(source, batch_limits(small()), small().bucket, Random(1));
    REQUIRE(stream.seek(0, 0));
    for (int batch = 0; batch < 9; ++batch) stream.next();
  }
  REQUIRE(bits.size() == 8);  // two pools of two epochs, twice
  CHECK(std::set(bits.begin(), bits.end()).size() == 4);
  CHECK(std::equal(bits.begin(), bits.begin() + 4, bits.begin() + 4));
}

TEST_CASE("an error in reading ahead comes out where the pool is needed") {
  PairSource source = numbered(48);
  int reads = 0;
  source.read = [&, read = source.read](std::span<const std::uint64_t> numbers, Random random) {
    if (++reads == 2) throw std::runtime_error("the disk is gone");
    return read(numbers, random);
  };
  BatchStream stream(source, batch_limits(small()), small().bucket, Random(1));
  REQUIRE(stream.seek(0, 0));
  for (int batch = 0; batch < 3; ++batch) stream.next();
  CHECK_THROWS_WITH(stream.next(), "the disk is gone");
}

}  // namespace
}  // namespace isthmus
