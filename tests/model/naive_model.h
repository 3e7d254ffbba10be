// The whole model once more: plain loops over one sentence in double, written from docs/math.md. Nothing of model/ is
// used but the names and the values of the tensors.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "model/seq2seq.h"

namespace isthmus::test {

using Numbers = std::vector<double>;

struct NaiveState {
  Numbers hidden;
  Numbers memory;  ///< empty but for the LSTM
};

inline double naive_sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }

inline Numbers numbers(const Matrix<double>& matrix, Index column) {
  return {matrix.col(column).begin(), matrix.col(column).end()};
}

/// m·x.
inline Numbers product(const Matrix<double>& m, const Numbers& x) {
  Numbers y(static_cast<std::size_t>(m.rows()), 0.0);
  for (std::size_t i = 0; i < y.size(); ++i) {
    for (std::size_t j = 0; j < x.size(); ++j) y[i] += m(static_cast<Index>(i), static_cast<Index>(j)) * x[j];
  }
  return y;
}

inline void add(Numbers& to, const Numbers& numbers) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += numbers[i];
}

/// γ∘(x − mean)/√(variance + 1e-5).
inline Numbers naive_layer_norm(const Numbers& x, const Numbers& gain) {
  const auto size = static_cast<double>(x.size());
  double mean = 0;
  for (const double value : x) mean += value / size;
  double variance = 0;
  for (const double value : x) variance += (value - mean) * (value - mean) / size;
  Numbers y;
  for (std::size_t i = 0; i < x.size(); ++i) y.push_back(gain[i] * (x[i] - mean) / std::sqrt(variance + 1e-5));
  return y;
}

/// One step of one sentence: a = W·x + C·k + b, s = U·h (+ b_U); the gates' blocks above one another.
inline NaiveState naive_cell(CellType cell, const Numbers& a, const Numbers& s, const NaiveState& before) {
  const std::size_t size = before.hidden.size();
  NaiveState after = before;
  for (std::size_t k = 0; k < size; ++k) {
    const auto sum = [&](std::size_t gate) { return a[gate * size + k] + s[gate * size + k]; };
    if (cell == CellType::kTanh) {
      after.hidden[k] = std::tanh(sum(0));
    } else if (cell == CellType::kGru) {
      const double r = naive_sigmoid(sum(0));
      const double z = naive_sigmoid(sum(1));
      const double n = std::tanh(a[2 * size + k] + r * s[2 * size + k]);
      after.hidden[k] = (1 - z) * n + z * before.hidden[k];
    } else {
      after.memory[k] = naive_sigmoid(sum(1)) * before.memory[k] + naive_sigmoid(sum(0)) * std::tanh(sum(2));
      after.hidden[k] = naive_sigmoid(sum(3)) * std::tanh(after.memory[k]);
    }
  }
  return after;
}

class NaiveModel {
 public:
  NaiveModel(const ModelOptions& options, const Arena<double>& values) : options_(options), values_(values) {}

  /// Teacher forcing: for each token of the target and for its end, log p of every piece.
  std::vector<Numbers> log_probs(Sentence source, Sentence target) const {
    if (options_.reverse_source) std::reverse(source.begin(), source.end());
    source.push_back(kEnd);
    std::vector<Numbers> annotations;
    const std::vector<NaiveState> context = encode(source, annotations);
    Numbers k = options_.context == ContextUse::kEveryStep ? context.back().hidden : Numbers();
    std::vector<NaiveState> states = bridge(context);
    const std::string table =
        options_.tied_embeddings == TiedEmbeddings::kAll ? "encoder.embedding" : "decoder.embedding";
    std::vector<Numbers> all;
    target.insert(target.begin(), kBegin);
    Numbers fed = options_.input_feeding ? Numbers(static_cast<std::size_t>(options_.embedding), 0.0) : k;
    for (const TokenId token : target) {
      Numbers x = numbers(tensor(table), token);
      if (options_.attention == AttentionType::kBahdanau) fed = k = attend(states.back().hidden, annotations);
      for (std::size_t i = 0; i < states.size(); ++i) {
        states[i] = step("decoder." + std::to_string(i), x, i == 0 ? fed : Numbers(), states[i]);
        x = states[i].hidden;
      }
      if (options_.attention == AttentionType::kLuong) k = attend(x, annotations);
      const Numbers r = readout(x, k);
      if (options_.input_feeding) fed = r;
      all.push_back(output(r, table));
    }
    return all;
  }

