#include "core/number_list.h"

#include "core/error.h"
#include "tests/catch.h"

using namespace isthmus;

TEST_CASE("A list of numbers is numbers with commas between") {
  CHECK(parse_numbers("x", "0.7,3,-1", "1,2") == std::vector<double>{0.7, 3, -1});
  CHECK(parse_numbers("x", "", "1,2").empty());
  for (const char* text : {",", "1,", "1;2", "a", "1,,2", "inf", "nan", " 1"}) {
    INFO(text);
    CHECK_THROWS_AS(parse_numbers("levels", text, "1,2"), UsageError);
  }
  CHECK_THROWS_WITH(parse_numbers("levels", "1,a", "1,2"), Catch::Contains("--levels '1,a'") && Catch::Contains("1,2"));
  CHECK_THROWS_WITH(parse_numbers("levels", "1,9", "1,2", between(0, 5)), Catch::Contains("from 0 to 5"));
}
