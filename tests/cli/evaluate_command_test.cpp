#include "cli/evaluate_command.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "ledger/ledger_reader.h"
#include "tests/catch.h"
#include "tests/ledger/fixture.h"

using namespace isthmus;
namespace fs = std::filesystem;

namespace {

/// A folder that goes away with the test.
class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "isthmus-evaluate-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() { fs::remove_all(path_); }

  /// The path of a new file of these bytes.
  std::string file(const std::string& name, const std::string& bytes) const {
    std::ofstream(path_ / name, std::ios::binary) << bytes;
    return (path_ / name).string();
  }
  fs::path path() const { return path_; }

 private:
  fs::path path_;
};

/// What the command prints on standard output.
std::string output_of(const Folder& folder, const std::vector<std::string>& arguments) {
  const std::string path = folder.file("stdout", "");
  std::fflush(stdout);
  const int saved = ::dup(STDOUT_FILENO);
  std::FILE* file = std::fopen(path.c_str(), "wb");
  ::dup2(::fileno(file), STDOUT_FILENO);
  int code = -1;
  try {
    code = cli::run_evaluate(arguments);
  } catch (...) {
    ::dup2(saved, STDOUT_FILENO);
    throw;
  }
  std::fflush(stdout);
  ::dup2(saved, STDOUT_FILENO);
  ::close(saved);
  std::fclose(file);
  CHECK(code == 0);
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("evaluate scores a file as sacreBLEU's command line does") {
  const Folder folder;
  const std::string hypothesis = folder.file("hyp", "The cat sat on a mat. \r\nEs war einmal ein König.\n");
  const std::string reference = folder.file("ref", "The cat sat on the mat.\nEs war einmal ein König.");
  CHECK_THAT(
      output_of(folder, {"--hypothesis", hypothesis, "--reference", reference}),
      Catch::StartsWith("BLEU|nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:isthmus-") &&
          Catch::EndsWith(" = 73.24 92.3/81.8/66.7/57.1 (BP = 1.000 ratio = 1.000 hyp_len = 13 ref_len = 13)\n"));

  const auto json = nlohmann::json::parse(output_of(
      folder, {"--hypothesis", hypothesis, "--reference", reference, "--metrics", "bleu,chrf++", "--format", "json"}));
  REQUIRE(json.size() == 2);
  CHECK(json.at(0).at("score").get<double>() == Approx(73.2386).margin(1e-4));
  CHECK(json.at(1).at("name") == "chrF2++");

  CHECK_THAT(output_of(folder, {"--hypothesis", hypothesis, hypothesis, "--reference", reference, reference,
                                "--tokenize", "char", "--lowercase", "--format", "markdown", "--decimals", "1"}),
             Catch::StartsWith("| system | BLEU | length |\n") &&
                 Catch::Contains("nrefs:2|case:lc|eff:no|tok:char|smooth:exp"));
}

TEST_CASE("evaluate prints a line for each sentence, empty ones too") {
  const Folder folder;
  const std::string hypothesis = folder.file("hyp", "Good morning\n\nGood night\n");
  const std::string reference = folder.file("ref", "Good morning\nHello\nGood evening\n");
  CHECK(output_of(folder, {"--hypothesis", hypothesis, "--reference", reference, "--sentence-level", "--metrics",
                           "bleu", "chrf", "--decimals", "0"})
            .starts_with("100\t100\n0\t0\n"));
}

TEST_CASE("evaluate says what is wrong with its files") {
  const Folder folder;
  const std::string two = folder.file("two", "one\ntwo\n");
  const std::string three = folder.file("three", "one\ntwo\nthree\n");
  const std::string none = folder.file("none", "");
  CHECK_THROWS_WITH(output_of(folder, {"--hypothesis", two, "--reference", three}),
                    Catch::Contains("three:3: ") && Catch::Contains("has 2 lines but"));
  CHECK_THROWS_WITH(output_of(folder, {"--hypothesis", none, "--reference", none}), Catch::Contains("no lines"));
  CHECK_THROWS_AS(output_of(folder, {"--hypothesis", two, "--reference", "/nowhere"}), InputError);
}

TEST_CASE("evaluate takes metrics in any case, each once") {
  const Folder folder;
  const std::string text = folder.file("text", "Good morning\n");
  const auto json = nlohmann::json::parse(output_of(folder, {"--hypothesis", text, "--reference", text, "--metrics",
                                                             "BLEU,bleu", "chrF", "Bleu", "--format", "json"}));
  REQUIRE(json.size() == 2);
  CHECK(json.at(0).at("name") == "BLEU");
  CHECK(json.at(1).at("name") == "chrF2");
}

// --beam, --source and --output with --hypothesis used to do nothing, without a word.
TEST_CASE("evaluate refuses what only a model can do when it is given files") {
  const Folder folder;
  const std::string text = folder.file("text", "Good morning\n");
  const auto with = [&](const std::string& option, const std::string& value) {
    return output_of(folder, {"--hypothesis", text, "--reference", text, option, value});
  };
  CHECK_THROWS_WITH(with("--beam", "3"), "--beam goes with --model: the text of --hypothesis is translated already");
  for (const std::string option : {"--source", "--output", "--length-penalty-kind", "--threads"}) {
    INFO(option);
    CHECK_THROWS_AS(with(option, option == "--threads"               ? "1"
                                 : option == "--length-penalty-kind" ? "wu"
                                                                     : text),
                    UsageError);
  }
  CHECK_NOTHROW(with("--tokenize", "char"));
  CHECK_THROWS_AS(output_of(folder, {"--model", text, "--source", "-", "--reference", "-"}), UsageError);
}

TEST_CASE("evaluate does not write its translations over what it reads") {
  const Folder folder;
  const std::string source = folder.file("source", "Good morning\n"), reference = folder.file("reference", "Hallo\n");
  for (const std::string& output : {source, reference}) {
    CHECK_THROWS_AS(output_of(folder, {"--model", "/nowhere", "--source", source, "--reference", reference, "--output",
                                       output, "--ledger", ""}),
                    InputError);
  }
  CHECK_THROWS_WITH(output_of(folder, {"--model", "/nowhere", "--source", source, "--reference", reference, "--output",
                                       reference, "--ledger", ""}),
                    Catch::Contains(reference));
}

TEST_CASE("evaluate refuses a wrong command line before it reads anything") {
  const Folder folder;
  CHECK_THROWS_AS(output_of(folder, {}), UsageError);
  CHECK_THROWS_AS(output_of(folder, {"--hypothesis", "/nowhere"}), UsageError);
  CHECK_THROWS_AS(output_of(folder, {"--hypothesis", "-", "--reference", "-"}), UsageError);
  CHECK_THROWS_AS(output_of(folder, {"--hypothesis", "/nowhere", "--reference", "/nowhere", "--metrics", "bleu,blue"}),
                  UsageError);
  CHECK_THROWS_AS(output_of(folder, {"--hypothesis", "/nowhere", "--reference", "/nowhere", "--tokenize", "14a"}),
                  UsageError);
  CHECK_THROWS_AS(output_of(folder, {"--hypothesis", "/a", "/b", "--reference", "/nowhere", "--sentence-level"}),
                  UsageError);
}

TEST_CASE("evaluate compares systems with the first") {
  const Folder folder;
  std::string right, wrong, reference;
  for (int i = 0; i < 60; ++i) {
    const std::string sentence = "line " + std::to_string(i) + " says that all of this is so";
    reference += sentence + "\n";
    right += sentence + "\n";
    wrong += "line " + std::to_string(i) + (i % 2 == 0 ? " says that none of this is so\n" : " is not so\n");
  }
  const std::string base = folder.file("base", wrong), same = folder.file("same", wrong);
  const std::string best = folder.file("best", right), text = folder.file("reference", reference);
  const std::vector<std::string> arguments = {"--hypothesis", base,  same,          best,
                                              "--reference",  text,  "--paired-bs", "--paired-ar",
                                              "--resamples",  "200", "--trials",    "500"};
  std::vector<std::string> as_json = arguments;
  as_json.insert(as_json.end(), {"--format", "json"});
  const auto json = nlohmann::json::parse(output_of(folder, as_json));
  CHECK_FALSE(json[0]["BLEU"].contains("p_paired_bs"));
  CHECK(json[1]["BLEU"]["p_paired_bs"] == 1.0);
  CHECK(json[1]["BLEU"]["p_paired_ar"] == 1.0);
  CHECK(json[2]["BLEU"]["p_paired_bs"].get<double>() == Approx(1.0 / 201));
  CHECK(json[2]["BLEU"]["p_paired_ar"].get<double>() == Approx(1.0 / 501));
  CHECK(json[0]["BLEU"]["confidence_interval"][0] < json[0]["BLEU"]["score"]);
  CHECK(json[0]["BLEU"]["confidence_interval"][1] > json[0]["BLEU"]["score"]);

  const std::string table = output_of(folder, arguments);
  CHECK(table.find("95 % interval") < table.find("p (bs)"));
  CHECK(table.find("p (bs)") < table.find("p (ar)"));
  CHECK(table.find("100.00 – 100.00  0.0050*  0.0020*") != std::string::npos);
  CHECK(table.find("1.0000   1.0000") != std::string::npos);
  CHECK(table.find("\nresampling: bs:200|ar:500|seed:12345; p against " + base) != std::string::npos);
}

TEST_CASE("evaluate refuses options that would do nothing, and intervals of one sentence are none") {
  const Folder folder;
  const std::string text = folder.file("h", "the cat sat on the mat\n");
  const std::vector<std::string> files = {"--hypothesis", text, "--reference", text};
  const auto refused = [&](std::vector<std::string> more, const std::string& message) {
    more.insert(more.begin(), files.begin(), files.end());
    CHECK_THROWS_WITH(output_of(folder, more), Catch::Contains(message));
  };
  refused({"--resamples", "200"}, "--resamples goes with --confidence or --paired-bs");
  refused({"--trials", "200"}, "--trials goes with --paired-ar");
  refused({"--seed", "2"}, "--seed goes with");
  refused({"--confidence", "--resamples", "20"}, "--resamples");
  refused({"--metrics", "ter", "--ter-asian-support"}, "goes with --ter-normalized");
  refused({"--metrics", "ter", "--lowercase", "--ter-case-sensitive"}, "give one of them");
  std::vector<std::string> arguments = files;
  arguments.emplace_back("--confidence");
  CHECK(output_of(folder, arguments).find("[") == std::string::npos);
}

TEST_CASE("evaluate gives one system its interval") {
  const Folder folder;
  const std::string hypothesis = folder.file("h", "the cat sat on the mat\nthe dog ran to the door\n");
  const std::string reference = folder.file("r", "the cat sat on the mat\nthe dog ran over the floor\n");
  const std::string line = output_of(folder, {"--hypothesis", hypothesis, "--reference", reference, "--confidence"});
  CHECK(line.find(" – 100.00] 8") != std::string::npos);
  CHECK_THROWS_WITH(output_of(folder, {"--hypothesis", hypothesis, "--reference", reference, "--paired-bs"}),
                    Catch::Contains("with the first"));
  CHECK_THROWS_WITH(
      output_of(folder, {"--hypothesis", hypothesis, "--reference", reference, "--sentence-level", "--confidence"}),
      Catch::Contains("not for single sentences"));
}

TEST_CASE("evaluate --breakdown shows where two systems differ") {
  const Folder folder;
  std::string good, bad, reference, source;
  for (int i = 0; i < 12; ++i) {
    const std::string line = "sentence number " + std::to_string(i) + " is quite good";
    reference += line + "\n";
    good += line + "\n";
    bad += (i == 7 ? "sentence number is bad" : line) + "\n";
    source += "Satz " + std::to_string(i) + "\n";
  }
  const std::vector<std::string> files = {"--hypothesis", folder.file("good", good), folder.file("bad", bad),
                                          "--reference", folder.file("reference", reference)};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), files.begin(), files.end());
    return output_of(folder, more);
  };
  const std::string text = with({"--source", folder.file("source", source), "--breakdown", "all"});
  CHECK_THAT(text, Catch::StartsWith("system") && Catch::Contains("\n6-10   good           12  100.00   1.000\n") &&
                       Catch::Contains("\n10-99      good     ") && Catch::Contains("\n1          good") &&
                       Catch::Contains("\n7 is quite good") && Catch::Contains("\n   8  source             Satz 7\n") &&
                       Catch::Contains("bad   ") && Catch::Contains("sentence number is bad\n"));
  CHECK_THAT(with({"--breakdown", "ngrams", "--examples", "1"}), !Catch::Contains("\nis quite good"));
  for (const std::string format : {"markdown", "latex"}) {
    CHECK_THAT(with({"--breakdown", "length,sentences", "--format", format}),
               Catch::Contains("Sentences where good is better than bad") && !Catch::Contains("N-grams"));
  }
  const auto json = nlohmann::json::parse(with({"--breakdown", "sentences,frequency", "--format", "json"}));
  CHECK(json.at("scores").at(0).at("BLEU").at("score").get<double>() == Approx(100));
  CHECK(json.at("breakdown").size() == 2);
  CHECK(json.at("breakdown").at("sentences").at(0).at("system_better").at(0).at("line") == 8);

  const auto counted = nlohmann::json::parse(
      with({"--breakdown", "frequency", "--frequency-text", folder.file("train", "quite bad\n"), "--format", "json"}));
  const auto& buckets = counted.at("breakdown").at("frequency").at("buckets");
  REQUIRE(buckets.size() == 2);
  CHECK(buckets.at(1).at("from") == 1);
  CHECK(buckets.at(1).at("systems").at(0).at("ref_words") == 12);  // "quite"
}

