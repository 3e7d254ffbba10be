#include "cli/tokenizer_command.h"

#include <algorithm>

#include "core/error.h"
#include "tests/catch.h"
#include "tests/corpora/temporary_folder.h"
#include "tests/tokenizer/sample_text.h"

namespace isthmus::cli {
namespace {

using Catch::Matchers::Contains;
using isthmus::testing::TemporaryFolder;

int run(const std::vector<std::string>& arguments) { return run_tokenizer(arguments); }

struct Fixture {
  TemporaryFolder folder;
  std::string text;
  std::string model = folder.path("m.model");

  explicit Fixture(const std::vector<std::string>& options = {}) {
    for (const std::string& line : isthmus::testing::sample_lines()) text += line + "\n";
    std::vector<std::string> arguments = {
        "train", "--output", model, "--vocab", "60", "--character-coverage", "1", folder.write("text", text)};
    arguments.insert(arguments.end(), options.begin(), options.end());
    REQUIRE(run(arguments) == 0);
  }
  std::string through(std::vector<std::string> arguments, const std::string& bytes) const {
    arguments.insert(arguments.end(), {model, "--input", folder.write("in", bytes), "--output", folder.path("out")});
    REQUIRE(run(arguments) == 0);
    return folder.read("out");
  }
};

TEST_CASE("text to pieces or numbers and back") {
  for (const std::string type : {"unigram", "bpe", "char"}) {
    const Fixture fixture({"--tokenizer", type});
    const std::string pieces = fixture.through({"encode"}, fixture.text);
    CHECK(pieces != fixture.text);
    CHECK(fixture.through({"decode"}, pieces) == fixture.text);
    const std::string ids = fixture.through({"encode", "--ids"}, fixture.text);
    CHECK(ids.find_first_not_of("0123456789 \n") == std::string::npos);
    CHECK(fixture.through({"decode", "--ids"}, ids) == fixture.text);
  }
}

TEST_CASE("as many lines out as in, whatever is in them") {
  const Fixture fixture;
  using namespace std::string_literals;  // counts its bytes past the NUL
  const std::string hostile = "\n \n\xff\xfe\nnul\0here\r\n<s>\n\u2028\n"s + std::string(5000, 'x');
  const auto lines = std::count(hostile.begin(), hostile.end(), '\n') + 1;
  for (const char* ids : {"--ids=true", "--ids=false"}) {
    const std::string encoded = fixture.through({"encode", ids}, hostile);
    CHECK(std::count(encoded.begin(), encoded.end(), '\n') == lines);
    const std::string decoded = fixture.through({"decode", ids}, encoded);
    CHECK(std::count(decoded.begin(), decoded.end(), '\n') == lines);
  }
}

TEST_CASE("sampled pieces join to the same text and depend on the seed") {
  const Fixture fixture;
  const std::string sampled = fixture.through({"encode", "--sampling-alpha", "0.2", "--seed", "3"}, fixture.text);
  CHECK(sampled != fixture.through({"encode"}, fixture.text));
  CHECK(sampled == fixture.through({"encode", "--sampling-alpha", "0.2", "--seed", "3"}, fixture.text));
  CHECK(sampled != fixture.through({"encode", "--sampling-alpha", "0.2", "--seed", "4"}, fixture.text));
  CHECK(fixture.through({"decode"}, sampled) == fixture.text);
}

TEST_CASE("several files share one vocabulary") {
  TemporaryFolder folder;
  const std::string a = folder.write("a", "aaa bbb\nab ba\n");
  const std::string b = folder.write("b", "ccc ddd\ncd dc\n");
  const std::string model = folder.path("joint.model");
  REQUIRE(run({"train", "--tokenizer", "char", "--output", model, a, b}) == 0);
  REQUIRE(run({"encode", "--ids", model, "--input", folder.write("in", "abcd\n"), "--output", folder.path("out")}) ==
          0);
  CHECK_THAT(" " + folder.read("out"), !Contains(" 0"));
}

TEST_CASE("neither a model nor what is read is overwritten") {
  const Fixture fixture;
  const std::string text = fixture.folder.path("text"), before = fixture.folder.read("m.model");
  const std::vector<std::string> again = {"train", "--tokenizer", "char", text, "--output", fixture.model};
  CHECK_THROWS_WITH(run(again), Contains("m.model: is there already; --force overwrites it"));
  CHECK(fixture.folder.read("m.model") == before);
  CHECK_THROWS_WITH(run({"train", text, "--output", text, "--force"}), Contains("text: would be written over"));
  for (const char* action : {"encode", "decode"}) {
    for (const std::string& input : {text, fixture.model}) {
      CHECK_THROWS_WITH(run({action, fixture.model, "--input", text, "--output", input}),
                        Contains(input + ": would be written over what is read"));
    }
  }
  CHECK(fixture.folder.read("text") == fixture.text);
  std::vector<std::string> forced = again;
  forced.push_back("--force");
  CHECK(run(forced) == 0);
  CHECK(fixture.folder.read("m.model") != before);
}

TEST_CASE("what cannot work says so") {
  const Fixture fixture;
  CHECK_THROWS_AS(run({}), UsageError);
  CHECK_THROWS_AS(run({"polish"}), UsageError);
  CHECK_THROWS_AS(run({"train", "text"}), UsageError);
  CHECK_THROWS_AS(run({"encode"}), UsageError);
  CHECK_THROWS_WITH(run({"encode", fixture.folder.write("bad.model", "not a model")}),
                    Contains("bad.model: is not a SentencePiece model"));
  CHECK_THROWS_AS(run({"encode", fixture.folder.path("absent.model")}), InputError);
  for (const std::string line : {"5 x", "5 100000", "-1", "5 6y"}) {
    const std::string in = fixture.folder.write("ids", "5 6\n" + line + "\n");
    CHECK_THROWS_WITH(run({"decode", "--ids", fixture.model, "--input", in, "--output", fixture.folder.path("o")}),
                      Contains("ids:2: '"));
  }
}

}  // namespace
}  // namespace isthmus::cli
