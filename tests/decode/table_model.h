// A StepModel without weights: the tests' oracle.
#pragma once

#include <cassert>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include "core/random.h"
#include "decode/step_model.h"

namespace isthmus::testing {

/// Probabilities as a function of the source and of the tokens so far (without begin).
using Table = std::function<std::vector<float>(const Sentence& source, const Sentence& prefix)>;

/// Looks its probabilities up, and notes how it is used.
class TableModel : public StepModel {
 public:
  TableModel(TokenId vocabulary, Table table) : vocabulary_(vocabulary), table_(std::move(table)) {}

  Index vocabulary_size() const override { return vocabulary_; }

  void start(std::span<const Sentence> sources) override {
    columns_.clear();
    ++starts_;
    add(sources);
  }

  void add(std::span<const Sentence> sources) override {
    for (const Sentence& source : sources) {
      assert(!source.empty());
      columns_.push_back({source, {}, true});
    }
    begun_ += sources.size();
  }

  const TokenScores<float>& step(std::span<const TokenId> last) override {
    if (last.size() != columns_.size()) throw std::logic_error("one last token for each column");
    scores_.resize(vocabulary_, static_cast<Index>(columns_.size()));
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      bool& fresh = columns_[i].fresh;
      if (fresh != (last[i] == kBegin)) throw std::logic_error("begin comes first and only then");
      if (!fresh) columns_[i].prefix.push_back(last[i]);
      fresh = false;
      const std::vector<float> row = table_(columns_[i].source, columns_[i].prefix);
      for (TokenId token = 0; token < vocabulary_; ++token) {
        scores_.logits(token, static_cast<Index>(i)) = row[static_cast<std::size_t>(token)];
      }
      scores_.set_normalised(static_cast<Index>(i));
    }
    widths_.push_back(columns_.size());
    return scores_;
  }

  void select(std::span<const Index> parents) override {
    std::vector<Column> selected;
    for (const Index parent : parents) selected.push_back(columns_.at(static_cast<std::size_t>(parent)));
    columns_ = std::move(selected);
  }

  /// Columns of every step so far.
  const std::vector<std::size_t>& widths() const { return widths_; }
  int starts() const { return starts_; }
  /// Sentences that were started or added.
  std::size_t begun() const { return begun_; }

 private:
  struct Column {
    Sentence source;
    Sentence prefix;
    bool fresh;
  };

  TokenId vocabulary_;
  Table table_;
  std::vector<Column> columns_;
  TokenScores<float> scores_;
  std::vector<std::size_t> widths_;
  std::size_t begun_ = 0;
  int starts_ = 0;
};

/// Log-probabilities that sum to one.
inline std::vector<float> normalised(std::vector<double> weights) {
  double sum = 0.0;
  for (const double weight : weights) sum += weight;
  std::vector<float> log_probs;
  for (const double weight : weights) log_probs.push_back(static_cast<float>(std::log(weight / sum)));
  return log_probs;
}

/// Random probabilities, the same for the same source and prefix. `sharpness` 0 is nearly uniform. With `holes`, about
/// one in six is -inf or NaN.
inline Table random_table(TokenId vocabulary, std::uint64_t seed, double sharpness = 3.0, bool holes = false) {
  return [=](const Sentence& source, const Sentence& prefix) {
    Random random = Random(seed).split(1);
    for (const TokenId token : source) random = random.split(static_cast<std::uint64_t>(token));
    random = random.split(12345);
    for (const TokenId token : prefix) random = random.split(static_cast<std::uint64_t>(token));
    std::vector<double> weights;
    for (TokenId token = 0; token < vocabulary; ++token) weights.push_back(std::exp(sharpness * random.uniform()));
    std::vector<float> log_probs = normalised(weights);
    if (holes) {
      for (float& log_prob : log_probs) {
        const std::uint64_t roll = random.below(12);
        if (roll == 0) log_prob = -std::numeric_limits<float>::infinity();
        if (roll == 1) log_prob = std::numeric_limits<float>::quiet_NaN();
      }
    }
    return log_probs;
  };
}

}  // namespace isthmus::testing
