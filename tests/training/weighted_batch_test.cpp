#include "training/weighted_batch.h"

#include <algorithm>

#include "tests/catch.h"

namespace isthmus {
namespace {

TEST_CASE("shards share a batch out evenly, whatever the number") {
  const std::vector<Sentence> sentences = {{9}, {4, 4}, {7}, {1}, {3}, {8, 5}, {2}};
  const Batch batch{sentences, {sentences.rbegin(), sentences.rend()}};
  CHECK(batch.target_tokens() == 16);
  const WeightedBatch weighted = teacher_forced(batch, 0.1);
  CHECK(weighted.target_tokens() == 16);
  const auto sources = [&](std::int64_t shards) {
    std::vector<std::vector<Sentence>> parts;
    for (const WeightedBatch& part : make_shards(weighted, shards)) {
      CHECK(part.targets.size() == part.source.size());
      parts.push_back(part.source);
    }
    return parts;
  };
  CHECK(sources(1) == std::vector<std::vector<Sentence>>{sentences});
  CHECK(sources(3) == std::vector<std::vector<Sentence>>{{{9}, {1}, {2}}, {{4, 4}, {3}}, {{7}, {8, 5}}});
  const WeightedBatch last = make_shards(weighted, 3)[2];
  CHECK(last.targets[0].tokens == Sentence{3});
  CHECK(last.targets[1].tokens == Sentence{4, 4});
  CHECK(last.targets[1].source == 1);
  CHECK(last.targets[1].weights == std::vector<float>(3, 1.0f / 16));
  CHECK(last.label_smoothing == 0.1);
  const auto many = sources(10);
  CHECK(many.size() == 10);
  CHECK(std::count(many.begin(), many.end(), std::vector<Sentence>{}) == 3);
}

TEST_CASE("a source's targets are of its shard") {
  WeightedBatch batch{.source = {{4}, {5}, {6}}, .targets = {}};
  for (const Index source : {0, 0, 1, 2, 2, 2}) batch.targets.push_back({source, {7}, {1.0f, 1.0f}, {}});
  const auto parts = make_shards(batch, 2);
  CHECK(parts[0].source == std::vector<Sentence>{{4}, {6}});
  CHECK(parts[1].source == std::vector<Sentence>{{5}});
  std::vector<Index> sources;
  for (const WeightedTarget& target : parts[0].targets) sources.push_back(target.source);
  CHECK(sources == std::vector<Index>{0, 0, 1, 1, 1});
  CHECK(parts[1].targets.size() == 1);
}

}  // namespace
}  // namespace isthmus
