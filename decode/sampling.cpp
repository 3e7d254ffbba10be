#include "decode/sampling.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <utility>

#include "decode/finish.h"

namespace isthmus {
namespace {

/// What one column gives the tokens, to draw from. Its sums have the same order wherever the column lies.
class Distribution {
 public:
  Distribution(Index vocabulary, double temperature, bool allow_unknown)
      : temperature_(static_cast<float>(temperature)),
        allow_unknown_(allow_unknown),
        weights_(vocabulary),
        sums_(static_cast<std::size_t>((vocabulary + kBlock - 1) / kBlock)) {}

  /// False if no token that may come has a probability.
  bool set(std::span<const float> log_probs, bool may_end) {
    const float* values = log_probs.data();
    const float highest = highest_of(log_probs, may_end);
    if (!std::isfinite(highest)) return false;
    const float lowest = highest - kNegligible * temperature_;
    total_ = 0.0;
    for (std::size_t block = 0; block < sums_.size(); ++block) {
      const Index begin = static_cast<Index>(block) * kBlock;
      const Index size = std::min(kBlock, weights_.size() - begin);
      auto weights = weights_.segment(begin, size);
      weights = ((Eigen::Map<const Eigen::ArrayXf>(values + begin, size) - highest) / temperature_).exp();
      for (Index i = 0; i < size; ++i) weights[i] = values[begin + i] > lowest ? weights[i] : 0.0f;  // NaN too
      if (block == 0) {
        weights[kBegin] = 0.0f;
        if (!allow_unknown_) weights[kUnknown] = 0.0f;
        if (!may_end) weights[kEnd] = 0.0f;
      }
      sums_[block] = static_cast<double>(weights.sum());
      total_ += sums_[block];
    }
    return true;
  }

  /// `uniform` in [0, 1).
  TokenId draw(double uniform) const {
    double left = uniform * total_;
    Index begin = 0;
    for (std::size_t block = 0; block < sums_.size(); ++block) {
      if (sums_[block] == 0.0) continue;
      begin = static_cast<Index>(block) * kBlock;
      if (left < sums_[block]) break;
      left -= sums_[block];
    }
    // Rounding may lead past the last token of a block: then it is this one.
    Index token = begin;
    for (Index i = begin; i < std::min(begin + kBlock, weights_.size()); ++i) {
      if (weights_[i] == 0.0f) continue;
      token = i;
      if (left < static_cast<double>(weights_[i])) break;
      left -= static_cast<double>(weights_[i]);
    }
    return static_cast<TokenId>(token);
  }

 private:
  static constexpr Index kBlock = 128;
  /// What is e^50 times less probable than the best is never drawn: a draw has 53 bits.
  static constexpr float kNegligible = 50.0f;

  float highest_of(std::span<const float> log_probs, bool may_end) const {
    const std::span<const float> words = log_probs.subspan(kSpecialTokens);
    float highest = -std::numeric_limits<float>::infinity();
    const auto offer = [&](float value) { highest = value > highest ? value : highest; };
    if (!words.empty()) {
      offer(Eigen::Map<const Eigen::ArrayXf>(words.data(), static_cast<Index>(words.size()))
                .maxCoeff<Eigen::PropagateNumbers>());
    }
    if (may_end) offer(log_probs[kEnd]);
    if (allow_unknown_) offer(log_probs[kUnknown]);
    return highest;
  }

  float temperature_;
  bool allow_unknown_;
  Eigen::ArrayXf weights_;    // of each token, that of the best is 1
  std::vector<double> sums_;  // of each block of weights
  double total_ = 0.0;
};

class Sampler {
 public:
  Sampler(StepModel& model, std::span<const Sentence> sources, std::span<const Random> streams,
          const SamplingOptions& sampling, const SearchOptions& limits, std::span<const Sentence> prefixes)
      : model_(model),
        limits_(limits),
        prefixes_(prefixes),
        distribution_(model.vocabulary_size(), sampling.temperature, limits.allow_unknown) {
    const auto samples = static_cast<std::size_t>(sampling.samples);
    for (std::size_t source = 0; source < sources.size(); ++source) {
      max_lengths_.push_back(max_length(limits, sources[source].size()));
      columns_.push_back({source, 0, samples});
      std::vector<Random>& random = random_.emplace_back();
      for (std::size_t k = 0; k < samples; ++k) random.push_back(streams[source].split(k));
    }
    found_.assign(sources.size(), std::vector<Hypothesis>(samples));
  }

