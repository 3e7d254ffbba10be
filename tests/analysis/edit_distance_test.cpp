#include "analysis/edit_distance.h"

#include <algorithm>

#include "core/random.h"
#include "tests/catch.h"

using namespace isthmus;

namespace {

/// By definition: the cheapest way over all first steps.
std::int64_t by_recursion(std::span<const std::int32_t> a, std::span<const std::int32_t> b) {
  if (a.empty() || b.empty()) return static_cast<std::int64_t>(a.size() + b.size());
  const std::int64_t replaced = by_recursion(a.subspan(1), b.subspan(1)) + (a[0] == b[0] ? 0 : 1);
  return std::min({replaced, by_recursion(a.subspan(1), b) + 1, by_recursion(a, b.subspan(1)) + 1});
}

}  // namespace

TEST_CASE("The edit distance is the shortest way from one sentence to the other") {
  Random random(5);
  for (int i = 0; i < 200; ++i) {
    std::vector<std::int32_t> a(random.below(6)), b(random.below(6));
    for (auto* sentence : {&a, &b}) {
      for (std::int32_t& word : *sentence) word = static_cast<std::int32_t>(random.below(3));
    }
    CHECK(edit_distance(a, b) == by_recursion(a, b));
  }
}

TEST_CASE("Words are counted, of the longer sentence") {
  const std::vector<std::string> lines{"the cat  sat", "the dog sat down", "", " "};
  const auto words = numbered_words(lines);
  CHECK(edit_distance(words[0], words[1]) == 2);
  CHECK(normalised_edit_distance(words[0], words[1]) == 0.5);
  CHECK(normalised_edit_distance(words[0], words[2]) == 1);
  CHECK(normalised_edit_distance(words[2], words[3]) == 0);
}
