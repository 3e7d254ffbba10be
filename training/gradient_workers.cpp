#include "training/gradient_workers.h"

#include <bit>

namespace isthmus {
namespace {

/// Scalars of a piece of a gradient: small enough for a processor's cache and for sharing out evenly, large enough for
/// products at full speed.
constexpr Index kPiece = 1 << 18;

}  // namespace

GradientWorkers::GradientWorkers(const Seq2Seq<float>& model, std::int64_t shards, ThreadPool& threads)
    : model_(model), threads_(threads) {
  shards_.reserve(static_cast<std::size_t>(shards));
  for (std::int64_t i = 0; i < shards; ++i) shards_.emplace_back(model.layout());
  const auto& tensors = model.layout().tensors();
  Index largest = 0;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const Index most = std::max<Index>(1, kPiece / tensors[i].rows);
    for (Index begin = 0; begin < tensors[i].columns; begin += most) {
      pieces_.push_back({{static_cast<int>(i)}, begin, std::min(most, tensors[i].columns - begin)});
      largest = std::max(largest, tensors[i].rows * pieces_.back().columns);
    }
  }
  const Index levels = std::bit_width(static_cast<std::size_t>(shards) - 1);
  for (std::size_t i = 0; i < threads.size(); ++i) spare_.emplace_back(levels * largest);
}

LossSum GradientWorkers::run(const Arena<float>& values, const Batch& part, float weight, const RunOptions& options,
                             bool gradient, Shard& shard) const {
  shard.terms.clear();
  if (part.size() == 0) return {};
  shard.source = model_.pack_source(part.source);
  shard.target = model_.pack_target(part.target);
  shard.weights.assign(static_cast<std::size_t>(shard.target.tokens()), weight);
  return model_.run(values, shard.source, shard.target, shard.weights, options, shard.scratch,
                    gradient ? &shard.terms : nullptr);
}

void GradientWorkers::add_up(const Piece& piece, std::size_t first, std::size_t last, MatrixRef<float> sum,
                             float* spare) const {
  if (last - first == 1) return shards_[first].terms.evaluate(piece.tensor, piece.begin, sum);
  const std::size_t middle = first + (last - first) / 2;
  add_up(piece, first, middle, sum, spare);
  Eigen::Map<Matrix<float>> right(spare, sum.rows(), sum.cols());
  add_up(piece, middle, last, right, spare + sum.size());
  sum += right;
}

BatchGradient GradientWorkers::gradient(const Arena<float>& values, const Batch& batch, double label_smoothing,
                                        Random random, Arena<float>& grads) {
  const float weight = 1.0f / static_cast<float>(batch.target_tokens());
  const std::vector<Batch> parts = make_shards(batch, static_cast<std::int64_t>(shards_.size()));
  std::vector<LossSum> sums(parts.size());
  threads_.run(parts.size(), [&](std::size_t i, std::size_t) {
    const RunOptions options{.label_smoothing = label_smoothing, .dropout = random.split(i)};
    sums[i] = run(values, parts[i], weight, options, /*gradient=*/true, shards_[i]);
  });
  std::vector<double> squares(pieces_.size());
  threads_.run(pieces_.size(), [&](std::size_t i, std::size_t worker) {
    const Piece& piece = pieces_[i];
    auto sum = grads[piece.tensor].middleCols(piece.begin, piece.columns);
    add_up(piece, 0, shards_.size(), sum, spare_[worker].data());
    squares[i] = static_cast<double>(sum.squaredNorm());
  });
  BatchGradient result;
  for (const LossSum& sum : sums) result.sum += sum;
  for (const double square : squares) result.squared_norm += square;
  return result;
}

LossSum GradientWorkers::evaluate(const Arena<float>& values, const std::vector<Batch>& batches) {
  const std::size_t parts = std::min(shards_.size(), threads_.size());
  std::vector<LossSum> sums(batches.size());
  threads_.run(parts, [&](std::size_t part, std::size_t) {
    for (std::size_t i = part; i < batches.size(); i += parts) {
      sums[i] = run(values, batches[i], 1.0f, {}, /*gradient=*/false, shards_[part]);
    }
  });
  LossSum total;
  for (const LossSum& sum : sums) total += sum;
  return total;
}

}  // namespace isthmus
