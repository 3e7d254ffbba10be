#include "training/schedule.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"

namespace isthmus {

void describe(OptionVisitor& visit, ScheduleOptions& options) {
  visit.group("Learning rate");
  visit("learning-rate", options.learning_rate, "size of the steps; the highest, where it changes", more_than(0));
  visit("warmup", options.warmup, "updates in which the rate grows from 0", at_least(0));
  visit("decay", options.decay, "how the rate falls: never, with the root of the updates, or when the score stalls");
  visit("decay-factor", options.decay_factor, "plateau: factor of the rate", between(0.01, 0.99));
  visit("decay-patience", options.decay_patience, "plateau: validations without a better score", at_least(1));
  visit("min-learning-rate", options.min_learning_rate, "plateau: lowest rate", at_least(0));
}

void check(const ScheduleOptions& options, bool has_validation) {
  if (options.decay == DecayType::kPlateau && !has_validation) {
    throw UsageError("--decay plateau needs held-out text; give --valid-source and --valid-target");
  }
}

double Schedule::rate(std::int64_t update) const {
  const auto at = static_cast<double>(update);
  const auto warmup = static_cast<double>(options_.warmup);
  double rate = options_.learning_rate;
  if (at < warmup) {
    rate *= at / warmup;
  } else if (options_.decay == DecayType::kInverseSqrt) {
    rate *= std::sqrt(std::max(warmup, 1.0) / at);
  }
  return options_.decay == DecayType::kPlateau ? std::max(rate * factor_, std::min(rate, options_.min_learning_rate))
                                               : rate;
}

bool Schedule::validated(std::int64_t stalled) {
  if (options_.decay != DecayType::kPlateau || stalled == 0 || stalled % options_.decay_patience != 0) return false;
  factor_ *= options_.decay_factor;
  return true;
}

}  // namespace isthmus
