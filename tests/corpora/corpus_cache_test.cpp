#include "corpora/corpus_cache.h"

#include <sys/stat.h>
#include <filesystem>

#include "core/error.h"
#include "core/threads.h"
#include "tests/catch.h"
#include "tests/corpora/encoded.h"
#include "tests/corpora/letters.h"
#include "tests/corpora/temporary_folder.h"

namespace isthmus {
namespace {

using Catch::Matchers::Contains;
using testing::letters;
using testing::TemporaryFolder;

/// A text in files and the encoded corpus beside it.
struct Fixture {
  Fixture() { write("a\nbc\n\n", "x\nyz\nw\n"); }

  void write(std::string_view source, std::string_view target) {
    folder.write("text.en", source);
    folder.write("text.de", target);
  }
  StreamedText text() { return {{folder.path("text.en"), folder.path("text.de")}, folder.path("")}; }
  TextIdentity identity() {
    TextHasher hasher;
    text().read([&](std::string_view source, std::string_view target) { hasher.add(source, target); });
    return hasher.identity();
  }
  EncodedCorpus open(const EncodingLimits& limits = {}, bool keeps_lines = false) {
    return open(identity(), limits, keeps_lines);
  }
  EncodedCorpus open(const TextIdentity& identity, const EncodingLimits& limits = {}, bool keeps_lines = false) {
    StreamedText streamed = text();
    ThreadPool threads(1);
    return open_or_encode(path, {streamed, identity, letters(), limits, keeps_lines}, threads);
  }
  /// Of the file, to see whether it was written.
  auto inode() {
    struct stat status {};
    ::stat(path.c_str(), &status);
    return status.st_ino;
  }

  TemporaryFolder folder;
  std::string path = folder.path("text.corpus");
};

TEST_CASE_METHOD(Fixture, "A corpus is encoded once and then used again") {
  CHECK(open().pairs() == 2);
  const auto first = inode();
  const std::string bytes = folder.read("text.corpus");
  CHECK(open().pairs() == 2);
  CHECK(inode() == first);
  CHECK(open({.max_source_tokens = 2}).pairs() == 1);  // another recipe
  CHECK(inode() != first);
  open();
  CHECK((folder.read("text.corpus") == bytes));
}

TEST_CASE_METHOD(Fixture, "Another text is encoded anew") {
  open();
  write("a\n", "x\n");
  CHECK(open().pairs() == 1);
}

TEST_CASE_METHOD(Fixture, "Lines are added when they are asked for, and then stay") {
  open();
  CHECK(open({}, true).read_lines(std::vector<std::uint64_t>{1}).source[0] == "bc");
  const auto with_lines = inode();
  CHECK(open().recipe().keeps_lines);
  CHECK(inode() == with_lines);
}

TEST_CASE_METHOD(Fixture, "What is damaged is encoded anew") {
  open();
  const std::string bytes = folder.read("text.corpus");
  for (const std::size_t size : {std::size_t{0}, std::size_t{7}, bytes.size() / 2, bytes.size() - 1}) {
    std::filesystem::resize_file(path, size);
    CHECK(open().pairs() == 2);
    CHECK((folder.read("text.corpus") == bytes));
  }
  std::string bad = bytes;
  bad[40] = static_cast<char>(bad[40] ^ 1);
  folder.write("text.corpus", bad);
  CHECK(open().pairs() == 2);
  CHECK((folder.read("text.corpus") == bytes));
}

TEST_CASE_METHOD(Fixture, "A mapped corpus is not disturbed by another that takes its name") {
  const EncodedCorpus corpus = open();
  write("d\n", "v\n");
  const EncodedCorpus second = open();
  CHECK(letters().source.decode(corpus.read(std::vector<std::uint64_t>{1}).source[0]) == "bc");
  CHECK(letters().source.decode(second.read(std::vector<std::uint64_t>{0}).source[0]) == "d");
}

TEST_CASE_METHOD(Fixture, "A text without a usable pair is refused with the reasons, and what was there stays") {
  open();
  const std::string bytes = folder.read("text.corpus");
  write("\nka\nka lomi tu\n", "ka\n  \ntu\n");
  CHECK_THROWS_WITH(open({.max_source_tokens = 5}),
                    folder.path("text.en") +
                        ": none of its 3 pairs can be trained on (2 with an empty side, 1 too long); look at the text "
                        "with isthmus corpus check, or raise --max-length");
  CHECK((folder.read("text.corpus") == bytes));
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path("")), {}) == 3);
}

TEST_CASE_METHOD(Fixture, "A text that changed after it was first read is refused") {
  const TextIdentity before = identity();
  write("a\n", "x\n");
  CHECK_THROWS_WITH(open(before), Contains(folder.path("text.en") + ": changed while it was read"));
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE_METHOD(Fixture, "Only an encoded corpus, or nothing, may be overwritten") {
  open();
  CHECK(is_corpus_file(path));
  CHECK(is_corpus_file(folder.write("empty", "")));
  std::filesystem::resize_file(path, 100);
  CHECK(is_corpus_file(path));
  CHECK_FALSE(is_corpus_file(folder.path("text.en")));
  CHECK_FALSE(is_corpus_file(folder.path("")));
  CHECK_FALSE(is_corpus_file("/dev/null"));
  CHECK_FALSE(is_corpus_file(folder.path("absent")));
}

}  // namespace
}  // namespace isthmus
