#include "corpora/split.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/random.h"
#include "corpora/line_reader.h"
#include "corpora/line_traits.h"
#include "tests/catch.h"
#include "tests/corpora/temporary_folder.h"

namespace isthmus {
namespace {

using Catch::Matchers::Contains;
using testing::TemporaryFolder;

/// Pairs that often share a source or a target with others, in chains.
ParallelText tangled_text(std::size_t pairs, std::uint64_t distinct) {
  Random random(7);
  ParallelText text;
  for (std::size_t i = 0; i < pairs; ++i) {
    const std::string source = "Source " + std::to_string(random.below(distinct));
    text.source.push_back(i % 2 == 0 ? source : "  sOURCE " + source.substr(7));
    text.target.push_back("Ziel " + std::to_string(random.below(distinct)));
  }
  return text;
}

std::size_t count(const std::vector<Part>& parts, Part part) {
  return static_cast<std::size_t>(std::count(parts.begin(), parts.end(), part));
}

/// Keys of one side's lines in a part.
std::set<std::uint64_t> keys(const std::vector<std::string>& lines, const std::vector<Part>& parts, Part part) {
  std::set<std::uint64_t> set;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (parts[i] == part) set.insert(line_key(lines[i]));
  }
  return set;
}

bool disjoint(const std::set<std::uint64_t>& a, const std::set<std::uint64_t>& b) {
  return std::none_of(a.begin(), a.end(), [&](std::uint64_t key) { return b.contains(key); });
}

}  // namespace

TEST_CASE("No line of one part is a line of another, on either side") {
  const ParallelText text = tangled_text(4000, 5000);
  const std::vector<Part> parts = split_parts(text, {.dev = 200, .test = 300});
  for (const auto* side : {&text.source, &text.target}) {
    const auto train = keys(*side, parts, Part::kTrain), dev = keys(*side, parts, Part::kDev),
               test = keys(*side, parts, Part::kTest);
    CHECK(disjoint(train, dev));
    CHECK(disjoint(train, test));
    CHECK(disjoint(dev, test));
  }
  CHECK(count(parts, Part::kDev) == 200);
  CHECK(count(parts, Part::kTest) == 300);
  CHECK(count(parts, Part::kTrain) > 3400);
}

TEST_CASE("A family larger than a hundredth of the part stays in train") {
  ParallelText text = tangled_text(2000, 1'000'000'000);
  for (std::size_t i = 0; i < 50; ++i) text.source[i * 7] = "the same";
  const std::vector<Part> parts = split_parts(text, {.dev = 200, .test = 200});
  for (std::size_t i = 0; i < 50; ++i) CHECK(parts[i * 7] == Part::kTrain);
}

TEST_CASE("The seed decides the split and nothing else does") {
  const ParallelText text = tangled_text(1000, 100'000);
  const SplitOptions options{.dev = 50, .test = 50, .seed = 3};
  CHECK(split_parts(text, options) == split_parts(text, options));
  CHECK(split_parts(text, options) != split_parts(text, {.dev = 50, .test = 50, .seed = 4}));
}

TEST_CASE("Dev and test take at most a tenth each, repeated pairs are left out") {
  ParallelText text = tangled_text(100, 1'000'000'000);
  std::vector<Part> parts = split_parts(text, {});
  CHECK(count(parts, Part::kDev) == 10);
  CHECK(count(parts, Part::kTest) == 10);
  CHECK(count(parts, Part::kTrain) == 80);
  const ParallelText once = text;
  text.source.insert(text.source.end(), once.source.begin(), once.source.end());
  text.target.insert(text.target.end(), once.target.begin(), once.target.end());
  parts = split_parts(text, {});
  CHECK(count(parts, Part::kTrain) == 80);
  CHECK(count(parts, Part::kNone) == 100);
  parts = split_parts(text, {.dev = 0, .test = 0, .pairs = 30});
  CHECK(count(parts, Part::kTrain) == 30);
}

TEST_CASE("The parts are written line by line under the languages' names") {
  TemporaryFolder folder;
  const ParallelText text = tangled_text(300, 1'000'000'000);
  const SplitCounts counts = write_split(folder.path("new/folder"), "en", "de", text, {.dev = 20, .test = 10});
  CHECK(counts.train == 270);
  CHECK(counts.dev == 20);
  CHECK(counts.test == 10);
  const std::vector<Part> parts = split_parts(text, {.dev = 20, .test = 10});
  const auto dev_source = read_lines(folder.path("new/folder/dev.en"));
  const auto dev_target = read_lines(folder.path("new/folder/dev.de"));
  std::size_t at = 0;
  REQUIRE(dev_source.size() == 20);
  REQUIRE(dev_target.size() == 20);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (parts[i] != Part::kDev) continue;
    CHECK(dev_source[at] == text.source[i]);
    CHECK(dev_target[at++] == text.target[i]);
  }
  CHECK(read_lines(folder.path("new/folder/train.de")).size() == 270);
  CHECK(read_lines(folder.path("new/folder/test.en")).size() == 10);

  std::vector<std::string> written;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path("new/folder"))) {
    written.push_back(entry.path().string());
  }
  CHECK_THAT(split_files(folder.path("new/folder"), "en", "de"), Catch::Matchers::UnorderedEquals(written));
}

TEST_CASE("A split of nothing is an error") {
  TemporaryFolder folder;
  CHECK_THROWS_AS(write_split(folder.path("x"), "en", "de", {}, {}), InputError);
}

}  // namespace isthmus
