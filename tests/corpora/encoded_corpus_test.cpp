// An encoded corpus gives back what was written, and a file of any other bytes one error.
#include "corpora/encoded_corpus.h"

#include <cstring>
#include <filesystem>

#include "core/error.h"
#include "core/hash.h"
#include "corpora/corpus_format.h"
#include "tests/catch.h"
#include "tests/core/file_size_limit.h"
#include "tests/corpora/encoded.h"
#include "tests/corpora/letters.h"
#include "tests/corpora/temporary_folder.h"

namespace isthmus {
namespace {

using Catch::Matchers::Contains;
using corpus_format::Trailer;
using testing::encoded;
using testing::letters;
using testing::TemporaryFolder;
using Numbers = std::vector<std::uint64_t>;

ParallelText some_text() { return {{"ab", "", "a", "bcd e"}, {"x", "y", "zyx", "w"}, "s", "t"}; }

std::string decoded(std::span<const TokenId> pieces) { return letters().source.decode(pieces); }

/// The file's trailer changed, and its checksum made right again.
std::string with_trailer(std::string bytes, const std::function<void(Trailer&)>& change) {
  Trailer trailer;
  char* place = bytes.data() + bytes.size() - sizeof(trailer);
  std::memcpy(&trailer, place, sizeof(trailer));
  change(trailer);
  std::memcpy(place, &trailer, sizeof(trailer));
  const std::uint64_t sum = hash64(std::string_view(bytes).substr(0, bytes.size() - sizeof(sum)));
  std::memcpy(bytes.data() + bytes.size() - sizeof(sum), &sum, sizeof(sum));
  return bytes;
}

TEST_CASE("An encoded corpus gives back the pairs that can be trained on, in any order") {
  const TemporaryFolder folder;
  const EncodingLimits limits{.max_source_tokens = 6, .max_target_tokens = 3, .too_long = TooLong::kCrop};
  const EncodedCorpus corpus = encoded(folder.path("c"), some_text(), letters(), limits);
  CHECK(corpus.pairs() == 3);
  CHECK(corpus.target_tokens() == 2 + 3 + 2);
  CHECK(corpus.counts() == EncodingCounts{.lines = 4, .skipped_empty = 1, .skipped_long = 0, .cropped = 1});
  CHECK(corpus.recipe() == recipe_of(testing::identity_of(some_text()), letters(), limits, false));
  const TokenPairs pairs = corpus.read(Numbers{2, 0, 1, 0});
  REQUIRE(pairs.size() == 4);
  CHECK(decoded(pairs.source[0]) == "bcd e");
  CHECK(decoded(pairs.target[0]) == "w");
  CHECK(decoded(pairs.source[1]) == "ab");
  CHECK(decoded(pairs.target[2]) == "zy");
  CHECK(decoded(pairs.target[3]) == "x");
  CHECK(corpus.read({}).size() == 0);
}

TEST_CASE("Lines are kept where the recipe says so, of monstrous ones the start") {
  const TemporaryFolder folder;
  ParallelText text = some_text();
  text.source[2] = "a" + std::string(200000, ' ') + "b";
  const EncodedCorpus corpus = encoded(folder.path("c"), text, letters(), {}, true);
  const PairLines lines = corpus.read_lines(Numbers{2, 1});
  CHECK(lines.source[0] == "bcd e");
  CHECK(lines.target == std::vector<std::string>{"w", "zyx"});
  CHECK(lines.source[1].size() <= CorpusWriter::kMaxKeptBytes);
  CHECK(lines.source[1].starts_with("a "));
  CHECK(decoded(corpus.read(Numbers{1}).source[0]) == "a b");
}

TEST_CASE("The same recipe gives the same bytes") {
  const TemporaryFolder folder;
  encoded(folder.path("c"), some_text(), letters());
  encoded(folder.path("d"), some_text(), letters());
  CHECK((folder.read("c") == folder.read("d")));
}

TEST_CASE("A large corpus is read a stretch at a time") {
  const TemporaryFolder folder;
  ParallelText text;
  for (int i = 0; i < 5000; ++i) {
    text.source.push_back(std::to_string(i));
    text.target.emplace_back(500, 'a');
  }
  EncodedCorpus corpus = encoded(folder.path("c"), text, letters(), {.max_target_tokens = 600});
  REQUIRE(std::filesystem::file_size(folder.path("c")) > (std::size_t{8} << 20));
  Numbers numbers;
  for (std::uint64_t i = 0; i < 5000; i += 3) numbers.push_back(4999 - i);
  const TokenPairs pairs = corpus.read(numbers);
  for (std::size_t i = 0; i < numbers.size(); i += 100) {
    CHECK(decoded(pairs.source[i]) == std::to_string(numbers[i]));
  }
}

TEST_CASE("A file cut short anywhere is refused") {
  const TemporaryFolder folder;
  encoded(folder.path("c"), some_text(), letters(), {}, true);
  const std::string bytes = folder.read("c");
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const std::string path = folder.write("bad", bytes.substr(0, size));
    CHECK_THROWS_WITH(EncodedCorpus(path), Contains(path + ": "));
  }
  CHECK_THROWS_AS(EncodedCorpus(folder.write("bad", bytes + "more")), InputError);
  CHECK_THROWS_AS(EncodedCorpus(folder.write("bad", bytes + bytes)), InputError);
  CHECK_THROWS_AS(EncodedCorpus(folder.path("absent")), InputError);
}

TEST_CASE("A file with any byte changed is refused") {
  const TemporaryFolder folder;
  encoded(folder.path("c"), some_text(), letters(), {}, true);
  const std::string bytes = folder.read("c");
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string bad = bytes;
    bad[at] = static_cast<char>(bad[at] ^ 0x10);
    CHECK_THROWS_AS(EncodedCorpus(folder.write("bad", bad)), InputError);
  }
}

