#include "training/sequence_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"

namespace isthmus {

void describe(OptionVisitor& visit, SequenceOptions& options) {
  visit.group("Training at sequence level (docs/sequence-level.md)");
  visit("candidates", options.candidates, "where candidates come from: drawn from the model, or the best of a beam");
  visit("num-candidates", options.num_candidates, "candidates of a sentence", between(1, 1000));
  visit("include-reference", options.include_reference, "the reference is one more candidate");
  visit("temperature", options.temperature, "of sampling: below 1 likelier candidates, above 1 more various ones",
        between(0.01, 100));
  visit("candidate-length-factor", options.candidate_length_factor,
        "a candidate has at most this times the source's pieces, and candidate-length-extra more", between(0, 20));
  visit("candidate-length-extra", options.candidate_length_extra, "pieces", between(1, 10000));
  visit(
      "reward", options.reward,
      "what a candidate is worth: its smoothed sentence BLEU, chrF or GLEU against the reference; corpus-bleu: what it "
      "adds to the BLEU of those before it; constant is a control from which nothing can be learned");
  visit("baseline", options.baseline, "reinforce and mixer: what is subtracted from a reward");
  visit("mrt-alpha", options.mrt_alpha,
        "mrt and risk: sharpness of the distribution over candidates; 0 is the objective's own, 0.005 and 1",
        at_least(0));
  visit("mle-weight", options.mle_weight, "share of the reference's cross-entropy in the loss", between(0, 1));
  visit("mixer-start", options.mixer_start, "mixer: first pieces that are learned by cross-entropy, at first",
        at_least(0));
  visit("mixer-every", options.mixer_every, "mixer: updates after which it is one piece less", at_least(1));
  visit("raml-temperature", options.raml_temperature, "raml: above 0; the higher, the more edits", more_than(0));
  visit("scheduled-sampling", options.scheduled_sampling,
        "mle: with a probability that grows, the decoder reads the model's own word instead of the reference's");
  visit("scheduled-k", options.scheduled_k,
        "speed of that: linear, the loss of an update in the reference's share, 1e-4 if 0; exponential, the share that "
        "is left after each, 0.9999 if 0; inverse-sigmoid, k, 1000 if 0",
        at_least(0));
  visit("scheduled-least", options.scheduled_least, "least share of the reference's words", between(0, 1));
  visit("log-candidates", options.log_candidates,
        "training pairs whose candidates are kept in the ledger, each time they are trained on", between(0, 100000));
}

bool needs_candidates(ObjectiveType objective) {
  return objective != ObjectiveType::kMle && objective != ObjectiveType::kRaml;
}

void check(ObjectiveType objective, const SequenceOptions& options) {
  const bool samples =
      objective == ObjectiveType::kReinforce || objective == ObjectiveType::kScst || objective == ObjectiveType::kMixer;
  if (samples && options.candidates == CandidateSource::kBeam) {
    throw UsageError(
        "--candidates beam: reinforce, scst and mixer need samples; leave it out, or take --objective risk");
  }
  if (samples && options.include_reference) {
    throw UsageError(
        "--include-reference: reinforce, scst and mixer need samples; take --mle-weight for the reference");
  }
  if (objective == ObjectiveType::kReinforce && options.baseline == BaselineType::kLeaveOneOut &&
      options.num_candidates < 2) {
    throw UsageError("--baseline loo needs two candidates or more; raise --num-candidates or take another baseline");
  }
  const bool learns_from_q = needs_candidates(objective) && !samples;
  if (learns_from_q && options.num_candidates + (options.include_reference ? 1 : 0) < 2) {
    throw UsageError(fmt::format("--num-candidates 1: {} compares candidates; take two or more", name_of(objective)));
  }
  if (needs_candidates(objective) && options.mle_weight == 1) {
    throw UsageError("--mle-weight 1 learns nothing from candidates; take less, or --objective mle");
  }
  const SequenceOptions own;
  const auto goes_with = [](bool changed, bool used, std::string_view option, std::string_view objectives) {
    if (changed && !used) throw UsageError(fmt::format("--{} goes with --objective {}", option, objectives));
  };
  const bool chooses_baseline = objective == ObjectiveType::kReinforce || objective == ObjectiveType::kMixer;
  const bool has_alpha = objective == ObjectiveType::kMrt || objective == ObjectiveType::kRisk;
  goes_with(options.baseline != own.baseline, chooses_baseline, "baseline", "reinforce or mixer");
  goes_with(options.mrt_alpha != own.mrt_alpha, has_alpha, "mrt-alpha", "mrt or risk");
  constexpr std::string_view kWithCandidates = "mrt, or another that has candidates";
  goes_with(options.reward != own.reward, needs_candidates(objective), "reward", kWithCandidates);
  goes_with(options.candidates != own.candidates, needs_candidates(objective), "candidates", kWithCandidates);
  goes_with(options.include_reference, needs_candidates(objective), "include-reference", kWithCandidates);
  if (options.candidates == CandidateSource::kBeam && options.temperature != own.temperature) {
    throw UsageError("--temperature is of samples; --candidates beam has none");
  }
  if (options.scheduled_sampling == ScheduledSampling::kNone && options.scheduled_k != own.scheduled_k) {
    throw UsageError("--scheduled-k goes with --scheduled-sampling");
  }
  if (options.scheduled_sampling != ScheduledSampling::kNone && objective != ObjectiveType::kMle) {
    throw UsageError("--scheduled-sampling goes with --objective mle alone");
  }
  if (options.scheduled_sampling == ScheduledSampling::kExponential && options.scheduled_k >= 1) {
    throw UsageError("--scheduled-k: the exponential schedule needs a number below 1, such as 0.9999");
  }
}

double reference_share(const SequenceOptions& options, std::int64_t update) {
  const auto i = static_cast<double>(update);
  const auto k = [&](double own) { return options.scheduled_k > 0 ? options.scheduled_k : own; };
  double share = 1.0;
  switch (options.scheduled_sampling) {
    case ScheduledSampling::kNone:
      return 1.0;
    case ScheduledSampling::kLinear:
      share = 1.0 - k(1e-4) * i;
      break;
    case ScheduledSampling::kExponential:
      share = std::pow(k(0.9999), i);
      break;
    case ScheduledSampling::kInverseSigmoid:
      share = k(1000) / (k(1000) + std::exp(std::min(700.0, i / k(1000))));
      break;
  }
  return std::max(options.scheduled_least, share);
}

std::int64_t mixer_prefix(const SequenceOptions& options, std::int64_t update) {
  return std::max<std::int64_t>(0, options.mixer_start - (update - 1) / options.mixer_every);
}

}  // namespace isthmus
