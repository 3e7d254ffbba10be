#include "cli/translate_stream.h"

#include <algorithm>
#include <optional>

#include "core/error.h"
#include "tests/catch.h"
#include "tests/corpora/temporary_folder.h"
#include "tests/decode/copying_model.h"
#include "tests/distributed/thread_wire.h"

namespace isthmus::cli {
namespace {

using Catch::Matchers::Contains;
using isthmus::testing::copying_model;
using isthmus::testing::TemporaryFolder;

std::string translated(const std::string& text, const SearchOptions& search = {}, bool scores = false,
                       std::size_t ranks = 1, const std::optional<std::string>& prefixes = std::nullopt) {
  const TemporaryFolder folder;
  const std::string input = folder.write("in", text);
  const std::string prefix = prefixes ? folder.write("prefixes", *prefixes) : "";
  run_world(ranks, [&](Communicator& world) {
    // Ranks need not be alike, and only rank 0 has the files.
    const std::int64_t threads = world.leads() ? 2 : 1;
    Translator translator(copying_model(), search, {.batch = 4, .threads = threads, .max_source_length = 60});
    const TranslateFiles files = world.leads() ? TranslateFiles{input, folder.path("out"), scores, true, prefix}
                                               : TranslateFiles{"", "", scores, true};
    translate_stream(translator, files, world);
  });
  return folder.read("out");
}

std::string varied_lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += std::string(static_cast<std::size_t>(i * 7 % 20), "abcdefgh"[i % 8]) + "\n";
  }
  return text;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

TEST_CASE("a file longer than a window comes out whole and in order") {
  const std::string text = varied_lines(500);
  CHECK(translated(text) == text);
}

TEST_CASE("several ranks write what one writes") {
  const std::size_t ranks = GENERATE(2, 3, 4);
  for (const std::string& text :
       {std::string(), std::string("\n"), std::string("abc"), varied_lines(2), varied_lines(700),
        std::string("a\0b\n\xff\xfe\n \n\n<s>\r\n", 15) + std::string(500, 'z') + "\n"}) {
    CHECK(translated(text, {}, false, ranks) == translated(text));
  }
  SearchOptions search;
  search.beam = 3;
  search.nbest = 2;
  CHECK(translated(varied_lines(50), search, true, ranks) == translated(varied_lines(50), search, true));
}

TEST_CASE("lines out are lines in") {
  CHECK(translated("").empty());
  CHECK(translated("\n") == "\n");
  CHECK(translated("abc") == "abc\n");
  CHECK(translated("abc\r\n\n \ndef\n") == "abc\n\n\ndef\n");
  const std::string hostile = std::string("a\0b\n\xff\xfe\n\u2028\u0085\n<s>\n", 16) + std::string(500, 'z') + "\n";
  const std::string out = translated(hostile);
  CHECK(std::count(out.begin(), out.end(), '\n') == std::count(hostile.begin(), hostile.end(), '\n'));
}

TEST_CASE("n-best lists number the lines from 0 and keep empty ones") {
  SearchOptions search;
  search.beam = 3;
  search.nbest = 3;
  const std::vector<std::string> lines = lines_of(translated("abc\n\nde\n", search));
  REQUIRE(lines.size() == 7);
  CHECK(lines[0].starts_with("0 ||| abc ||| -"));
  CHECK(lines[2].starts_with("0 ||| "));
  CHECK(lines[3] == "1 |||  ||| 0");
  CHECK(lines[4].starts_with("2 ||| de ||| -"));
}

TEST_CASE("translations begin as the lines of --prefix say, on all ranks") {
  // The copying model goes on with its source where the prefix ends.
  CHECK(translated("abcd\nefgh\n\nxy\n", {}, false, 1, "zz\n\nq\nx\n") == "zzcd\nefgh\n\nxy\n");
  std::string prefixes;
  for (int i = 0; i < 700; ++i) prefixes += std::string(static_cast<std::size_t>(i % 5), 'y') + "\n";
  const std::size_t ranks = GENERATE(2, 3);
  CHECK(translated(varied_lines(700), {}, false, ranks, prefixes) ==
        translated(varied_lines(700), {}, false, 1, prefixes));
}

TEST_CASE("prefixes that are too few or too many are refused") {
  CHECK_THROWS_WITH(translated("ab\ncd\n", {}, false, 1, "x\n"),
                    Contains("prefixes: 1 line where") && Contains("has more; give a line for each"));
  CHECK_THROWS_WITH(translated("ab\ncd\n", {}, false, 1, "x\ny\nz\n"), Contains("has 2; give a line for each"));
}

TEST_CASE("samples depend on the seed and the line, not on batches or ranks") {
  SearchOptions search;
  search.sample = true;
  search.nbest = 3;
  search.sampling.temperature = 3.0;
  const std::string text = varied_lines(60);
  const std::string drawn = translated(text, search);
  CHECK(lines_of(drawn).size() == 3 * 57 + 3);  // three of each line, one of each empty one
  CHECK(translated(text, search, false, 3) == drawn);
  search.seed = 2;
  CHECK(translated(text, search) != drawn);
}

TEST_CASE("scores are those of the hypothesis") {
  Translation translation;
  translation.nbest.push_back({"some text", {{5, 6}, {-0.5F, -0.25F, -0.75F}, -1.5, -0.5, StopReason::kMaxLength}});
  CHECK(nbest_lines(translation, 7, true) ==
        std::vector<std::string>{
            "7 ||| some text ||| -0.500000 ||| -1.500000 ||| max-length ||| -0.5000 -0.2500 -0.7500"});
  CHECK(nbest_lines(translation, 7, false) == std::vector<std::string>{"7 ||| some text ||| -0.500000"});
  CHECK(lines_of(translated("abc\n", {}, true)).at(0).find("||| end ||| -") != std::string::npos);
}

TEST_CASE("an alignment is the last field") {
  Translation translation;
  translation.nbest.push_back({"some text", {{5}, {-0.5F, -0.25F}, -0.75, -0.375, StopReason::kEnded}});
  translation.nbest[0].alignment = Alignment{{0.75F, 0.0F}, {0.25F, 1.0F}};
  CHECK(nbest_lines(translation, 7, false, AlignmentFormat::kHard) ==
        std::vector<std::string>{"7 ||| some text ||| -0.375000 ||| 0-0"});
  CHECK(nbest_lines(translation, 7, true, AlignmentFormat::kSoft) ==
        std::vector<std::string>{"7 ||| some text ||| -0.375000 ||| -0.750000 ||| end ||| -0.5000 -0.2500 ||| "
                                 "0.7500,0.2500 0.0000,1.0000"});
  CHECK(nbest_lines({}, 7, false, AlignmentFormat::kHard) == std::vector<std::string>{"7 |||  ||| 0 ||| "});
}

TEST_CASE("alignments need a model that attends") {
  TranslateOptions options;
  options.align = true;
  CHECK_THROWS_WITH(Translator(copying_model(), {}, options), Contains("--alignment needs a model that looks back"));
}

TEST_CASE("an input that is not there leaves no output") {
  const TemporaryFolder folder;
  Translator translator(copying_model(), {}, {});
  const TranslateFiles files{folder.path("absent"), folder.path("out"), false, true};
  Communicator alone;
  CHECK_THROWS_AS(translate_stream(translator, files, alone), InputError);
  CHECK_THROWS(folder.read("out"));
}

}  // namespace
}  // namespace isthmus::cli