TEST_CASE("A file with any word changed and a right checksum does no harm") {
  const TemporaryFolder folder;
  encoded(folder.path("c"), some_text(), letters(), {}, true);
  const std::string bytes = folder.read("c");
  int refused = 0;
  for (std::size_t at = 16; at + 8 < bytes.size() - 8; at += 4) {
    for (const std::uint32_t word : {0u, 1u, 8u, 0x7fffffffu, 0xffffffffu}) {
      std::string bad = bytes;
      std::memcpy(bad.data() + at, &word, sizeof(word));
      const std::string path = folder.write("bad", with_trailer(bad, [](Trailer&) {}));
      try {
        const EncodedCorpus corpus(path);
        for (std::uint64_t i = 0; i < corpus.pairs(); ++i) {
          const TokenPairs pairs = corpus.read(Numbers{i});
          for (const TokenId id : pairs.source[0]) REQUIRE(static_cast<std::size_t>(id) < letters().source.size());
          for (const TokenId id : pairs.target[0]) REQUIRE(static_cast<std::size_t>(id) < letters().target.size());
          if (corpus.recipe().keeps_lines) corpus.read_lines(Numbers{i});
        }
      } catch (const InputError& error) {
        CHECK_THAT(error.what(), Contains(path));
        ++refused;
      }
    }
  }
  CHECK(refused > 100);
}

TEST_CASE("Sizes that lie are refused before anything is read by them") {
  const TemporaryFolder folder;
  encoded(folder.path("c"), some_text(), letters());
  const std::string bytes = folder.read("c");
  const auto refused = [&](const std::function<void(Trailer&)>& change, const std::string& what) {
    CHECK_THROWS_WITH(EncodedCorpus(folder.write("bad", with_trailer(bytes, change))), Contains(what));
  };
  constexpr std::uint64_t kHuge = ~std::uint64_t{0};
  for (const std::uint64_t pairs : {std::uint64_t{0}, std::uint64_t{2}, std::uint64_t{4}, kHuge, kHuge / 8}) {
    refused([=](Trailer& trailer) { trailer.pairs = pairs; }, "its sizes do not fit");
  }
  for (const std::uint64_t index : {std::uint64_t{0}, std::uint64_t{24}, kHuge, kHuge - 7}) {
    refused([=](Trailer& trailer) { trailer.index = index; }, "its sizes do not fit");
  }
  refused([](Trailer& trailer) { trailer.source_vocabulary = 4; }, "pair 1 is damaged");
  refused([](Trailer& trailer) { trailer.max_target_tokens = 2; }, "pair 2 is damaged");
  refused([](Trailer& trailer) { trailer.keeps_lines = 1; }, "is damaged");
  refused([](Trailer& trailer) { trailer.target_tokens = 1; }, "sums");
  std::string future = bytes;
  future[16] = 2;
  CHECK_THROWS_WITH(EncodedCorpus(folder.write("bad", future)), Contains("has format version 2"));
  CHECK_THROWS_WITH(EncodedCorpus(folder.write("bad", "a text\n")), Contains("is not an encoded corpus"));
}

TEST_CASE("A file that is cut short while it is mapped ends reading with an error") {
  const TemporaryFolder folder;
  const EncodedCorpus corpus = encoded(folder.path("c"), some_text(), letters());
  std::filesystem::resize_file(folder.path("c"), 0);
  CHECK_THROWS_WITH(corpus.read(Numbers{0}), Contains("was cut short while it was read"));
}

TEST_CASE("A file that is changed while it is mapped ends reading with an error") {
  const TemporaryFolder folder;
  const EncodedCorpus corpus = encoded(folder.path("c"), some_text(), letters());
  folder.write("c", std::string(folder.read("c").size(), '\xff'));  // in place, unlike AtomicFile
  CHECK_THROWS_WITH(corpus.read(Numbers{0}), Contains("was changed while it was read"));
}

TEST_CASE("A disk that fills up is an error, and leaves nothing") {
  const TemporaryFolder folder;
  ParallelText text;
  for (int i = 0; i < 5000; ++i) {
    text.source.emplace_back(20, 'a');
    text.target.emplace_back(20, 'b');
  }
  {
    const testing::FileSizeLimit limit(100000);
    CHECK_THROWS_WITH(encoded(folder.path("c"), text, letters()), Contains(folder.path("c") + ": cannot be written"));
  }
  CHECK(std::filesystem::is_empty(folder.path("")));
}

TEST_CASE("Recipes tell in what they differ") {
  const CorpusRecipe recipe = recipe_of(testing::identity_of(some_text()), letters(), {}, false);
  CHECK(difference(recipe, recipe).empty());
  CorpusRecipe other = recipe;
  other.text.target_hash = hash128_hex("");
  CHECK(difference(recipe, other) == "is of another text");
  other = recipe;
  other.target_tokenizer = hash128_hex("");
  CHECK(difference(recipe, other) == "is of another tokenizer");
  other = recipe;
  other.limits.too_long = TooLong::kCrop;
  CHECK_THAT(difference(recipe, other), Contains("--long-pairs"));
  other = recipe;
  other.keeps_lines = true;
  CHECK_THAT(difference(recipe, other), Contains("--sampling-alpha"));
  CHECK(difference(other, recipe).empty());  // lines do no harm
}

}  // namespace
}  // namespace isthmus
