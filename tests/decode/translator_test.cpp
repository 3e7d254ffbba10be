#include "decode/translator.h"

#include <csignal>

#include "core/error.h"
#include "core/interrupt.h"
#include "tests/catch.h"
#include "tests/decode/copying_model.h"

namespace isthmus {
namespace {

using Catch::Matchers::Contains;
using testing::copying;
using testing::letters;
using testing::Table;
using testing::TableModel;

struct Fixture {
  Tokenizer tokenizer = letters();
  TranslateOptions options{.max_source_length = 60};
  SearchOptions search;

  Translator translator(Table table = {}) const {
    const auto size = static_cast<TokenId>(tokenizer.size());
    if (!table) table = copying(size);
    TranslationModel model{tokenizer, tokenizer, [=] { return std::make_unique<TableModel>(size, table); }};
    return Translator(std::move(model), search, options);
  }
};

std::vector<std::string> hostile_lines() {
  std::vector<std::string> lines = {"plain words",
                                    "",
                                    "   ",
                                    "\t",
                                    std::string("nul\0inside", 10),
                                    "\xff\xfe ill-formed \xc3",
                                    "line\u2028separator\u0085next",
                                    "carriage\rreturn",
                                    "\u3000",
                                    std::string(3, '\0'),
                                    "\u2581\u2581",
                                    "<s> </s> <unk>",
                                    "emoji \U0001F600 한국어",
                                    std::string(3000, 'x')};
  Random random(1);
  for (int i = 0; i < 40; ++i) {
    std::string line;
    for (std::uint64_t n = random.below(30); n > 0; --n) {
      char c = static_cast<char>(random.below(256));
      line += c == '\n' ? ' ' : c;
    }
    lines.push_back(line);
  }
  return lines;
}

std::vector<std::string> texts(const std::vector<Translation>& translations) {
  std::vector<std::string> all;
  for (const Translation& translation : translations) {
    std::string joined;
    for (const TranslatedText& candidate : translation.nbest) {
      joined += candidate.text + "|" + std::to_string(candidate.hypothesis.score) + "|";
    }
    all.push_back(joined);
  }
  return all;
}

TEST_CASE("a copying model gives the lines back in their order") {
  Fixture fixture;
  fixture.options.batch = 3;
  Translator translator = fixture.translator();
  const std::vector<std::string> lines = {"a long line of words", "b", "", "three little pigs", "  ", "abc"};
  const std::vector<Translation> translations = translator.translate(lines, {"test", 1});
  REQUIRE(translations.size() == lines.size());
  for (const std::size_t i : {0, 1, 3, 5}) CHECK(translations[i].text() == lines[i]);
  for (const std::size_t i : {2, 4}) CHECK(translations[i].nbest.empty());
}

TEST_CASE("as many lines come out as go in, for any bytes") {
  Fixture fixture;
  fixture.search.beam = 2;
  Translator translator = fixture.translator();
  const std::vector<std::string> lines = hostile_lines();
  const std::vector<Translation> translations = translator.translate(lines, {"test", 1});
  REQUIRE(translations.size() == lines.size());
  for (const Translation& translation : translations) {
    CHECK(translation.text().find('\n') == std::string_view::npos);
  }
  CHECK(translations[1].text().empty());
  CHECK(translations[12].text() == lines[12]);
  CHECK(translator.translate({}, {"test", 1}).empty());
}

TEST_CASE("a translation depends neither on batch size nor on threads nor on its neighbours") {
  Fixture fixture;
  fixture.search.beam = 3;
  fixture.search.nbest = 3;
  fixture.options.batch = 1;
  fixture.options.threads = 1;
  const std::vector<std::string> lines = hostile_lines();
  const std::vector<std::string> expected = texts(fixture.translator().translate(lines, {"test", 1}));
  for (const std::int64_t batch : {2, 7, 64}) {
    for (const std::int64_t threads : {1, 3}) {
      fixture.options.batch = batch;
      fixture.options.threads = threads;
      Translator translator = fixture.translator();
      REQUIRE(texts(translator.translate(lines, {"test", 1})) == expected);
      std::vector<std::string> backwards(lines.rbegin(), lines.rend());
      std::vector<std::string> found = texts(translator.translate(backwards, {"test", 1}));
      std::reverse(found.begin(), found.end());
      REQUIRE(found == expected);
    }
  }
}

TEST_CASE("over-long lines are cut") {
  Fixture fixture;
  fixture.options.max_source_length = 5;
  Translator translator = fixture.translator();
  const auto translations = translator.translate(std::vector<std::string>{"abcdefghij", "abc"}, {"f", 7});
  CHECK(translations[0].text() == "abcd");  // a piece for the space before the first word
  CHECK(translations[1].text() == "abc");
}

TEST_CASE("a newline that the model spells in bytes does not break the line") {
  Fixture fixture;
  const TokenId newline = fixture.tokenizer.id_of("<0x0A>");
  REQUIRE(newline > 0);
  const auto size = fixture.tokenizer.size();
  const TokenId letter = fixture.tokenizer.id_of("b");
  Translator translator = fixture.translator([=](const Sentence&, const Sentence& prefix) {
    std::vector<double> weights(size, 1e-5);
    const TokenId next[] = {letter, newline, letter, kEnd};
    weights[static_cast<std::size_t>(next[std::min<std::size_t>(prefix.size(), 3)])] = 1.0;
    return testing::normalised(weights);
  });
  CHECK(translator.translate(std::vector<std::string>{"a"}, {"f", 1})[0].text() == "b b");
}

TEST_CASE("n-best lists are as long as asked, and options change between calls") {
  Fixture fixture;
  Translator translator = fixture.translator();
  const std::vector<std::string> lines = {"abc abc", "b"};
  CHECK(translator.translate(lines, {"f", 1})[0].nbest.size() == 1);
  SearchOptions search;
  search.nbest = 4;
  CHECK_THROWS_AS((search.beam = 3, translator.set_search_options(search)), UsageError);
  search.beam = 6;
  translator.set_search_options(search);
  for (const Translation& translation : translator.translate(lines, {"f", 1})) {
    REQUIRE(translation.nbest.size() == 4);
    for (std::size_t i = 1; i < 4; ++i) {
      CHECK(translation.nbest[i].hypothesis.score <= translation.nbest[i - 1].hypothesis.score);
    }
  }
}

TEST_CASE("progress counts every line and ends at all") {
  Fixture fixture;
  fixture.options.batch = 2;
  fixture.options.threads = 1;
  Translator translator = fixture.translator();
  std::vector<std::size_t> seen;
  translator.translate(std::vector<std::string>{"a", "", "b", "c", "d", "e"}, {"f", 1},
                       [&](std::size_t lines) { seen.push_back(lines); });
  CHECK(std::is_sorted(seen.begin(), seen.end()));
  CHECK(seen.front() == 2);  // the empty line, and the first that was translated
  CHECK(seen.back() == 6);
}

TEST_CASE("an interrupt ends the work at a batch") {
  Fixture fixture;
  fixture.options.batch = 1;
  fixture.options.threads = 1;
  Translator translator = fixture.translator();
  const InterruptScope scope;
  int batches = 0;
  const auto interrupt_at_second = [&](std::size_t) {
    if (++batches == 2) std::raise(SIGINT);
  };
  CHECK_THROWS_AS(translator.translate(std::vector<std::string>(50, "abc"), {"f", 1}, interrupt_at_second),
                  Interrupted);
  CHECK(batches == 2);
  clear_interrupt();
  CHECK(translator.translate(std::vector<std::string>{"abc"}, {"f", 1})[0].text() == "abc");
}

TEST_CASE("a model that fails is heard") {
  Fixture fixture;
  fixture.options.threads = 2;
  Translator translator = fixture.translator(
      [](const Sentence&, const Sentence&) -> std::vector<float> { throw std::runtime_error("no weights"); });
  CHECK_THROWS_WITH(translator.translate(std::vector<std::string>(5, "a"), {"f", 1}), Contains("no weights"));
}

}  // namespace
}  // namespace isthmus
