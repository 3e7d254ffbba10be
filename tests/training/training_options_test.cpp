#include "training/training_options.h"

#include "core/error.h"
#include "tests/catch.h"

namespace isthmus {
namespace {

std::string failure(std::string_view json) {
  TrainingOptions options;
  try {
    from_json(json, "config", options);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST_CASE("training that would never stop is refused") {
  TrainingOptions options;
  CHECK_THROWS_AS(check(options, false), UsageError);
  CHECK_NOTHROW(check(options, true));  // the patience stops it
  options.stop.patience = 0;
  CHECK_THROWS_AS(check(options, true), UsageError);
  SECTION("updates") { options.stop.max_updates = 1; }
  SECTION("epochs") { options.stop.max_epochs = 1; }
  SECTION("minutes") { options.stop.max_minutes = 0.5; }
  CHECK_NOTHROW(check(options, false));
  CHECK_NOTHROW(check(options, true));
}

TEST_CASE("a plateau without held-out text is refused") {
  TrainingOptions options;
  options.stop.max_epochs = 1;
  options.schedule.decay = DecayType::kPlateau;
  CHECK_NOTHROW(check(options, true));
  CHECK_THROWS_AS(check(options, false), UsageError);
}

TEST_CASE("the options are named as users know them") {
  for (const char* json :
       {R"({"optimizer": "lion"})", R"({"label-smoothing": 1})", R"({"learning-rate": 0})", R"({"batch-sentences": 0})",
        R"({"shards": 0})", R"({"beta2": 1})", R"({"average-decay": 1})", R"({"max-length": 0})",
        R"({"bucket": 9223372036854775807})", R"({"batch-tokens": 9223372036854775807})", R"({"decay-patience": 0})",
        R"({"log-every": 0})"}) {
    CAPTURE(json);
    CHECK(failure(json).starts_with("config: option '"));
  }
  CHECK(failure(R"({"optimizer": "lion"})") == "config: option 'optimizer' must be one of adam, adamw, sgd, adagrad");
  CHECK(failure(R"({"max-updates": 10, "max-epochs": 2, "max-minutes": 0.5, "patience": 3, "seed": 7,
                    "optimizer": "adagrad", "decay": "inverse-sqrt", "long-pairs": "crop", "select-by": "chrf"})") ==
        "no error");
}

TEST_CASE("when to stop and what to keep may change when a run goes on; what decides the weights may not") {
  TrainingOptions options;
  std::string text = to_config(options);
  for (const char* name : {"max-updates", "keep-last", "save-every", "log-every", "seed", "shards", "learning-rate"}) {
    CHECK(text.find(std::string("\n") + name + " = ") != std::string::npos);
  }
  text = internal::to_json([&](OptionVisitor& visit) { describe_result(visit, options); });
  for (const char* name : {"max-updates", "max-epochs", "max-minutes", "patience", "keep-last", "save-every"}) {
    CHECK(text.find(std::string("\"") + name + "\"") == std::string::npos);
  }
  for (const char* name : {"seed", "shards", "learning-rate", "validate-every", "sampling-alpha", "clip-norm"}) {
    CHECK(text.find(std::string("\"") + name + "\"") != std::string::npos);
  }
}

}  // namespace
}  // namespace isthmus
