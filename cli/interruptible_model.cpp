#include "cli/interruptible_model.h"

#include <utility>

#include "core/error.h"
#include "core/interrupt.h"

namespace isthmus::cli {
namespace {

class InterruptibleStepModel : public StepModel {
 public:
  explicit InterruptibleStepModel(std::unique_ptr<StepModel> model) : model_(std::move(model)) {}

  Index vocabulary_size() const override { return model_->vocabulary_size(); }
  void start(std::span<const Sentence> sources) override { model_->start(sources); }
  const Matrix<float>& step(std::span<const TokenId> last) override {
    if (interrupted()) throw Interrupted();
    return model_->step(last);
  }
  void select(std::span<const Index> parents) override { model_->select(parents); }

 private:
  std::unique_ptr<StepModel> model_;
};

}  // namespace

TranslationModel interruptible(TranslationModel model) {
  return {std::move(model.source), std::move(model.target),
          [make = std::move(model.new_step_model)] { return std::make_unique<InterruptibleStepModel>(make()); }};
}

}  // namespace isthmus::cli
