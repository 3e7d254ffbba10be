#include "analysis/model_comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/estimates.h"
#include "core/progress.h"
#include "evaluation/metrics.h"
#include "evaluation/significance.h"

namespace isthmus {
namespace {

SentenceStatistics rows_of(const TrainedModel& model, std::span<const std::int64_t> words, std::int64_t longer_than,
                           const BleuOptions& options) {
  std::vector<BleuStatistics> chosen;
  for (std::size_t i = 0; i < model.bleu.size(); ++i) {
    if (words[i] > longer_than) chosen.push_back(model.bleu[i]);
  }
  return bleu_rows(chosen, options);
}

Estimate with_interval(double value, std::vector<double> resamples) {
  const Interval interval = middle_95(std::move(resamples));
  return {value, interval.low, interval.high};
}

}  // namespace

BleuContrast contrast_bleu(const TrainedModel& baseline, const TrainedModel& model, std::span<const std::int64_t> words,
                           std::int64_t longer_than, const TrainingStudyOptions& options) {
  const SentenceStatistics one = rows_of(baseline, words, longer_than, options.length.bleu);
  const SentenceStatistics other = rows_of(model, words, longer_than, options.length.bleu);
  const double nan = std::nan("");
  BleuContrast contrast{.sentences = static_cast<std::int64_t>(one.sentences()),
                        .baseline = {nan, nan, nan},
                        .model = {nan, nan, nan},
                        .difference = {nan, nan, nan},
                        .p = nan};
  if (contrast.sentences == 0) return contrast;
  contrast.baseline.value = one.score();
  contrast.model.value = other.score();
  contrast.difference.value = contrast.model.value - contrast.baseline.value;
  if (contrast.sentences == 1) return contrast;  // drawn again and again it does not vary
  const auto seed = static_cast<std::uint64_t>(options.seed);
  const std::vector<double> ones = bootstrap_scores(one, options.resamples, seed);
  const std::vector<double> others = bootstrap_scores(other, options.resamples, seed);
  std::vector<double> differences;
  for (std::size_t r = 0; r < ones.size(); ++r) differences.push_back(others[r] - ones[r]);
  contrast.p = paired_bootstrap(contrast.baseline.value, contrast.model.value, ones, others);
  contrast.baseline = with_interval(contrast.baseline.value, ones);
  contrast.model = with_interval(contrast.model.value, others);
  contrast.difference = with_interval(contrast.difference.value, std::move(differences));
  return contrast;
}

Estimate found(const TrainedModel& model, const std::string& study, const std::string& name) {
  const double nan = std::nan("");
  const auto findings = model.findings.find(study);
  if (findings == model.findings.end()) return {nan, nan, nan};
  for (const FindingRow& row : findings->second) {
    if (row.name == name) return {row.value.value_or(nan), row.low.value_or(nan), row.high.value_or(nan)};
  }
  return {nan, nan, nan};
}

Estimate gradient_half_life(const TrainedModel& model) { return found(model, "gradients", "state_half_life"); }

MeasuredValue measured(double value) { return std::isfinite(value) ? MeasuredValue(value) : MeasuredValue(); }
MeasuredValue measured(const std::optional<double>& value) { return value ? measured(*value) : MeasuredValue(); }
MeasuredValue measured(const std::optional<std::int64_t>& value) {
  return value ? MeasuredValue(*value) : MeasuredValue();
}

void append(std::vector<MeasuredValue>& row, const Estimate& estimate) {
  for (const double value : {estimate.value, estimate.low, estimate.high}) row.push_back(measured(value));
}

std::string in_words(const BleuContrast& contrast) {
  const Estimate& of = contrast.difference;
  const int decimals = std::max(std::abs(of.low), std::abs(of.high)) < 0.1 ? 3 : 1;
  const std::string difference = (of.value > 0 ? "+" : "") + in_words(of.value, decimals);
  if (std::isnan(contrast.p)) return difference;
  return fmt::format("{} [{}, {}], p = {:.3f}", difference, in_words(of.low, decimals), in_words(of.high, decimals),
                     contrast.p);
}

std::string budget_in_words(const TrainedModels& trained, const TrainingStudyOptions& options) {
  std::int64_t least = std::numeric_limits<std::int64_t>::max(), most = 0;
  for (const TrainedModel& model : trained.models) {
    if (!model.updates) continue;
    least = std::min(least, *model.updates);
    most = std::max(most, *model.updates);
  }
  if (most == 0) return "";
  const std::string made =
      least == most ? with_commas(most) : fmt::format("{} to {}", with_commas(least), with_commas(most));
  return fmt::format("Each model was trained {}, for {} updates. ",
                     options.budget.empty() ? "until it no longer got better" : "within " + options.budget, made);
}

}  // namespace isthmus
