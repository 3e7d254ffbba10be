#include "cli/command_line.h"

#include "core/error.h"
#include "tests/catch.h"

using namespace isthmus;

namespace {

struct Options {
  bool lowercase = false;
  std::int64_t beam = 5;
};

void describe(OptionVisitor& visit, Options& options) {
  visit("lowercase", options.lowercase, "a flag");
  visit("beam", options.beam, "a number", at_least(1));
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

TEST_CASE("what is not an option is counted") {
  CHECK(parse({"a", "--beam", "2", "b"}).models == std::vector<std::string>{"a", "b"});
  CHECK_THROWS_AS(parse({}), UsageError);
  CHECK_THROWS_AS(parse({"a", "b", "c"}), UsageError);
}