TEST_CASE("evaluate refuses options of breakdowns that do nothing") {
  const Folder folder;
  const std::string text = folder.file("text", "Good morning\n");
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"--hypothesis", text, "--reference", text});
    return output_of(folder, more);
  };
  CHECK_THROWS_WITH(with({"--breakdown", "lengths"}),
                    "unknown breakdown 'lengths'; there are length, frequency, ngrams, sentences, all");
  CHECK_THROWS_AS(with({"--examples", "3"}), UsageError);
  CHECK_THROWS_AS(with({"--breakdown", "length", "--examples", "3"}), UsageError);
  CHECK_THROWS_AS(with({"--breakdown", "length", "--frequency-text", text}), UsageError);
  CHECK_THROWS_AS(with({"--breakdown", "length", "--source", text}), UsageError);
  CHECK_THROWS_AS(with({"--breakdown", "length", "--sentence-level"}), UsageError);
  CHECK_THROWS_AS(with({"--ledger", folder.file("l", ""), "--sentence-level"}), UsageError);
  CHECK_THROWS_AS(with({"--breakdown", "frequency", "--frequency-text", "/nowhere"}), InputError);
  CHECK_THROWS_WITH(with({"--breakdown", "sentences", "--source", folder.file("two", "one\ntwo\n")}),
                    Catch::Contains("two:2: "));
}

