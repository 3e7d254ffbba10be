#include "training/candidates.h"

#include <algorithm>
#include <memory>
#include <set>

#include "decode/search.h"

namespace isthmus {
namespace {

SearchOptions limits_of(const SequenceOptions& options) {
  SearchOptions limits;
  limits.max_length_factor = options.candidate_length_factor;
  limits.max_length_extra = options.candidate_length_extra;
  limits.allow_unknown = true;  // samples are the model's own distribution
  return limits;
}

/// log p of each reference, its end included.
std::vector<double> reference_log_probs(const Seq2Seq<float>& model, const Arena<float>& values, const Batch& batch,
                                        Scratch<float>& scratch) {
  const TokenGrid target = model.pack_target(batch.target);
  const std::vector<float> weights(static_cast<std::size_t>(target.tokens()), 1.0f);
  model.run(values, model.pack_source(batch.source), target, weights, {}, scratch, nullptr);
  std::vector<double> sums(batch.size());
  const Packing& packing = target.packing;
  for (std::size_t t = 0; t < packing.alive.size(); ++t) {
    for (Index b = 0; b < packing.alive[t]; ++b) {
      sums[static_cast<std::size_t>(target.sentence[static_cast<std::size_t>(b)])] +=
          static_cast<double>(scratch.token_log_probs(packing.offset[t] + b));
    }
  }
  return sums;
}

}  // namespace

CandidateMaker::CandidateMaker(const Seq2Seq<float>& model, const TokenizerPair& tokenizers,
                               const SequenceOptions& options, std::int64_t parts, ThreadPool& threads)
    : model_(model),
      tokenizers_(tokenizers),
      options_(options),
      parts_(static_cast<std::size_t>(parts)),
      threads_(threads) {}

std::vector<CandidateSet> CandidateMaker::make(const Arena<float>& values, const Batch& batch,
                                               const CandidateWishes& wishes, Random random) {
  const DecodingWeights<float> weights = model_.decoding_weights(values);
  std::vector<CandidateSet> sets(batch.size());
  const std::size_t parts = std::min(parts_, batch.size());
  threads_.run(parts, [&](std::size_t number, std::size_t) {
    const std::size_t begin = batch.size() * number / parts, end = batch.size() * (number + 1) / parts;
    const auto of = [&](const std::vector<Sentence>& sentences) {
      return std::vector<Sentence>(sentences.begin() + static_cast<std::ptrdiff_t>(begin),
                                   sentences.begin() + static_cast<std::ptrdiff_t>(end));
    };
    std::vector<Random> streams;
    for (std::size_t i = begin; i < end; ++i) streams.push_back(random.split(i));
    Worker worker{.scratch = {},
                  .step_model = std::make_unique<Seq2SeqStepModel>(model_, weights),
                  .scorer = RewardScorer(options_.reward, MetricTokenizer::k13a)};
    if (wishes.background != nullptr) worker.scorer.set_background(*wishes.background);
    make_part(weights, {of(batch.source), of(batch.target)}, wishes, streams, worker,
              std::span(sets).subspan(begin, end - begin));
  });
  return sets;
}

void CandidateMaker::make_part(const DecodingWeights<float>& weights, const Batch& part, const CandidateWishes& wishes,
                               std::span<const Random> streams, Worker& worker, std::span<CandidateSet> sets) const {
  SearchOptions limits = limits_of(options_);
  const bool beam = options_.candidates == CandidateSource::kBeam;
  const auto take = [&](std::size_t i, std::vector<Hypothesis> found) {
    for (Hypothesis& hypothesis : found) {
      sets[i].candidates.push_back(
          {.kind = beam ? CandidateTranslation::Kind::kBeam : CandidateTranslation::Kind::kSample,
           .tokens = std::move(hypothesis.tokens),
           .text = {},
           .log_prob = hypothesis.log_prob});
    }
  };
  if (beam) {
    limits.beam = limits.nbest = options_.num_candidates;
    std::vector<NBest> lists = search(*worker.step_model, part.source, limits);
    for (std::size_t i = 0; i < lists.size(); ++i) take(i, std::move(lists[i]));
  } else {
    std::vector<SearchRequest> requests;
    for (std::size_t i = 0; i < part.source.size(); ++i) {
      const Sentence& target = part.target[i];
      const auto length = std::min({wishes.prefix, std::ssize(target), max_length(limits, part.source[i].size())});
      requests.push_back(
          {.source = part.source[i], .prefix = {target.begin(), target.begin() + length}, .random = streams[i]});
    }
    limits.sample = true;
    limits.sampling.temperature = options_.temperature;
    limits.nbest = options_.num_candidates;
    std::vector<NBest> samples = search(*worker.step_model, std::move(requests), limits);
    for (std::size_t i = 0; i < samples.size(); ++i) take(i, std::move(samples[i]));
  }
  if (options_.include_reference) {
    const std::vector<double> log_probs = reference_log_probs(model_, weights.values, part, worker.scratch);
    for (std::size_t i = 0; i < sets.size(); ++i) {
      sets[i].candidates.push_back({.kind = CandidateTranslation::Kind::kReference,
                                    .tokens = part.target[i],
                                    .text = {},
                                    .log_prob = log_probs[i]});
    }
  }
  for (std::size_t i = 0; i < sets.size(); ++i) {
    sets[i].reference = tokenizers_.target.decode(part.target[i]);
    score(worker, sets[i]);
  }
  if (wishes.greedy_reward) {
    limits.sample = false;
    limits.beam = limits.nbest = 1;
    const std::vector<NBest> greedy = search(*worker.step_model, part.source, limits);
    for (std::size_t i = 0; i < sets.size(); ++i) {
      worker.scorer.set_reference(sets[i].reference);
      sets[i].greedy_reward = worker.scorer.score(tokenizers_.target.decode(greedy[i][0].tokens));
      sets[i].greedy_bleu = worker.scorer.statistics();
    }
  }
  if (wishes.context) {
    const Context<float> context = model_.encode(weights.values, model_.pack_source(part.source), worker.scratch);
    const Index hidden = model_.options().hidden;
    for (std::size_t i = 0; i < sets.size(); ++i) {
      sets[i].context = context.state.hidden.col(static_cast<Index>(i)).tail(hidden);
    }
  }
}

void CandidateMaker::score(Worker& worker, CandidateSet& set) const {
  worker.scorer.set_reference(set.reference);
  std::set<Sentence> seen;
  for (CandidateTranslation& candidate : set.candidates) {
    candidate.duplicate = !seen.insert(candidate.tokens).second;
    candidate.text = tokenizers_.target.decode(candidate.tokens);
    candidate.reward = worker.scorer.score(candidate.text);
  }
}

}  // namespace isthmus
