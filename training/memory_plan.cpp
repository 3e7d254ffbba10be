#include "training/memory_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "core/error.h"
#include "core/progress.h"
#include "training/batch_stream.h"
#include "training/corpus_pairs.h"
#include "training/gradient_workers.h"

namespace isthmus {
namespace {

/// What the program holds beside a run's arrays: its code and libraries, tokenizers, blocks of text that are encoded.
constexpr std::int64_t kProgram = std::int64_t{56} << 20;
/// Tokens of a side that a shard runs at once, where no budget says otherwise: enough for products at full speed.
constexpr std::int64_t kShardTokens = 768;
/// The same for objectives with candidates, of which a sentence alone has a thousand tokens.
constexpr std::int64_t kShardCandidateTokens = 3072;
/// Sentences that are translated together in validation, and hypotheses whose scores exist at once.
constexpr std::int64_t kTranslated = 64;

std::int64_t sum_of(const std::vector<Index>& lengths) {
  return std::accumulate(lengths.begin(), lengths.end(), std::int64_t{0});
}

/// Of the shortest sentences, how many `tokens` hold.
std::int64_t most_sentences(const LengthCounts& counts, std::int64_t tokens) {
  std::int64_t most = 0;
  for (const auto& [length, count] : counts) {
    const auto each = static_cast<std::int64_t>(length) + 1;
    const std::int64_t fit = std::min(static_cast<std::int64_t>(count), tokens / each);
    most += fit;
    tokens -= fit * each;
    if (fit < static_cast<std::int64_t>(count)) break;
  }
  return std::max<std::int64_t>(1, most);
}

/// The longest `sentences` of a side, ascending. Where they have more than `tokens`, as many sentences that share these
/// evenly, but no less than the longest.
std::vector<Index> longest(const LengthCounts& counts, std::int64_t sentences, std::int64_t tokens) {
  std::vector<Index> lengths;
  for (auto found = counts.rbegin(); found != counts.rend() && std::ssize(lengths) < sentences; ++found) {
    const auto more = std::min(static_cast<std::int64_t>(found->second), sentences - std::ssize(lengths));
    lengths.insert(lengths.end(), static_cast<std::size_t>(more), static_cast<Index>(found->first) + 1);
  }
  std::reverse(lengths.begin(), lengths.end());
  tokens = std::max<std::int64_t>(tokens, lengths.back());
  if (sum_of(lengths) <= tokens) return lengths;
  const auto count = std::ssize(lengths);
  for (std::int64_t i = 0; i < count; ++i) {
    lengths[static_cast<std::size_t>(i)] = (i + 1) * tokens / count - i * tokens / count;
  }
  std::sort(lengths.begin(), lengths.end());
  return lengths;
}

LargestBatch largest_batch(const EncodedCorpus& corpus, const BatchLimits& limits) {
  const std::int64_t sentences = std::min({limits.sentences, static_cast<std::int64_t>(corpus.pairs()),
                                           most_sentences(corpus.source_lengths(), limits.source_tokens),
                                           most_sentences(corpus.target_lengths(), limits.target_tokens)});
  return {longest(corpus.source_lengths(), sentences, limits.source_tokens),
          longest(corpus.target_lengths(), sentences, limits.target_tokens)};
}

/// Sentence i of a batch is of shard i modulo their number (make_shards).
std::int64_t activations_of(const Seq2Seq<float>& model, const LargestBatch& batch, std::int64_t shards) {
  struct Share {
    Index source = 0, target = 0, sentences = 0;
  };
  std::vector<Share> shares(static_cast<std::size_t>(shards));
  for (std::size_t i = 0; i < batch.source.size(); ++i) {
    Share& share = shares[i % shares.size()];
    share.source += batch.source[i];
    share.target += batch.target[i];
    share.sentences += 1;
  }
  std::int64_t scalars = 0;
  for (const Share& share : shares) {
    if (share.sentences > 0) scalars += model.scratch_size(share.source, share.target, share.sentences);
  }
  return scalars * static_cast<std::int64_t>(sizeof(float));
}

/// The same where each sentence has candidates; how many there are in a shard does not matter much.
std::int64_t activations_of_candidates(const Seq2Seq<float>& model, const RoundLimits& limits, std::int64_t shards) {
  const Index tokens = limits.target_tokens / shards;
  return shards * model.scratch_size(limits.source_tokens / shards, tokens, tokens / 8) *
         static_cast<std::int64_t>(sizeof(float));
}

std::int64_t parameters_of(const Layout& layout, const OptimizerOptions& optimizer, std::int64_t rounds) {
  const bool second = optimizer.type == OptimizerType::kAdam || optimizer.type == OptimizerType::kAdamW;
  const std::int64_t arenas =
      3 + (second ? 1 : 0) + (optimizer.average_decay > 0 ? 1 : 0) + GradientWorkers::spare_arenas(rounds);
  return arenas * layout.size() * static_cast<std::int64_t>(sizeof(float));
}

std::int64_t rest_of(const Seq2Seq<float>& model, const TrainingOptions& options, const EncodedCorpus& corpus) {
  const PairSource source = pairs_of(corpus);
  const auto pool =
      static_cast<double>(BatchStream::pool_size(source, batch_limits(options.batch), options.batch.bucket));
  const double of_pair =
      static_cast<double>(source.source_tokens + source.target_tokens) / static_cast<double>(source.pairs);
  // Two pools, in vectors that may be half empty: pieces, and places and orders of the pairs.
  const double pools = 2 * pool * (1.5 * of_pair * sizeof(TokenId) + 64);
  const ModelOptions& shape = model.options();
  const Index output = shape.target_vocabulary * std::max(shape.hidden, shape.embedding);
  // What a sentence that is searched is looked back at: annotations and keys.
  const Index attended = shape.attention == AttentionType::kNone
                             ? 0
                             : 2 * shape.hidden * (static_cast<Index>(corpus.source_lengths().rbegin()->first) + 1);
  Index search = options.batch.shards * kTranslated * (2 * shape.target_vocabulary + attended);
  if (needs_candidates(options.objective)) {  // all at once
    search += options.batch.sentences *
              (options.sequence.num_candidates * (2 * shape.target_vocabulary + 8 * shape.hidden) + attended);
  }
  return kProgram + static_cast<std::int64_t>(pools) + (output + search) * static_cast<std::int64_t>(sizeof(float));
}

std::int64_t megabytes(std::int64_t bytes) { return (bytes + 999'999) / 1'000'000; }

}  // namespace

std::int64_t LargestBatch::source_tokens() const { return sum_of(source); }
std::int64_t LargestBatch::target_tokens() const { return sum_of(target); }

Batch LargestBatch::batch(const ModelOptions& model) const {
  const auto sentences_of = [](const std::vector<Index>& lengths, std::int64_t vocabulary) {
    std::vector<Sentence> sentences;
    const std::int64_t pieces = std::max<std::int64_t>(1, vocabulary - kSpecialTokens);
    std::int64_t next = 0;
    for (const Index length : lengths) {
      Sentence& sentence = sentences.emplace_back();
      for (Index t = 1; t < length; ++t) sentence.push_back(static_cast<TokenId>(vocabulary - 1 - next++ % pieces));
    }
    return sentences;
  };
  return {sentences_of(source, model.source_vocabulary), sentences_of(target, model.target_vocabulary)};
}

std::vector<WeightedBatch> rehearsals(const MemoryPlan& plan, const TrainingOptions& options,
                                      const ModelOptions& model) {
  std::vector<WeightedBatch> tried;
  for (const LargestBatch& largest : {plan.round, plan.batch}) {
    tried.push_back(teacher_forced(largest.batch(model), options.label_smoothing));
  }
  if (plan.candidates == 0) return tried;
  // As many sentences as have room for the longest candidates, in each shard.
  WeightedBatch& judged = tried[0];
  const std::int64_t shards = options.batch.shards;
  const std::int64_t of_shard =
      std::max<std::int64_t>(1, plan.limits.target_tokens / (shards * plan.candidates * plan.candidate_length));
  if (std::ssize(judged.source) > shards * of_shard) judged.source.resize(static_cast<std::size_t>(shards * of_shard));
  const LargestBatch candidate{{plan.candidate_length}, {plan.candidate_length}};
  const Sentence tokens = candidate.batch(model).target[0];
  judged.targets.clear();
  judged.dropout = false;
  for (Index i = 0; i < std::ssize(judged.source); ++i) {
    for (std::int64_t k = 0; k < plan.candidates; ++k) {
      judged.targets.push_back({i, tokens, std::vector<float>(tokens.size() + 1, 0.0f), {}});
    }
  }
  return tried;
}

MemoryPlan plan_memory(const Seq2Seq<float>& model, const TrainingOptions& options, const EncodedCorpus& corpus) {
  const std::int64_t shards = options.batch.shards;
  const LargestBatch batch = largest_batch(corpus, batch_limits(options.batch));
  const std::int64_t rest = rest_of(model, options, corpus);
  const SequenceOptions& sequence = options.sequence;
  const bool judged = needs_candidates(options.objective);
  const std::int64_t candidates = judged ? sequence.num_candidates + (sequence.include_reference ? 1 : 0) : 0;
  const auto length =
      static_cast<Index>(std::max(static_cast<double>(batch.target.back()),
                                  sequence.candidate_length_factor * static_cast<double>(batch.source.back()) +
                                      static_cast<double>(sequence.candidate_length_extra) + 1));
  // A round has at least a sentence in each shard.
  const RoundLimits least = {shards * batch.source.back(),
                             shards * (judged ? candidates * length : batch.target.back())};
  const auto plan_of = [&](std::int64_t tokens) {
    MemoryPlan plan;
    plan.limits = {std::max(tokens, least.source_tokens), std::max(tokens, least.target_tokens), judged};
    plan.batch = batch;
    plan.round = largest_batch(corpus, {batch.sentences(), plan.limits.source_tokens, plan.limits.target_tokens});
    plan.rounds = rounds_of(teacher_forced(batch.batch(model.options()), 0.0), shards, plan.limits);
    plan.candidates = candidates;
    plan.candidate_length = length;
    plan.parameters = parameters_of(model.layout(), options.optimizer, judged ? 1 : plan.rounds);
    plan.activations =
        judged ? activations_of_candidates(model, plan.limits, shards) : activations_of(model, plan.round, shards);
    plan.rest = rest;
    return plan;
  };
  if (options.batch.memory_budget == 0) return plan_of((judged ? kShardCandidateTokens : kShardTokens) * shards);

  const std::int64_t budget = options.batch.memory_budget * 1'000'000;
  std::int64_t fits = 0;
  MemoryPlan plan = plan_of(fits);
  if (plan.total() > budget) {
    throw UsageError(fmt::format(
        "--memory-budget {}: the least is {} MB: {} for the parameters, their gradient and the optimiser, {} for {} of "
        "up to {} + {} pieces, {} for the rest; give that much, a smaller model or a smaller --max-length",
        options.batch.memory_budget, megabytes(plan.total()), megabytes(plan.parameters), megabytes(plan.activations),
        counted(plan.round.sentences(), "pair"), batch.source.back(), batch.target.back(), megabytes(plan.rest)));
  }
  const std::int64_t most =
      std::max(batch.source_tokens(), std::max<std::int64_t>(1, candidates) * batch.target_tokens());
  for (std::int64_t step = std::int64_t{1} << 40; step > 0; step /= 2) {
    if (fits + step > most) continue;
    if (MemoryPlan larger = plan_of(fits + step); larger.total() <= budget) {
      fits += step;
      plan = std::move(larger);
    }
  }
  return plan;
}

}  // namespace isthmus