TEST_CASE("evaluate --ledger keeps what it scored") {
  const Folder folder;
  std::string right, wrong, reference;
  for (int i = 0; i < 40; ++i) {
    const std::string sentence = "line " + std::to_string(i) + " says that all of this is so";
    reference += sentence + "\n";
    right += sentence + "\n";
    wrong += (i == 0 ? "" : "line " + std::to_string(i) + " is not so") + "\n";
  }
  const std::string one = folder.file("wrong.en", wrong), other = folder.file("right.en", right);
  const std::string ledger = (folder.path() / "l.sqlite").string();
  const std::vector<std::string> words = {"--hypothesis",
                                          one,
                                          other,
                                          "--reference",
                                          folder.file("test.en", reference),
                                          "--metrics",
                                          "bleu,chrf",
                                          "--paired-bs",
                                          "--paired-ar",
                                          "--trials",
                                          "200",
                                          "--seed",
                                          "5"};
  const std::string without = output_of(folder, words);
  CHECK_FALSE(fs::exists(fs::current_path() / "ledger.sqlite"));
  CHECK_FALSE(fs::exists(ledger));
  std::vector<std::string> with = words;
  with.insert(with.end(), {"--ledger", ledger});
  CHECK(output_of(folder, with) == without);

  LedgerReader reader = LedgerReader::open(ledger);
  const auto runs = reader.runs();
  REQUIRE(runs.size() == 1);
  CHECK(runs[0].command == "evaluate");
  CHECK(runs[0].status == "finished");
  CHECK(runs[0].seed == 5);
  CHECK_THAT(*reader.config_json(runs[0].run),
             Catch::Contains(other) && Catch::Contains("\"metrics\":[\"bleu\",\"chrf\"]"));
  const auto scores = reader.scores();
  REQUIRE(scores.size() == 4);
  CHECK(scores[0].model == one);
  CHECK(scores[0].method == "file");
  CHECK(scores[0].corpus == "test.en");
  CHECK(scores[2].metric == "bleu");
  CHECK(scores[2].value == Approx(100));
  CHECK(scores[2].low == Approx(100));
  CHECK_THAT(scores[2].signature, Catch::StartsWith("nrefs:1|case:mixed"));
  CHECK(reader.comparisons().size() == 4);
  CHECK(reader.comparisons()[0].p < 0.05);
  const auto slices = reader.bleu_by_length();
  REQUIRE(slices.size() == 2);
  CHECK(slices[0].from_words == 6);
  CHECK(slices[1].bleu == Approx(100));

  test::Sql sql(ledger);
  CHECK(sql.column("SELECT kind FROM artifact WHERE length(hash) = 32 AND bytes > 0 ORDER BY id") ==
        std::vector<std::string>{"hypothesis", "hypothesis", "reference"});
  CHECK(sql.column("SELECT hypothesis || '' FROM translations WHERE decode = 1 AND line < 3 ORDER BY line") ==
        std::vector<std::string>{"", "line 1 is not so"});
  CHECK(sql.integer("SELECT empty FROM decodes WHERE decode = 1") == 1);
  // What cannot be scored leaves no trace.
  CHECK_THROWS_AS(
      output_of(folder, {"--hypothesis", one, "--reference", folder.file("two", "a\nb\n"), "--ledger", ledger}),
      InputError);
  CHECK(sql.integer("SELECT count(*) FROM decode") == 2);
}

TEST_CASE("evaluate --ledger knows the corpus of a source that a model translated, too") {
  const Folder folder;
  const std::string ledger = (folder.path() / "l.sqlite").string();
  const std::string source = folder.file("test.de", "Guten Morgen\nHallo\n"),
                    reference = folder.file("test.en", "Good morning\nHello\n");
  for (int i = 0; i < 2; ++i) {
    output_of(folder, {"--hypothesis", reference, "--reference", reference, "--source", source, "--ledger", ledger});
  }
  test::Sql sql(ledger);
  CHECK(sql.column("SELECT name || languages FROM corpora") == std::vector<std::string>{"test.dede-en"});
  CHECK(sql.text("SELECT source FROM translations WHERE decode = 2 AND line = 1") == "Guten Morgen");
  CHECK(sql.integer("SELECT count(*) FROM runs WHERE seed IS NULL") == 2);
}
