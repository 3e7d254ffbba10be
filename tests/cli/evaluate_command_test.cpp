#include "cli/evaluate_command.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "tests/catch.h"

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
  for (const std::string option : {"--source", "--output", "--ledger", "--length-penalty-kind", "--threads"}) {
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
