#include "decode/ensemble_step_model.h"

#include <cassert>
#include <cmath>
#include <utility>

#include "core/error.h"

namespace isthmus {

EnsembleStepModel::EnsembleStepModel(std::vector<std::unique_ptr<StepModel>> members) : members_(std::move(members)) {
  assert(!members_.empty());
}

void EnsembleStepModel::start(std::span<const Sentence> sources) {
  for (const auto& member : members_) member->start(sources);
}

const Matrix<float>& EnsembleStepModel::step(std::span<const TokenId> last) {
  // Probabilities below float's range become -inf, as they would in a sum of logarithms to within its precision.
  log_probs_ = members_[0]->step(last).array().exp();
  for (std::size_t i = 1; i < members_.size(); ++i) log_probs_.array() += members_[i]->step(last).array().exp();
  log_probs_ = log_probs_.array().log() - std::log(static_cast<float>(members_.size()));
  return log_probs_;
}

void EnsembleStepModel::select(std::span<const Index> parents) {
  for (const auto& member : members_) member->select(parents);
}

TranslationModel ensemble_of(std::vector<TranslationModel> members, std::span<const std::string> paths) {
  assert(!members.empty() && members.size() == paths.size());
  for (std::size_t i = 1; i < members.size(); ++i) {
    if (members[i].source.bytes() == members[0].source.bytes() &&
        members[i].target.bytes() == members[0].target.bytes()) {
      continue;
    }
    throw InputError::in_file(paths[i], "its vocabulary is not that of " + paths[0],
                              "models that translate together must share their tokenizers");
  }
  if (members.size() == 1) return std::move(members[0]);
  TranslationModel ensemble = {members[0].source, members[0].target, {}};
  ensemble.new_step_model = [members = std::move(members)] {
    std::vector<std::unique_ptr<StepModel>> step_models;
    for (const TranslationModel& member : members) step_models.push_back(member.new_step_model());
    return std::make_unique<EnsembleStepModel>(std::move(step_models));
  };
  return ensemble;
}

}  // namespace isthmus
