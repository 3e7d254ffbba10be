#include "training/gradient_workers.h"

#include <algorithm>
#include <bit>
#include <span>
#include <utility>

namespace isthmus {
namespace {

/// Rows of a piece of a gradient, at most, and scalars: small enough for a processor's cache and for sharing out
/// evenly, large enough for products at full speed, which are fastest when square.
constexpr Index kPieceRows = 512;
constexpr Index kPiece = 1 << 18;

/// A tree of halves, as for the gradients.
LossSum sum_of(std::span<const LossSum> terms) {
  if (terms.size() == 1) return terms[0];
  LossSum sum = sum_of(terms.first(terms.size() / 2));
  return sum += sum_of(terms.subspan(terms.size() / 2));
}

/// Each becomes its sum over the ranks.
void sum_over_ranks(Communicator& world, std::span<LossSum> sums) {
  if (world.alone()) return;
  std::vector<double> numbers;
  for (const LossSum& sum : sums) {
    numbers.insert(numbers.end(),
                   {sum.loss, sum.nll, static_cast<double>(sum.tokens), static_cast<double>(sum.correct)});
  }
  world.sum(std::span(numbers));
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const double* number = &numbers[4 * i];
    sums[i] = {number[0], number[1], static_cast<Index>(number[2]), static_cast<Index>(number[3])};
  }
}

}  // namespace

GradientWorkers::GradientWorkers(const Seq2Seq<float>& model, std::int64_t shards, ThreadPool& threads,
                                 Communicator& world)
    : model_(model), threads_(threads), world_(world) {
  const std::size_t own = static_cast<std::size_t>(shards) / world.size();
  shards_.reserve(own);
  for (std::size_t i = 0; i < own; ++i) shards_.emplace_back(model.layout());
  const auto& tensors = model.layout().tensors();
  Index largest = 0;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const auto [rows, columns] = std::pair(tensors[i].rows, tensors[i].columns);
    const Index most_rows = std::min(rows, kPieceRows);
    const Index most_columns = std::max<Index>(1, kPiece / most_rows);
    for (Index column = 0; column < columns; column += most_columns) {
      for (Index row = 0; row < rows; row += most_rows) {
        pieces_.push_back({{static_cast<int>(i)},
                           row,
                           column,
                           std::min(most_rows, rows - row),
                           std::min(most_columns, columns - column)});
        largest = std::max(largest, pieces_.back().rows * pieces_.back().columns);
      }
    }
  }
  const Index levels = std::bit_width(own - 1);
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
  if (last - first == 1) return shards_[first].terms.evaluate(piece.tensor, piece.row, piece.column, sum);
  const std::size_t middle = first + (last - first) / 2;
  add_up(piece, first, middle, sum, spare);
  Eigen::Map<Matrix<float>> right(spare, sum.rows(), sum.cols());
  add_up(piece, middle, last, right, spare + sum.size());
  sum += right;
}

BatchGradient GradientWorkers::gradient(const Arena<float>& values, const Batch& batch, double label_smoothing,
                                        Random random, Arena<float>& grads) {
  const float weight = 1.0f / static_cast<float>(batch.target_tokens());
  const std::vector<Batch> parts = make_shards(batch, static_cast<std::int64_t>(shards_.size() * world_.size()));
  const std::size_t first = shards_.size() * world_.rank();
  std::vector<LossSum> sums(shards_.size());
  threads_.run(shards_.size(), [&](std::size_t i, std::size_t) {
    const RunOptions options{.label_smoothing = label_smoothing, .dropout = random.split(first + i)};
    sums[i] = run(values, parts[first + i], weight, options, /*gradient=*/true, shards_[i]);
  });
  const auto sum_of_piece = [&](std::size_t i) {
    const Piece& piece = pieces_[i];
    return grads[piece.tensor].block(piece.row, piece.column, piece.rows, piece.columns);
  };
  std::vector<double> squares(pieces_.size());
  threads_.run(pieces_.size(), [&](std::size_t i, std::size_t worker) {
    auto sum = sum_of_piece(i);
    add_up(pieces_[i], 0, shards_.size(), sum, spare_[worker].data());
    squares[i] = static_cast<double>(sum.squaredNorm());
  });
  if (!world_.alone()) {
    world_.sum(std::span(grads.flat().data(), static_cast<std::size_t>(grads.flat().size())));
    threads_.run(pieces_.size(),
                 [&](std::size_t i, std::size_t) { squares[i] = static_cast<double>(sum_of_piece(i).squaredNorm()); });
  }
  BatchGradient result{.sum = sum_of(sums)};
  sum_over_ranks(world_, std::span(&result.sum, 1));
  for (const double square : squares) result.squared_norm += square;
  return result;
}

LossSum GradientWorkers::evaluate(const Arena<float>& values, const std::vector<Batch>& batches) {
  const std::size_t parts = std::min(shards_.size(), threads_.size());
  std::vector<LossSum> sums(batches.size());
  threads_.run(parts, [&](std::size_t part, std::size_t) {
    for (std::size_t i = part * world_.size() + world_.rank(); i < batches.size(); i += parts * world_.size()) {
      sums[i] = run(values, batches[i], 1.0f, {}, /*gradient=*/false, shards_[part]);
    }
  });
  // Batch by batch, so that the total is the same for any number of ranks.
  sum_over_ranks(world_, sums);
  LossSum total;
  for (const LossSum& sum : sums) total += sum;
  return total;
}

}  // namespace isthmus
