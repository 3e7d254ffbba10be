// Means of what an objective with candidates reports, over the updates between two lines of the log.
#pragma once

#include <cstdint>

#include "training/observer.h"

namespace isthmus::cli {

/// Nothing is counted, and everything 0, for objectives without candidates.
class SequenceMeans {
 public:
  /// Null: nothing to add.
  void add(const SequenceReport* report) {
    if (report == nullptr) return;
    ++updates_;
    value_ += report->value;
    reward_ += report->reward;
    entropy_ += report->entropy;
    top1_ += report->top1;
    unique_share_ += report->unique_share;
    effective_size_ += report->effective_size;
    candidates_ += static_cast<double>(report->candidates);
    seconds_ += report->seconds;
  }

  bool empty() const { return updates_ == 0; }
  double value() const { return mean(value_); }
  double reward() const { return mean(reward_); }
  double entropy() const { return mean(entropy_); }
  double top1() const { return mean(top1_); }
  double unique_share() const { return mean(unique_share_); }
  double effective_size() const { return mean(effective_size_); }
  double candidates_per_second() const { return seconds_ > 0 ? candidates_ / seconds_ : 0.0; }

 private:
  double mean(double sum) const { return updates_ > 0 ? sum / static_cast<double>(updates_) : 0.0; }

  std::int64_t updates_ = 0;
  double value_ = 0.0, reward_ = 0.0, entropy_ = 0.0, top1_ = 0.0, unique_share_ = 0.0, effective_size_ = 0.0;
  double candidates_ = 0.0, seconds_ = 0.0;
};

}  // namespace isthmus::cli
