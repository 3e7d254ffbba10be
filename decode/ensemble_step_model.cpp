#include "decode/ensemble_step_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <utility>

#include "core/error.h"
#include "core/progress.h"
#include "model/activation.h"

namespace isthmus {
namespace {

void check(const EnsembleOptions& options, std::size_t members) {
  if (options.weights.empty()) return;
  if (options.weights.size() != members) {
    throw UsageError(fmt::format("--ensemble-weights has {} for {}: give one for each",
                                 counted(std::ssize(options.weights), "weight"),
                                 counted(static_cast<std::int64_t>(members), "model")));
  }
  for (const double weight : options.weights) {
    if (!std::isfinite(weight)) throw UsageError(fmt::format("--ensemble-weights: {} is not a finite number", weight));
    if (weight <= 0.0) {
      throw UsageError(fmt::format("--ensemble-weights: {} is not above 0; leave that model out", weight));
    }
  }
}

}  // namespace

EnsembleStepModel::EnsembleStepModel(std::vector<std::unique_ptr<StepModel>> members, const EnsembleOptions& options)
    : members_(std::move(members)), mean_(options.mean) {
  assert(!members_.empty() && (options.weights.empty() || options.weights.size() == members_.size()));
  std::vector<double> weights = options.weights.empty() ? std::vector<double>(members_.size(), 1.0) : options.weights;
  const double largest = *std::max_element(weights.begin(), weights.end());
  for (double& weight : weights) weight /= largest;  // a sum of large ones may be infinite
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (const double weight : weights) weights_.push_back(static_cast<float>(weight / sum));
}

void EnsembleStepModel::start(std::span<const Sentence> sources) {
  for (const auto& member : members_) member->start(sources);
}

void EnsembleStepModel::add(std::span<const Sentence> sources) {
  for (const auto& member : members_) member->add(sources);
}

const TokenScores<float>& EnsembleStepModel::step(std::span<const TokenId> last) {
  const bool probabilities = mean_ == EnsembleMean::kProbability;
  scores_.resize(vocabulary_size(), static_cast<Index>(last.size()));
  scores_.logits.setZero();
  for (std::size_t k = 0; k < members_.size(); ++k) {
    const TokenScores<float>& member = members_[k]->step(last);
    for (Index i = 0; i < scores_.columns(); ++i) {
      auto sum = scores_.logits.col(i).array();
      // Probabilities below float's range become 0, as they would in a sum of logarithms to within its precision.
      if (probabilities) {
        assign_pointwise(sum, sum + weights_[k] * member.log_probs(i).exp());
      } else {
        assign_pointwise(sum, sum + weights_[k] * member.log_probs(i));
      }
    }
  }
  for (Index i = 0; i < scores_.columns(); ++i) {
    auto sum = scores_.logits.col(i).array();
    if (probabilities) {
      assign_pointwise(sum, sum.log());
      scores_.set_normalised(i);
    } else {
      scores_.normalise(i);
    }
  }
  return scores_;
}

Vector<float> EnsembleStepModel::attention(Index column) {
  Vector<float> mean;
  float total = 0;
  for (std::size_t k = 0; k < members_.size(); ++k) {
    const Vector<float> looked = members_[k]->attention(column);
    if (looked.size() == 0) continue;
    if (mean.size() == 0) mean.setZero(looked.size());
    mean += weights_[k] * looked;
    total += weights_[k];
  }
  if (mean.size() > 0) mean /= total;
  return mean;
}

void EnsembleStepModel::select(std::span<const Index> parents) {
  for (const auto& member : members_) member->select(parents);
}

TranslationModel ensemble_of(std::vector<TranslationModel> members, std::span<const std::string> paths,
                             const EnsembleOptions& options) {
  assert(!members.empty() && members.size() == paths.size());
  check(options, members.size());
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
  for (const TranslationModel& member : members) ensemble.attends = ensemble.attends || member.attends;
  ensemble.new_step_model = [members = std::move(members), options] {
    std::vector<std::unique_ptr<StepModel>> step_models;
    for (const TranslationModel& member : members) step_models.push_back(member.new_step_model());
    return std::make_unique<EnsembleStepModel>(std::move(step_models), options);
  };
  return ensemble;
}

}  // namespace isthmus
