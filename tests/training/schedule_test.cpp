#include "training/schedule.h"

#include "core/error.h"
#include "tests/catch.h"

namespace isthmus {
namespace {

TEST_CASE("without warm-up and decay the rate is constant") {
  const Schedule schedule({.learning_rate = 0.3});
  CHECK(schedule.rate(1) == 0.3);
  CHECK(schedule.rate(1000000) == 0.3);
}

TEST_CASE("the warm-up grows linearly to the rate") {
  const auto decay = GENERATE(DecayType::kNone, DecayType::kInverseSqrt);
  const Schedule schedule({.learning_rate = 0.5, .warmup = 10, .decay = decay});
  CHECK(schedule.rate(1) == Approx(0.05));
  CHECK(schedule.rate(5) == Approx(0.25));
  CHECK(schedule.rate(9) == Approx(0.45));
  CHECK(schedule.rate(10) == 0.5);
}

TEST_CASE("the inverse square root falls from the end of the warm-up") {
  const Schedule schedule({.learning_rate = 0.5, .warmup = 100, .decay = DecayType::kInverseSqrt});
  CHECK(schedule.rate(400) == Approx(0.25));
  CHECK(schedule.rate(10000) == Approx(0.05));
  for (std::int64_t update = 1; update < 1000; ++update) CHECK(schedule.rate(update) <= 0.5);
  const Schedule no_warmup({.learning_rate = 0.5, .decay = DecayType::kInverseSqrt});
  CHECK(no_warmup.rate(1) == 0.5);
  CHECK(no_warmup.rate(4) == Approx(0.25));
}

TEST_CASE("the plateau lowers the rate after so many validations without a better score, and again") {
  Schedule schedule({.learning_rate = 1.0, .decay = DecayType::kPlateau, .decay_factor = 0.5, .decay_patience = 2});
  CHECK_FALSE(schedule.validated(0));
  CHECK_FALSE(schedule.validated(1));
  CHECK(schedule.rate(10) == 1.0);
  CHECK(schedule.validated(2));
  CHECK(schedule.rate(11) == 0.5);
  CHECK_FALSE(schedule.validated(3));
  CHECK(schedule.validated(4));
  CHECK(schedule.rate(12) == 0.25);
  CHECK_FALSE(schedule.validated(0));
  CHECK(schedule.rate(13) == 0.25);
}

TEST_CASE("the plateau has a floor, which does not lift the warm-up") {
  Schedule schedule({.learning_rate = 1.0,
                     .warmup = 10,
                     .decay = DecayType::kPlateau,
                     .decay_factor = 0.1,
                     .min_learning_rate = 0.05});
  for (int i = 1; i < 5; ++i) schedule.validated(1);
  CHECK(schedule.rate(100) == 0.05);
  Schedule floor_above({.learning_rate = 0.01, .warmup = 10, .decay = DecayType::kPlateau, .min_learning_rate = 0.05});
  CHECK(floor_above.rate(1) == Approx(0.001));
  CHECK(floor_above.rate(50) == 0.01);
}

TEST_CASE("validations do not move a rate without plateau") {
  const auto decay = GENERATE(DecayType::kNone, DecayType::kInverseSqrt);
  Schedule schedule({.learning_rate = 1.0, .decay = decay});
  for (int i = 1; i < 5; ++i) CHECK_FALSE(schedule.validated(i));
  CHECK(schedule.factor() == 1.0);
}

TEST_CASE("the factor is all that a plateau remembers") {
  const ScheduleOptions options{.learning_rate = 1.0, .decay = DecayType::kPlateau};
  Schedule first(options);
  first.validated(1);
  Schedule second(options);
  second.set_factor(first.factor());
  CHECK(second.rate(7) == first.rate(7));
  CHECK(second.rate(7) == 0.5);
}

TEST_CASE("a plateau needs held-out text") {
  const ScheduleOptions plateau{.decay = DecayType::kPlateau};
  CHECK_NOTHROW(check(plateau, true));
  CHECK_THROWS_AS(check(plateau, false), UsageError);
  CHECK_NOTHROW(check(ScheduleOptions{}, false));
}

}  // namespace
}  // namespace isthmus
