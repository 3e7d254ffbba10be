// The learning rate over time.
#pragma once

#include <cstdint>

#include "core/options.h"

namespace isthmus {

enum class DecayType { kNone, kInverseSqrt, kPlateau };
template <>
struct EnumNames<DecayType> {
  static constexpr std::string_view names[] = {"none", "inverse-sqrt", "plateau"};
};

struct ScheduleOptions {
  double learning_rate = 1e-3;
  std::int64_t warmup = 0;  ///< updates in which the rate grows linearly from 0
  DecayType decay = DecayType::kNone;
  double decay_factor = 0.5;        ///< plateau: of the rate, when the score stalls
  std::int64_t decay_patience = 1;  ///< plateau: validations without a better score
  double min_learning_rate = 1e-6;  ///< plateau: no lower
};
void describe(OptionVisitor& visit, ScheduleOptions& options);
/// Throws UsageError.
void check(const ScheduleOptions& options, bool has_validation);

/// The learning rate of an update. The plateau's factor is its only state.
class Schedule {
 public:
  explicit Schedule(const ScheduleOptions& options) : options_(options) {}

  /// Of update number `update`, from 1. Inverse square root: rate·√(warm-up/update) after the warm-up (Vaswani et al.
  /// 2017), so that --learning-rate is the highest.
  double rate(std::int64_t update) const;

  /// Told after each validation how many there were without a better score. True when the plateau lowered the rate.
  bool validated(std::int64_t stalled);

  double factor() const { return factor_; }
  void set_factor(double factor) { factor_ = factor; }

 private:
  ScheduleOptions options_;
  double factor_ = 1.0;
};

}  // namespace isthmus
