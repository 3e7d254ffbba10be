#include "training/optimizer.h"

#include <cmath>

namespace isthmus {
namespace {

// Scalars of one piece of work, and of the parts in which it goes through the rule: those of all arenas fit into the
// first-level cache.
constexpr Index kBlock = 1 << 16;
constexpr Index kStrip = 1 << 11;

}  // namespace

void describe(OptionVisitor& visit, OptimizerOptions& options) {
  visit.group("Optimiser");
  visit("optimizer", options.type, "rule of the steps");
  visit("beta1", options.beta1, "Adam: decay of the mean gradient", from_below(0, 1));
  visit("beta2", options.beta2, "Adam: decay of the mean square", from_below(0, 1));
  visit("epsilon", options.epsilon, "Adam and Adagrad: added to the root of the squares", more_than(0));
  visit("weight-decay", options.weight_decay, "AdamW: share of a value that a step of rate 1 takes away", at_least(0));
  visit("momentum", options.momentum, "SGD: share of the last step that goes on", from_below(0, 1));
  visit("clip-norm", options.clip_norm, "largest norm of the gradient; 0 does not clip", at_least(0));
  visit("average-decay", options.average_decay,
        "validate and save a moving average of the weights with this decay, e.g. 0.999; 0 does not average",
        from_below(0, 1));
}

Optimizer::Optimizer(const OptimizerOptions& options, const Layout& layout) : options_(options) {
  first_.emplace(layout);
  if (options.type == OptimizerType::kAdam || options.type == OptimizerType::kAdamW) second_.emplace(layout);
  if (options.average_decay > 0) average_.emplace(layout);
}

std::vector<std::pair<std::string, Arena<float>*>> Optimizer::state() {
  std::vector<std::pair<std::string, Arena<float>*>> arenas = {{"first moment", &*first_}};
  if (second_) arenas.emplace_back("second moment", &*second_);
  if (average_) arenas.emplace_back("average", &*average_);
  return arenas;
}

StepReport Optimizer::step(double learning_rate, const Arena<float>& grads, double squared_norm, Arena<float>& values,
                           ThreadPool& threads) {
  const Index size = values.layout().size();
  StepReport report;
  report.gradient_norm = std::sqrt(squared_norm);
  if (!std::isfinite(report.gradient_norm)) return report;
  report.clipped = options_.clip_norm > 0 && report.gradient_norm > options_.clip_norm;
  const double scale = report.clipped ? options_.clip_norm / report.gradient_norm : 1.0;
  if (average_ && steps_ == 0) *average_ = values;
  ++steps_;
  threads.run(static_cast<std::size_t>((size + kBlock - 1) / kBlock), [&](std::size_t block, std::size_t) {
    const Index end = std::min(static_cast<Index>(block + 1) * kBlock, size);
    for (Index begin = static_cast<Index>(block) * kBlock; begin < end; begin += kStrip) {
      update(begin, std::min(kStrip, end - begin), {scale, learning_rate}, grads, values);
    }
  });
  return report;
}

void Optimizer::update(Index begin, Index size, const Rates& rates, const Arena<float>& grads, Arena<float>& values) {
  const auto g = static_cast<float>(rates.scale) * grads.flat().segment(begin, size).array();
  auto x = values.flat().segment(begin, size).array();
  auto m = first_->flat().segment(begin, size).array();
  const auto rate = static_cast<float>(rates.learning);
  switch (options_.type) {
    case OptimizerType::kAdam:
    case OptimizerType::kAdamW: {
      auto v = second_->flat().segment(begin, size).array();
      const auto beta1 = static_cast<float>(options_.beta1);
      const auto beta2 = static_cast<float>(options_.beta2);
      const double steps = static_cast<double>(steps_);
      const double correction1 = 1.0 - std::pow(options_.beta1, steps);
      const double correction2 = 1.0 - std::pow(options_.beta2, steps);
      const auto step_size = static_cast<float>(rates.learning / correction1);
      const auto root = static_cast<float>(1.0 / std::sqrt(correction2));
      if (options_.type == OptimizerType::kAdamW) x *= static_cast<float>(1.0 - rates.learning * options_.weight_decay);
      m = beta1 * m + (1.0f - beta1) * g;
      v = beta2 * v + (1.0f - beta2) * g.square();
      x -= step_size * m / (v.sqrt() * root + static_cast<float>(options_.epsilon));
      break;
    }
    case OptimizerType::kSgd:
      m = static_cast<float>(options_.momentum) * m + g;
      x -= rate * m;
      break;
    case OptimizerType::kAdagrad:
      m += g.square();
      x -= rate * g / (m.sqrt() + static_cast<float>(options_.epsilon));
      break;
  }
  if (average_) {
    // Early on the average follows faster, or it would remember the first values for long.
    const double steps = static_cast<double>(steps_);
    const double decay = std::min(options_.average_decay, (1.0 + steps) / (10.0 + steps));
    average_->flat().segment(begin, size).array() +=
        static_cast<float>(1.0 - decay) * (x - average_->flat().segment(begin, size).array());
  }
}

}  // namespace isthmus
