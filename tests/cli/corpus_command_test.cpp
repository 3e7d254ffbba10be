#include "cli/corpus_command.h"

#include <unistd.h>

#include <cstdio>
#include <string>
#include <vector>

#include "core/error.h"
#include "corpora/line_reader.h"
#include "corpora/line_writer.h"
#include "tests/catch.h"
#include "tests/corpora/mo_fixture.h"
#include "tests/corpora/temporary_folder.h"

namespace isthmus::cli {
namespace {

using Catch::Matchers::Contains;
using isthmus::testing::TemporaryFolder;
using Lines = std::vector<std::string>;

struct Outcome {
  int code = -1;
  std::string output;
};

/// Runs `isthmus corpus` with its standard output in a file.
Outcome run(const TemporaryFolder& folder, const std::vector<std::string>& arguments) {
  const std::string path = folder.write("stdout", "");
  std::fflush(stdout);
  const int saved = ::dup(STDOUT_FILENO);
  std::FILE* file = std::fopen(path.c_str(), "w");
  ::dup2(::fileno(file), STDOUT_FILENO);
  const auto restore = [&] {
    std::fflush(stdout);
    ::dup2(saved, STDOUT_FILENO);
    ::close(saved);
    std::fclose(file);
  };
  Outcome outcome;
  try {
    outcome.code = run_corpus(arguments);
  } catch (...) {
    restore();
    throw;
  }
  restore();
  outcome.output = folder.read("stdout");
  return outcome;
}

struct Corpus {
  TemporaryFolder folder;
  std::string source = folder.path("all.en"), target = folder.path("all.de.gz");

