#include "training/sequence_objective.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <map>
#include <numeric>

namespace isthmus {
namespace {

/// Of the running mean: the weight of a new sentence, once there are many.
constexpr double kNewest = 0.001;
/// Of the linear baseline: the share of an error that a sentence corrects (normalised least mean squares).
constexpr double kCorrected = 0.05;

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

CandidateScores scores_of(const CandidateSet& set) {
  CandidateScores scores;
  for (const CandidateTranslation& candidate : set.candidates) {
    scores.log_probs.push_back(candidate.log_prob);
    scores.lengths.push_back(static_cast<double>(candidate.tokens.size() + 1));
    scores.rewards.push_back(candidate.reward);
    scores.masked.push_back(candidate.duplicate ? 1 : 0);
  }
  return scores;
}

double mean_of(const std::vector<double>& numbers) {
  return std::accumulate(numbers.begin(), numbers.end(), 0.0) / static_cast<double>(numbers.size());
}

/// How often each different candidate was drawn: stands for Q where an objective has none.
std::vector<double> frequencies(const CandidateSet& set) {
  std::map<Sentence, std::size_t> first;
  std::vector<double> shares(set.candidates.size());
  const double one = 1.0 / static_cast<double>(set.candidates.size());
  for (std::size_t k = 0; k < set.candidates.size(); ++k) {
    shares[first.try_emplace(set.candidates[k].tokens, k).first->second] += one;
  }
  return shares;
}

std::vector<double> rewards_of(const CandidateSet& set) {
  std::vector<double> rewards;
  for (const CandidateTranslation& candidate : set.candidates) rewards.push_back(candidate.reward);
  return rewards;
}

}  // namespace

SequenceObjective::SequenceObjective(const TrainingOptions& options, const Seq2Seq<float>& model,
                                     const TokenizerPair& tokenizers, std::uint64_t pairs, ThreadPool& threads)
    : options_(options),
      tokenizers_(tokenizers),
      logged_share_(static_cast<double>(options.sequence.log_candidates) / static_cast<double>(pairs)),
      maker_(model, tokenizers, options.sequence, options.batch.shards, threads),
      linear_(static_cast<std::size_t>(model.options().hidden) + 1) {}

std::vector<double> SequenceObjective::baselines_of(const CandidateSet& set) {
  const std::size_t count = set.candidates.size();
  if (options_.objective == ObjectiveType::kScst) return std::vector<double>(count, *set.greedy_reward);
  switch (options_.sequence.baseline) {
    case BaselineType::kNone:
      return std::vector<double>(count, 0.0);
    case BaselineType::kMean:
      return std::vector<double>(count, mean_reward_);
    case BaselineType::kLeaveOneOut:
      return leave_one_out_baseline(rewards_of(set));
    case BaselineType::kGreedy:
      return std::vector<double>(count, *set.greedy_reward);
    case BaselineType::kLinear:
      return std::vector<double>(count, predicted_reward(set.context));
  }
  return {};
}

SequenceObjective::Judgement SequenceObjective::judge(const CandidateSet& set) {
  const CandidateScores scores = scores_of(set);
  const double alpha = options_.sequence.mrt_alpha;
  switch (options_.objective) {
    case ObjectiveType::kMrt:
      return {mrt(scores, alpha > 0 ? alpha : 0.005), {}};
    case ObjectiveType::kRisk:
      return {risk(scores, alpha > 0 ? alpha : 1.0), {}};
    case ObjectiveType::kSeqNll:
      return {seqnll(scores), {}};
    case ObjectiveType::kMaxMargin:
      return {maxmargin(scores), {}};
    case ObjectiveType::kSoftmaxMargin:
      return {softmaxmargin(scores), {}};
    default: {
      std::vector<double> baselines = baselines_of(set);
      ObjectiveValue value = reinforce(scores, baselines);
      return {std::move(value), std::move(baselines)};
    }
  }
}

double SequenceObjective::predicted_reward(const Vector<float>& context) const {
  double sum = linear_.back();
  for (Index i = 0; i < context.size(); ++i) {
    sum += linear_[static_cast<std::size_t>(i)] * static_cast<double>(context(i));
  }
  return sum;
}

void SequenceObjective::learn_from(const CandidateSet& set) {
  const double reward = mean_of(rewards_of(set));
  seen_ += 1;
  mean_reward_ += std::max(kNewest, 1.0 / seen_) * (reward - mean_reward_);
  background_.add(set.greedy_bleu);
  if (set.context.size() == 0) return;
  const double error = reward - predicted_reward(set.context);
  const double step = kCorrected * error / (1.0 + static_cast<double>(set.context.squaredNorm()));
  for (Index i = 0; i < set.context.size(); ++i) {
    linear_[static_cast<std::size_t>(i)] += step * static_cast<double>(set.context(i));
  }
  linear_.back() += step;
}

std::string SequenceObjective::state() const {
  std::vector<double> numbers = {mean_reward_, seen_};
  numbers.insert(numbers.end(), linear_.begin(), linear_.end());
  numbers.insert(numbers.end(), background_.numbers().begin(), background_.numbers().end());
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(double)};
}

bool SequenceObjective::restore(std::string_view state) {
  std::vector<double> numbers(2 + linear_.size() + BleuBackground::kNumbers);
  if (state.size() != numbers.size() * sizeof(double)) return false;
  std::memcpy(numbers.data(), state.data(), state.size());
  if (!std::all_of(numbers.begin(), numbers.end(), [](double number) { return std::isfinite(number); })) return false;
  const auto background = std::span(numbers).last(BleuBackground::kNumbers);
  if (std::any_of(background.begin(), background.end(), [](double number) { return number < 0; })) return false;
  mean_reward_ = numbers[0];
  seen_ = numbers[1];
  linear_.assign(numbers.begin() + 2, numbers.end() - BleuBackground::kNumbers);
  background_.set_numbers(background);
  return true;
}

