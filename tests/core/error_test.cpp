#include "core/error.h"

#include "tests/catch.h"

namespace isthmus {
namespace {

TEST_CASE("an error in a file says where, what and what to do") {
  CHECK(std::string(InputError::in_file("a.txt", "is empty", "write something").what()) ==
        "a.txt: is empty; write something");
  CHECK(std::string(InputError::in_file("a.txt", "is empty").what()) == "a.txt: is empty");
}

TEST_CASE("an error in a line has its number") {
  CHECK(std::string(InputError::at_line("a.txt", 1042, "not valid UTF-8", "clean it").what()) ==
        "a.txt:1042: not valid UTF-8; clean it");
  CHECK(std::string(InputError::at_line("a.txt", 1, "odd").what()) == "a.txt:1: odd");
}

}  // namespace
}  // namespace isthmus
