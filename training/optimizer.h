// Steps from gradients to values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/options.h"
#include "core/threads.h"
#include "model/layout.h"

namespace isthmus {

enum class OptimizerType { kAdam, kAdamW, kSgd, kAdagrad };
template <>
struct EnumNames<OptimizerType> {
  static constexpr std::string_view names[] = {"adam", "adamw", "sgd", "adagrad"};
};

struct OptimizerOptions {
  OptimizerType type = OptimizerType::kAdam;
  double beta1 = 0.9;          ///< Adam: decay of the mean gradient (Kingma & Ba 2015)
  double beta2 = 0.98;         ///< Adam: decay of the mean square (Vaswani et al. 2017)
  double epsilon = 1e-8;       ///< Adam and Adagrad
  double weight_decay = 0.01;  ///< AdamW (Loshchilov & Hutter 2019)
  double momentum = 0.9;       ///< SGD
  double clip_norm = 1.0;      ///< largest norm of the whole gradient; 0: any (Pascanu et al. 2013)
  double average_decay = 0.0;  ///< of the moving average of the values; 0: none (Polyak & Juditsky 1992)
};
void describe(OptionVisitor& visit, OptimizerOptions& options);

/// What an update did.
struct StepReport {
  double gradient_norm = 0.0;  ///< before clipping; not finite when the gradient is not, and then nothing was changed
  bool clipped = false;
};

/// Clips, steps and averages in one pass over the arenas. A scalar's step depends on no other: the result does not
/// depend on the number of threads.
class Optimizer {
 public:
  Optimizer(const OptimizerOptions& options, const Layout& layout);

  /// `squared_norm`: of grads, which are not yet clipped.
  StepReport step(double learning_rate, const Arena<float>& grads, double squared_norm, Arena<float>& values,
                  ThreadPool& threads);

  /// The moving average of the values, or null. It begins at the first values.
  const Arena<float>* average() const { return average_ ? &*average_ : nullptr; }

  /// What a checkpoint must keep beside the values.
  std::int64_t steps() const { return steps_; }
  void set_steps(std::int64_t steps) { steps_ = steps; }
  /// Named arenas: the moments and the average.
  std::vector<std::pair<std::string, Arena<float>*>> state();

 private:
  struct Rates {
    double scale;  ///< of the gradient, by the clipping
    double learning;
  };
  void update(Index begin, Index size, const Rates& rates, const Arena<float>& grads, Arena<float>& values);

  OptimizerOptions options_;
  std::int64_t steps_ = 0;
  std::optional<Arena<float>> first_;   ///< mean gradient, velocity or sum of squares
  std::optional<Arena<float>> second_;  ///< Adam's mean square
  std::optional<Arena<float>> average_;
};

}  // namespace isthmus
