#include "cli/command_line.h"

#include "core/error.h"
#include "core/section_file.h"
#include "tests/catch.h"
#include "tests/corpora/temporary_folder.h"

using namespace isthmus;
using Catch::Matchers::Contains;

namespace {

struct Options {
  bool lowercase = false;
  std::int64_t beam = 5;
  std::string ledger = "ledger.sqlite";
  std::vector<std::string> metrics = {"bleu"};
};

void describe(OptionVisitor& visit, Options& options) {
  visit("lowercase", options.lowercase, "a flag");
  visit("beam", options.beam, "a number", at_least(1));
  visit("ledger", options.ledger, "a text");
  visit("metrics", options.metrics, "several");
}

struct Parsed {
  Options options;
  std::vector<std::string> models;
};

Parsed parse(const std::vector<std::string>& arguments) {
  Parsed parsed;
  cli::CommandLine line("translate", "MODEL...", "Translates.");
  line.add(parsed.options);
  line.positional("MODEL", parsed.models, 1, 2);
  const bool work = line.parse(arguments);  // may throw
  CHECK(work);
  return parsed;
}

}  // namespace

// Boost.Program_options takes what follows an option with an implicit value for its value, and keeps that implicit
// value for variables_map alone. `--lowercase MODEL` was refused, and `--lowercase` at the end read an empty vector.
TEST_CASE("a flag does not eat what follows it, and needs nothing to follow") {
  for (const auto& arguments : {std::vector<std::string>{"--lowercase", "MODEL"},
                                {"MODEL", "--lowercase"},
                                {"MODEL", "--lowercase", "--beam", "5"},
                                {"MODEL", "--lowercase=true"}}) {
    const Parsed parsed = parse(arguments);
    CHECK(parsed.options.lowercase);
    CHECK(parsed.models == std::vector<std::string>{"MODEL"});
  }
  CHECK_FALSE(parse({"MODEL", "--lowercase=false"}).options.lowercase);
  CHECK(parse({"--", "--lowercase"}).models == std::vector<std::string>{"--lowercase"});
}

// Boost refuses `--ledger=`: "should follow immediately after the equal sign".
TEST_CASE("an empty value may follow an equal sign or be an argument of its own") {
  CHECK(parse({"a"}).options.ledger == "ledger.sqlite");
  for (const auto& arguments :
       {std::vector<std::string>{"a", "--ledger", ""}, {"--ledger=", "a"}, {"a", "--ledger="}}) {
    const Parsed parsed = parse(arguments);
    CHECK(parsed.options.ledger.empty());
    CHECK(parsed.models == std::vector<std::string>{"a"});
  }
  CHECK(parse({"--", "--ledger="}).models == std::vector<std::string>{"--ledger="});
  CHECK_THROWS_WITH(parse({"a", "--beam="}), Contains("--beam: '' is not valid"));
  CHECK_THROWS_WITH(parse({"a", "--lowercase="}), Contains("--lowercase: '' is not valid"));
}

TEST_CASE("an option of one value is given once, one of several as often as one likes") {
  CHECK_THROWS_WITH(parse({"a", "--beam", "2", "--beam", "2"}), Contains("--beam is given twice"));
  CHECK_THROWS_AS(parse({"a", "--lowercase", "--lowercase=false"}), UsageError);
  CHECK_THROWS_AS(parse({"a", "--config", "b", "--config", "c"}), UsageError);
  CHECK(parse({"a", "--metrics", "bleu", "chrf", "--metrics", "ter"}).options.metrics ==
        std::vector<std::string>{"bleu", "chrf", "ter"});
}

TEST_CASE("the command line wins over the config file") {
  const isthmus::testing::TemporaryFolder folder;
  const std::string config = folder.write("c", "beam = 2\nledger = \nmetrics = chrf\n");
  const Parsed parsed = parse({"a", "--beam", "3", "--config", config});
  CHECK(parsed.options.beam == 3);
  CHECK(parsed.options.ledger.empty());
  CHECK(parsed.options.metrics == std::vector<std::string>{"chrf"});
  CHECK_THROWS_WITH(parse({"a", "--config", folder.write("d", "beam = 2\nbeam = 3\n")}),
                    Contains("d: --beam is given twice"));
}

TEST_CASE("a config file may begin with a byte order mark, and a model is not one") {
  const isthmus::testing::TemporaryFolder folder;
  CHECK(parse({"a", "--config",
               folder.write("c",
                            "\xef\xbb\xbf"
                            "beam = 2\n")})
            .options.beam == 2);
  CHECK(parse({"a", "--config", folder.write("e", "\xef\xbb\xbf")}).options.beam == 5);
  const std::string model = folder.path("m.isthmus");
  const std::string weights(std::size_t{2} << 20, 'w');  // larger than a config file may be
  write_sections(model, "model", {{"weights", weights}});
  CHECK_THROWS_AS(parse({"a", "--config", model}), UsageError);
  CHECK_THROWS_WITH(parse({"a", "--config", model}),
                    Contains(model + ": this is a model") && Contains("are in MODEL.isthmus.config"));
}

TEST_CASE("what is not an option is counted") {
  CHECK(parse({"a", "--beam", "2", "b"}).models == std::vector<std::string>{"a", "b"});
  CHECK_THROWS_AS(parse({}), UsageError);
  CHECK_THROWS_AS(parse({"a", "b", "c"}), UsageError);
}