  /// After model.start.
  std::vector<std::vector<Hypothesis>> run() {
    std::vector<Column> columns_before;
    std::vector<TokenId> last(columns_.size(), kBegin);
    while (!columns_.empty()) {
      const Matrix<float>& log_probs = model_.step(last);
      columns_before.swap(columns_);
      columns_.clear();
      parents_.clear();
      for (std::size_t c = 0; c < columns_before.size(); ++c) {
        advance(columns_before[c], static_cast<Index>(c), column_of(log_probs, static_cast<Index>(c)));
      }
      if (!columns_.empty() && changed(columns_before.size())) model_.select(parents_);
      last.clear();
      for (const Column& column : columns_) last.push_back(found_[column.source][column.begin].tokens.back());
    }
    for (std::vector<Hypothesis>& samples : found_) {
      for (Hypothesis& hypothesis : samples) set_score(limits_, hypothesis);
    }
    return std::move(found_);
  }

 private:
  /// Samples [begin, end) of a source. More than one only while no token of them was drawn.
  struct Column {
    std::size_t source;
    std::size_t begin;
    std::size_t end;
  };

  /// Gives each sample of the column its next token; those that go on get columns.
  void advance(const Column& column, Index place, std::span<const float> log_probs) {
    const std::span<Hypothesis> samples =
        std::span(found_[column.source]).subspan(column.begin, column.end - column.begin);
    const std::int64_t limit = max_lengths_[column.source];
    const std::size_t length = samples[0].tokens.size();
    const bool full = static_cast<std::int64_t>(length) == limit;
    if (!prefixes_.empty() && length < prefixes_[column.source].size() && !full) {
      if (force(prefixes_[column.source][length], samples, log_probs)) keep(column, place);
      return;
    }
    if (!distribution_.set(log_probs, may_end(limits_, limit, static_cast<std::int64_t>(length)))) {
      for (Hypothesis& hypothesis : samples) hypothesis.stop = StopReason::kDeadEnd;
      return;
    }
    for (std::size_t k = column.begin; k < column.end; ++k) {
      const TokenId token = distribution_.draw(random_[column.source][k].uniform());
      if (extend(found_[column.source][k], token, full, log_probs)) keep({column.source, k, k + 1}, place);
    }
  }

  /// False if that is a dead end.
  static bool force(TokenId token, std::span<Hypothesis> samples, std::span<const float> log_probs) {
    const float log_prob = log_probs[static_cast<std::size_t>(token)];
    for (Hypothesis& hypothesis : samples) {
      if (!std::isfinite(log_prob)) {
        hypothesis.stop = StopReason::kDeadEnd;
        continue;
      }
      hypothesis.tokens.push_back(token);
      hypothesis.token_log_probs.push_back(log_prob);
    }
    return std::isfinite(log_prob);
  }

  /// False if the sample is over.
  static bool extend(Hypothesis& hypothesis, TokenId token, bool full, std::span<const float> log_probs) {
    if (full && token != kEnd) {
      token = kEnd;
      hypothesis.stop = std::isfinite(log_probs[kEnd]) ? StopReason::kMaxLength : StopReason::kDeadEnd;
      if (hypothesis.stop == StopReason::kDeadEnd) return false;
    }
    hypothesis.token_log_probs.push_back(log_probs[static_cast<std::size_t>(token)]);
    if (token == kEnd) return false;
    hypothesis.tokens.push_back(token);
    return true;
  }

  void keep(const Column& column, Index parent) {
    columns_.push_back(column);
    parents_.push_back(parent);
  }

  bool changed(std::size_t columns) const {
    if (parents_.size() != columns) return true;
    for (std::size_t i = 0; i < columns; ++i) {
      if (parents_[i] != static_cast<Index>(i)) return true;
    }
    return false;
  }

  StepModel& model_;
  const SearchOptions& limits_;
  std::span<const Sentence> prefixes_;
  Distribution distribution_;
  std::vector<std::int64_t> max_lengths_;       // of each source
  std::vector<std::vector<Random>> random_;     // of each sample
  std::vector<std::vector<Hypothesis>> found_;  // the samples, also while they grow
  std::vector<Column> columns_;                 // of the model's next step
  std::vector<Index> parents_;                  // of these columns, in the step before
};

}  // namespace

std::vector<std::vector<Hypothesis>> sample(StepModel& model, std::span<const Sentence> sources,
                                            std::span<const Random> streams, const SamplingOptions& sampling,
                                            const SearchOptions& limits, std::span<const Sentence> prefixes) {
  assert(streams.size() == sources.size() && (prefixes.empty() || prefixes.size() == sources.size()));
  assert(sampling.samples >= 1 && sampling.temperature > 0.0);
  if (sources.empty()) return {};
  model.start(sources);
  return Sampler(model, sources, streams, sampling, limits, prefixes).run();
}

}  // namespace isthmus
