// Several models that translate together.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/options.h"
#include "decode/step_model.h"
#include "decode/translation_model.h"

namespace isthmus {

enum class EnsembleMean {
  kProbability,     ///< p = Σ w_k p_k: what one member holds for likely may be written
  kLogProbability,  ///< p ∝ Π p_k^w_k: what no member holds for unlikely
};
template <>
struct EnumNames<EnsembleMean> {
  static constexpr std::string_view names[] = {"probability", "log-probability"};
};

struct EnsembleOptions {
  EnsembleMean mean = EnsembleMean::kProbability;
  /// Of the members, > 0; divided by their sum. Empty: all alike.
  std::vector<double> weights;
};

/// The weighted mean of the members' probabilities. The members have the same vocabularies; cells and sizes may differ.
class EnsembleStepModel : public StepModel {
 public:
  /// At least one member; as many weights, or none.
  EnsembleStepModel(std::vector<std::unique_ptr<StepModel>> members, const EnsembleOptions& options);

  Index vocabulary_size() const override { return members_[0]->vocabulary_size(); }
  void start(std::span<const Sentence> sources) override;
  void add(std::span<const Sentence> sources) override;
  const TokenScores<float>& step(std::span<const TokenId> last) override;
  /// The weighted mean of those that look back.
  Vector<float> attention(Index column) override;
  void select(std::span<const Index> parents) override;

 private:
  std::vector<std::unique_ptr<StepModel>> members_;
  EnsembleMean mean_;
  std::vector<float> weights_;  // sum to 1
  TokenScores<float> scores_;
};

/// One model of several. Throws InputError, which names the file, for members whose vocabularies differ, and UsageError
/// for weights that do not fit. `paths` are the members' files. A single member is returned as it is.
TranslationModel ensemble_of(std::vector<TranslationModel> members, std::span<const std::string> paths,
                             const EnsembleOptions& options = {});

}  // namespace isthmus