 private:
  bool has(const std::string& name) const { return find(name).valid(); }
  TensorId find(const std::string& name) const {
    const auto& tensors = values_.layout().tensors();
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      if (tensors[i].name == name) return {static_cast<int>(i)};
    }
    return {};
  }
  Matrix<double> tensor(const std::string& name) const { return values_[find(name)]; }
  /// W·x + b.
  Numbers affine(const std::string& name, const Numbers& x) const {
    Numbers y = product(tensor(name + ".weights"), x);
    add(y, numbers(tensor(name + ".bias"), 0));
    return y;
  }

  NaiveState start(std::size_t size) const {
    return {Numbers(size, 0.0), Numbers(options_.cell == CellType::kLstm ? size : 0, 0.0)};
  }

  NaiveState step(const std::string& layer, const Numbers& x, const Numbers& k, const NaiveState& before) const {
    Numbers a = product(tensor(layer + ".input_weights"), x);
    const bool fed = options_.attention == AttentionType::kBahdanau || options_.input_feeding;
    if (!k.empty()) add(a, product(tensor(layer + (fed ? ".fed_weights" : ".context_weights")), k));
    Numbers s = product(tensor(layer + ".recurrent_weights"), before.hidden);
    if (options_.layer_norm) {
      a = naive_layer_norm(a, numbers(tensor(layer + ".input_norm.gain"), 0));
      s = naive_layer_norm(s, numbers(tensor(layer + ".recurrent_norm.gain"), 0));
    }
    add(a, numbers(tensor(layer + ".bias"), 0));
    if (options_.cell == CellType::kGru) add(s, numbers(tensor(layer + ".recurrent_bias"), 0));
    return naive_cell(options_.cell, a, s, before);
  }

  /// Reads a sentence from its first word or from its last: outputs by place, and the state at the end.
  NaiveState read(const std::string& layer, const std::vector<Numbers>& words, bool backwards,
                  std::vector<Numbers>& outputs) const {
    const auto size = static_cast<std::size_t>(options_.bidirectional ? options_.hidden / 2 : options_.hidden);
    NaiveState state = start(size);
    outputs.resize(words.size());
    for (std::size_t t = 0; t < words.size(); ++t) {
      const std::size_t place = backwards ? words.size() - 1 - t : t;
      state = step(layer, words[place], {}, state);
      outputs[place] = state.hidden;
    }
    return state;
  }

  /// Σ softmax(e)_s·a_s.
  Numbers attend(const Numbers& state, const std::vector<Numbers>& annotations) const {
    Numbers weights;
    double total = 0;
    for (const Numbers& annotation : annotations) {
      double score = 0;
      if (options_.attention == AttentionType::kBahdanau) {
        Numbers units = affine("attention.key", annotation);
        add(units, product(tensor("attention.query.weights"), state));
        const Numbers v = numbers(tensor("attention.combination"), 0);
        for (std::size_t i = 0; i < v.size(); ++i) score += v[i] * std::tanh(units[i]);
      } else {
        const bool general = options_.attention_score == AttentionScore::kGeneral;
        const Numbers key = general ? product(tensor("attention.key.weights"), annotation) : annotation;
        for (std::size_t i = 0; i < key.size(); ++i) score += state[i] * key[i];
      }
      weights.push_back(std::exp(score));
      total += weights.back();
    }
    Numbers sum(state.size(), 0.0);
    for (std::size_t s = 0; s < annotations.size(); ++s) {
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += weights[s] / total * annotations[s][i];
    }
    return sum;
  }

  /// The final state of each layer; the annotations are what the last one gives.
  std::vector<NaiveState> encode(const Sentence& source, std::vector<Numbers>& annotations) const {
    std::vector<Numbers> words;
    for (const TokenId token : source) words.push_back(numbers(tensor("encoder.embedding"), token));
    std::vector<NaiveState> context;
    for (std::int64_t i = 0; i < options_.layers; ++i) {
      const std::string layer = "encoder." + std::to_string(i);
      std::vector<Numbers> outputs;
      context.push_back(read(layer + ".forward", words, false, outputs));
      if (options_.bidirectional) {
        std::vector<Numbers> others;
        const NaiveState other = read(layer + ".backward", words, true, others);
        append(context.back().hidden, other.hidden);
        append(context.back().memory, other.memory);
        for (std::size_t t = 0; t < outputs.size(); ++t) append(outputs[t], others[t]);
      }
      words = outputs;
    }
    annotations = words;
    return context;
  }

  static void append(Numbers& to, const Numbers& numbers) { to.insert(to.end(), numbers.begin(), numbers.end()); }

  std::vector<NaiveState> bridge(const std::vector<NaiveState>& context) const {
    std::vector<NaiveState> states;
    for (std::size_t i = 0; i < context.size(); ++i) {
      const std::string name = "bridge." + std::to_string(i);
      NaiveState state = context[i];
      if (options_.bridge == BridgeType::kZero) state = start(state.hidden.size());
      if (options_.bridge == BridgeType::kDense) {
        state.hidden = affine(name + ".hidden", context[i].hidden);
        for (double& value : state.hidden) value = std::tanh(value);
        if (!state.memory.empty()) state.memory = affine(name + ".memory", context[i].memory);
      }
      states.push_back(state);
    }
    return states;
  }

  Numbers readout(const Numbers& h, const Numbers& k) const {
    if (!has("readout.weights")) return h;
    Numbers r = affine("readout", h);
    if (!k.empty()) add(r, product(tensor("readout.context.weights"), k));
    for (double& value : r) value = std::tanh(value);
    return r;
  }

  /// log softmax.
  Numbers output(const Numbers& y, const std::string& table) const {
    const bool tied = options_.tied_embeddings != TiedEmbeddings::kNone;
    Numbers z = product(tensor(tied ? table : "output.weights").transpose(), y);
    add(z, numbers(tensor("output.bias"), 0));
    double total = 0;
    for (const double value : z) total += std::exp(value);
    for (double& value : z) value -= std::log(total);
    return z;
  }

  ModelOptions options_;
  const Arena<double>& values_;
};

}  // namespace isthmus::test
