#include "core/config_value.h"

#include "tests/catch.h"

namespace isthmus {
namespace {

TEST_CASE("plain values stand as they are") {
  for (const char* value : {"train.en", "a b", "C:\\x", "0.5", "é한"}) {
    CHECK(to_config_value(value) == value);
    CHECK(from_config_value(value) == std::string(value));
  }
}

TEST_CASE("values that a config file would change are quoted, and come back") {
  for (const char* value :
       {"", " a", "a ", "train#2.tsv", "\"q\"", "\"", "a\"#\\b", "#", "\t", "a\nb", "a\rb", "\\#x23"}) {
    const std::string text = to_config_value(value);
    CAPTURE(value, text);
    CHECK(text.front() == '"');
    CHECK(text.find_first_of("#\n\r") == std::string::npos);
    CHECK(from_config_value(text) == std::string(value));
  }
}

TEST_CASE("quotes that do not end where the value does are refused") {
  for (const char* text : {"\"", "\"a", "\"a\"b", "\"a\\", "\"a\\\"", "\"\\q\""}) {
    CAPTURE(text);
    CHECK_FALSE(from_config_value(text).has_value());
  }
}

}  // namespace
}  // namespace isthmus
