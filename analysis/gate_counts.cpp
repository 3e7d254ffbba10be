#include "analysis/gate_counts.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/error.h"
#include "core/interrupt.h"

namespace isthmus {
namespace {

constexpr double kGateEnd = 0.05;
constexpr double kTanhEnd = 0.99;

/// Blocks of rows in RecurrentCache::gates, from the top (lstm_cell.h, gru_cell.h, tanh_cell.h). An LSTM's memory is
/// not among them.
std::vector<std::pair<const char*, bool>> blocks_of(CellType cell) {
  switch (cell) {
    case CellType::kTanh:
      return {{"hidden", false}};
    case CellType::kGru:
      return {{"reset", true}, {"update", true}, {"candidate", false}};
    case CellType::kLstm:
      return {{"input", true}, {"forget", true}, {"candidate", false}, {"output", true}};
  }
  return {};
}

/// Adds the activations of a unit-by-column block; `sentence` is by column.
void count(const Matrix<float>& block, bool is_sigmoid, const std::vector<std::size_t>& sentence, GateCounts& counts,
           GateCounts& by_sentence) {
  const double least = is_sigmoid ? 0 : -1;
  const double left = is_sigmoid ? kGateEnd : -kTanhEnd;
  const double right = is_sigmoid ? 1 - kGateEnd : kTanhEnd;
  const double bins_a_unit = static_cast<double>(kGateBins) / (1 - least);
  counts.saturated_steps.resize(static_cast<std::size_t>(block.rows()));
  for (Index column = 0; column < block.cols(); ++column) {
    const std::int64_t before = counts.left + counts.right;
    for (Index unit = 0; unit < block.rows(); ++unit) {
      const auto value = static_cast<double>(block(unit, column));
      counts.sum += value;
      const bool is_left = value<left, is_right = value> right;
      counts.left += is_left;
      counts.right += is_right;
      counts.saturated_steps[static_cast<std::size_t>(unit)] += is_left || is_right;
      const auto bin = static_cast<std::size_t>(std::max(0.0, (value - least) * bins_a_unit));
      ++counts.bins[std::min(bin, kGateBins - 1)];
    }
    counts.values += block.rows();
    const std::size_t i = sentence[static_cast<std::size_t>(column)];
    by_sentence.sentence_saturated[i] += static_cast<double>(counts.left + counts.right - before);
    by_sentence.sentence_values[i] += static_cast<double>(block.rows());
  }
}

/// By column of a batch that begins with sentence `first` of the text: the sentence's number.
std::vector<std::size_t> sentences_of(const TokenGrid& grid, std::size_t first) {
  std::vector<std::size_t> sentences;
  for (const Index alive : grid.packing.alive) {
    for (Index b = 0; b < alive; ++b) {
      sentences.push_back(first + static_cast<std::size_t>(grid.sentence[static_cast<std::size_t>(b)]));
    }
  }
  return sentences;
}

/// Counts the gates of one direction of one layer, and moves on to the next one's.
class LayerCounter {
 public:
  LayerCounter(CellType cell, std::vector<GateCounts>& counts, std::vector<GateCounts>& by_sentence)
      : blocks_(blocks_of(cell)), has_memory_(cell == CellType::kLstm), counts_(counts), by_sentence_(by_sentence) {}

  void add(const RecurrentCache<float>& cache, const std::vector<std::size_t>& sentence) {
    const Index units = cache.hidden.rows();
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      add(cache.gates.middleRows(static_cast<Index>(i) * units, units), blocks_[i].second, sentence);
    }
    if (has_memory_) add(cache.memory.array().tanh().matrix(), false, sentence);
  }

 private:
  void add(const Matrix<float>& block, bool is_sigmoid, const std::vector<std::size_t>& sentence) {
    count(block, is_sigmoid, sentence, counts_[next_], by_sentence_[next_]);
    ++next_;
  }