bool SequenceObjective::is_logged(const Batch& batch, std::size_t i) const {
  if (batch.numbers.empty()) return false;
  Random place = Random(static_cast<std::uint64_t>(options_.seed)).split(batch.numbers[i]);
  return place.uniform() < logged_share_;
}

void SequenceObjective::report_sentence(const Batch& batch, std::size_t i, const CandidateSet& set,
                                        const Judgement& judgement) {
  const CandidateScores scores = scores_of(set);
  const CandidateDiagnostics found =
      diagnostics(scores, judgement.value.q.empty() ? frequencies(set) : judgement.value.q);
  const double share = 1.0 / static_cast<double>(batch.size());
  report_.value += share * judgement.value.value;
  report_.reward += share * mean_of(scores.rewards);
  report_.entropy += share * found.entropy;
  report_.top1 += share * found.top1_mass;
  report_.unique_share += share * found.unique;
  report_.effective_size += share * found.effective_sample_size;
  report_.candidates += std::ssize(set.candidates);
  if (!is_logged(batch, i)) return;
  CandidateSetReport& logged = report_.sets.emplace_back();
  logged = {.pair = batch.numbers[i],
            .source = tokenizers_.source.decode(batch.source[i]),
            .reference = set.reference,
            .value = judgement.value.value,
            .entropy = found.entropy,
            .top1 = found.top1_mass,
            .unique_share = found.unique,
            .effective_size = found.effective_sample_size,
            .candidates = {}};
  constexpr const char* kKinds[] = {"sample", "beam", "reference"};
  for (std::size_t k = 0; k < set.candidates.size(); ++k) {
    const CandidateTranslation& candidate = set.candidates[k];
    CandidateReport& row = logged.candidates.emplace_back();
    row.kind = kKinds[static_cast<std::size_t>(candidate.kind)];
    row.text = candidate.text;
    row.tokens = std::ssize(candidate.tokens) + 1;
    row.log_prob = candidate.log_prob;
    if (!judgement.value.q.empty()) row.q = judgement.value.q[k];
    row.reward = candidate.reward;
    if (!judgement.baselines.empty()) row.baseline = judgement.baselines[k];
    row.weight = judgement.value.weights[k];
    row.duplicate = candidate.duplicate;
  }
}

std::vector<WeightedBatch> SequenceObjective::weigh(const Arena<float>& values, const Batch& batch, std::int64_t update,
                                                    Random random) {
  const SequenceOptions& sequence = options_.sequence;
  const bool mixer = options_.objective == ObjectiveType::kMixer;
  const bool baselines = mixer || options_.objective == ObjectiveType::kReinforce;
  const double started = seconds_now();
  CandidateWishes wishes;
  const bool corpus = sequence.reward == RewardType::kCorpusBleu;
  wishes.greedy_reward =
      corpus || options_.objective == ObjectiveType::kScst || (baselines && sequence.baseline == BaselineType::kGreedy);
  wishes.context = baselines && sequence.baseline == BaselineType::kLinear;
  if (corpus) wishes.background = &background_;
  wishes.prefix = mixer ? mixer_prefix(sequence, update) : 0;
  const std::vector<CandidateSet> sets = maker_.make(values, batch, wishes, random);
  background_.fade();

  report_ = {};
  report_.objective = name_of(options_.objective);
  report_.reward_name = name_of(sequence.reward);
  std::vector<WeightedBatch> learned;
  const double mle_weight = sequence.mle_weight;
  if (mle_weight > 0) {
    WeightedBatch& reference = learned.emplace_back(teacher_forced(batch, options_.label_smoothing));
    for (WeightedTarget& target : reference.targets) {
      for (float& weight : target.weights) weight *= static_cast<float>(mle_weight);
    }
  }
  WeightedBatch judged{.source = batch.source, .targets = {}, .label_smoothing = 0.0, .dropout = false};
  const double of_sentence = (1.0 - mle_weight) / static_cast<double>(batch.size());
  const double of_token = (1.0 - mle_weight) / static_cast<double>(batch.target_tokens());
  for (std::size_t i = 0; i < sets.size(); ++i) {
    const Judgement judgement = judge(sets[i]);
    report_sentence(batch, i, sets[i], judgement);
    // The first tokens that mixer learns by cross-entropy.
    const auto prefix = static_cast<std::size_t>(std::min<std::int64_t>(wishes.prefix, std::ssize(batch.target[i])));
    if (prefix > 0) {
      std::vector<float> weights(batch.target[i].size() + 1, 0.0f);
      std::fill_n(weights.begin(), prefix, static_cast<float>(of_token));
      judged.targets.push_back({static_cast<Index>(i), batch.target[i], std::move(weights), {}});
    }
    for (std::size_t k = 0; k < sets[i].candidates.size(); ++k) {
      const double weight = of_sentence * judgement.value.weights[k];
      if (weight == 0.0) continue;
      const Sentence& tokens = sets[i].candidates[k].tokens;
      std::vector<float> weights(tokens.size() + 1, static_cast<float>(weight));
      std::fill_n(weights.begin(), std::min(prefix, weights.size()), 0.0f);
      judged.targets.push_back({static_cast<Index>(i), tokens, std::move(weights), {}});
    }
    learn_from(sets[i]);
  }
  if (!judged.targets.empty()) learned.push_back(std::move(judged));
  report_.seconds = seconds_now() - started;
  return learned;
}

}  // namespace isthmus
