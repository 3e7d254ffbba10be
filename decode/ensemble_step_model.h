// Several models that translate together.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "decode/step_model.h"
#include "decode/translation_model.h"

namespace isthmus {

/// The mean of the members' probabilities: log p = log (1/K Σ p_k). All members have the same vocabularies.
class EnsembleStepModel : public StepModel {
 public:
  /// At least one member.
  explicit EnsembleStepModel(std::vector<std::unique_ptr<StepModel>> members);

  Index vocabulary_size() const override { return members_[0]->vocabulary_size(); }
  void start(std::span<const Sentence> sources) override;
  const Matrix<float>& step(std::span<const TokenId> last) override;
  void select(std::span<const Index> parents) override;

 private:
  std::vector<std::unique_ptr<StepModel>> members_;
  Matrix<float> log_probs_;
};

/// One model of several. Throws InputError, which names the file, for members whose vocabularies differ. `paths` are
/// the members' files. A single member is returned as it is.
TranslationModel ensemble_of(std::vector<TranslationModel> members, std::span<const std::string> paths);

}  // namespace isthmus
