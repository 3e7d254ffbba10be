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

/// The references as they are.
WeightedBatch evaluated(const Batch& batch) {
  WeightedBatch weighted = teacher_forced(batch, 0.0);
  weighted.dropout = false;
  return weighted;
}

}  // namespace

std::int64_t GradientWorkers::spare_arenas(std::int64_t rounds) {
  return std::max<std::int64_t>(0, std::bit_width(static_cast<std::uint64_t>(rounds - 1)) - 1);
}

GradientWorkers::GradientWorkers(const Seq2Seq<float>& model, std::int64_t shards, const RoundLimits& limits,
                                 ThreadPool& threads, Communicator& world)
    : model_(model), limits_(limits), threads_(threads), world_(world) {
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
  const Index levels = std::bit_width(own - 1) + 1;  // one for the sum of a round
  for (std::size_t i = 0; i < threads.size(); ++i) spare_.emplace_back(levels * largest);
}

LossSum GradientWorkers::run(const Arena<float>& values, const WeightedBatch& part, Random dropout, bool gradient,
                             Shard& shard) const {
  shard.terms.clear();
  if (part.targets.empty()) return {};
  std::vector<Sentence> targets;
  shard.source_of.clear();
  for (const WeightedTarget& target : part.targets) {
    targets.push_back(target.tokens);
    shard.source_of.push_back(target.source);
  }
  shard.source = model_.pack_source(part.source);
  shard.target = model_.pack_target(targets);
  const Packing& packing = shard.target.packing;
  const bool reads_others =
      std::any_of(part.targets.begin(), part.targets.end(), [](const auto& target) { return !target.inputs.empty(); });
  shard.inputs = reads_others ? shard.target.previous() : std::vector<TokenId>();
  shard.weights.resize(static_cast<std::size_t>(packing.columns()));
  for (std::size_t t = 0; t < packing.alive.size(); ++t) {
    for (Index b = 0; b < packing.alive[t]; ++b) {
      const auto sentence = static_cast<std::size_t>(shard.target.sentence[static_cast<std::size_t>(b)]);
      const auto column = static_cast<std::size_t>(packing.offset[t] + b);
      const WeightedTarget& target = part.targets[sentence];
      shard.weights[column] = target.weights[t];
      if (!target.inputs.empty()) shard.inputs[column] = target.inputs[t];
    }
  }
  const RunOptions options{.label_smoothing = part.label_smoothing,
                           .dropout = part.dropout ? std::optional(dropout) : std::nullopt,
                           .source_of = shard.source_of,
                           .inputs = shard.inputs};
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

void GradientWorkers::add_round(std::uint64_t round, bool last, Arena<float>& grads, std::vector<double>& squares) {
  // Sums that wait are those of the halves that are complete: a bit of `round` each. An odd round joins the one before,
  // and with it their sum those before them; after the last all are joined.
  const auto slot = limits_.in_turn ? 0 : static_cast<std::size_t>(std::popcount(round >> 1));
  const auto joined = last || limits_.in_turn ? slot + 1 : static_cast<std::size_t>(std::countr_one(round));
  const bool fresh = limits_.in_turn ? round == 0 : round % 2 == 0;
  while (later_sums_.size() < slot) later_sums_.emplace_back(model_.layout());
  threads_.run(pieces_.size(), [&](std::size_t i, std::size_t worker) {
    const Piece& piece = pieces_[i];
    const auto sum_at = [&](std::size_t at) {
      return (at == 0 ? grads : later_sums_[at - 1])[piece.tensor].block(piece.row, piece.column, piece.rows,
                                                                         piece.columns);
    };
    float* spare = spare_[worker].data();
    if (fresh) {
      add_up(piece, 0, shards_.size(), sum_at(slot), spare);
    } else {
      Eigen::Map<Matrix<float>> own(spare, piece.rows, piece.columns);
      add_up(piece, 0, shards_.size(), own, spare + own.size());
      sum_at(slot) += own;
    }
    for (std::size_t half = 1, at = slot; half < joined; ++half, --at) sum_at(at - 1) += sum_at(at);
    if (last) squares[i] = static_cast<double>(sum_at(0).squaredNorm());
  });
}

BatchGradient GradientWorkers::gradient(const Arena<float>& values, std::span<const WeightedBatch> batches,
                                        Random random, Arena<float>& grads) {
  const std::size_t of_round = shards_.size() * world_.size();
  const auto rounds_for = [&](const WeightedBatch& batch) {
    return static_cast<std::size_t>(rounds_of(batch, static_cast<std::int64_t>(of_round), limits_));
  };
  if (batches.empty()) grads.flat().setZero();
  std::size_t last_round = 0;
  for (const WeightedBatch& batch : batches) last_round += rounds_for(batch);
  BatchGradient result;
  std::vector<double> squares(pieces_.size());
  std::size_t done = 0;  // rounds
  for (std::size_t number = 0; number < batches.size(); ++number) {
    const std::size_t rounds = rounds_for(batches[number]);
    const std::vector<WeightedBatch> parts = make_shards(batches[number], static_cast<std::int64_t>(of_round * rounds));
    const std::size_t own = shards_.size() * rounds;
    std::vector<LossSum> sums(own);
    for (std::size_t round = 0; round < rounds; ++round) {
      threads_.run(shards_.size(), [&](std::size_t i, std::size_t) {
        const std::size_t shard = round * shards_.size() + i;  // of the rank's
        const std::size_t part = own * world_.rank() + shard;
        sums[shard] = run(values, parts[part], random.split(number).split(part), /*gradient=*/true, shards_[i]);
      });
      add_round(done, done + 1 == last_round, grads, squares);
      ++done;
    }
    result.sums.push_back(sum_of(sums));
  }
  if (!world_.alone()) {
    world_.sum(std::span(grads.flat().data(), static_cast<std::size_t>(grads.flat().size())));
    threads_.run(pieces_.size(), [&](std::size_t i, std::size_t) {
      const Piece& piece = pieces_[i];
      squares[i] = static_cast<double>(
          grads[piece.tensor].block(piece.row, piece.column, piece.rows, piece.columns).squaredNorm());
    });
  }
  sum_over_ranks(world_, result.sums);
  for (const double square : squares) result.squared_norm += square;
  return result;
}

LossSum GradientWorkers::evaluate(const Arena<float>& values, const std::vector<Batch>& batches) {
  const std::size_t parts = std::min(shards_.size(), threads_.size());
  std::vector<LossSum> sums(batches.size());
  threads_.run(parts, [&](std::size_t part, std::size_t) {
    for (std::size_t i = part * world_.size() + world_.rank(); i < batches.size(); i += parts * world_.size()) {
      sums[i] = run(values, evaluated(batches[i]), Random(), /*gradient=*/false, shards_[part]);
    }
  });
  // Batch by batch, so that the total is the same for any number of ranks.
  sum_over_ranks(world_, sums);
  LossSum total;
  for (const LossSum& sum : sums) total += sum;
  return total;
}

}  // namespace isthmus
