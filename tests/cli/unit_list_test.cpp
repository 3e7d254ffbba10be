#include "cli/unit_list.h"

#include "core/error.h"
#include "tests/catch.h"
#include "tests/model/tiny.h"

using namespace isthmus;
using namespace isthmus::cli;

TEST_CASE("Units are numbers and ranges, and the model has them") {
  const ModelOptions model = test::tiny_options();  // an LSTM of 4: units 0 to 7
  CHECK(parse_units("5,0-2,1", model) == std::vector<Index>{0, 1, 2, 5});
  CHECK(parse_units("7", model) == std::vector<Index>{7});
  for (const char* text : {"", ",", "1,", "-1", "3-", "5-2", "a", "1 2", "1--2", "99999999999999999999"}) {
    INFO(text);
    CHECK_THROWS_WITH(parse_units(text, model), Catch::Contains("is not units"));
  }
  CHECK_THROWS_WITH(parse_units("3,6-8", model), Catch::Contains("no unit 8") && Catch::Contains("8 units, 0 to 7"));
}

TEST_CASE("Parts are those that the model has") {
  ModelOptions model = test::tiny_options();
  CHECK(parts_of(model).size() == 2);
  CHECK(part_named("memory", model).units == std::vector<Index>{4, 5, 6, 7});
  CHECK_THROWS_WITH(part_named("layer:0", model), Catch::Contains("hidden, memory"));
  model.layers = 2;
  CHECK(part_named("layer:1", model).units == std::vector<Index>{4, 5, 6, 7, 12, 13, 14, 15});
  model.cell = CellType::kGru;
  CHECK_THROWS_WITH(part_named("memory", model), Catch::Contains("layer:0, layer:1"));
  model.layers = 1;
  CHECK(parts_of(model).empty());
  CHECK_THROWS_WITH(part_named("hidden", model), Catch::Contains("one part"));
}
