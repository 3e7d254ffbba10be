#include "analysis/saturation.h"

#include <cmath>
#include <functional>

#include "core/random.h"
#include "tests/catch.h"

using namespace isthmus;

namespace {

struct Planted {
  std::vector<double> lengths, values;
};

Planted planted(const std::function<double(double)>& curve) {
  Random random(9);
  Planted made;
  for (int i = 0; i < 800; ++i) {
    made.lengths.push_back(static_cast<double>(1 + random.below(40)));
    made.values.push_back(curve(made.lengths.back()) + random.normal());
  }
  return made;
}

constexpr LengthCurveOptions kQuick{.bin_width = 5, .min_sentences = 20, .resamples = 300, .seed = 1};

}  // namespace

TEST_CASE("A curve that stops to rise is found where it stops") {
  const Planted text = planted([](double words) { return 2 * std::min(words, 20.0); });
  const LengthCurve curve(text.lengths, text.values, kQuick);
  CHECK(curve.bins().size() == 8);
  CHECK(curve.gain(curve.bins()[0]).value == Approx(2).epsilon(0.2));
  const Saturation saturation = curve.saturation();
  REQUIRE(saturation.length);
  CHECK(*saturation.length >= 20);
  CHECK(*saturation.length <= 25);
}

TEST_CASE("A curve that rises to the end has no saturation and no capacity") {
  const Planted text = planted([](double words) { return 2 * words; });
  const LengthCurve curve(text.lengths, text.values, kQuick);
  const Saturation saturation = curve.saturation();
  CHECK_FALSE(saturation.length);
  CHECK(saturation.longest == 35);
  CHECK(saturation.last_gain->low > 0);
  CHECK_FALSE(std::isfinite(curve.capacity().capacity.value));
}

TEST_CASE("The capacity of a saturating exponential lies in its interval") {
  const Planted text = planted([](double words) { return 30 * (1 - std::exp(-words / 8)); });
  const CapacityFit fit = LengthCurve(text.lengths, text.values, kQuick).capacity();
  CHECK(fit.capacity.value == Approx(30).epsilon(0.03));
  CHECK(fit.length.value == Approx(8).epsilon(0.1));
  CHECK(fit.capacity.high - fit.capacity.low < 3);
}

TEST_CASE("A curve of another kind has no capacity") {
  const Planted text = planted([](double words) { return words < 20 ? 20.0 : words; });
  CHECK(std::isnan(LengthCurve(text.lengths, text.values, kQuick).capacity().capacity.value));
}

TEST_CASE("Of too few sentences nothing is told: a wide interval is no saturation") {
  Planted text;
  for (int i = 0; i < 12; ++i) {
    text.lengths.push_back(1 + 3 * i);
    text.values.push_back(i % 2 == 0 ? 10 : -10);
  }
  const LengthCurve curve(text.lengths, text.values, kQuick);
  CHECK(curve.bins()[0].thin);
  CHECK_FALSE(curve.saturation().length);
  CHECK_FALSE(curve.saturation().last_gain);
  CHECK(std::isnan(curve.capacity().capacity.value));
  CHECK(std::isnan(curve.gain(curve.bins()[0]).value));
}