  std::vector<std::pair<const char*, bool>> blocks_;
  bool has_memory_;
  std::vector<GateCounts>& counts_;
  std::vector<GateCounts>& by_sentence_;
  std::size_t next_ = 0;
};

void merge(const GateCounts& part, GateCounts& into) {
  into.values += part.values;
  into.sum += part.sum;
  into.left += part.left;
  into.right += part.right;
  for (std::size_t i = 0; i < kGateBins; ++i) into.bins[i] += part.bins[i];
  into.saturated_steps.resize(std::max(into.saturated_steps.size(), part.saturated_steps.size()));
  for (std::size_t i = 0; i < part.saturated_steps.size(); ++i) into.saturated_steps[i] += part.saturated_steps[i];
}

}  // namespace

double GateCounts::units_saturated_in(double steps) const {
  if (saturated_steps.empty() || values == 0) return 0.0;
  const double all = static_cast<double>(values) / static_cast<double>(saturated_steps.size());
  const auto many = std::count_if(saturated_steps.begin(), saturated_steps.end(),
                                  [&](std::int64_t count) { return static_cast<double>(count) >= steps * all; });
  return static_cast<double>(many) / static_cast<double>(saturated_steps.size());
}

std::vector<Gate> gates_of(const ModelOptions& shape) {
  std::vector<Gate> gates;
  const auto add = [&](const char* side, std::int64_t layer, const char* direction, Index units) {
    for (const auto& [name, is_sigmoid] : blocks_of(shape.cell)) {
      gates.push_back({side, layer, direction, name, is_sigmoid, units});
    }
    if (shape.cell == CellType::kLstm) gates.push_back({side, layer, direction, "memory", false, units});
  };
  for (std::int64_t layer = 0; layer < shape.layers; ++layer) {
    add("encoder", layer, "forward", shape.bidirectional ? shape.hidden / 2 : shape.hidden);
    if (shape.bidirectional) add("encoder", layer, "backward", shape.hidden / 2);
  }
  for (std::int64_t layer = 0; layer < shape.layers; ++layer) add("decoder", layer, "forward", shape.hidden);
  return gates;
}

std::vector<GateCounts> count_gates(Laboratory& laboratory, const Arena<float>& weights) {
  const Seq2Seq<float>& network = laboratory.network();
  const ModelOptions& shape = network.options();
  const std::size_t gates = gates_of(shape).size();
  const std::size_t batch = laboratory.batch();
  const std::size_t batches = (laboratory.size() + batch - 1) / batch;
  std::vector<GateCounts> all(gates);
  for (GateCounts& counts : all) {
    counts.sentence_saturated.resize(laboratory.size());
    counts.sentence_values.resize(laboratory.size());
  }
  std::vector<std::vector<GateCounts>> parts(batches, std::vector<GateCounts>(gates));
  std::vector<Scratch<float>> scratches(laboratory.threads().size());
  laboratory.threads().run(batches, [&](std::size_t piece, std::size_t worker) {
    if (interrupted()) throw Interrupted();
    Scratch<float>& scratch = scratches[worker];
    const std::size_t first = piece * batch;
    const std::size_t count = std::min(batch, laboratory.size() - first);
    const auto part_of = [&](const std::vector<Sentence>& sentences) {
      return std::span<const Sentence>(sentences).subspan(first, count);
    };
    LayerCounter counter(shape.cell, parts[piece], all);  // of `all`, only this piece's sentences
    const TokenGrid source = network.pack_source(part_of(laboratory.sources()));
    const Context<float> contexts = network.encode(weights, source, scratch);
    const std::vector<std::size_t> of_source = sentences_of(source, first);
    for (const EncoderLayerCache<float>& layer : scratch.encoder.layers) {
      counter.add(layer.forward, of_source);
      if (shape.bidirectional) counter.add(layer.backward, of_source);
    }
    const TokenGrid target = network.pack_target(part_of(laboratory.references()));
    network.score(weights, contexts, target, scratch);
    const std::vector<std::size_t> of_target = sentences_of(target, first);
    for (const DecoderLayerCache<float>& layer : scratch.decoder.layers) counter.add(layer.recurrent, of_target);
  });
  for (const std::vector<GateCounts>& part : parts) {
    for (std::size_t i = 0; i < gates; ++i) merge(part[i], all[i]);
  }
  return all;
}

}  // namespace isthmus
