#include "core/options.h"

#include "core/error.h"
#include "tests/catch.h"

namespace isthmus {
namespace {

enum class Shape { kRound, kSquare, kFlat };

struct Dish {
  bool hot = false;
  std::int64_t plates = 2;
  double salt = 0.5;
  Shape shape = Shape::kSquare;
  std::string name = "soup";
  std::vector<std::string> herbs = {"dill"};
};

void describe(OptionVisitor& visit, Dish& dish);

}  // namespace

template <>
struct EnumNames<Shape> {
  static constexpr std::string_view names[] = {"round", "square", "flat"};
};

namespace {

void describe(OptionVisitor& visit, Dish& dish) {
  visit.group("Kitchen");
  visit("hot", dish.hot, "whether it burns");
  visit("plates", dish.plates, "plates", at_least(1));
  visit("salt", dish.salt, "spoons of salt", from_below(0, 1));
  visit.group("Looks");
  visit("shape", dish.shape, "form of the plate");
  visit("name", dish.name, "what the guest calls it");
  visit("herb", dish.herbs, "what is strewn on it");
}

std::string failure(std::string_view json) {
  Dish dish;
  try {
    from_json(json, "dish.json", dish);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST_CASE("options come back from JSON as they were") {
  const Dish dish{true, std::int64_t{1} << 53, 0.1, Shape::kFlat, "a \"b\"\n\\ 수프", {"", "=", "dill"}};
  Dish back;
  from_json(to_json(dish), "dish.json", back);
  CHECK(back.hot);
  CHECK(back.plates == std::int64_t{1} << 53);
  CHECK(back.salt == 0.1);
  CHECK(back.shape == Shape::kFlat);
  CHECK(back.name == dish.name);
  CHECK(back.herbs == dish.herbs);
}

TEST_CASE("JSON keeps the order of the description") {
  CHECK(to_json(Dish{}) == R"({"hot":false,"plates":2,"salt":0.5,"shape":"square","name":"soup","herb":["dill"]})");
}

TEST_CASE("a file name that is not UTF-8 does not keep options from JSON") {
  CHECK(to_json(Dish{.name = "so\xFFup"}).find("so\uFFFDup") != std::string::npos);
}

TEST_CASE("options that JSON lacks keep their values") {
  Dish dish{.plates = 7, .name = "stew"};
  from_json(R"({"salt": 0})", "dish.json", dish);
  CHECK(dish.salt == 0.0);
  CHECK(dish.plates == 7);
  CHECK(dish.name == "stew");
}

TEST_CASE("JSON that does not fit is named with its origin, its option and what was expected") {
  CHECK(failure("{") == "dish.json: the options are not a JSON object");
  CHECK(failure("") == "dish.json: the options are not a JSON object");
  CHECK(failure("[1]") == "dish.json: the options are not a JSON object");
  CHECK(failure(R"({"sald": 1})") == "dish.json: option 'sald' is not an option that this version knows");
  CHECK(failure(R"({"hot": 1})") == "dish.json: option 'hot' must be true or false");
  CHECK(failure(R"({"plates": 2.5})") == "dish.json: option 'plates' must be a whole number");
  CHECK(failure(R"({"plates": "2"})") == "dish.json: option 'plates' must be a whole number");
  CHECK(failure(R"({"salt": null})") == "dish.json: option 'salt' must be a number");
  CHECK(failure(R"({"name": 3})") == "dish.json: option 'name' must be a string");
  CHECK(failure(R"({"herb": "dill"})") == "dish.json: option 'herb' must be a list of strings");
  CHECK(failure(R"({"herb": ["dill", 1]})") == "dish.json: option 'herb' must be a list of strings");
  CHECK(failure(R"({"plates": 0})") == "dish.json: option 'plates' is 0, must be at least 1");
  CHECK(failure(R"({"salt": 1})") == "dish.json: option 'salt' is 1, must be from 0 to below 1");
  CHECK(failure(R"({"shape": "oval"})") == "dish.json: option 'shape' must be one of round, square, flat");
  CHECK(failure(R"({"shape": 1})") == "dish.json: option 'shape' must be one of round, square, flat");
}

TEST_CASE("a whole number that 64 bits with a sign cannot hold is an error, not another number") {
  CHECK(failure(R"({"plates": 9223372036854775807})") == "no error");
  CHECK(failure(R"({"plates": 9223372036854775808})").find("option 'plates'") != std::string::npos);
  CHECK(failure(R"({"plates": 18446744073709551615})").find("option 'plates'") != std::string::npos);
}

TEST_CASE("JSON of great depth is an error like any other") {
  CHECK(failure(std::string(200000, '[')) == "dish.json: the options are not a JSON object");
  const std::string deep = R"({"name":)" + std::string(200000, '[') + std::string(200000, ']') + "}";
  CHECK(failure(deep) == "dish.json: option 'name' must be a string");
}

TEST_CASE("the config text has a line, its help and its choices for each option") {
  Dish dish;
  dish.herbs = {"dill", "mint"};
  CHECK(to_config(dish) ==
        "\n## Kitchen\n"
        "# whether it burns\nhot = false\n"
        "# plates\nplates = 2\n"
        "# spoons of salt\nsalt = 0.5\n"
        "\n## Looks\n"
        "# form of the plate (round | square | flat)\nshape = square\n"
        "# what the guest calls it\nname = soup\n"
        "# what is strewn on it\nherb = dill\nherb = mint\n");
}

TEST_CASE("empty text stands in quotes in the config text, an empty list as a comment") {
  Dish dish;
  dish.name.clear();
  dish.herbs.clear();
  const std::string text = to_config(dish);
  CHECK(text.find("\nname = \"\"\n") != std::string::npos);
  CHECK(text.find("\n# herb =\n") != std::string::npos);
}

TEST_CASE("ranges know their ends") {
  CHECK(at_least(1).contains(1));
  CHECK_FALSE(at_least(1).contains(0.999));
  CHECK_FALSE(more_than(0).contains(0));
  CHECK(between(1, 3).contains(3));
  CHECK_FALSE(from_below(0, 1).contains(1));
  CHECK(Range{}.contains(-1e300));
  CHECK_FALSE(at_least(0).contains(std::numeric_limits<double>::quiet_NaN()));
}

TEST_CASE("ranges say what they are") {
  CHECK(at_least(1).text() == "at least 1");
  CHECK(more_than(0).text() == "more than 0");
  CHECK(between(1, 3).text() == "from 1 to 3");
  CHECK(from_below(0, 1).text() == "from 0 to below 1");
  CHECK(Range{.high = 2}.text() == "at most 2");
  CHECK(Range{.high = 2, .open_high = true}.text() == "less than 2");
  CHECK(Range{}.text().empty());
}

TEST_CASE("values of an enum have names") { CHECK(name_of(Shape::kRound) == "round"); }

}  // namespace
}  // namespace isthmus