  Corpus() {
    Lines english, german;
    for (int i = 0; i < 200; ++i) {
      english.push_back("sentence number " + std::to_string(i));
      german.push_back("Satz Nummer " + std::to_string(i));
    }
    write_lines(source, english);
    write_lines(target, german);
  }
  Outcome operator()(std::vector<std::string> arguments) const { return run(folder, arguments); }
};

}  // namespace

TEST_CASE("isthmus corpus lists its subcommands and knows no others") {
  TemporaryFolder folder;
  const Outcome help = run(folder, {"--help"});
  CHECK(help.code == 0);
  for (const char* name : {"phrasebook", "debian", "gettext", "check", "clean", "stats", "split"}) {
    CHECK_THAT(help.output, Contains(name));
    CHECK(run(folder, {name, "--help"}).code == 0);
  }
  CHECK(run(folder, {}).code == 2);
  CHECK_THROWS_WITH(run(folder, {"cheque"}), Contains("unknown subcommand 'corpus cheque'; did you mean 'check'?"));
}

TEST_CASE("corpus check ends with 1 when there are errors") {
  const Corpus corpus;
  const Outcome good = corpus({"check", "--source", corpus.source, "--target", corpus.target});
  CHECK(good.code == 0);
  CHECK_THAT(good.output, Contains("200 pairs") && Contains("no errors"));
  CHECK(corpus({"check", corpus.source, corpus.target}).output == good.output);
  const Outcome overlap =
      corpus({"check", corpus.source, corpus.target, "--against", corpus.source, corpus.target, "--examples", "1"});
  CHECK(overlap.code == 1);
  CHECK_THAT(overlap.output, Contains("pair occurs in the other corpus"));
  // A warning alone is no failure.
  CHECK(corpus({"check", corpus.folder.write("w.tsv", "a\t\n")}).code == 0);
  CHECK_THROWS_AS(corpus({"check", "--source", corpus.source}), UsageError);
  CHECK_THROWS_AS(corpus({"check", "--source", corpus.source, "--target", corpus.target, "--tsv", "x"}), UsageError);
  CHECK_THROWS_AS(corpus({"check", "--source", corpus.source, corpus.target}), UsageError);
  CHECK_THROWS_AS(corpus({"check", corpus.source, "absent"}), InputError);
}

TEST_CASE("--against is two files, or one table when the corpus is a table") {
  const Corpus corpus;
  const std::string table = corpus.folder.write("t.tsv", "x\tone\teins\n"),
                    test = corpus.folder.write("u.tsv", "y\tone\teins\n");
  const Outcome overlap =
      corpus({"check", "--tsv", table, "--source-column", "2", "--target-column", "3", "--against", test});
  CHECK(overlap.code == 1);
  CHECK_THAT(overlap.output, Contains("pair occurs in the other corpus") && Contains("u.tsv:1"));
  for (const std::vector<std::string>& command : {std::vector<std::string>{"check"}, {"clean", "--out", "-"}}) {
    const auto against = [&](const std::vector<std::string>& others) {
      std::vector<std::string> arguments = command;
      arguments.insert(arguments.end(), {"--source", corpus.source, "--target", corpus.target, "--against"});
      arguments.insert(arguments.end(), others.begin(), others.end());
      return corpus(arguments);
    };
    CHECK_THROWS_WITH(against({test}),
                      Contains("--against " + test + ": the other side") && Contains("--against SOURCE TARGET"));
    CHECK_THROWS_WITH(against({"a", "b", "c"}), Contains("'c' is one too many"));
  }
}

TEST_CASE("corpus check goes on after a row without a tab, and corpus clean drops it") {
  const Corpus corpus;
  const Outcome cleaned = corpus({"clean", "--tsv", corpus.folder.write("t.tsv", "one\ntwo\tzwei\n"), "--out", "-"});
  CHECK(cleaned.output == "two\tzwei\n");
  const Outcome checked = corpus({"check", "--tsv", corpus.folder.write("t.tsv", "one\n\t\ntwo\tzwei\nthree\n")});
  CHECK(checked.code == 1);
  CHECK_THAT(checked.output, Contains("2 pairs") && Contains("lines 1 (no tab), 4 (no tab)") && Contains("line 2\n"));
  const Outcome empty = corpus({"check", corpus.folder.write("e.en", ""), corpus.folder.write("e.de", "")});
  CHECK(empty.code == 1);
  CHECK_THAT(empty.output, Contains("error    no lines"));
}
TEST_CASE("corpus stats prints a table") {
  const Corpus corpus;
  const Outcome stats = corpus({"stats", "--source", corpus.source, "--target", corpus.target});
  CHECK(stats.code == 0);
  CHECK_THAT(stats.output, Contains("all.en") && Contains("all.de.gz") && Contains("200"));
}

TEST_CASE("corpus clean writes files of the same names, or a table to standard output") {
  const Corpus corpus;
  CHECK(corpus({"clean", corpus.source, corpus.target, "--out", corpus.folder.path("clean"), "--max-characters", "17"})
            .code == 0);
  CHECK(read_lines(corpus.folder.path("clean/all.en")).size() == 10);  // the numbers of one digit
  CHECK(read_lines(corpus.folder.path("clean/all.de.gz")).size() == 10);
  const std::string table = corpus.folder.write("t.tsv", "a b\tx\tc\n\tx\ty\nq\tx\tr\nq\tx\tr\n");
  const Outcome printed = corpus({"clean", "--tsv", table, "--target-column", "3", "--out", "-"});
  CHECK(printed.code == 0);
  CHECK(printed.output == "a b\tc\nq\tr\n");
}

TEST_CASE("corpus clean refuses to overwrite what it reads") {
  const Corpus corpus;
  CHECK_THROWS_WITH(corpus({"clean", corpus.source, corpus.target, "--out", corpus.folder.path("")}),
                    Contains("would be written over what is read"));
  // Neither what is read beside the corpus, nor what is there already.
  const std::string out = corpus.folder.path("out");
  const std::string test = corpus.folder.write("out/all.en", "kept\n");
  CHECK_THROWS_WITH(
      corpus({"clean", corpus.source, corpus.target, "--out", out, "--force", "--against", test, corpus.target}),
      Contains("out/all.en: would be written over what is read"));
  CHECK_THROWS_WITH(corpus({"clean", corpus.source, corpus.target, "--out", out}),
                    Contains("out/all.en: is there already; --force"));
  CHECK(corpus.folder.read("out/all.en") == "kept\n");
  CHECK(corpus({"clean", corpus.source, corpus.target, "--out", out, "--force"}).code == 0);
  CHECK(corpus.folder.read("out/all.en") != "kept\n");
  CHECK_THROWS_AS(corpus({"clean", corpus.source, corpus.target}), UsageError);
  CHECK_THROWS_AS(corpus({"clean", corpus.source, corpus.source, "--out", corpus.folder.path("x")}), UsageError);
  CHECK_THROWS_AS(corpus({"clean", corpus.source, corpus.target, "--out", "x", "--max-ratio", "0.5"}), UsageError);
}

TEST_CASE("a corpus that is written in parts overwrites none of them without --force") {
  const Corpus corpus;
  const std::string table = corpus.folder.write("t.tsv", "one\teins\ntwo\tzwei\n");
  const std::string out = corpus.folder.path("out");
  corpus.folder.write("out/dev.ko", "kept\n");
  const std::vector<std::vector<std::string>> commands = {
      {"split", "--tsv", table, "--source-language", "en", "--target-language", "ko", "--out", out},
      {"phrasebook", "--pairs", "20", "--dev", "2", "--test", "2", "--out", out},
      {"gettext", "--lang", "ko", "--out", out},
      {"debian", "--lang", "ko", "--out", out}};
  for (const std::vector<std::string>& command : commands) {
    CHECK_THROWS_WITH(corpus(command), Contains("out/dev.ko: is there already; --force overwrites it"));
    CHECK_THROWS_AS(corpus(command), InputError);
  }
  CHECK(corpus.folder.read("out/dev.ko") == "kept\n");
  for (std::vector<std::string> command : {commands[0], commands[1]}) {
    command.push_back("--force");
    CHECK(corpus(command).code == 0);
  }
  CHECK(read_lines(out + "/dev.ko").size() == 2);

  const std::string input = corpus.folder.write("in/train.en", "one\n");
  CHECK_THROWS_WITH(corpus({"split", "--source", input, "--target", corpus.folder.write("in/t.de", "eins\n"), "--out",
                            corpus.folder.path("in/."), "--force"}),
                    Contains("train.en: would be written over what is read; give another folder to --out"));
}

TEST_CASE("corpus split takes the languages from the names of the files or from options") {
  const Corpus corpus;
  const std::string out = corpus.folder.path("split");
  CHECK(
      corpus({"split", "--source", corpus.source, "--target", corpus.target, "--out", out, "--dev", "7", "--test", "9"})
          .code == 0);
  CHECK(read_lines(out + "/train.en").size() == 184);
  CHECK(read_lines(out + "/dev.de").size() == 7);
  CHECK(read_lines(out + "/test.de").size() == 9);
  const std::string table = corpus.folder.write("t.tsv", "one\teins\ntwo\tzwei\n");
  CHECK_THROWS_WITH(corpus({"split", "--tsv", table, "--out", out}), Contains("--source-language"));
  CHECK(corpus({"split", "--tsv", table, "--out", out, "--source-language", "en", "--target-language", "fr", "--force"})
            .code == 0);
  CHECK(read_lines(out + "/train.fr") == Lines{"eins", "zwei"});
  CHECK_THROWS_AS(
      corpus({"split", "--tsv", table, "--out", out, "--source-language", "../en", "--target-language", "fr"}),
      UsageError);
  CHECK_THROWS_AS(corpus({"split", "--tsv", table}), UsageError);
}

// --pairs 1000000000 asked for 16 GB at once and then for ever more.
TEST_CASE("corpus phrasebook refuses more pairs than fit into memory") {
  const TemporaryFolder folder;
  for (const char* option : {"--pairs", "--dev", "--test"}) {
    CHECK_THROWS_WITH(run(folder, {"phrasebook", "--out", folder.path("p"), option, "1000000000"}),
                      Contains(option) && Contains("must be a whole number, from"));
  }
}

TEST_CASE("corpus gettext and debian say what is missing") {
  const Corpus corpus;
  for (const char* source : {"gettext", "debian"}) {
    CHECK_THROWS_WITH(corpus({source, "--out", "x"}), Contains("--lang is missing"));
    CHECK_THROWS_WITH(corpus({source, "--lang", "de; id", "--out", "x"}), Contains("is not a language code"));
    CHECK_THROWS_WITH(corpus({source, "--lang", "de"}), Contains("--out"));
    CHECK_THROWS_AS(corpus({source, "--lang", "de", "--out", ""}), UsageError);
  }
}

TEST_CASE("corpus gettext writes a split corpus") {
  const Corpus corpus;
  isthmus::testing::MoStrings strings = {{"", isthmus::testing::mo_header("UTF-8")}};
  const std::string digits = "abcdefghij";
  for (int i = 0; i < 100; ++i) {
    const std::string word =
        std::string(1, digits[static_cast<std::size_t>(i / 10)]) + digits[static_cast<std::size_t>(i % 10)];
    strings.emplace_back("Open _" + word, "Öffne _z" + word);
  }
  corpus.folder.write("locale/de/LC_MESSAGES/x.mo", isthmus::testing::mo_file(strings));
  const std::string out = corpus.folder.path("out");
  CHECK(corpus({"gettext", "--lang", "de", "--out", out, corpus.folder.path("locale")}).code == 0);
  CHECK(read_lines(out + "/train.en").size() == 80);
  CHECK(read_lines(out + "/train.de").size() == 80);
  CHECK(read_lines(out + "/test.de").size() == 10);
}

}  // namespace isthmus::cli
