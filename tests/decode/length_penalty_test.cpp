#include "decode/length_penalty.h"

#include "tests/catch.h"

namespace isthmus {
namespace {

TEST_CASE("length penalties are their formulas") {
  CHECK(length_penalty(LengthPenaltyKind::kNone, 2.0, 17) == 1.0);
  CHECK(length_penalty(LengthPenaltyKind::kAverage, 1.0, 17) == Approx(17.0));
  CHECK(length_penalty(LengthPenaltyKind::kAverage, 0.5, 16) == Approx(4.0));
  CHECK(length_penalty(LengthPenaltyKind::kWu, 1.0, 7) == Approx(2.0));
  CHECK(length_penalty(LengthPenaltyKind::kWu, 0.5, 19) == Approx(2.0));
}

TEST_CASE("length penalties start at one and never fall: the bound of early stopping needs it") {
  for (const auto kind : {LengthPenaltyKind::kNone, LengthPenaltyKind::kAverage, LengthPenaltyKind::kWu}) {
    for (const double alpha : {0.0, 0.3, 1.0, 3.0}) {
      double last = length_penalty(kind, alpha, 1);
      CHECK(last == Approx(1.0));
      for (std::int64_t length = 2; length < 200; ++length) {
        const double penalty = length_penalty(kind, alpha, length);
        CHECK(penalty >= last);
        last = penalty;
      }
    }
  }
}

}  // namespace
}  // namespace isthmus
